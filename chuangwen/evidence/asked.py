"""Dossiers as the burden meter counts them, and pieces not asked again since the ledger had them."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from chuangwen.core.asked import AskedSource, register_asked
from chuangwen.evidence.models import Dossier, Link


def _rows() -> QuerySet[Dossier]:
    return Dossier.objects.all()


def _given_before() -> QuerySet[Link]:
    """A piece in a further dossier: given once, counted there too."""
    return Link.objects.filter(Exists(Link.objects.filter(piece=OuterRef("piece"), pk__lt=OuterRef("pk"))))


register_asked(AskedSource("dossier", _rows, "created_at", "submitted_at"))
register_asked(AskedSource("prefilled", _given_before, "created_at", unit="dossier__unit"))
