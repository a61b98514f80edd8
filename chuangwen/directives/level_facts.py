"""What written reports say of a unit's month or quarter: those that did not come in time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chuangwen.core.panels import PanelLine
from chuangwen.core.templatetags.wording import day
from chuangwen.directives.enums import WrittenStage
from chuangwen.directives.models import WrittenReport
from chuangwen.directives.queries.written import late_report
from chuangwen.responsibilities.levels import Fact, register_facts


def late(campaign: Any, first: datetime, end: datetime) -> QuerySet[WrittenReport]:
    """Due in the period, and in late or not in."""
    rows = WrittenReport.objects.filter(late_report(), call__due_at__gte=first, call__due_at__lt=end)
    return rows.filter(call__campaign=campaign).exclude(state=WrittenStage.WAIVED).select_related("call")


def _line(report: WrittenReport) -> PanelLine:
    url = reverse("directives:written_report", args=[report.pk])
    return PanelLine(report.call.title, url, "", day(report.call.due_at))


register_facts(Fact("written", 70, _("Written reports late"), late, _line))
