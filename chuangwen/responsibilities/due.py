"""Tasks as people are reminded of them, and as they stand in a calendar."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils.translation import ngettext

from chuangwen.core.panels import DueRow, DueSource, register_due
from chuangwen.responsibilities.models import Task, TaskState
from chuangwen.responsibilities.services.telling import address


def _rows() -> QuerySet[Task]:
    """What the unit has to do something about; what was objected to waits for the office."""
    return Task.objects.filter(state__in=[TaskState.ISSUED, TaskState.ACCEPTED])


def _row(task: Task) -> DueRow:
    return DueRow(task.pk, task.title, address(task), task.due_at, task.unit_id, task.post_id)


register_due(
    DueSource(
        "t", _rows, _row, lambda n: ngettext("%d task", "%d tasks", n) % n, reverse_lazy("responsibilities:tasks"),
    )
)  # fmt: skip
