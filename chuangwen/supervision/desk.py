"""What supervision puts on a person's start page, and into the campaign's key figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from chuangwen.core import clock
from chuangwen.core.access import scope_of
from chuangwen.core.panels import Counted, DeskItem, DeskLine, Figure, KeyFigure, single_lines, waiting_line
from chuangwen.core.workdays import default_calendar
from chuangwen.supervision.enums import ConsequenceState, FlagState, NoticeState, VetoState
from chuangwen.supervision.models import Consequence, Flag, JointSigner, LookBack, SupervisionNotice, VetoEvent
from chuangwen.supervision.queries.consequences import appeals_open, to_confirm
from chuangwen.supervision.queries.look_backs import to_answer as lags_to_answer
from chuangwen.supervision.queries.look_backs import to_be_given, waits_for_judgement
from chuangwen.supervision.queries.notices import OPEN, late, talks_due, to_answer, to_judge, to_sign
from chuangwen.supervision.workflow import ANSWER, EDIT

SHOWN_SINGLY = 4


def waiting_rows(request: HttpRequest) -> QuerySet[Any]:
    """The notices that are neither settled nor ended, counted beside the navigation's entry."""
    return SupervisionNotice.objects.visible_to(request.user).filter(OPEN)


def desk(request: HttpRequest) -> Iterable[DeskLine]:
    """To sign and to judge as counts, a unit's own notices one by one."""
    if not scope_of(request.user, "supervision.view"):
        return
    yield _to_sign(request.user)
    yield _to_judge(request.user)
    yield from _own(request)
    yield _talks(request.user)
    yield _events(request.user)
    yield _flags(request.user)
    yield from _consequences(request.user)
    yield from _joint(request.user)
    yield from _look_backs(request.user)


def _to_sign(user: Any) -> DeskLine:
    return waiting_line(
        "decide", to_sign(user),
        lambda n: ngettext("%d notice to be signed", "%d notices to be signed", n) % n,
        f"{reverse('supervision:register')}?tab=sign",
        sub=_("Proposed by the rules; nothing goes out unsigned"), icon="signature", action=_("Sign"),
    )  # fmt: skip


def _to_judge(user: Any) -> DeskLine:
    return waiting_line(
        "decide", to_judge(user),
        lambda n: ngettext("%d answer to a notice to be judged", "%d answers to notices to be judged", n) % n,
        f"{reverse('supervision:register')}?tab=judge",
        icon="messages", action=pgettext("supervision", "Judge"),
    )  # fmt: skip


def _own(request: HttpRequest) -> Iterator[DeskLine]:
    if not scope_of(request.user, ANSWER).unit_ids:
        return
    shown = to_answer(request.user).select_related("unit")
    shown = shown.only("number", "colour", "due_at", "unit__name", "unit__short_name")
    rows = list(shown.order_by("due_at", "pk")[: SHOWN_SINGLY + 1])
    now = clock.now()
    for notice in rows[:SHOWN_SINGLY]:
        title = _("%(colour)s: answer it") % {"colour": notice.get_colour_display()}
        group = "late" if notice.due_at < now else "week"
        url = reverse("supervision:notice", args=[notice.number])
        yield DeskItem(
            group, title, url, str(notice.unit), icon="alert-triangle", due=notice.due_at, action=_("Answer")
        )
    if len(rows) > SHOWN_SINGLY:
        yield waiting_line(
            "mine", to_answer(request.user),
            lambda n: ngettext("%d notice to be answered, in all", "%d notices to be answered, in all", n) % n,
            reverse("supervision:register"), icon="alert-triangle",
        )  # fmt: skip


def _talks(user: Any) -> DeskLine:
    return waiting_line(
        "decide", SupervisionNotice.objects.visible_to(user, "supervision.edit").filter(talks_due()),
        lambda n: ngettext("%d talk to be held", "%d talks to be held", n) % n,
        f"{reverse('supervision:register')}?tab=talk", icon="users", action=_("Record"),
    )  # fmt: skip


def _events(user: Any) -> DeskLine:
    """Events that somebody else entered: one's own are confirmed by another person."""
    rows = VetoEvent.objects.visible_to(user, "supervision.veto").filter(state=VetoState.REPORTED)
    return waiting_line(
        "decide", rows.exclude(entered_by=user),
        lambda n: ngettext("%d veto event to be confirmed", "%d veto events to be confirmed", n) % n,
        f"{reverse('supervision:events')}?tab=confirm", icon="alert-octagon", action=pgettext("veto", "Confirm"),
    )  # fmt: skip


def _flags(user: Any) -> DeskLine:
    """Flags that the program proposed when their period was over."""
    return waiting_line(
        "decide", Flag.objects.visible_to(user, "supervision.edit").filter(state=FlagState.PROPOSED),
        lambda n: ngettext("%d flag to be given", "%d flags to be given", n) % n,
        f"{reverse('supervision:flags')}?tab=proposed", icon="flag", action=pgettext("flag", "Give"),
    )  # fmt: skip


def _consequences(user: Any) -> Iterator[DeskLine]:
    """What others entered and the person confirms, appeals to be decided, and what rules proposed."""
    base = reverse("supervision:consequences")
    yield waiting_line(
        "decide", to_confirm(user),
        lambda n: ngettext("%d consequence to be confirmed", "%d consequences to be confirmed", n) % n,
        f"{base}?tab=confirm", icon="scale", action=pgettext("veto", "Confirm"),
    )  # fmt: skip
    yield single_lines(appeals_open(user), _appeal_lines, SHOWN_SINGLY)
    yield waiting_line(
        "decide", Consequence.objects.visible_to(user, "supervision.edit").filter(state=ConsequenceState.PROPOSED),
        lambda n: ngettext("%d consequence is proposed", "%d consequences are proposed", n) % n,
        f"{base}?tab=proposed", icon="scale", action=_("Look"),
    )  # fmt: skip


def _appeal_lines(rows: QuerySet[Any]) -> Iterator[DeskItem]:
    for one in rows.select_related("consequence__unit"):
        url = reverse("supervision:consequence", args=[one.consequence_id])
        title = _("%s appeals") % one.consequence.unit
        yield DeskItem("decide", title, url, one.consequence.title, icon="scale", action=_("Decide"))


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


def _look_backs(user: Any) -> Iterator[DeskLine]:
    """For the office drafts to be given out and lines to be judged; for a unit the first that it has to answer."""
    base = reverse("supervision:look_backs")
    rows = LookBack.objects.visible_to(user, EDIT)
    yield waiting_line(
        "decide", rows.filter(to_be_given()),
        lambda n: ngettext("%d look-back to be trimmed and given out", "%d look-backs to be trimmed and given out",
                           n) % n,
        f"{base}?tab=draft", icon="refresh", action=_("Look"),
    )  # fmt: skip
    yield waiting_line(
        "decide", rows.filter(waits_for_judgement()),
        lambda n: ngettext("%d look-back with lines to be judged", "%d look-backs with lines to be judged", n) % n,
        f"{base}?tab=judge", icon="refresh", action=pgettext("look-back", "Judge"),
    )  # fmt: skip
    if not scope_of(user, ANSWER).unit_ids:
        return
    own = lags_to_answer(user).order_by("look_back__due_on", "since", "pk")
    for line in own[:SHOWN_SINGLY]:
        due = default_calendar().end_of_day(line.look_back.due_on)
        yield DeskItem(
            "late" if due < clock.now() else "week", line.title, reverse("supervision:lag_line", args=[line.pk]),
            _("Quarterly look-back: %s") % line.fact, icon="refresh", due=due, action=_("Answer"),
        )  # fmt: skip


def figures(request: HttpRequest) -> Iterable[Figure]:
    """Running notices and late answers, for whoever sees a whole region."""
    if scope_of(request.user, "supervision.view").regions:
        rows = SupervisionNotice.objects.visible_to(request.user)
        yield Counted((rows.filter(OPEN), rows.filter(late())), _running)


def _running(running: int, overdue: int) -> list[KeyFigure]:
    sub = ngettext("%d answer is late", "%d answers are late", overdue) % overdue if overdue else ""
    url, tone = reverse("supervision:register"), "bad" if overdue else ""
    return [KeyFigure(_("Notices running"), str(running), url, sub=sub, tone=tone, order=24)]
