"""What tasks and weekly reports say of a unit's month or quarter: done in time, late, sent back, reports missing."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core import clock
from chuangwen.core.panels import PanelLine
from chuangwen.core.templatetags.wording import day
from chuangwen.responsibilities.levels import Fact, register_facts
from chuangwen.responsibilities.models import FINISHED_TASK_STATES, OPEN_TASK_STATES, Book, Task, WeekReport
from chuangwen.responsibilities.queries.weekly import missing
from chuangwen.workflow.models import Step


def _due(campaign: Any, first: datetime, end: datetime, book: str) -> QuerySet[Task]:
    return Task.objects.filter(campaign=campaign, due_at__gte=first, due_at__lt=end, book=book)


def in_time(campaign: Any, first: datetime, end: datetime, book: str = Book.CAMPAIGN) -> QuerySet[Task]:
    """Due in the period and handed in by the deadline."""
    return _due(campaign, first, end, book).filter(state__in=FINISHED_TASK_STATES, finished_at__lte=F("due_at"))


def late(campaign: Any, first: datetime, end: datetime, book: str = Book.CAMPAIGN) -> QuerySet[Task]:
    """Due in the period, and handed in after the deadline or not yet although it is over."""
    still = Q(state__in=OPEN_TASK_STATES, due_at__lt=clock.now())
    after = Q(state__in=FINISHED_TASK_STATES, finished_at__gt=F("due_at"))
    return _due(campaign, first, end, book).filter(after | still)


def returned(campaign: Any, first: datetime, end: datetime, book: str = Book.CAMPAIGN) -> QuerySet[Task]:
    """Sent back in the period."""
    steps = Step.objects.filter(object_type=Task._meta.label_lower, action="reopen", at__gte=first, at__lt=end)
    return Task.objects.filter(campaign=campaign, book=book, pk__in=steps.values("object_id"))


def weeks_missing(campaign: Any, first: datetime, end: datetime) -> QuerySet[WeekReport]:
    """Weekly reports of weeks that began in the period, not confirmed although their time is over."""
    days = clock.local(first).date(), clock.local(end).date()
    return WeekReport.objects.filter(missing(), campaign=campaign, monday__gte=days[0], monday__lt=days[1])


def _task(task: Task) -> PanelLine:
    return PanelLine(task.title, reverse("responsibilities:task", args=[task.pk]), task.number, day(task.due_at))


def _week(report: WeekReport) -> PanelLine:
    url = reverse("responsibilities:week", args=[report.pk])
    return PanelLine(str(_("Weekly report")), url, "", day(report.monday))


register_facts(
    Fact("in_time", 10, _("Done in time"), in_time, _task, is_good=True),
    Fact("late", 20, pgettext_lazy("level", "Late"), late, _task),
    Fact("returned", 30, pgettext_lazy("level", "Sent back"), returned, _task),
    *(
        Fact(f"own_{key}", order, label, partial(rows, book=Book.BUSINESS), _task, is_good=is_good, is_own_work=True)
        for key, order, label, rows, is_good in (
            ("in_time", 110, _("Done in time"), in_time, True),
            ("late", 120, pgettext_lazy("level", "Late"), late, False),
            ("returned", 130, pgettext_lazy("level", "Sent back"), returned, False),
        )
    ),
    Fact("weeks", 80, _("Weekly reports missing"), weeks_missing, _week),
)
