"""Roads and tasks to choose among, for fields and filters that look up what is typed."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chuangwen.core.picking import Source, register_source
from chuangwen.places.models import Place
from chuangwen.responsibilities.models import OPEN_TASK_STATES, Task, TaskState
from chuangwen.responsibilities.queries.roads import roads_of


def _roads(user: Any) -> QuerySet[Place]:
    return roads_of(user).select_related("territory").order_by("code")


def _open_tasks(user: Any) -> QuerySet[Task]:
    rows = Task.objects.visible_to(user).filter(state__in=[*OPEN_TASK_STATES, TaskState.REPORTED])
    return rows.select_related("unit").order_by("due_at", "pk")


def register_sources() -> None:
    """Called when the program starts."""
    view = ("responsibilities.view",)
    register_source(Source("roads", _roads, lambda road: road.name, lambda road: f"{road.territory} · {road.code}",
                           ("name", "code"), ("name", "code"), code="code", hint=_("Name or code"),
                           permissions=view))  # fmt: skip
    register_source(Source("tasks", _open_tasks, lambda task: task.title, lambda task: f"{task.number} {task.unit}",
                           ("title", "number"), ("number", "title"), code="number", hint=_("Task or number"),
                           permissions=view))  # fmt: skip
