"""Dossiers as people are reminded of them, and as they stand in a calendar."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils.translation import ngettext

from chuangwen.campaigns.models import CampaignState
from chuangwen.core.panels import DueRow, DueSource, register_due
from chuangwen.evidence.models import Dossier
from chuangwen.evidence.queries.dossiers import WITH_UNIT
from chuangwen.evidence.services.telling import address


def _rows() -> QuerySet[Dossier]:
    return Dossier.objects.filter(WITH_UNIT).exclude(campaign__state=CampaignState.ENDED).select_related("node")


def _row(dossier: Dossier) -> DueRow:
    return DueRow(dossier.pk, str(dossier), address(dossier), dossier.due_on, dossier.unit_id)


register_due(
    DueSource(
        "d", _rows, _row, lambda n: ngettext("%d dossier", "%d dossiers", n) % n, reverse_lazy("evidence:dossiers"),
        due="due_on",
    )
)  # fmt: skip
