"""Reads the milestones of many tasks: what is late, what comes next, and which plans give cause to warn."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.campaigns.context import current_campaign
from chuangwen.core import clock
from chuangwen.core.models import Region
from chuangwen.core.workdays import default_calendar
from chuangwen.responsibilities.milestones import LEAST_GAP, PLAN_AFTER, WARNING_SOURCE, plans_too_close, progress_of
from chuangwen.responsibilities.models import Task, TaskMilestone, TaskState

SOON_DAYS = 7  # working days
LONGEST_REST = 14  # days off in a row that no holiday exceeds
PLANNED_STATES = (TaskState.ACCEPTED, TaskState.REPORTED, TaskState.CONFIRMED)
OPEN_STEP = Q(done_at=None, task__state=TaskState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Warn:
    """When a plan gives cause to warn, in working days. `source` with its label (core/sources.py)."""

    plan_after: int = PLAN_AFTER
    least_gap: int = LEAST_GAP
    source: str = WARNING_SOURCE


def warn_rule(region: Region) -> Warn:
    """From how many days on a task wants a plan, and how far apart its steps should lie."""
    return Warn(**region.own("plan_warnings", asdict(Warn())))


def proved_progress(task: Task) -> int:
    """How much of a task that nobody has confirmed yet is proved, per cent, by the steps of its plan."""
    rows = task.milestones.order_by("due_on", "pk").values_list("share", "done_at")
    return progress_of((share, done_at is not None) for share, done_at in rows)


def steps_of(request: HttpRequest) -> QuerySet[TaskMilestone]:
    """The milestones of the present campaign's running and finished tasks that the person sees."""
    campaign = current_campaign(request)
    rows = TaskMilestone.objects.visible_to(request.user).filter(task__state__in=PLANNED_STATES)
    return rows.filter(task__campaign=campaign, region=campaign.region_id) if campaign else rows.none()


def late_steps() -> Q:
    """Not done, and their day is over."""
    return OPEN_STEP & Q(due_on__lt=clock.today())


def soon_steps() -> Q:
    """Not done, and due today or within the next seven working days."""
    today = clock.today()
    return OPEN_STEP & Q(due_on__gte=today, due_on__lte=default_calendar().add_workdays(today, SOON_DAYS))


def done_this_week() -> Q:
    """Done since Monday."""
    monday = clock.today() - timedelta(days=clock.today().weekday())
    return Q(done_at__gte=clock.midnight(monday))


def with_next(rows: QuerySet[TaskMilestone]) -> QuerySet[TaskMilestone]:
    """`rows` with the day of the step that remains after each one in its plan (`next_on`)."""
    later = TaskMilestone.objects.filter(task=OuterRef("task"), done_at=None).filter(
        Q(due_on__gt=OuterRef("due_on")) | Q(due_on=OuterRef("due_on"), pk__gt=OuterRef("pk"))
    )
    return rows.annotate(next_on=Subquery(later.order_by("due_on", "pk").values("due_on")[:1]))


def close_tasks(rows: QuerySet[TaskMilestone], rule: Warn) -> list[int]:
    """The tasks among `rows` whose remaining steps lie too close together."""
    open_steps = rows.filter(OPEN_STEP).order_by("task", "due_on").values_list("task", "due_on")
    return plans_too_close(open_steps, clock.today(), rule.least_gap, default_calendar())


def unplanned(rule: Warn) -> Q:
    """Accepted tasks without a plan whose deadline is far enough away to want one; what comes again needs none."""
    far = clock.midnight(default_calendar().add_workdays(clock.today(), rule.plan_after) + timedelta(days=1))
    return Q(state=TaskState.ACCEPTED, duty=None, due_at__gte=far) & ~Q(
        pk__in=TaskMilestone.objects.filter(task__state=TaskState.ACCEPTED).values("task")
    )


def apart_from_deadline(rows: QuerySet[TaskMilestone]) -> QuerySet[TaskMilestone]:
    """`rows` without the steps that fall on the day of their task's deadline, which is told already."""
    return rows.alias(task_day=TruncDate("task__due_at")).exclude(due_on=F("task_day"))


def step_state(step: TaskMilestone) -> str:
    """done, over (its task is no longer running), late, now (within a week) or ahead."""
    if step.done_at:
        return "done"
    if step.task.state != TaskState.ACCEPTED:
        return "over"
    return day_state(step.due_on)


def day_state(due_on: date) -> str:
    """late, now (within a week) or ahead, for a day that something is to be done by."""
    today = clock.today()
    if due_on < today:
        return "late"
    return "now" if due_on <= today + timedelta(days=7) else "ahead"


def step_words(state: str) -> str:
    """A step's state in words."""
    words = {
        "done": pgettext("step", "done"),
        "over": _("Task handed in"),
        "late": _("Late"),
        "now": _("Within a week"),
        "ahead": pgettext("step", "Ahead"),
    }
    return words[state]


def warning_of(step: TaskMilestone, rule: Warn) -> str:
    """Why a step that remains gives cause to warn; "" where it does not."""
    today, next_on = clock.today(), getattr(step, "next_on", None)
    state = step_state(step)
    if state in {"done", "over"}:
        return ""
    told = [_("Step is late")] if state == "late" else []
    both = []
    if next_on and (next_on - max(step.due_on, today)).days <= 2 * rule.least_gap + LONGEST_REST:
        both = [(step.pk, step.due_on), (step.pk, next_on)]
    if plans_too_close(both, today, rule.least_gap, default_calendar()):
        told.append(_("Too close to the next step"))
    return _(", ").join(told)


def starts_on(task: Task) -> date:
    """The day from which on a unit is at a task."""
    moment: datetime = task.accepted_at or task.issued_at or task.created_at
    return clock.local(moment).date()
