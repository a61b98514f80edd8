"""Reads what happened to units' duties in a week, and what they confirmed of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from chuangwen.campaigns.context import current_campaign
from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.workdays import ZONE
from chuangwen.responsibilities.models import (
    OPEN_TASK_STATES,
    Postponement,
    Request,
    Task,
    TaskMilestone,
    TaskState,
    WeekReport,
    WeekState,
)
from chuangwen.responsibilities.weekly import COLUMNS, week_lines

WEEK = timedelta(days=7)
DUE = (4, time(17, 30))  # Friday at half past five (proposed): the office's sheet goes out then
SENT = Q(state__in=[*OPEN_TASK_STATES, TaskState.REPORTED, TaskState.CONFIRMED])
FINISHED = (TaskState.REPORTED, TaskState.CONFIRMED)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def reports_of(request: HttpRequest) -> QuerySet[WeekReport]:
    """The weekly reports of the present campaign that the person sees."""
    rows = WeekReport.objects.visible_to(request.user)
    campaign = current_campaign(request)
    return rows.filter(campaign=campaign) if campaign else rows


def to_confirm(units: Collection[int]) -> Q:
    """The units' own reports of this week and the last that wait for their word."""
    return Q(unit__in=units, state=WeekState.OPEN, monday__gte=monday_of(clock.today()) - WEEK)


def missing() -> Q:
    """Not confirmed although Friday half past five is over."""
    weekday, at = DUE
    monday = monday_of(clock.today())
    over = datetime.combine(monday + timedelta(days=weekday), at, ZONE) <= clock.now()
    return Q(state=WeekState.OPEN, monday__lte=monday if over else monday - WEEK)


def busy_units(campaign: Campaign, monday: date) -> QuerySet[Any]:
    """The keys of units that had a task, a step or something to finish in that week."""
    first, end = _moments(monday)
    running = Q(state__in=OPEN_TASK_STATES, issued_at__lt=end)
    rows = Task.objects.filter(SENT, campaign=campaign)
    return (
        rows.filter(running | Q(finished_at__gte=first, finished_at__lt=end)).values_list("unit", flat=True).distinct()
    )


def assembled(campaign: Campaign, units: Collection[int], monday: date) -> dict[int, dict[str, list[str]]]:
    """For each unit the lines of each column of its report: four queries, and those of the higher areas."""
    found: dict[int, dict[str, list[str]]] = {unit: {column: [] for column in COLUMNS} for unit in units}
    for unit, column, line in _lines(campaign, units, monday):
        if line not in found[unit][column]:
            found[unit][column].append(line)
    for unit, lines in week_lines(campaign, units, monday).items():
        for column, line in lines:
            found[unit][column].append(line)
    return found


def confirmed_columns(campaign: Campaign, first: date, last: date) -> dict[int, dict[str, str]]:
    """By unit what it confirmed for the weeks that begin between two days; several weeks follow one another."""
    rows = WeekReport.objects.filter(
        campaign=campaign, state=WeekState.CONFIRMED, monday__gte=first, monday__lte=last
    ).order_by("monday")
    found: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for one in rows:
        for name in (*COLUMNS, "checked_by"):
            parts = [found[one.unit_id].get(name, ""), "；".join(getattr(one, name).splitlines())]
            found[one.unit_id][name] = "；".join(dict.fromkeys(part for part in parts if part))
    return found


def _lines(campaign: Campaign, units: Collection[int], monday: date) -> Iterator[tuple[int, str, str]]:
    first, end = _moments(monday)
    tasks = Task.objects.filter(SENT, campaign=campaign, unit__in=units).order_by("due_at", "pk")
    near = Q(state__in=OPEN_TASK_STATES, due_at__lt=end + WEEK) | Q(due_at__gte=first, due_at__lt=end)
    near |= Q(state=TaskState.OBJECTED)
    for task in tasks.filter(near | Q(finished_at__gte=first, finished_at__lt=end)):
        yield from _of_task(task, first, end)
    steps = TaskMilestone.objects.filter(
        task__campaign=campaign, task__unit__in=units, task__state__in=OPEN_TASK_STATES
    )
    near_steps = Q(due_on__gte=monday, due_on__lt=monday + 2 * WEEK) | Q(done_at__gte=first, done_at__lt=end)
    for step in steps.filter(near_steps).select_related("task").order_by("due_on", "pk"):
        words = _("%(task)s: %(step)s") % {"task": step.task.title, "step": step.name}
        if step.done_at and first <= step.done_at < end:
            yield step.task.unit_id, "done", words
        elif step.done_at is None:
            yield step.task.unit_id, "focus" if step.due_on < monday + WEEK else "following", words
    asked = Postponement.objects.filter(state=Request.ASKED, task__campaign=campaign, task__unit__in=units)
    for one in asked.select_related("task").order_by("pk"):
        yield one.task.unit_id, "coordinate", _("More time for %(task)s: %(reason)s") % {
            "task": one.task.title, "reason": one.reason,
        }  # fmt: skip
    waits = Task.waits_for.through.objects.filter(
        from_task__campaign=campaign, from_task__unit__in=units, from_task__state__in=OPEN_TASK_STATES,
        to_task__state__in=OPEN_TASK_STATES,
    )  # fmt: skip
    for link in waits.select_related("from_task", "to_task__unit").order_by("pk"):
        told = {"task": link.from_task.title, "unit": link.to_task.unit, "other": link.to_task.title}
        yield link.from_task.unit_id, "coordinate", _("%(task)s waits for %(unit)s: %(other)s") % told


def _of_task(task: Task, first: datetime, end: datetime) -> Iterator[tuple[int, str, str]]:
    """In which columns a task stands."""
    running = task.state in OPEN_TASK_STATES
    if first <= task.due_at < end:
        yield task.unit_id, "focus", task.title
    if task.state in FINISHED and task.finished_at and first <= task.finished_at < end:
        yield task.unit_id, "done", task.title
    if running and task.due_at < min(clock.now(), end):
        yield task.unit_id, "difficulty", _("Late: %s") % task.title
    if task.state == TaskState.OBJECTED:
        yield task.unit_id, "coordinate", _("Objection: %s") % task.title
    if running and end <= task.due_at < end + WEEK:
        yield task.unit_id, "following", task.title


def _moments(monday: date) -> tuple[datetime, datetime]:
    first = datetime.combine(monday, time(0), ZONE)
    return first, first + WEEK
