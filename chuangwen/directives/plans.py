"""What issuing a document's accepted directives would do, and what is missing where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Q

from chuangwen.core import clock
from chuangwen.core.workdays import default_calendar
from chuangwen.directives.addressees import unit_ids
from chuangwen.directives.models import Candidate, CandidateState, Document, Outcome
from chuangwen.directives.outcomes import names_nobody
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.frequency import schedule_of
from chuangwen.responsibilities.models import OPEN_TASK_STATES
from chuangwen.responsibilities.queries.repeats import Ask, OpenRequest, open_alike
from chuangwen.responsibilities.schedule import Schedule


@dataclass
class Plan:
    """What issuing would do: for each accepted directive the units that still lack their task or duty."""

    ready: list[tuple[Candidate, list[int]]] = field(default_factory=list)  # those that become tasks
    duties: list[tuple[Candidate, list[int], Schedule | None]] = field(default_factory=list)
    rules: list[Candidate] = field(default_factory=list)
    without_lead: list[Candidate] = field(default_factory=list)
    without_due: list[Candidate] = field(default_factory=list)
    without_measure: list[Candidate] = field(default_factory=list)
    without_rhythm: list[Candidate] = field(default_factory=list)  # duties whose frequency names no dates
    late: list[Candidate] = field(default_factory=list)  # the deadline that the document names is over
    done: int = 0  # directives whose tasks, duties or rules are all out

    @property
    def tasks(self) -> int:
        return sum(len(units) for _candidate, units in self.ready)

    @property
    def new_duties(self) -> int:
        return sum(len(units) for _candidate, units, _schedule in self.duties)

    @property
    def number(self) -> int:
        """Tasks, duties and rules together."""
        return self.tasks + self.new_duties + len(self.rules)

    @property
    def candidates(self) -> list[Candidate]:
        found = [row for row, _units in self.ready] + [row for row, _units, _schedule in self.duties] + self.rules
        return sorted(found, key=lambda row: (row.start, row.pk))

    def leave_out(self, away: Collection[tuple[int, int]]) -> None:
        """Take these (directive, unit) off; what is left of nobody falls away whole, with what it lacks."""
        self.ready = [(row, left) for row, units in self.ready if (left := _others(row, units, away))]
        self.duties = [(row, left, when) for row, units, when in self.duties if (left := _others(row, units, away))]
        stays = {row.pk for row in self.candidates}
        for name in ("without_due", "without_measure", "without_rhythm", "late"):
            setattr(self, name, [row for row in getattr(self, name) if row.pk in stays])

    @property
    def undated(self) -> int:
        """Directives that need a date from the person: they name none, or theirs is over."""
        return len(self.without_due) + len(self.late)


@dataclass(frozen=True, slots=True)
class Load:
    """A unit beside what it would be given: how much of it runs already."""

    unit: Unit
    new: int
    running: int
    week: int  # of the running ones due within seven days


def issue_plan(document: Document) -> Plan:
    """What is ready to be issued, and what is missing where: four queries."""
    plan = Plan()
    rows = document.candidates.filter(state=CandidateState.ACCEPTED).order_by("start", "pk")
    for row in rows.prefetch_related("tasks", "duties", "rules"):
        unnamed = names_nobody(row.becomes, needs_unit=row.needs_unit, lead=row.lead)
        if unnamed:
            plan.without_lead.append(row)
        if row.becomes == Outcome.RULE:
            _plan_rule(plan, row, waits=unnamed)
            continue
        out = {task.unit_id for task in row.tasks.all()} | {duty.unit_id for duty in row.duties.all()}
        waiting = [unit for unit in unit_ids(row.lead) if unit not in out]
        if not waiting:
            plan.done += bool(out)
        elif unnamed:
            continue  # half of the leading parties named: it waits until all are, so that nobody is left out
        elif row.becomes == Outcome.DUTY:
            _plan_duty(plan, row, waiting)
        else:
            _plan_task(plan, row, waiting)
    return plan


def _plan_task(plan: Plan, row: Candidate, waiting: list[int]) -> None:
    plan.ready.append((row, waiting))
    if not row.due_on:
        plan.without_due.append(row)
    elif due_at(row.due_on) <= clock.now():
        plan.late.append(row)
    if not row.measure.strip():
        plan.without_measure.append(row)


def _plan_duty(plan: Plan, row: Candidate, waiting: list[int]) -> None:
    schedule = schedule_of(row.frequency)
    plan.duties.append((row, waiting, schedule))
    if schedule is None:
        plan.without_rhythm.append(row)
    if not row.measure.strip():
        plan.without_measure.append(row)


def _plan_rule(plan: Plan, row: Candidate, *, waits: bool) -> None:
    if row.rules.all() or row.tasks.all() or row.duties.all():
        plan.done += 1
    elif not waits:
        plan.rules.append(row)


def _others(row: Candidate, units: list[int], away: Collection[tuple[int, int]]) -> list[int]:
    return [unit for unit in units if (row.pk, unit) not in away]


def plan_repeats(document: Document, plan: Plan) -> dict[tuple[int, int], OpenRequest]:
    """(directive, unit) of what would be issued although a like request is open there: three queries."""
    asked = [(row, units) for row, units in plan.ready] + [(row, units) for row, units, _when in plan.duties]
    asks = {(row.pk, unit): Ask(unit, row.action) for row, units in asked for unit in units}
    return open_alike(document.region, asks)


def loads(plan: Plan) -> list[Load]:
    """The units that would be given something, the most burdened first: one query."""
    new: Counter[int] = Counter()
    for _row, units in plan.ready:
        new.update(units)
    for _row, units, _schedule in plan.duties:
        new.update(units)
    running = Q(tasks__state__in=OPEN_TASK_STATES)
    soon = running & Q(tasks__due_at__lte=clock.now() + timedelta(days=7))
    units = Unit.objects.filter(pk__in=list(new)).annotate(
        running_now=Count("tasks", filter=running, distinct=True), due_soon=Count("tasks", filter=soon, distinct=True)
    )
    found = [Load(unit, new[unit.pk], unit.running_now, unit.due_soon) for unit in units]
    return sorted(found, key=lambda one: (-one.new - one.running, one.unit.path))


def on_workday(day: date | None) -> date | None:
    """A deadline on a day off ends on the next working day (节假日顺延)."""
    while day and not default_calendar().is_workday(day):
        day += timedelta(days=1)
    return day


def due_at(day: date) -> datetime:
    """When work ends on that day, or on the next working day where it is free."""
    return default_calendar().end_of_day(on_workday(day) or day)
