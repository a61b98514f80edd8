"""Reads look-backs: how many lines stand where, how each matter stands now by its own ledger, what waits for whom."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import scope_of
from chuangwen.directives.enums import CallStage, WrittenStage
from chuangwen.rectification.enums import ProblemState
from chuangwen.rectification.models import Problem
from chuangwen.responsibilities.models import TaskState
from chuangwen.supervision.enums import LagKind, LagState, LookBackState, NoticeState
from chuangwen.supervision.models import LagLine, LookBack, SupervisionNotice
from chuangwen.supervision.workflow import ANSWER

MOVED, SAMPLE = 2, 10  # proposed: postponed twice; a tenth of what was closed
ON_LIST = ~Q(state=LagState.DROPPED)
JOINED = ("look_back__region", "look_back__campaign", "unit__region", "region", "task", "problem", "report__call",
          "about", "notice")  # fmt: skip


def with_numbers(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Look-backs with how many lines that the person sees are on them, wait, and were judged done, still lagging or
    gone."""
    seen = Q(lines__in=LagLine.objects.visible_to(user).order_by().values("pk"))

    def number(*states: str) -> Any:
        return Count("lines", filter=seen & Q(lines__state__in=states))

    return rows.annotate(
        listed=Count("lines", filter=seen & ~Q(lines__state=LagState.DROPPED)), unanswered=number(LagState.LISTED),
        to_judge=number(LagState.ANSWERED), done=number(LagState.DONE), still=number(LagState.STILL),
        gone=number(LagState.GONE),
    )  # fmt: skip


def with_returns(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Lines with `came_back`: whether their problem was registered again and is open."""
    return rows.annotate(came_back=Exists(Problem.objects.filter(recurrence_of=OuterRef("problem"), is_open=True)))


def lines_of(look_back: LookBack) -> QuerySet[LagLine]:
    """What stands on the list, by unit in the order of the tree, the longest first."""
    rows = with_returns(look_back.lines.filter(ON_LIST).select_related(*JOINED))
    return rows.order_by("unit__path", "since", "pk")


def to_answer(user: Any) -> QuerySet[Any]:
    """What the own units have to answer."""
    return given_to_units().filter(unit__in=scope_of(user, ANSWER).unit_ids)


def given_to_units() -> QuerySet[Any]:
    """What waits for its unit's answer, of every region."""
    rows = LagLine.objects.filter(state=LagState.LISTED, look_back__state=LookBackState.GIVEN)
    return rows.select_related("look_back")


def last_list(campaign: Campaign | int, on: date) -> LookBack | None:
    """The look-back that a meeting on this day speaks of: the latest one whose quarter had begun, not yet closed."""
    rows = LookBack.objects.filter(campaign=campaign, starts__lte=on).exclude(state=LookBackState.CLOSED)
    return rows.order_by("-starts").first()


def judged_by_ledger(line: LagLine) -> str:
    """How the matter's own ledger judges the line now; "" where only a look at the place or a person can say."""
    if line.kind == LagKind.SAMPLE:
        return _of_sample(line)
    if line.task is not None:
        return _by_state(line.task.state, (TaskState.CONFIRMED,), (TaskState.CANCELLED,))
    if line.problem is not None:
        return _by_state(line.problem.state, (ProblemState.CLOSED,), (ProblemState.GONE, ProblemState.MERGED))
    if line.report is not None:
        gone = (WrittenStage.WAIVED, *([line.report.state] if line.report.call.state == CallStage.WITHDRAWN else []))
        return _by_state(line.report.state, (WrittenStage.HANDED_IN,), gone)
    return _of_notice(line.about) if line.about is not None else ""


def _of_notice(notice: SupervisionNotice) -> str:
    if notice.state in {NoticeState.SENT, NoticeState.ACKNOWLEDGED}:
        return LagState.STILL
    return LagState.GONE if notice.state in {NoticeState.WITHDRAWN, NoticeState.DROPPED} else LagState.DONE


def _by_state(state: str, done: tuple[Any, ...], gone: tuple[Any, ...]) -> str:
    return LagState.GONE if state in gone else LagState.DONE if state in done else LagState.STILL


def _of_sample(line: LagLine) -> str:
    """A drawn problem that was registered again since is back (`with_returns`); otherwise somebody looks."""
    if getattr(line, "came_back", False):
        return LagState.STILL
    if line.problem is not None and line.problem.state in {ProblemState.GONE, ProblemState.MERGED}:
        return LagState.GONE
    return ""


def is_late() -> Q:
    """Lines whose unit has not answered though the day is over."""
    return Q(state=LagState.LISTED, look_back__state=LookBackState.GIVEN, look_back__due_on__lt=clock.today())


def waits_for_judgement() -> Q:
    """Look-backs with units on which something was answered, or should have been, and is not judged."""
    today = clock.today()
    lines = LagLine.objects.filter(
        Q(state=LagState.ANSWERED) | Q(state=LagState.LISTED, look_back__due_on__lt=today)
    )  # fmt: skip
    return Q(state=LookBackState.GIVEN, pk__in=lines.values("look_back"))


def to_be_given() -> Q:
    """Drafts with something on them."""
    lines = LagLine.objects.filter(state=LagState.LISTED)
    return Q(state=LookBackState.DRAFT, pk__in=lines.values("look_back"))
