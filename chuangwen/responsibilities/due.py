"""What units are reminded of, and what stands in calendars: tasks, milestones, checks of rules, weekly reports."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse, reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.campaigns.models import CampaignState
from chuangwen.core.panels import DueRow, DueSource, register_due
from chuangwen.responsibilities.models import HouseRule, Task, TaskMilestone, TaskState, WeekReport, WeekState
from chuangwen.responsibilities.queries.house_rules import checkable
from chuangwen.responsibilities.queries.milestones import OPEN_STEP, apart_from_deadline
from chuangwen.responsibilities.services.telling import address
from chuangwen.responsibilities.services.weekly import words_of_week


def _rows() -> QuerySet[Task]:
    """What the unit has to do something about; what was objected to waits for the office."""
    return Task.objects.filter(state__in=[TaskState.ISSUED, TaskState.ACCEPTED])


def _row(task: Task) -> DueRow:
    return DueRow(task.pk, task.title, address(task), task.due_at, task.unit_id, task.post_id)


def _helps() -> QuerySet[Task]:
    """Running tasks once for each unit that cooperates."""
    return _rows().filter(cooperating__isnull=False).annotate(helper_id=F("cooperating"))


def _help(task: Any) -> DueRow:
    title = _("Cooperate: %s") % task.title
    return DueRow(task.pk, title, address(task), task.due_at, task.helper_id)


def _steps() -> QuerySet[TaskMilestone]:
    """Steps that remain, but for those on the day of their task's deadline: that day is told by the task."""
    return apart_from_deadline(TaskMilestone.objects.filter(OPEN_STEP)).select_related("task")


def _step(step: TaskMilestone) -> DueRow:
    title = _("%(step)s (step of: %(task)s)") % {"step": step.name, "task": step.task.title}
    return DueRow(step.pk, title, address(step.task), step.due_on, step.task.unit_id, step.task.post_id)


def _rules() -> QuerySet[HouseRule]:
    """Rules whose next check has its date, with the unit that makes it: the one that checks, else the rule's own."""
    return HouseRule.objects.filter(checkable()).annotate(checked_by=Coalesce("checker_id", "unit_id"))


def _check(rule: HouseRule) -> DueRow:
    assert rule.next_check is not None  # noqa: S101 (_rules)
    title, url = _("Check how it is kept: %s") % rule.title, reverse("responsibilities:house_rule", args=[rule.pk])
    return DueRow(rule.pk, title, url, rule.next_check, rule.checker_id or rule.unit_id, rule.checker_post_id)


register_due(
    DueSource(
        "t", _rows, _row, lambda n: ngettext("%d task", "%d tasks", n) % n, reverse_lazy("responsibilities:tasks"),
    )
)  # fmt: skip
register_due(
    DueSource(
        "c", _helps, _help, lambda n: ngettext("%d task to cooperate in", "%d tasks to cooperate in", n) % n,
        format_lazy("{}?tab=helping", reverse_lazy("responsibilities:tasks")), unit="helper_id", ahead_only=True,
    )
)  # fmt: skip
register_due(
    DueSource(
        "s", _steps, _step, lambda n: ngettext("%d milestone", "%d milestones", n) % n,
        reverse_lazy("responsibilities:milestones"), unit="task__unit", due="due_on",
    )
)  # fmt: skip
register_due(
    DueSource(
        "h", _rules, _check, lambda n: ngettext("%d house rule to check", "%d house rules to check", n) % n,
        format_lazy("{}?tab=check", reverse_lazy("responsibilities:house_rules")), unit="checked_by", due="next_check",
        inside=True,
    )
)  # fmt: skip


def _weeks() -> QuerySet[WeekReport]:
    return WeekReport.objects.filter(state=WeekState.OPEN).exclude(campaign__state=CampaignState.ENDED)


def _week(report: WeekReport) -> DueRow:
    url = reverse("responsibilities:week", args=[report.pk])
    return DueRow(report.pk, words_of_week(report), url, report.due_at, report.unit_id)


register_due(
    DueSource(
        "v", _weeks, _week, lambda n: ngettext("%d weekly report", "%d weekly reports", n) % n,
        reverse_lazy("responsibilities:weeks"),
    )
)  # fmt: skip
