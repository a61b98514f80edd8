"""A task's milestones go along when its deadline moves."""

from __future__ import annotations

from datetime import date

from chuangwen.campaigns.backplan import moved_along
from chuangwen.core.workdays import default_calendar
from chuangwen.responsibilities.models import TaskMilestone


def move_milestones(tasks: dict[int, tuple[date, date]]) -> None:
    """Steps that are not done go along with their task's deadline: `tasks` holds its old and new day by key."""
    rows = list(TaskMilestone.objects.filter(task__in=tasks, done_at=None))
    for one in rows:
        one.due_on = moved_along(one.due_on, *tasks[one.task_id], default_calendar())
    TaskMilestone.objects.bulk_update(rows, ["due_on"], batch_size=500)
