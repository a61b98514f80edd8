"""Reads what happened to units' duties in a week, and what they confirmed of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from chuangwen.campaigns.context import current_campaign
from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.organizations.queries import units_today
from chuangwen.responsibilities.models import (
    FINISHED_TASK_STATES,
    OPEN_TASK_STATES,
    Postponement,
    Request,
    Task,
    TaskMilestone,
    TaskState,
    WeekReport,
    WeekState,
)
from chuangwen.responsibilities.queries.week_history import Then, then
from chuangwen.responsibilities.week_days import Week, week_at
from chuangwen.responsibilities.weekly import COLUMNS, week_lines

SENT = (*OPEN_TASK_STATES, *FINISHED_TASK_STATES)


class Fact(NamedTuple):
    """One line of a report, and the key of the task that it speaks of."""

    words: str
    task: int | None = None


Facts = dict[int, dict[str, list[Fact]]]
Told = tuple[int, str, Fact]  # unit, column, line


def reports_of(request: HttpRequest) -> QuerySet[WeekReport]:
    """The weekly reports of the present campaign that the person sees."""
    rows = WeekReport.objects.visible_to(request.user)
    campaign = current_campaign(request)
    return rows.filter(campaign=campaign) if campaign else rows


def to_confirm(units: Collection[int]) -> Q:
    """The units' own reports that wait for their word."""
    return Q(unit__in=units, state=WeekState.OPEN)


def missing() -> Q:
    """Not confirmed although its time is over (缺报), of whatever week, until it is confirmed or let off."""
    return Q(state=WeekState.OPEN, due_at__lte=clock.now())


def not_yet_due() -> Q:
    """Waits for its unit, in time."""
    return Q(state=WeekState.OPEN, due_at__gt=clock.now())


def busy_units(campaign: Campaign, monday: date) -> set[int]:
    """The keys of units that had a task, a step or something to finish in that week, or of which a higher area says
    anything: problems closed, late, or due."""
    week = week_at(monday, clock.now())
    running = Q(state__in=OPEN_TASK_STATES) & (Q(issued_at__lt=week.end) | Q(issued_at=None))
    finished = Q(state__in=FINISHED_TASK_STATES, finished_at__gte=week.first, finished_at__lt=week.end)
    rows = Task.objects.filter(running | finished, campaign=campaign)
    units = list(units_today(campaign.region_id).filter(depth__gt=1).values_list("pk", flat=True))
    return set(rows.values_list("unit", flat=True)) | set(week_lines(campaign, units, week))


def assembled(campaign: Campaign, units: Collection[int], monday: date) -> dict[int, dict[str, list[str]]]:
    """For each unit the lines of each column of its report, as they stand now, or stood when the week was over."""
    found = facts_of_week(campaign, units, week_at(monday, clock.now()))
    return {
        unit: {name: [fact.words for fact in facts] for name, facts in columns.items()}
        for unit, columns in found.items()
    }


def facts_of_week(campaign: Campaign, units: Collection[int], week: Week) -> Facts:
    """As `assembled`, with the task behind each line: four queries, two to four more for a week that is over, and
    those of the higher areas."""
    found: Facts = {unit: {column: [] for column in COLUMNS} for unit in units}
    for unit, column, fact in _told(campaign, units, week):
        if all(fact.words != one.words for one in found[unit][column]):
            found[unit][column].append(fact)
    for unit, lines in week_lines(campaign, units, week).items():
        for column, line in lines:
            found[unit][column].append(Fact(line))
    return found


def reports_of_weeks(campaign: Campaign, mondays: Iterable[date]) -> dict[tuple[int, date], WeekReport]:
    """The reports of these weeks by unit and week."""
    rows = WeekReport.objects.filter(campaign=campaign, monday__in=list(mondays))
    return {(one.unit_id, one.monday): one for one in rows}


def units_at_work(campaign: Campaign) -> set[int]:
    """The keys of units with a task that runs."""
    return set(Task.objects.filter(campaign=campaign, state__in=OPEN_TASK_STATES).values_list("unit", flat=True))


def _told(campaign: Campaign, units: Collection[int], week: Week) -> Iterator[Told]:
    past = then(campaign, week) if week.is_over else Then()
    yield from _of_tasks(campaign, units, week, past)
    yield from _of_steps(campaign, units, week, past)
    yield from _of_requests(campaign, units, week)
    yield from _of_waits(campaign, units, past)


def _of_tasks(campaign: Campaign, units: Collection[int], week: Week, past: Then) -> Iterator[Told]:
    near = Q(state__in=OPEN_TASK_STATES, due_at__lt=week.after) | Q(due_at__gte=week.first, due_at__lt=week.end)
    near |= Q(state=TaskState.OBJECTED) | Q(finished_at__gte=week.first, finished_at__lt=week.end)
    moved = Q(pk__in=list(past.states))
    rows = Task.objects.filter(near & Q(state__in=SENT) | moved, campaign=campaign, unit__in=units)
    issued = Q(issued_at=None) | Q(issued_at__lt=week.till)
    for task in sorted(rows.filter(issued), key=lambda one: (past.dues.get(one.pk, one.due_at), one.pk)):
        yield from _of_task(task, week, past)


def _of_task(task: Task, week: Week, past: Then) -> Iterator[Told]:
    """In which columns a task stood."""
    state, due = past.states.get(task.pk, task.state), past.dues.get(task.pk, task.due_at)
    running = state in OPEN_TASK_STATES
    title = Fact(task.title, task.pk)
    if state in SENT and week.holds(due):
        yield task.unit_id, "focus", title
    if state in FINISHED_TASK_STATES and week.holds(past.reports.get(task.pk) or task.finished_at):
        yield task.unit_id, "done", title
    if running and due < week.till:
        yield task.unit_id, "difficulty", Fact(_("Late: %s") % task.title, task.pk)
    if state == TaskState.OBJECTED:
        yield task.unit_id, "coordinate", Fact(_("Objection: %s") % task.title, task.pk)
    if running and week.end <= due < week.after:
        yield task.unit_id, "following", title


def _of_steps(campaign: Campaign, units: Collection[int], week: Week, past: Then) -> Iterator[Told]:
    ran = Q(task__state__in=OPEN_TASK_STATES) | Q(task__in=list(past.states))
    near = Q(due_on__gte=week.monday, due_on__lt=week.after.date()) | Q(done_at__gte=week.first, done_at__lt=week.end)
    rows = TaskMilestone.objects.filter(ran & near, task__campaign=campaign, task__unit__in=units)
    for step in rows.select_related("task").order_by("due_on", "pk"):
        if past.states.get(step.task_id, step.task.state) not in OPEN_TASK_STATES:
            continue
        words = Fact(_("%(task)s: %(step)s") % {"task": step.task.title, "step": step.name}, step.task_id)
        if step.done_at and step.done_at < week.till:
            if week.holds(step.done_at):
                yield step.task.unit_id, "done", words
        elif past.planned(step):
            yield step.task.unit_id, "focus" if step.due_on < week.end.date() else "following", words


def _of_requests(campaign: Campaign, units: Collection[int], week: Week) -> Iterator[Told]:
    """Requests for more time that waited for the office's word."""
    waited = Q(state=Request.ASKED) | Q(decided_at__gte=week.till)
    rows = Postponement.objects.filter(waited, asked_at__lt=week.till, task__campaign=campaign, task__unit__in=units)
    for one in rows.select_related("task").order_by("pk"):
        words = _("More time for %(task)s: %(reason)s") % {"task": one.task.title, "reason": one.reason}
        yield one.task.unit_id, "coordinate", Fact(words, one.task_id)


def _of_waits(campaign: Campaign, units: Collection[int], past: Then) -> Iterator[Told]:
    """Tasks that waited for another unit's."""
    for task, other in [*_links(campaign, units, past), *past.waited(campaign, units)]:
        if {past.states.get(one.pk, one.state) for one in (task, other)} <= {*OPEN_TASK_STATES}:
            told = {"task": task.title, "unit": other.unit, "other": other.title}
            yield task.unit_id, "coordinate", Fact(_("%(task)s waits for %(unit)s: %(other)s") % told, task.pk)


def _links(campaign: Campaign, units: Collection[int], past: Then) -> Iterator[tuple[Task, Task]]:
    """Each task with one that it waits for, where that is still as it was."""
    ran = Q(from_task__state__in=OPEN_TASK_STATES) | Q(from_task__in=list(past.states))
    ran &= Q(to_task__state__in=OPEN_TASK_STATES) | Q(to_task__in=list(past.states))
    links = Task.waits_for.through.objects.filter(ran, from_task__campaign=campaign, from_task__unit__in=units)
    links = links.exclude(from_task__in=list(past.waits))
    for link in links.select_related("from_task", "to_task__unit").order_by("pk"):
        yield link.from_task, link.to_task
