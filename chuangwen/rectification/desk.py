"""What problems put on a person's start page, and into the campaign's key figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from chuangwen.core import clock
from chuangwen.core.access import may, scope_of
from chuangwen.core.panels import Counted, DeskItem, DeskLine, Figure, KeyFigure, waiting_line
from chuangwen.core.wording import percent_words
from chuangwen.rectification.enums import ProblemState
from chuangwen.rectification.models import Problem
from chuangwen.rectification.queries import RUNNING, closing_rate, late, open_to, own_units, waiting_extensions

SHOWN_SINGLY = 6
RATE_DAYS = 30
UNITS_NAMED = 3


def open_rows(request: HttpRequest) -> QuerySet[Any]:
    """The open problems that the person sees: counted beside the navigation's entry."""
    return Problem.objects.visible_to(request.user).filter(open_to(request.user))


def desk(request: HttpRequest) -> Iterable[DeskLine]:
    """Decisions of the office and of verifiers as counts, a unit's own problems one by one."""
    yield from _decisions(request.user)
    yield from _extensions(request.user)
    units = own_units(request.user)
    if units:
        yield from _own(units, request)
    if may(request.user, "rectification.renew"):
        yield from _to_renew(request.user)


def _decisions(user: Any) -> Iterator[DeskLine]:
    if scope_of(user, "rectification.verify"):
        yield waiting_line(
            "decide", _in_state(user, "rectification.verify", ProblemState.FIXED),
            lambda n: ngettext("%d problem to be verified", "%d problems to be verified", n) % n,
            _ledger(ProblemState.FIXED), icon="circle-check", action=_("Verify"),
        )  # fmt: skip
    if scope_of(user, "rectification.rule"):
        yield from _disputed(user)
    if scope_of(user, "rectification.assign"):
        yield waiting_line(
            "decide", _in_state(user, "rectification.assign", ProblemState.FOUND),
            lambda n: ngettext("%d problem to be assigned", "%d problems to be assigned", n) % n,
            _ledger(ProblemState.FOUND), icon="arrow-right", action=_("Assign"),
        )  # fmt: skip


def _in_state(user: Any, permission: str, state: ProblemState) -> QuerySet[Any]:
    return Problem.objects.visible_to(user, permission).filter(state=state)


def _ledger(tab: str) -> str:
    return f"{reverse('rectification:ledger')}?tab={tab}"


def _disputed(user: Any) -> Iterator[DeskItem]:
    """Objections with the day until which the earliest of them is to be ruled on."""
    rows = _in_state(user, "rectification.rule", ProblemState.DISPUTED).filter(disputes__ruled_at__isnull=True)
    facts = rows.aggregate(n=Count("pk", distinct=True), due=Min("disputes__rule_by"))
    if n := facts["n"]:
        title = ngettext("%d objection to be ruled on", "%d objections to be ruled on", n) % n
        url, act = _ledger(ProblemState.DISPUTED), _("Give a ruling")
        yield DeskItem("decide", title, url, icon="gavel", due=facts["due"], action=act, count=n)


def _extensions(user: Any) -> Iterator[DeskItem]:
    """Requests for more time: how many, of whom, until when they are decided."""
    if not scope_of(user, "rectification.assign"):
        return
    rows = list(
        waiting_extensions().visible_to(user, "rectification.assign").select_related("by_unit").order_by("decide_by")
    )
    if not rows:
        return
    n, units = len(rows), list(dict.fromkeys(str(one.by_unit) for one in rows))
    words = ngettext("%d request for more time", "%d requests for more time", n) % n
    sub = pgettext("between names", ", ").join(units[:UNITS_NAMED]) + ("…" if len(units) > UNITS_NAMED else "")
    url, act = _ledger("extension"), _("Grant or refuse")
    yield DeskItem("decide", words, url, sub=sub, icon="hourglass", due=rows[0].decide_by, action=act, count=n)


def _own(units: set[int], request: HttpRequest) -> Iterator[DeskLine]:
    """The most urgent ones singly; where there are more, a line that leads to all."""
    mine = (
        Problem.objects.visible_to(request.user)
        .filter(RUNNING, lead__in=units)
        .select_related("place")
        .only("title", "number", "due_at", "spot", "place__name")
        .order_by("due_at")
    )
    rows = list(mine[: SHOWN_SINGLY + 1])
    now = clock.now()
    for problem in rows[:SHOWN_SINGLY]:
        group = "late" if problem.due_at < now else "week" if problem.due_at < now + timedelta(days=7) else "mine"
        url = reverse("rectification:problem", args=[problem.number])
        sub = _("%(place)s, number %(number)s") % {"place": problem.place or problem.spot, "number": problem.number}
        yield DeskItem(group, problem.title, url, sub=sub, icon="flag", due=problem.due_at, action=_("Put it right"))
    if len(rows) > SHOWN_SINGLY:
        yield waiting_line(
            "mine", open_rows(request),
            lambda n: ngettext("%d problem not closed, in all", "%d problems not closed, in all", n) % n,
            _ledger("open"), icon="flag",
        )  # fmt: skip


def _to_renew(user: Any) -> Iterator[DeskItem]:
    """Long-term plans that end within a week: a leader renews them or lets them end."""
    soon = clock.now() + timedelta(days=7)
    rows = Problem.objects.visible_to(user, "rectification.renew").filter(state=ProblemState.LONG_TERM, due_at__lt=soon)
    facts = rows.aggregate(n=Count("pk"), due=Min("due_at"))
    if facts["n"]:
        words = ngettext("%d long-term plan ends", "%d long-term plans end", facts["n"]) % facts["n"]
        url = _ledger("long-term")
        yield DeskItem("decide", words, url, icon="hourglass", due=facts["due"], action=_("Renew"), count=facts["n"])


def figures(request: HttpRequest) -> Iterable[Figure]:
    """Open, late, and the rate closed in time of the last thirty days, for whoever sees a whole region."""
    scope = scope_of(request.user, "rectification.view")
    if not scope.regions:
        return
    seen = Problem.objects.visible_to(request.user)
    yield Counted((open_rows(request), seen.filter(late())), _open_and_late)
    end = clock.now()
    rate = closing_rate(request.user.region, _days_before(end), end)  # type: ignore[union-attr,arg-type]
    if rate.share is not None:
        sub = _("%(part)d of %(whole)d due in 30 days") % {"part": rate.numerator, "whole": rate.denominator}
        url = _ledger("closed")
        yield KeyFigure(_("Closed in time"), percent_words(rate.share), url, sub=sub, order=22)


def _open_and_late(running: int, overdue: int) -> list[KeyFigure]:
    tone = "bad" if overdue else ""
    return [
        KeyFigure(_("Open problems"), str(running), reverse("rectification:ledger"), order=20),
        KeyFigure(_("Late problems"), str(overdue), _ledger("late"), tone=tone, order=21),
    ]


def _days_before(end: datetime) -> datetime:
    return end - timedelta(days=RATE_DAYS)
