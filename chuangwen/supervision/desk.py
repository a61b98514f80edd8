"""What supervision puts on a person's start page, and into the campaign's key figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from chuangwen.core import clock
from chuangwen.core.access import scope_of
from chuangwen.core.counting import counts
from chuangwen.core.panels import DeskItem, KeyFigure
from chuangwen.supervision.enums import ConsequenceState, FlagState, NoticeState, VetoState
from chuangwen.supervision.models import Consequence, Flag, JointSigner, SupervisionNotice, VetoEvent
from chuangwen.supervision.queries.consequences import appeals_open, to_confirm
from chuangwen.supervision.queries.notices import OPEN, late, talks_due, to_answer, to_judge, to_sign

SHOWN_SINGLY = 4


def waiting_rows(request: HttpRequest) -> QuerySet[Any]:
    """The notices that are neither settled nor ended, counted beside the navigation's entry."""
    return SupervisionNotice.objects.visible_to(request.user).filter(OPEN)


def desk(request: HttpRequest) -> Iterable[DeskItem]:
    """To sign and to judge as counts, a unit's own notices one by one."""
    if not scope_of(request.user, "supervision.view"):
        return
    yield from _to_sign(request.user)
    yield from _to_judge(request.user)
    yield from _own(request)
    yield from _talks(request.user)
    yield from _events(request.user)
    yield from _flags(request.user)
    yield from _consequences(request.user)
    yield from _joint(request.user)


def _to_sign(user: Any) -> Iterator[DeskItem]:
    count = to_sign(user).count()
    if count:
        title = ngettext("%d notice to be signed", "%d notices to be signed", count) % count
        url = f"{reverse('supervision:register')}?tab=sign"
        yield DeskItem("decide", title, url, _("Proposed by the rules; nothing goes out unsigned"), icon="signature",
                       action=_("Sign"), count=count)  # fmt: skip


def _to_judge(user: Any) -> Iterator[DeskItem]:
    count = to_judge(user).count()
    if count:
        title = ngettext("%d answer to a notice to be judged", "%d answers to notices to be judged", count) % count
        url = f"{reverse('supervision:register')}?tab=answered"
        yield DeskItem("decide", title, url, icon="messages", action=pgettext("supervision", "Judge"), count=count)


def _own(request: HttpRequest) -> Iterator[DeskItem]:
    rows = list(to_answer(request.user).select_related("unit").order_by("due_at", "pk")[: SHOWN_SINGLY + 1])
    now = clock.now()
    for notice in rows[:SHOWN_SINGLY]:
        title = _("%(colour)s: answer it") % {"colour": notice.get_colour_display()}
        group = "late" if notice.due_at < now else "week"
        url = reverse("supervision:notice", args=[notice.number])
        yield DeskItem(
            group, title, url, str(notice.unit), icon="alert-triangle", due=notice.due_at, action=_("Answer")
        )
    if len(rows) > SHOWN_SINGLY:
        count = to_answer(request.user).count()
        title = ngettext("%d notice to be answered, in all", "%d notices to be answered, in all", count) % count
        yield DeskItem("mine", title, reverse("supervision:register"), icon="alert-triangle", count=count)


def _talks(user: Any) -> Iterator[DeskItem]:
    facts = SupervisionNotice.objects.visible_to(user, "supervision.edit").filter(talks_due())
    found = facts.aggregate(n=Count("pk"), due=Min("talk_due_on"))
    if found["n"]:
        title = ngettext("%d talk to be held", "%d talks to be held", found["n"]) % found["n"]
        url = f"{reverse('supervision:register')}?tab=talk"
        yield DeskItem("decide", title, url, icon="users", action=_("Record"), count=found["n"])


def _events(user: Any) -> Iterator[DeskItem]:
    """Events that somebody else entered: one's own are confirmed by another person."""
    rows = VetoEvent.objects.visible_to(user, "supervision.veto").filter(state=VetoState.REPORTED)
    count = rows.exclude(entered_by=user).count()
    if count:
        title = ngettext("%d veto event to be confirmed", "%d veto events to be confirmed", count) % count
        url = f"{reverse('supervision:events')}?tab=confirm"
        yield DeskItem("decide", title, url, icon="alert-octagon", action=pgettext("veto", "Confirm"), count=count)


def _flags(user: Any) -> Iterator[DeskItem]:
    """Flags that the program proposed when their period was over."""
    count = Flag.objects.visible_to(user, "supervision.edit").filter(state=FlagState.PROPOSED).count()
    if count:
        title = ngettext("%d flag to be given", "%d flags to be given", count) % count
        url = f"{reverse('supervision:flags')}?tab=proposed"
        yield DeskItem("decide", title, url, icon="flag", action=pgettext("flag", "Give"), count=count)


def _consequences(user: Any) -> Iterator[DeskItem]:
    """What others entered and the person confirms, appeals to be decided, and what rules proposed."""
    base = reverse("supervision:consequences")
    count = to_confirm(user).count()
    if count:
        title = ngettext("%d consequence to be confirmed", "%d consequences to be confirmed", count) % count
        action = pgettext("veto", "Confirm")
        yield DeskItem("decide", title, f"{base}?tab=confirm", icon="scale", action=action, count=count)
    appeals = list(appeals_open(user).select_related("consequence__unit")[:SHOWN_SINGLY])
    for one in appeals:
        url = reverse("supervision:consequence", args=[one.consequence_id])
        title = _("%s appeals") % one.consequence.unit
        yield DeskItem("decide", title, url, one.consequence.title, icon="scale", action=_("Decide"))
    proposed = Consequence.objects.visible_to(user, "supervision.edit").filter(state=ConsequenceState.PROPOSED).count()
    if proposed:
        words = ngettext("%d consequence is proposed", "%d consequences are proposed", proposed) % proposed
        yield DeskItem("decide", words, f"{base}?tab=proposed", icon="scale", action=_("Look"), count=proposed)


def _joint(user: Any) -> Iterator[DeskItem]:
    """Notices that wait for the signature of a body whose leader the person is."""
    units = scope_of(user, "supervision.sign_red").unit_ids
    if not units:
        return
    rows = JointSigner.objects.filter(unit__in=units, signed_at__isnull=True, notice__state=NoticeState.PROPOSED)
    for body in rows.select_related("notice__unit", "unit").order_by("pk")[:SHOWN_SINGLY]:
        title = _("Joint notice for %s: sign it") % body.notice.unit
        url = reverse("supervision:notice", args=[body.notice.number])
        yield DeskItem("decide", title, url, str(body.unit), icon="signature", action=_("Sign"))


def figures(request: HttpRequest) -> Iterable[KeyFigure]:
    """Running notices and late answers, for whoever sees a whole region."""
    if not scope_of(request.user, "supervision.view").regions:
        return
    rows = SupervisionNotice.objects.visible_to(request.user)
    running, overdue = counts([rows.filter(OPEN), rows.filter(late())])
    register = reverse("supervision:register")
    sub = ngettext("%d answer is late", "%d answers are late", overdue) % overdue if overdue else ""
    tone = "bad" if overdue else ""
    yield KeyFigure(_("Notices running"), str(running), register, sub=sub, tone=tone, order=24)
