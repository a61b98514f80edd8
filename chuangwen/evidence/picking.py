"""Pieces to choose among, looked up while their title or document number is typed."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chuangwen.core.picking import Source, register_source
from chuangwen.evidence.models import Piece


def _pieces(user: Any) -> QuerySet[Any]:
    """What the person sees, the latest first."""
    rows: QuerySet[Any] = Piece.objects.visible_to(user).select_related("unit").order_by("-pk")
    return rows


def _second(piece: Piece) -> str:
    return " · ".join(filter(None, (str(piece.get_kind_display()), piece.document_number, str(piece.unit))))


def register_sources() -> None:
    """Called when the program starts."""
    register_source(
        Source(
            "pieces", _pieces, lambda piece: piece.title, _second, ("title", "document_number"), ("title",),
            hint=_("Title or document number"), permissions=("evidence.view",),
        )
    )  # fmt: skip
