"""The digest of the day: made once for each person with news, sent through the channels that the site allows."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core import clock
from chuangwen.core.workdays import default_calendar
from chuangwen.notifications.addresses import filled_in, is_allowed
from chuangwen.notifications.models import Channel, Digest, Notice

LINES = 30
GIVEN_UP_AFTER = timedelta(days=3)
CLAIM = timedelta(minutes=15)


def make_digests(day: date) -> int:
    """Write the digest of `day` for each active person with unread lines that no digest has named; returns how many.

    On a day off nothing is made; its lines come on the next working day. Run twice it makes nothing more.
    """
    if not default_calendar().is_workday(day):
        return 0
    waiting = Notice.objects.filter(read_at__isnull=True, digested_at__isnull=True)
    people = waiting.order_by().values_list("user", flat=True).distinct()
    known = set(Digest.objects.filter(day=day).values_list("user_id", flat=True))
    users = get_user_model().objects.filter(pk__in=[pk for pk in people if pk not in known], is_active=True)
    return sum(_make(user, day) for user in users.iterator(chunk_size=500))


def _make(user: Any, day: date) -> int:
    with transaction.atomic():
        mine = Notice.objects.filter(user=user, read_at__isnull=True, digested_at__isnull=True)
        notices = list(mine.order_by("-urgent", "kind", "-created_at"))
        if not notices:
            return 0
        _digest, created = Digest.objects.get_or_create(
            user=user, day=day, defaults={"text": _text(user, notices), "count": len(notices)}
        )
        if created:
            Notice.objects.filter(pk__in=[one.pk for one in notices]).update(digested_at=clock.now())
    return int(created)


def _text(user: Any, notices: list[Notice]) -> str:
    """Urgent lines first, like with like; beyond LINES a number."""
    with translation.override(user.language or settings.LANGUAGE_CODE):
        mark = _("[urgent] ")
        lines = [mark + one.title if one.urgent else one.title for one in notices[:LINES]]
        rest = len(notices) - LINES
        if rest > 0:
            lines.append(ngettext("and %d more", "and %d more", rest) % rest)
        return "\n".join([*lines, f"{settings.SITE_URL}/inbox/"])


def send_digests() -> tuple[int, int]:
    """Send what has not been sent; returns (sent, failed). What fails is kept and tried again at the next run.

    Each digest is claimed before it is sent, so that two workers never send the same one; a
    channel that has taken it does not get it again when another one failed.
    """
    now = clock.now()
    open_ones = Digest.objects.filter(sent_at__isnull=True, day__gt=clock.today() - GIVEN_UP_AFTER)
    reached = Q(user__channels__is_on=True)
    if settings.NOTIFY_CHANNELS:
        reached |= Q(user__is_active=True)
    sent = failed = 0
    for pk in open_ones.filter(reached, user__is_active=True).values_list("pk", flat=True).distinct():
        free = Digest.objects.filter(Q(claimed_at__isnull=True) | Q(claimed_at__lt=now - CLAIM), pk=pk, sent_at=None)
        if free.update(claimed_at=now):
            outcome = _send(Digest.objects.select_related("user").get(pk=pk))
            sent, failed = sent + (outcome is True), failed + (outcome is False)
    return sent, failed


def _send(digest: Digest) -> bool | None:
    """True: every channel has it; False: some did not take it; None: there is nowhere to send it to."""
    targets = _addresses(digest.user)
    faults = []
    for label, address in targets:
        key = hashlib.sha256(address.encode()).hexdigest()[:16]
        if key in digest.delivered:
            continue
        if _deliver(address, digest):
            digest.delivered.append(key)
        else:
            faults.append(label)
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


def _deliver(address: str, digest: Digest) -> bool:
    with translation.override(digest.user.language or settings.LANGUAGE_CODE):
        title = ngettext("Chuangwen: %d new matter", "Chuangwen: %d new matters", digest.count) % digest.count
    import apprise  # noqa: PLC0415 (when needed: no start of the program should wait for it)

    outgoing = apprise.Apprise()
    return bool(outgoing.add(address) and outgoing.notify(body=digest.text, title=title))
