"""The digest of the day: at most one for each person and day, sent when she is not to be left in peace.

It holds what is late, what is due in the next days and has not been told yet (reminding.py), and what is unread.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from chuangwen.core import clock
from chuangwen.core.models import Region
from chuangwen.core.panels import due_sources
from chuangwen.core.templatetags.wording import due_text
from chuangwen.core.workdays import default_calendar
from chuangwen.notifications.addresses import filled_in, is_allowed
from chuangwen.notifications.digest_lines import LATE, NEWS, SOON, Line, Told, due_lines, due_of
from chuangwen.notifications.models import Channel, Digest, Notice
from chuangwen.notifications.queries import is_quiet, quiet_of, urgent_breaks
from chuangwen.notifications.services.reminding import mark_told, reminders_of

LINES = 30
GIVEN_UP_AFTER = timedelta(days=3)
CLAIM = timedelta(minutes=15)


def make_digests(day: date, *, urgent_only: bool = False) -> int:
    """Write the digest of `day` for each person with something new in it; returns how many.

    Who is left in peace on days off has none on such a day; the lines come on the next working day. Run twice it
    makes nothing more. With `urgent_only` only those are looked at who have an urgent line waiting that may break
    their quiet: their digest of the day is made at once, whole.
    """
    waiting = Notice.objects.filter(read_at__isnull=True, digested_at__isnull=True)
    if urgent_only:
        waiting = waiting.filter(urgent=True)
    people = set(waiting.order_by().values_list("user", flat=True).distinct())
    told: dict[int, list[Told]] = {}
    if not urgent_only or people:
        for region in Region.objects.all():
            told.update(reminders_of(region))
    people = people if urgent_only else people | set(told)
    people -= set(Digest.objects.filter(day=day).values_list("user_id", flat=True))
    workday = default_calendar().is_workday(day)
    users = get_user_model().objects.filter(pk__in=people, is_active=True).select_related("region", "quiet_hours")
    made = 0
    for user in users.iterator(chunk_size=500):
        if _wants(user, workday=workday, urgent_only=urgent_only):
            made += _make(user, day, told.get(user.pk, []))
    return made


def _wants(user: Any, *, workday: bool, urgent_only: bool) -> bool:
    """Whether a digest is made for the person now."""
    if urgent_only:
        return urgent_breaks(user) and is_quiet(user)
    return workday or not quiet_of(user).days_off


def _make(user: Any, day: date, told: Iterable[Told] = ()) -> int:
    with transaction.atomic():
        mine = Notice.objects.filter(user=user, read_at__isnull=True, digested_at__isnull=True)
        notices = list(mine.order_by("-urgent", "kind", "-created_at"))
        told = list(told)
        if not notices and not told:
            return 0
        with translation.override(user.language or settings.LANGUAGE_CODE):
            lines = _lines(notices, told)
            values = {
                "text": _text(lines), "lines": [line.as_json() for line in lines],
                "count": sum(line.count for line in lines), "is_urgent": any(line.urgent for line in lines),
            }  # fmt: skip
        _digest, created = Digest.objects.get_or_create(user=user, day=day, defaults=values)
        if created:
            Notice.objects.filter(pk__in=[one.pk for one in notices]).update(digested_at=clock.now())
            mark_told(user, told, day)
    return int(created)


def _lines(notices: list[Notice], told: list[Told]) -> list[Line]:
    """What is due, then what is new. A matter in both is one line: late it stands with the late, else its news says
    the deadline."""
    fresh = {one.url for one in notices if one.url}
    due = {one.url: one.due.isoformat() for one in told if one.section == SOON and one.url in fresh}
    late = {one.url for one in told if one.section == LATE}
    sources = {source.kind: source for source in due_sources()}

    def counted(kind: str, number: int) -> tuple[str, str]:
        return str(sources[kind].words(number)), str(sources[kind].url)

    news = [
        Line(NEWS, one.title, f"/inbox/{one.pk}/", due.get(one.url, ""), urgent=one.urgent)
        for one in notices
        if one.urgent or one.url not in late
    ]
    return [*due_lines((one for one in told if one.url not in due), counted), *news]


def _text(lines: list[Line]) -> str:
    """Urgent lines first, then what is late, what is soon due and what is new; beyond LINES a number."""
    heads = {LATE: _("Late:"), SOON: _("Due soon:"), NEWS: pgettext("digest", "New:")}
    urgent = [line for line in lines if line.urgent]
    ordered = [*urgent, *(line for line in lines if not line.urgent)]
    several = len({line.section for line in ordered if not line.urgent}) > 1 or any(
        line.section != NEWS for line in ordered
    )
    found, section = [], ""
    for line in ordered[:LINES]:
        if several and not line.urgent and line.section != section:
            section = line.section
            found.append(heads[section])
        found.append(line_text(line))
    rest = len(ordered) - LINES
    if rest > 0:
        found.append(ngettext("and %d more", "and %d more", rest) % rest)
    return "\n".join([*found, f"{settings.SITE_URL}/inbox/digest/"])


def line_text(line: Line) -> str:
    """One line as text: [urgent] unit: title, 2 days left."""
    words = _("%(unit)s: %(title)s") % {"unit": line.unit, "title": line.title} if line.unit else line.title
    due = due_of(line.as_json())
    if due is not None:
        words = _("%(title)s, %(due)s") % {"title": words, "due": due_text(due)}
    return _("[urgent] ") + words if line.urgent else words


def send_digests() -> tuple[int, int]:
    """Send what has not been sent; returns (sent, failed) people. What fails is kept and tried again at the next run.

    Each digest is claimed before it is sent, so that two workers never send the same one; a channel that has taken it
    does not get it again when another one failed. What is left of an earlier day goes out with today's, as one
    message. Who is to be left in peace now gets hers later, unless it is urgent and the region lets that through.
    """
    open_ones = Digest.objects.filter(sent_at__isnull=True, day__gt=clock.today() - GIVEN_UP_AFTER)
    reached = Q(user__channels__is_on=True)
    if settings.NOTIFY_CHANNELS:
        reached |= Q(user__is_active=True)
    people = set(open_ones.filter(reached, user__is_active=True).values_list("user", flat=True))
    sent = failed = 0
    users = get_user_model().objects.filter(pk__in=people).select_related("region", "quiet_hours").order_by("pk")
    for user in list(users):
        mine = open_ones.filter(user=user)
        if is_quiet(user) and not (urgent_breaks(user) and mine.filter(is_urgent=True).exists()):
            continue
        if claimed := _claimed(mine):
            outcome = _send(user, claimed)
            sent, failed = sent + (outcome is True), failed + (outcome is False)
    return sent, failed


def _claimed(mine: Any) -> list[Digest]:
    """The person's unsent digests that no other worker is sending now, the oldest first; they are ours from here on."""
    now = clock.now()
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=now - CLAIM)
    ours = [pk for pk in mine.values_list("pk", flat=True) if mine.filter(free, pk=pk).update(claimed_at=now)]
    return list(Digest.objects.filter(pk__in=ours).order_by("day"))


def _send(user: Any, several: list[Digest]) -> bool | None:
    """True: every channel has them; False: some did not take them; None: there is nowhere to send them to."""
    targets = _addresses(user)
    faults = []
    for label, address in targets:
        key = hashlib.sha256(address.encode()).hexdigest()[:16]
        wanted = [digest for digest in several if key not in digest.delivered]
        if not wanted:
            continue
        if _deliver(address, user, wanted):
            for digest in wanted:
                digest.delivered.append(key)
        else:
            faults.append(label)
    for digest in several:
        digest.failure = ", ".join(faults)
        digest.sent_at = clock.now() if targets and not faults else None
        digest.claimed_at = None
        digest.save(update_fields=["delivered", "failure", "sent_at", "claimed_at", "updated_at"])
    return None if not targets else not faults


def _addresses(user: Any) -> list[tuple[str, str]]:
    """(name, address) of the person's own channels that the site allows, then of the site's for this person."""
    own = [
        (one.label, one.address)
        for one in Channel.objects.filter(user=user, is_on=True)
        if is_allowed(one.address, settings.NOTIFY_SCHEMES)
    ]
    site = [
        filled_in(template, account=user.username, phone=user.phone, email=user.email)
        for template in settings.NOTIFY_CHANNELS
    ]
    return own + [(_("the site's channel"), address) for address in site if address]


def _deliver(address: str, user: Any, several: list[Digest]) -> bool:
    number = sum(digest.count for digest in several)
    with translation.override(user.language or settings.LANGUAGE_CODE):
        title = ngettext("Chuangwen: %d matter", "Chuangwen: %d matters", number) % number
    import apprise  # noqa: PLC0415 (when needed: no start of the program should wait for it)

    outgoing = apprise.Apprise()
    body = "\n".join(digest.text for digest in several)
    return bool(outgoing.add(address) and outgoing.notify(body=body, title=title))
