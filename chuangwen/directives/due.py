"""Meetings to be passed on, written reports and answers to letters as people are reminded of them, and in calendars.

A unit's reply slip is a task: it stands there as one.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core.panels import DueRow, DueSource, register_due
from chuangwen.directives.enums import OPEN_LETTERS, CallStage, PassStage
from chuangwen.directives.models import Letter, PassingOn, WrittenReport
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


def _letters() -> QuerySet[Letter]:
    return Letter.objects.filter(state__in=[str(one) for one in OPEN_LETTERS], due_on__isnull=False)


def _letter(row: Letter) -> DueRow:
    assert row.due_on is not None  # noqa: S101 (_letters)
    title = _("Answer to %(sender)s: %(title)s") % {"sender": row.sender, "title": row.title}
    return DueRow(row.pk, title, reverse("directives:letter", args=[row.pk]), row.due_on, row.unit_id)


register_due(
    DueSource(
        "l", _letters, _letter, lambda n: ngettext("%d letter to answer", "%d letters to answer", n) % n,
        reverse_lazy("directives:letters"), due="due_on",
    )
)  # fmt: skip
