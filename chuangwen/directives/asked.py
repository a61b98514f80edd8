"""Written reports, replies to letters and records of who passed a meeting on, as the burden meter counts them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db.models import QuerySet
from django.urls import reverse

from chuangwen.core.asked import AskedSource, register_asked
from chuangwen.directives.enums import CallStage
from chuangwen.directives.models import LetterSlip, PassingOn, WrittenReport
from chuangwen.directives.queries.written import MISSING


def _rows() -> QuerySet[WrittenReport]:
    return WrittenReport.objects.all()


def _open_reports(units: Collection[int]) -> Iterator[tuple[int, str, str]]:
    """Written reports that these units still owe, the earliest first: one query."""
    rows = WrittenReport.objects.filter(MISSING, unit__in=units, call__state=CallStage.OPEN)
    for pk, unit, title in rows.order_by("call__due_at", "pk").values_list("pk", "unit_id", "call__title"):
        yield unit, title, reverse("directives:written_report", args=[pk])


register_asked(AskedSource("report", _rows, "created_at", "handed_in_at", still_open=_open_reports))


def _slips() -> QuerySet[LetterSlip]:
    return LetterSlip.objects.filter(task__issued_at__isnull=False)


register_asked(AskedSource("report", _slips, "task__issued_at", "task__finished_at", unit="task__unit"))


def _passings() -> QuerySet[PassingOn]:
    return PassingOn.objects.all()


register_asked(AskedSource("report", _passings, "created_at", "recorded_at"))
