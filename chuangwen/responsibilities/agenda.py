"""What duties bring before a meeting: the tasks that are late, and steps that are late of tasks that are not yet."""

from __future__ import annotations

from datetime import date

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import ngettext, pgettext

from chuangwen.core import clock
from chuangwen.core.panels import AGENDA_LINES, AgendaAsk, AgendaPoint, AgendaSource, PanelLine, register_agenda
from chuangwen.core.templatetags.wording import day
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.models import Task, TaskMilestone, WeekReport
from chuangwen.responsibilities.queries.milestones import late_steps
from chuangwen.responsibilities.queries.tasks import late
from chuangwen.responsibilities.queries.weekly import missing
from chuangwen.responsibilities.week_days import WEEK, monday_of

MOST_WEEKS = 9  # two months: as far apart as the rarest of these meetings are (proposed)


def late_tasks(ask: AgendaAsk) -> AgendaPoint | None:
    """Running tasks of the campaign past their deadline, the longest first."""
    rows = Task.objects.filter(late(), campaign=ask.campaign).order_by("due_at", "pk")
    number = rows.count()
    if not number:
        return None
    shown = rows.select_related("unit")[:AGENDA_LINES]
    lines = tuple(
        PanelLine(
            one.title,
            reverse("responsibilities:task", args=[one.pk]),
            str(one.unit),
            pgettext("agenda", "due %s") % day(one.due_at),
        )
        for one in shown
    )
    words = ngettext("%d task is late", "%d tasks are late", number) % number
    return AgendaPoint(words, number, reverse("responsibilities:tasks") + "?tab=late", lines)


def late_milestones(ask: AgendaAsk) -> AgendaPoint | None:
    """Steps past their day of tasks whose deadline is still ahead, the longest first."""
    rows = TaskMilestone.objects.filter(late_steps(), task__campaign=ask.campaign, task__due_at__gte=clock.now())
    number = rows.count()
    if not number:
        return None
    lines = tuple(
        PanelLine(
            pgettext("agenda", "%(step)s: %(task)s") % {"step": one.name, "task": one.task.title},
            reverse("responsibilities:task", args=[one.task_id]),
            str(one.task.unit),
            pgettext("agenda", "due %s") % day(one.due_on),
        )
        for one in rows.select_related("task__unit").order_by("due_on", "pk")[:AGENDA_LINES]
    )
    words = ngettext("%d milestone of a task is late", "%d milestones of tasks are late", number) % number
    return AgendaPoint(words, number, reverse("responsibilities:milestones") + "?tab=late", lines)


def missing_weeks(ask: AgendaAsk) -> AgendaPoint | None:
    """Units whose weekly reports since the meeting before are missing (缺报), of at most MOST_WEEKS weeks."""
    first = max(ask.since or date.min, ask.day - MOST_WEEKS * WEEK)
    rows = WeekReport.objects.filter(missing(), campaign=ask.campaign, monday__gte=monday_of(first))
    counted = dict(rows.order_by().values_list("unit").annotate(Count("pk")))
    if not counted:
        return None
    url = reverse("responsibilities:weeks")
    units = Unit.objects.filter(pk__in=counted).order_by("path")[:AGENDA_LINES]
    lines = tuple(
        PanelLine(
            str(one),
            f"{url}?tab=all&unit={one.pk}",
            "",
            ngettext("%d week", "%d weeks", counted[one.pk]) % counted[one.pk],
        )
        for one in units
    )
    words = ngettext(
        "%d unit's weekly reports are missing", "Weekly reports of %d units are missing", len(counted)
    ) % len(counted)  # fmt: skip
    return AgendaPoint(words, len(counted), f"{url}?tab=missing", lines)


register_agenda(
    AgendaSource("tasks", 20, late_tasks),
    AgendaSource("task_steps", 21, late_milestones),
    AgendaSource("weekly", 36, missing_weeks),
)
