"""Tasks and weekly reports as the burden meter counts them: when they were sent, and when they were answered."""

from __future__ import annotations

from django.db.models import QuerySet

from chuangwen.core.panels import AskedSource, register_asked
from chuangwen.responsibilities.models import Task, WeekReport


def _tasks() -> QuerySet[Task]:
    return Task.objects.filter(issued_at__isnull=False)


def _weeks() -> QuerySet[WeekReport]:
    return WeekReport.objects.all()


register_asked(AskedSource("task", _tasks, "issued_at", "finished_at"))
register_asked(AskedSource("weekly", _weeks, "created_at", "confirmed_at"))
