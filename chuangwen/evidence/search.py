"""Pieces found by title or document number from anywhere."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core.search import Group, Hit, matching
from chuangwen.evidence.models import Piece


def search_pieces(request: HttpRequest, words: str) -> Group:
    """By document number or title, the latest first."""
    rows = Piece.objects.visible_to(request.user).select_related("unit").order_by("-pk")
    found = matching(rows, words, begins=("document_number",), holds=("title",))
    hits = [
        Hit(one.title, reverse("evidence:piece", args=[one.pk]), f"{one.document_number} {one.unit}".strip())
        for one in found
    ]
    return Group(_("Pieces of evidence"), "folder", hits, f"{reverse('evidence:pieces')}?q={quote(words)}")
