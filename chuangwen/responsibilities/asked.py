"""Tasks and weekly reports as the burden meter counts them: when they were sent, and when they were answered."""

from __future__ import annotations

from django.db.models import QuerySet

from chuangwen.core.asked import AskedSource, register_asked
from chuangwen.responsibilities.models import Origin, Task, WeekReport


def _tasks() -> QuerySet[Task]:
    """A letter's reply is counted as a report by who asks for it (directives)."""
    return Task.objects.filter(issued_at__isnull=False).exclude(origin=Origin.LETTER)


def _weeks() -> QuerySet[WeekReport]:
    return WeekReport.objects.all()


register_asked(AskedSource("task", _tasks, "issued_at", "finished_at"))
register_asked(AskedSource("weekly", _weeks, "created_at", "confirmed_at"))
