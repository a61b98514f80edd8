"""How problems, tasks and dossiers stood on past days, as their own steps tell it: what a trial of rules reads.

Read is the history of states, hands and deadlines, never today's. A fixed number of queries, whatever the region holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import zip_longest
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from chuangwen.campaigns.models import CampaignState
from chuangwen.core import clock
from chuangwen.core.models import Region
from chuangwen.core.workdays import ONE_DAY
from chuangwen.evidence.enums import WITH_THE_UNIT
from chuangwen.evidence.models import Dossier
from chuangwen.rectification.enums import ProblemClass, ProblemState
from chuangwen.rectification.models import Problem
from chuangwen.responsibilities.models import Task, TaskState
from chuangwen.supervision.enums import NoticeState, VetoState
from chuangwen.supervision.ladder import Given
from chuangwen.supervision.ladder import Step as Rung
from chuangwen.supervision.models import NoticeItem, VetoEvent
from chuangwen.supervision.queries.matters import (
    DOSSIER_LABEL,
    PROBLEM_LABEL,
    SOON,
    TASK_LABEL,
    pressed_problems,
)
from chuangwen.supervision.queries.rows import day_ends, midnight
from chuangwen.supervision.replay import History, Phase
from chuangwen.workflow.models import Step

CAMPAIGN_LABEL, NOTICE_LABEL, EVENT_LABEL = (
    "campaigns.campaign",
    "supervision.supervisionnotice",
    "supervision.vetoevent",
)
MOMENT = timedelta(microseconds=1)
PROBLEM_RUNS = {ProblemState.ASSIGNED, ProblemState.RETURNED}
TASK_RUNS = {TaskState.ISSUED, TaskState.ACCEPTED}


class Taken(NamedTuple):
    """A step as far as a trial asks for it."""

    action: str
    target: str
    data: dict[str, Any]
    at: datetime


class Mark(NamedTuple):
    """How a matter stood from one moment on. `watched`: since when the ladder looks at it."""

    at: datetime
    unit: int
    due: datetime
    running: bool
    returned: int
    watched: datetime | None = None


def histories(region: Region, first: date, last: date) -> list[History]:
    """How the matters of a region stood from the first to the last day, and which sheets they had had before.

    Tasks and dossiers, and problems without another ground, are looked at from fourteen days before they are due, as
    every morning does. A step that was entered from paper counts from its true time. Fourteen queries.
    """
    start, stop = midnight(first), midnight(last + ONE_DAY)
    return [
        *_problems(region, start, stop), *_tasks(region, start, stop), *_dossiers(region, start, stop)
    ]  # fmt: skip


def _problems(region: Region, start: datetime, stop: datetime) -> Iterator[History]:
    falsified = _falsifications(region)
    asked = Problem.objects.filter(pressed_problems(), region=region, found_at__lt=stop)
    asked = asked.filter(Q(is_open=True) | Q(updated_at__gte=start) | Q(pk__in=list(falsified)))
    fields = ("pk", "lead", "due_at", "problem_class", "found_at", "recurrence_of__closed_at")
    rows = list(asked.values_list(*fields))
    steps, given = _steps(PROBLEM_LABEL, asked), _given_before("problem", asked, region, start)
    for pk, lead, due, kind, found_at, closed_at in rows:
        back = (clock.local(found_at).date() - clock.local(closed_at).date()).days if closed_at else None
        marks = list(problem_marks(steps[pk], lead, due, kind, back))
        yield from _history(f"p{pk}", marks, start, given.get(pk, ()), back, falsified.get(pk, ()))


def problem_marks(steps: list[Taken], lead: int, due: datetime, kind: str, back: int | None) -> Iterator[Mark]:
    """The stretches between a problem's steps: whose it was and which deadline held in each."""
    leads = _hands(steps, lead)
    long_term = next((one.data["class"] for one in steps if "class" in one.data), kind) == ProblemClass.LONG_TERM
    returned = 0
    for step, unit in zip(steps, leads, strict=True):
        said = step.data.get("to") if step.action == "deadline" else step.data.get("due")
        due = datetime.fromisoformat(said) if said else due
        returned += step.action == "return"
        long_term = long_term or step.action == "make_long_term"
        running = step.target in PROBLEM_RUNS and not long_term
        asked_for = returned or back is not None
        yield Mark(step.at, unit, due, running, returned, None if asked_for else due - SOON + MOMENT)


def _tasks(region: Region, start: datetime, stop: datetime) -> Iterator[History]:
    asked = Task.objects.filter(region=region, created_at__lt=stop)
    asked = asked.filter(Q(state__in=TASK_RUNS) | Q(updated_at__gte=start))
    rows = list(asked.values_list("pk", "unit", "due_at"))
    steps, given = _steps(TASK_LABEL, asked), _given_before("task", asked, region, start)
    for pk, unit, due in rows:
        yield from _history(f"t{pk}", list(task_marks(steps[pk], unit, due)), start, given.get(pk, ()))


def task_marks(steps: list[Taken], unit: int, due: datetime) -> Iterator[Mark]:
    """The stretches between a task's steps."""
    moved = [one.data["from"] for one in steps if one.action == "postpone"]
    due = datetime.fromisoformat(moved[0]) if moved else due
    returned = 0
    for step, mine in zip(steps, _hands(steps, unit), strict=True):
        if step.action == "postpone":
            due = datetime.fromisoformat(step.data["to"])
        returned += step.action == "reopen"
        yield Mark(step.at, mine, due, step.target in TASK_RUNS, returned, due - SOON + MOMENT)


def _dossiers(region: Region, start: datetime, stop: datetime) -> Iterator[History]:
    """A dossier is looked at while its campaign has not ended. One that was moved away from the period counts too."""
    ended = _ended(region)
    moved = Step.objects.filter(object_type=DOSSIER_LABEL, object_id=OuterRef("pk"), action="postpone", at__gte=start)
    near = Q(due_on__lte=(stop + SOON).date())
    asked = Dossier.objects.filter(region=region, created_at__lt=stop)
    asked = asked.filter((Q(state__in=WITH_THE_UNIT) & near) | (Q(updated_at__gte=start) & (near | Exists(moved))))
    rows = list(asked.values_list("pk", "unit", "due_on", "campaign", "created_at"))
    steps, given = _steps(DOSSIER_LABEL, asked), _given_before("dossier", asked, region, start)
    untouched: dict[date, tuple[Phase, ...]] = {}  # most were only opened: they differ by their day alone
    for pk, unit, due_on, campaign, made in rows:
        if pk in steps or campaign in ended or made > start:
            later = [*steps.get(pk, ()), *ended.get(campaign, ())]
            taken = [Taken("open", "open", {}, made), *sorted(later, key=attrgetter("at"))]
            phases = _phases(list(dossier_marks(taken, due_on)), start)
        else:
            if due_on not in untouched:
                untouched[due_on] = _phases(list(dossier_marks([Taken("open", "open", {}, start)], due_on)), start)
            phases = untouched[due_on]
        if phases:
            yield History(f"d{pk}", phases, unit, given=_of_one(unit, given.get(pk, ())))


def dossier_marks(steps: list[Taken], due_on: date) -> Iterator[Mark]:
    """The stretches between a dossier's steps, those of its campaign among them; it has one unit all its life."""
    moved = [one.data["from"] for one in steps if one.action == "postpone"]
    due_on = date.fromisoformat(moved[0]) if moved else due_on
    returned, state, over = 0, "open", False
    for step in steps:
        if step.action in {"campaign-over", "campaign-on"}:
            over = step.action == "campaign-over"
        elif step.action == "postpone":
            due_on = date.fromisoformat(step.data["to"])
        else:
            state = step.target or state
        returned += step.action == "return"
        running = state in WITH_THE_UNIT and not over
        yield Mark(step.at, 0, day_ends(due_on), running, returned, midnight(due_on) - SOON)


def _history(
    key: str, marks: list[Mark], start: datetime, given: tuple[tuple[int, Given], ...], back: int | None = None,
    falsified: tuple[tuple[datetime, datetime | None], ...] = (),
) -> Iterator[History]:  # fmt: skip
    """The past of a matter that could have changed hands; none where nothing is known of it."""
    units = {one.unit for one in marks}
    unit = units.pop() if len(units) == 1 else 0
    phases = _phases([Mark(one.at, 0, *one[2:]) for one in marks] if unit else marks, start)
    if phases:
        yield History(key, phases, unit, back, falsified, _of_one(unit, given) if unit else given)


def _of_one(unit: int, given: tuple[tuple[int, Given], ...]) -> tuple[tuple[int, Given], ...]:
    """What the one unit had; what went to others does not count for it."""
    return tuple((0, one) for whose, one in given if whose == unit)


def _phases(marks: list[Mark], start: datetime) -> tuple[Phase, ...]:
    """The stretches that reach into the trial, the one that it begins in from its beginning."""
    found: list[Phase] = []
    for mark, after in zip_longest(marks, marks[1:]):
        since, until = max(mark.at, start), None if after is None else after.at
        if until is not None and until <= start:
            continue
        watched = mark.watched
        if mark.running and watched is not None and watched > since:
            edge = watched if until is None else min(watched, until)
            found.append(Phase(since, edge, mark.unit, mark.due, running=False, returned=mark.returned))
            since = edge
        found.append(Phase(since, until, mark.unit, mark.due, mark.running, mark.returned))
    return tuple(found)


def _hands(steps: list[Taken], unit: int) -> list[int]:
    """Whose the matter was from each step on, read backwards from the unit that has it now."""
    found = []
    for step in reversed(steps):
        found.append(unit)
        unit = step.data.get("former", unit)
    return found[::-1]


def _steps(label: str, asked: QuerySet[Any]) -> defaultdict[int, list[Taken]]:
    """What happened to the matters up to this day, since what they were is read backwards: in order, one query."""
    found: defaultdict[int, list[Taken]] = defaultdict(list)
    kept = Step.objects.filter(object_type=label, object_id__in=asked.order_by().values("pk"))
    for pk, *rest in kept.order_by("at", "pk").values_list("object_id", "action", "target", "data", "at"):
        found[pk].append(Taken(*rest))
    return found


def _given_before(
    name: str, asked: QuerySet[Any], region: Region, start: datetime
) -> defaultdict[int, tuple[tuple[int, Given], ...]]:
    """The sheets that went out before the trial, by matter, and those that a person decided not to send.

    What was withdrawn before counts as had, but nothing follows on it; what waited for its signature does not count,
    since in the trial it goes out on the first day: two queries.
    """
    found: defaultdict[int, tuple[tuple[int, Given], ...]] = defaultdict(tuple)
    ended = Step.objects.filter(object_type=NOTICE_LABEL, region=region, action__in=["drop", "withdraw"], at__lt=start)
    over = set(ended.values_list("object_id", flat=True))
    rows = NoticeItem.objects.filter(**{f"{name}__in": asked.order_by().values("pk")}, notice__day__lt=start.date())
    fields = (name, "notice", "notice__unit", "notice__colour", "notice__day", "notice__state", "notice__signed_at")
    for pk, notice, unit, colour, day, state, signed in rows.order_by("pk").values_list(*fields):
        sent = signed is not None and signed < start
        if sent or (notice in over and state == NoticeState.DROPPED):
            found[pk] += ((unit, Given(Rung(colour), day, sent=sent and notice not in over)),)
    return found


def _falsifications(region: Region) -> dict[int, tuple[tuple[datetime, datetime | None], ...]]:
    """From when to when each problem stood as falsified: two queries."""
    rows = VetoEvent.objects.filter(
        region=region, state__in=[VetoState.CONFIRMED, VetoState.LIFTED], kind__falsification=True,
        problem__isnull=False, confirmed_at__isnull=False,
    )  # fmt: skip
    lifts = Step.objects.filter(object_type=EVENT_LABEL, object_id__in=rows.values("pk"), action="lift")
    lifted = dict(lifts.values_list("object_id", "at"))
    found: dict[int, tuple[tuple[datetime, datetime | None], ...]] = {}
    for pk, problem, at in rows.order_by("pk").values_list("pk", "problem", "confirmed_at"):
        found[problem] = (*found.get(problem, ()), (at, lifted.get(pk)))
    return found


def _ended(region: Region) -> defaultdict[int, list[Taken]]:
    """When each campaign ended and was taken up again: one query."""
    found: defaultdict[int, list[Taken]] = defaultdict(list)
    rows = Step.objects.filter(object_type=CAMPAIGN_LABEL, region=region, action__in=["end", "resume"])
    for pk, target, at in rows.order_by("at", "pk").values_list("object_id", "target", "at"):
        over = target == CampaignState.ENDED
        found[pk].append(Taken("campaign-over" if over else "campaign-on", target, {}, at))
    return found
