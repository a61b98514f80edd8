"""Pieces that are there already and likely fit a dossier's slots, offered before anything is asked for."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, cast

from chuangwen.core import clock
from chuangwen.core.models import Attachment
from chuangwen.evidence.completeness import window_of
from chuangwen.evidence.likeness import Candidate, Reason, Wanted, likely
from chuangwen.evidence.models import Dossier, Link, Piece
from chuangwen.evidence.queries.dossiers import (
    INCOMPLETE,
    WITH_UNIT,
    Contents,
    completeness_for,
    files_of,
    leaf_of,
    slots_for,
    usable_pieces,
)
from chuangwen.evidence.slots import Slot
from chuangwen.evidence.workflow import GIVE
from chuangwen.organizations.models import Unit

LOOKED_AT = 2000  # of a unit's pieces, the latest
DOSSIERS_LOOKED_AT = 100  # of those that lack something, the first due
MOST_USES = 5


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


@dataclass(frozen=True, slots=True)
class Use:
    """A slot of an open dossier that a piece would likely fill, with the reasons."""

    dossier: Dossier
    slot: Slot
    reasons: tuple[Reason, ...]


def uses_of(piece: Piece, user: Any) -> list[Use]:
    """Where else a piece likely counts, among the open dossiers that the person may fill: four queries."""
    units = [piece.unit.path[:end] for end in range(Unit.steplen, len(piece.unit.path) + 1, Unit.steplen)]
    rows = Dossier.objects.visible_to(user, GIVE).filter(
        WITH_UNIT & INCOMPLETE, unit__path__in=units, year__gte=clock.today().year
    )
    joined = rows.exclude(links__piece=piece).select_related("node__version", "unit").order_by("due_on", "pk")
    dossiers = {one.pk: one for one in joined[:DOSSIERS_LOOKED_AT]}
    links: defaultdict[int, list[Link]] = defaultdict(list)
    for link in Link.objects.filter(dossier__in=dossiers).select_related("piece"):
        links[link.dossier_id].append(link)
    candidates = _candidates({piece.pk: piece})
    found = [
        (one.score, Use(dossier, view.slot, one.reasons))
        for dossier in dossiers.values()
        for view in completeness_for(slots_for(dossier.node), links[dossier.pk], dossier.year).missing
        for one in likely(_wanted(dossier, view.slot), candidates)
    ]
    return [use for _score, use in sorted(found, key=lambda pair: -pair[0])][:MOST_USES]


def _wanted(dossier: Dossier, slot: Slot) -> Wanted:
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
