"""Pieces that are there already and likely fit a dossier's slots, offered before anything is asked for."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, cast

from chuangwen.core.models import Attachment
from chuangwen.evidence.completeness import window_of
from chuangwen.evidence.likeness import Candidate, Reason, Wanted, likely
from chuangwen.evidence.models import Dossier, Link, Piece
from chuangwen.evidence.queries.dossiers import Contents, files_of, leaf_of, usable_pieces

LOOKED_AT = 2000  # of a unit's pieces, the latest


@dataclass(frozen=True, slots=True)
class Offer:
    """A piece offered for a slot, with the reasons."""

    piece: Piece
    reasons: tuple[Reason, ...]
    attachment: Attachment | None


def offers_for(dossier: Dossier, contents: Contents) -> dict[str, list[Offer]]:
    """The likely pieces of each slot that is not filled, by the slot's key: three queries."""
    wanted = {view.slot.key: _wanted(dossier, view.slot) for view in contents.slots if not view.is_filled}
    if not wanted:
        return {}
    pieces = {one.pk: one for one in usable_pieces(dossier).select_related("unit").order_by("-pk")[:LOOKED_AT]}
    candidates = _candidates(pieces)
    inside = {view.slot.key: {shown.piece.pk for shown in view.pieces} for view in contents.slots}
    found = {
        key: likely(one, [candidate for candidate in candidates if candidate.pk not in inside[key]])
        for key, one in wanted.items()
    }
    files = files_of({one.pk for some in found.values() for one in some})
    return {key: [Offer(pieces[one.pk], one.reasons, files.get(one.pk)) for one in some] for key, some in found.items()}


def _wanted(dossier: Dossier, slot: Any) -> Wanted:
    leaf, urn = leaf_of(dossier.node), dossier.node.version.urn
    codes = {dossier.node.code, *(leaf.replaces if leaf else ())}
    return Wanted(
        slot, frozenset(f"{urn}#{code}" for code in codes), dossier.node.title_zh, window_of(slot, dossier.year)
    )


def _candidates(pieces: dict[int, Piece]) -> list[Candidate]:
    served: defaultdict[int, set[tuple[str, str]]] = defaultdict(set)
    rows = Link.objects.filter(piece__in=pieces).order_by()
    for piece, slot, urn, code in rows.values_list(
        "piece_id", "slot", "dossier__node__version__urn", "dossier__node__code"
    ):
        served[piece].add((f"{urn}#{code}", slot.partition("#")[0]))
    return [
        Candidate(
            one.pk, one.kind, f"{one.title} {one.text[:200]} {one.deed[:200]}", one.document_number,
            cast("Any", one.on), frozenset(served[one.pk]),
        )
        for one in pieces.values()
    ]  # fmt: skip
