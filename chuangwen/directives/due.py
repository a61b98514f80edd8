"""Meetings to be passed on and written reports as people are reminded of them, and as they stand in a calendar."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core.panels import DueRow, DueSource, register_due
from chuangwen.directives.enums import CallStage, PassStage
from chuangwen.directives.models import PassingOn, WrittenReport
from chuangwen.directives.queries.written import MISSING


def _passings() -> QuerySet[PassingOn]:
    return PassingOn.objects.filter(state=PassStage.OPEN).select_related("meeting")


def _passing(row: PassingOn) -> DueRow:
    title = _("Pass on: %s") % row.meeting.name
    return DueRow(row.pk, title, reverse("directives:passing", args=[row.pk]), row.due_on, row.unit_id)


def _reports() -> QuerySet[WrittenReport]:
    return WrittenReport.objects.filter(MISSING, call__state=CallStage.OPEN).select_related("call")


def _report(row: WrittenReport) -> DueRow:
    url = reverse("directives:written_report", args=[row.pk])
    return DueRow(row.pk, row.call.title, url, row.call.due_at, row.unit_id)


register_due(
    DueSource(
        "m", _passings, _passing, lambda n: ngettext("%d meeting to pass on", "%d meetings to pass on", n) % n,
        reverse_lazy("directives:meetings"), due="due_on",
    )
)  # fmt: skip
register_due(
    DueSource(
        "w", _reports, _report, lambda n: ngettext("%d written report", "%d written reports", n) % n,
        reverse_lazy("directives:written"), due="call__due_at",
    )
)  # fmt: skip
