"""Tasks and the milestones of their plans as people are reminded of them, and as they stand in a calendar."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core.panels import DueRow, DueSource, register_due
from chuangwen.responsibilities.models import Task, TaskMilestone, TaskState
from chuangwen.responsibilities.queries.milestones import OPEN_STEP, apart_from_deadline
from chuangwen.responsibilities.services.telling import address


def _rows() -> QuerySet[Task]:
    """What the unit has to do something about; what was objected to waits for the office."""
    return Task.objects.filter(state__in=[TaskState.ISSUED, TaskState.ACCEPTED])


def _row(task: Task) -> DueRow:
    return DueRow(task.pk, task.title, address(task), task.due_at, task.unit_id, task.post_id)


def _steps() -> QuerySet[TaskMilestone]:
    """Steps that remain, but for those on the day of their task's deadline: that day is told by the task."""
    return apart_from_deadline(TaskMilestone.objects.filter(OPEN_STEP)).select_related("task")


def _step(step: TaskMilestone) -> DueRow:
    title = _("%(step)s (step of: %(task)s)") % {"step": step.name, "task": step.task.title}
    return DueRow(step.pk, title, address(step.task), step.due_on, step.task.unit_id, step.task.post_id)


register_due(
    DueSource(
        "t", _rows, _row, lambda n: ngettext("%d task", "%d tasks", n) % n, reverse_lazy("responsibilities:tasks"),
    )
)  # fmt: skip
register_due(
    DueSource(
        "s", _steps, _step, lambda n: ngettext("%d milestone", "%d milestones", n) % n,
        reverse_lazy("responsibilities:milestones"), unit="task__unit", due="due_on",
    )
)  # fmt: skip
