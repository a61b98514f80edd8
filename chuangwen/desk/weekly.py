"""Gathers the leader's weekly sheet (领导周览): one page of A4 on which an instruction can be written.

It must stay one page whatever the city is called: so many lines of each part and no more, long names cut. What is
left out is counted, and stands whole on the lists that the screen's start page leads to.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Min
from django.http import HttpRequest

from chuangwen.campaigns.models import Campaign, Milestone
from chuangwen.core import clock
from chuangwen.core.counting import counts
from chuangwen.core.panels import KeyFigure, key_figures
from chuangwen.organizations.models import Unit
from chuangwen.rectification import queries as of_problems
from chuangwen.rectification.models import Problem
from chuangwen.responsibilities import standing
from chuangwen.responsibilities.models import Instruction, Task
from chuangwen.responsibilities.queries import tasks as of_tasks
from chuangwen.responsibilities.queries.instructions import instructions_of, is_open, standing_of, with_tasks
from chuangwen.responsibilities.words import WORDS, due_of, replies_words, units_of
from chuangwen.scoring.glance import where_points_went

UNITS = 6
MATTERS = 3
INSTRUCTIONS = 5
AHEAD = 6
FIGURES = 6
NAME, TITLE = 12, 30  # characters


def shortened(text: object, most: int) -> str:
    """`text`, cut to `most` characters with an ellipsis."""
    words = str(text)
    return words if len(words) <= most else words[: most - 1] + "…"


@dataclass(slots=True)
class LateUnit:
    """One unit with matters past their deadline."""

    unit: str = ""
    problems: int = 0
    tasks: int = 0
    oldest: datetime | None = None

    def add(self, oldest: datetime, **more: int) -> None:
        """Count further late matters, the oldest of them due at `oldest`."""
        self.problems += more.get("problems", 0)
        self.tasks += more.get("tasks", 0)
        self.oldest = min(self.oldest or oldest, oldest)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a part: what, whose, and until when or how it stands."""

    what: str
    whose: str = ""
    when: Any = ""


@dataclass(frozen=True, slots=True)
class Part:
    """The lines of one part that fit, and how many more there are."""

    lines: list[Any] = field(default_factory=list)
    more: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page shows."""

    monday: date
    sunday: date
    figures: list[KeyFigure]
    late: Part
    matters: list[Line]
    points: list[Line]
    round_name: str
    instructions: Part
    ahead: Part
    ahead_problems: int
    ahead_tasks: int


def weekly_sheet(request: HttpRequest, campaign: Campaign) -> Sheet:
    """The sheet of this week; the number of queries does not grow with the campaign."""
    problems, tasks = Problem.objects.visible_to(request.user), of_tasks.tasks_of(request)
    monday = clock.today() - timedelta(days=clock.today().weekday())
    begins = clock.end_of_week()
    ends = begins + timedelta(days=7)
    ahead_problems, ahead_tasks = counts(
        [
            problems.filter(of_problems.RUNNING, due_at__gte=begins, due_at__lt=ends),
            tasks.filter(of_tasks.OPEN, due_at__gte=begins, due_at__lt=ends),
        ]
    )
    points, round_name = _points(request, campaign)
    return Sheet(
        monday=monday,
        sunday=monday + timedelta(days=6),
        figures=key_figures(request)[:FIGURES],
        late=_late_units(problems.filter(of_problems.late()), tasks.filter(of_tasks.late())),
        matters=_oldest(problems.filter(of_problems.late()), tasks.filter(of_tasks.late())),
        points=points,
        round_name=round_name,
        instructions=_open_instructions(request),
        ahead=_ahead(campaign, tasks, begins, ends),
        ahead_problems=ahead_problems,
        ahead_tasks=ahead_tasks,
    )


def _late_units(problems: Any, tasks: Any) -> Part:
    """Which units are late with how much, most first."""
    found: defaultdict[int, LateUnit] = defaultdict(LateUnit)
    for unit, number, oldest in _grouped(problems, "lead"):
        found[unit].add(oldest, problems=number)
    for unit, number, oldest in _grouped(tasks, "unit"):
        found[unit].add(oldest, tasks=number)
    ordered = sorted(found.items(), key=lambda one: (-one[1].problems - one[1].tasks, one[1].oldest, one[0]))
    names = Unit.objects.in_bulk([unit for unit, _late in ordered[:UNITS]])
    for unit, late in ordered[:UNITS]:
        late.unit = shortened(names[unit], NAME)
    return Part([late for _unit, late in ordered[:UNITS]], max(0, len(ordered) - UNITS))


def _grouped(rows: Any, by: str) -> Any:
    return rows.order_by().values_list(by).annotate(Count("pk"), Min("due_at"))


def _oldest(problems: Any, tasks: Any) -> list[Line]:
    """The matters that have been late longest."""
    found = [(p.due_at, p.title, p.lead) for p in problems.select_related("lead").order_by("due_at")[:MATTERS]]
    found += [(t.due_at, t.title, t.unit) for t in tasks.select_related("unit").order_by("due_at")[:MATTERS]]
    found.sort(key=lambda one: one[0])
    return [Line(shortened(title, TITLE), shortened(unit, NAME), due) for due, title, unit in found[:MATTERS]]


def _points(request: HttpRequest, campaign: Campaign) -> tuple[list[Line], str]:
    """Where the points of the last score went, as the start page shows it."""
    panel = where_points_went(request, campaign)
    if panel is None:
        return [], ""
    lines = [Line(shortened(dear.name, NAME), "", dear.points) for dear in panel.context["lines"]]
    return lines, shortened(panel.context["run"].round, TITLE)


def _open_instructions(request: HttpRequest) -> Part:
    """Instructions that are not settled, the oldest first."""
    rows = instructions_of(request).filter(is_open(request.user))
    shown = with_tasks(rows.order_by("written_on", "pk"), request.user)[:INSTRUCTIONS]
    lines = [Line(shortened(one.about, TITLE), shortened(units_of(one), TITLE), _stands(one)) for one in shown]
    return Part(lines, max(0, rows.count() - INSTRUCTIONS))


def _stands(one: Instruction) -> Any:
    """The deadline while somebody has to keep one; else what the state is called."""
    if standing_of(one).key == standing.RUNNING:
        return due_of(one)
    return replies_words(one) or str(WORDS[standing_of(one).key][1])


def _ahead(campaign: Campaign, tasks: Any, begins: datetime, ends: datetime) -> Part:
    """Next week by day: its milestones, and as many tasks that fall due as there is room for."""
    first, last = clock.local(begins).date(), clock.local(ends).date()
    steps = Milestone.objects.filter(campaign=campaign, done_on__isnull=True, due_on__gte=first, due_on__lt=last)
    lines = [Line(shortened(step.name, TITLE), "", step.due_on) for step in steps.order_by("due_on", "pk")]
    due = tasks.filter(of_tasks.OPEN, due_at__gte=begins, due_at__lt=ends)
    room = max(0, AHEAD - len(lines))
    shown: list[Task] = list(due.select_related("unit").order_by("due_at", "pk")[:room])
    lines += [Line(shortened(task.title, TITLE), shortened(task.unit, NAME), task.due_at) for task in shown]
    return Part(sorted(lines[:AHEAD], key=lambda line: _day(line.when)))


def _day(when: date | datetime) -> date:
    return clock.local(when).date() if isinstance(when, datetime) else when
