"""Problems as people are reminded of them, and as they stand in a calendar."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils.translation import ngettext

from chuangwen.core.panels import DueRow, DueSource, register_due
from chuangwen.rectification.enums import Source
from chuangwen.rectification.models import Problem
from chuangwen.rectification.queries import RUNNING
from chuangwen.rectification.services.telling import page_of


def _rows() -> QuerySet[Problem]:
    """On a unit's clock; what units found themselves never counts against them (practice.md)."""
    return Problem.objects.filter(RUNNING).exclude(source=Source.SELF)


def _row(problem: Problem) -> DueRow:
    return DueRow(problem.pk, str(problem), page_of(problem), problem.due_at, problem.lead_id)


register_due(
    DueSource(
        "p", _rows, _row, lambda n: ngettext("%d problem", "%d problems", n) % n, reverse_lazy("rectification:ledger"),
        unit="lead",
    )
)  # fmt: skip
