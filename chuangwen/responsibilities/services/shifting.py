"""Deadlines of tasks move with the assessment date: as many working days from it as before.

What stays: a task that is reported or late already (its lateness is not talked away), and one whose day a
document or a leader's instruction set (that day is its author's). Source: practice.md, What the data must survive.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.campaigns.backplan import moved_along
from chuangwen.campaigns.models import Campaign
from chuangwen.campaigns.shifting import Move, Stay
from chuangwen.core import clock
from chuangwen.core.workdays import default_calendar
from chuangwen.responsibilities.models import OPEN_TASK_STATES, Origin, Task, TaskState
from chuangwen.responsibilities.services.moving import move_milestones
from chuangwen.responsibilities.services.news import tell_of_deadline
from chuangwen.responsibilities.services.telling import address
from chuangwen.workflow.services import note_many

SHIFTED = (TaskState.DRAFT, *OPEN_TASK_STATES, TaskState.REPORTED)  # closed and cancelled ones are history


def task_moves(campaign: Campaign, old: date, new: date) -> Iterator[Move | Stay]:
    """What happens to each task that is not closed, by deadline: one query."""
    kind = _("Task")
    for task in _tasks(campaign):
        due_at = _shifted(task, old, new)
        day = clock.local(task.due_at).date()
        if due_at is None:
            yield Stay(kind, task.title, day, _why(task))
        elif due_at != task.due_at:
            yield Move(kind, task.title, day, clock.local(due_at).date(), url=address(task))


def move_tasks(campaign: Campaign, old: date, new: date, *, actor: Any) -> None:
    """Move them; history and audit keep both days, and each unit is told once."""
    moved: list[Task] = []
    data: dict[int, dict[str, Any]] = {}
    with transaction.atomic():
        for task in _tasks(campaign).select_for_update(of=("self",)):
            due_at = _shifted(task, old, new)
            if due_at is not None and due_at != task.due_at:
                data[task.pk] = {"from": task.due_at.isoformat(), "to": due_at.isoformat()}
                task.due_at, task.updated_at = due_at, clock.now()
                moved.append(task)
        Task.objects.bulk_update(moved, ["due_at", "updated_at"], batch_size=500)
        move_milestones({task.pk: _days(data[task.pk]) for task in moved})
        note_many(moved, "postpone", actor=actor, data=data, note=_("The assessment date has moved."))
        tell_of_deadline([task for task in moved if task.state != TaskState.DRAFT], _told)  # nobody knows of a draft


def _days(told: dict[str, Any]) -> tuple[date, date]:
    before, after = (clock.local(datetime.fromisoformat(told[name])).date() for name in ("from", "to"))
    return before, after


def _tasks(campaign: Campaign) -> Any:
    rows = Task.objects.filter(campaign=campaign, state__in=SHIFTED).select_related("region", "unit")
    return rows.order_by("due_at", "pk")


def _shifted(task: Task, old: date, new: date) -> datetime | None:
    """Where the deadline goes, at the same time of day; None for one that stays."""
    if _why(task):
        return None
    day = clock.local(task.due_at).date()
    moved: datetime = task.due_at + timedelta(days=(moved_along(day, old, new, default_calendar()) - day).days)
    return moved


def _why(task: Task) -> str:
    """Why a task keeps its day, or ""."""
    if task.state == TaskState.REPORTED:
        return _("reported done")
    if task.origin == Origin.DIRECTIVE:
        return _("day set by a document")
    if task.origin == Origin.INSTRUCTION:
        return _("day set by an instruction")
    return _("late already") if task.due_at < clock.now() else ""


def _told(tasks: Sequence[Task]) -> str:
    number = len(tasks)
    title = ngettext(
        "The assessment date has moved: %d of your tasks has a new deadline",
        "The assessment date has moved: %d of your tasks have new deadlines",
        number,
    )
    return title % number
