"""The plans of several tasks on one chart (时间表、路线图): by unit, by criterion or by deadline, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any, ClassVar

from django.db.models import CharField, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.lists import Column, Filter, Listing, ListPage, Tab, pick_filter, respond
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags import wording
from chuangwen.core.workdays import default_calendar
from chuangwen.responsibilities.gantt import Line, Span, line_of
from chuangwen.responsibilities.models import OPEN_TASK_STATES, Task, TaskMilestone, TaskState
from chuangwen.responsibilities.queries.matrix import title_of
from chuangwen.responsibilities.queries.milestones import day_state, late_steps, starts_on, step_words
from chuangwen.responsibilities.queries.tasks import late, tasks_of
from chuangwen.responsibilities.views.task_list import in_section, sections, task_shape

RUNNING = (*OPEN_TASK_STATES, TaskState.REPORTED)
FINISHED = frozenset({TaskState.REPORTED, TaskState.CONFIRMED, TaskState.CANCELLED})
BY_UNIT, BY_NODE = "by_unit", "by_node"
LAST_NODE = 2_000_000_000  # tasks of no criterion stand last


@dataclass(frozen=True, slots=True)
class Dot:
    """A step on the line; `x` None where it lies beyond it."""

    name: str
    day: str
    state: str
    words: str
    x: float | None


@dataclass(frozen=True, slots=True)
class Lane:
    """One task: its bar, its steps, what comes next and whom it waits for."""

    task: Task
    shape: str
    state: str  # done, late, now or ahead, of the task itself
    bar: Span | None
    dots: list[Dot]
    next: str
    waits: str

    @property
    def words(self) -> str:
        """The drawing in words."""
        return gettext("; ").join(gettext("%(day)s %(name)s (%(words)s)") % {
            "day": dot.day, "name": dot.name, "words": dot.words} for dot in self.dots)  # fmt: skip


def _waits(task: Task) -> str:
    """The tasks that this one waits for and that are not done yet."""
    waiting = [one for one in task.waits_for.all() if one.state not in FINISHED]
    return "、".join(f"{one.title}（{one.unit}）" for one in waiting)


def _steps_in_words(task: Task) -> str:
    return "；".join(
        f"{one.due_on:%Y-%m-%d} {one.name}" + ("✓" if one.done_at else "") for one in task.milestones.all()
    )


def _until_after(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(due_at__gte=clock.midnight(date.fromisoformat(value)))


def _begun_before(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    """Tasks that somebody may have been at by that day."""
    return rows.filter(created_at__lt=clock.midnight(date.fromisoformat(value) + timedelta(days=1)))


class PlanChart(ListPage):
    name = "plan_chart"
    title = _("Plans on one chart")
    noun = _("tasks")
    permission = "responsibilities.view"
    template = "responsibilities/plan_chart.html"
    columns: ClassVar = [
        Column("title", _("Task"), lambda t: t.title, css="cw-table__title"),
        Column("number", _("Number"), lambda t: t.number),
        Column("unit", _("Unit"), lambda t: str(t.unit), sort=BY_UNIT),
        Column("criterion", _("Criterion"), lambda t: t.node.code if t.node else "", sort=BY_NODE),
        Column("due", _("Deadline"), lambda t: t.due_at, sort="due_at", kind="datetime"),
        Column("progress", _("Progress"), lambda t: t.progress / 100, kind="percent"),
        Column("steps", _("Milestones"), _steps_in_words),
        Column("waits", _("Waits for"), _waits),
    ]
    filters: ClassVar = [
        pick_filter("unit", _("Unit"), "units", lambda rows, value: rows.filter(unit=int(value))),
        Filter("section", _("Section"), sections, in_section),
        Filter("state", _("State"), lambda _request: TaskState.choices, lambda rows, value: rows.filter(state=value)),
        Filter("from", _("From"), lambda _request: (), _until_after, kind="date"),
        Filter("until", _("Until"), lambda _request: (), _begun_before, kind="date"),
    ]  # fmt: skip
    tabs: ClassVar = [
        Tab("planned", _("With a plan"), lambda _request: Q(state__in=RUNNING) & Q(Exists(_steps()))),
        Tab("late", _("Late"), lambda _request: late() | Q(Exists(_steps().filter(late_steps())))),
        Tab("running", _("Running"), Q(state__in=RUNNING)),
        Tab("all", _("All"), Q()),
    ]
    search: ClassVar = ["title__icontains", "number__icontains", "unit__name__icontains"]
    search_words = _("Task, number or unit")
    sort = BY_UNIT
    empty = _("No plans here")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        rows = tasks_of(request).exclude(state__in=[TaskState.DRAFT, TaskState.CANCELLED])
        due = Cast("due_at", CharField())
        rows = rows.annotate(
            by_unit=Concat("unit__path", Value(" "), due, output_field=CharField()),
            by_node=Coalesce(F("node__version_id") * 100_000 + F("node__position"), LAST_NODE),
        )
        steps = TaskMilestone.objects.order_by("due_on", "pk")
        others = Task.objects.select_related("unit").order_by("due_at", "pk")
        fetched = (Prefetch("milestones", steps), Prefetch("waits_for", others))
        return rows.select_related("unit", "node").prefetch_related(*fetched)

    def row_url(self, row: Any) -> str:
        return _address(row)

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        """The lanes of this page under their unit or criterion, and the line that they share."""
        tasks = listing.slice.rows
        asked = {key: date.fromisoformat(listing.chosen[key]) for key in ("from", "until") if _is_day(listing, key)}
        line = _line(tasks, first=asked.get("from"), last=asked.get("until"))
        is_a3 = listing.params.get("paper") == "a3"
        other = {"label": gettext("Paper A4") if is_a3 else gettext("Paper A3"), "icon": "file-text",
                 "url": listing.url(paper="" if is_a3 else "a3")}  # fmt: skip
        return {
            "page_actions": [other, {"label": gettext("Print the chart"), "print": True}],
            "breadcrumbs": [{"label": gettext("Tasks"), "url": reverse("responsibilities:tasks")},
                            {"label": gettext("Milestones"), "url": reverse("responsibilities:milestones")},
                            {"label": gettext("Plans on one chart"), "url": ""}],
            "line": line,
            "groups": _groups(tasks, listing.sort.lstrip("-"), line),
            "is_a3": is_a3,
            "legend": [(state, step_words(state)) for state in ("done", "late", "now", "ahead")],
            "now": clock.now(),
        }  # fmt: skip


PLANS = PlanChart()


@signed_in("responsibilities.view")
def plan_chart(request: HttpRequest) -> HttpResponse:
    """Several tasks with their steps on one line of days."""
    return respond(request, PLANS)


def _steps() -> QuerySet[TaskMilestone]:
    return TaskMilestone.objects.filter(task=OuterRef("pk"))


def _is_day(listing: Listing, key: str) -> bool:
    try:
        date.fromisoformat(listing.chosen.get(key, ""))
    except ValueError:
        return False
    return True


def _line(tasks: Iterable[Task], *, first: date | None, last: date | None) -> Line:
    days = [day for task in tasks for day in (starts_on(task), clock.local(task.due_at).date(), *_days(task))]
    return line_of(days, today=clock.today(), calendar=default_calendar(), first=first, last=last)


def _days(task: Task) -> list[date]:
    return [one.due_on for one in task.milestones.all()]


def _groups(tasks: list[Task], sort: str, line: Line) -> list[tuple[str, list[Lane]]]:
    """The lanes with the head above them; one group without a head where tasks stand by their deadline."""
    heads = {BY_UNIT: lambda task: str(task.unit), BY_NODE: _criterion}
    head = heads.get(sort, lambda _task: "")
    return [(name, [_lane(task, line) for task in several]) for name, several in groupby(tasks, key=head)]


def _criterion(task: Task) -> str:
    return f"{task.node.code} {title_of(task.node)}" if task.node else gettext("No criterion")


def _lane(task: Task, line: Line) -> Lane:
    steps = list(task.milestones.all())
    dots = [_dot(task, one, line) for one in steps]
    ahead = next((one for one in steps if one.done_at is None), None) if task.state == TaskState.ACCEPTED else None
    words = {"step": ahead.name, "day": wording.day(ahead.due_on)} if ahead else {}
    due = clock.local(task.due_at).date()
    own = "done" if task.state in FINISHED else "late" if task.due_at < clock.now() else "running"
    return Lane(
        task, task_shape(task), own, line.bar(min(starts_on(task), due), due), dots,
        gettext("Next: %(step)s, %(day)s") % words if words else "", _waits(task),
    )  # fmt: skip


def _dot(task: Task, step: TaskMilestone, line: Line) -> Dot:
    state = "done" if step.done_at else "over" if task.state != TaskState.ACCEPTED else day_state(step.due_on)
    x = line.x(step.due_on) if line.holds(step.due_on) else None
    return Dot(step.name, wording.day(step.due_on), state, str(step_words(state)), x)


def _address(task: Any) -> str:
    return reverse("responsibilities:task", args=[task.pk])
