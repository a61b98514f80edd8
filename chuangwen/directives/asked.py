"""Written reports as the burden meter counts them."""

from __future__ import annotations

from django.db.models import QuerySet

from chuangwen.core.panels import AskedSource, register_asked
from chuangwen.directives.models import WrittenReport


def _rows() -> QuerySet[WrittenReport]:
    return WrittenReport.objects.all()


register_asked(AskedSource("report", _rows, "created_at", "handed_in_at"))
