"""Problems beside what the burden meter counts: they come from the street, not from a desk."""

from __future__ import annotations

from django.db.models import QuerySet

from chuangwen.core.asked import AskedSource, register_asked
from chuangwen.rectification.enums import Source
from chuangwen.rectification.models import Problem


def _rows() -> QuerySet[Problem]:
    return Problem.objects.exclude(source=Source.SELF)


register_asked(AskedSource("problem", _rows, "found_at", unit="lead"))
