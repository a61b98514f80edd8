"""Written reports, replies to letters and records of who passed a meeting on, as the burden meter counts them."""

from __future__ import annotations

from django.db.models import QuerySet

from chuangwen.core.panels import AskedSource, register_asked
from chuangwen.directives.models import LetterSlip, PassingOn, WrittenReport


def _rows() -> QuerySet[WrittenReport]:
    return WrittenReport.objects.all()


register_asked(AskedSource("report", _rows, "created_at", "handed_in_at"))


def _slips() -> QuerySet[LetterSlip]:
    return LetterSlip.objects.filter(task__issued_at__isnull=False)


register_asked(AskedSource("report", _slips, "task__issued_at", "task__finished_at", unit="task__unit"))


def _passings() -> QuerySet[PassingOn]:
    return PassingOn.objects.all()


register_asked(AskedSource("report", _passings, "created_at", "recorded_at"))
