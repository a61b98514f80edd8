"""The self-assessment by criterion (自评): what the ledger lets a unit claim, and what its lines come to. Pure.

Sources: mechanisms.md 93 (可自评); the standard file, table of maps; scoring specification, Share of a leaf. A line's
first value comes from its dossier: the reviewed grade where there is one, else how far it is filled. What no dossier
speaks of is left open: the unit says it, the program does not guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

from chuangwen.standards.tree import Node, Standard, points_of

CENT: Final = Decimal("0.01")
NEAR: Final = 1e-9  # how close to a band's min counts as reaching it, as in scoring
Rests = Literal["graded", "filled", "part", "empty", "none"]  # on what a proposal rests
CRITERION: Final = "criterion"
BONUS: Final = "bonus"
PENALTY: Final = "penalty"
Kind = Literal["criterion", "bonus", "penalty"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a criterion's dossier stands. `value`: the reviewed measure, None until it is reviewed."""

    filled: int
    needed: int
    value: float | None = None
    grade: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of the self-assessment as the standard asks for it. `section`: title of the top node above it."""

    kind: Kind
    code: str
    title: str
    section: str
    most: Decimal
    leaf: Node | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A line's first value; None where the ledger says nothing."""

    points: Decimal | None
    rests: Rests


def is_plain(standard: Standard) -> bool:
    """Whether the points of its criteria simply add up, so that lines can be written down and summed.

    A standard that counts met children or takes means is scored by the engine; its self-assessment is one number.
    """
    inner = (node for node in standard.walk() if not node.is_leaf)
    return standard.aggregate == "sum" and all(node.aggregate == "sum" for node in inner)


def asked_lines(standard: Standard) -> tuple[Asked, ...]:
    """The criteria in the order of the standard, then what it adds and takes off."""
    found = [
        Asked(CRITERION, leaf.code, leaf.title.zh, top.title.zh, _cents(points_of(leaf)), leaf)
        for top in standard.nodes for leaf in top.walk() if leaf.is_leaf
    ]  # fmt: skip
    for kind, rows in ((BONUS, standard.bonuses), (PENALTY, standard.penalties)):
        found += [Asked(kind, one.code, one.title.zh, "", _cents(one.cap)) for one in rows]  # type: ignore[arg-type]
    return tuple(found)


def share_of(leaf: Node, measure: float) -> float:
    """The share of its points, 0..1, that `measure` gives a leaf by its map: as the scoring engine has it."""
    rule, worth = leaf.map, points_of(leaf)
    if rule.kind == "bands":
        return next((band.share for band in rule.bands if band.min is None or measure >= band.min - NEAR), 0.0)
    if rule.kind == "linear":
        found = (measure - rule.start) / (rule.stop - rule.start)
    elif rule.kind == "required":
        found = measure / rule.n
    elif rule.kind == "deduct":
        found = 1.0 - rule.each * measure / worth if worth else 0.0
    else:
        found = measure
    return min(1.0, max(0.0, found))


def proposal(asked: Asked, standing: Standing | None) -> Proposal:
    """What the ledger lets the unit claim for a line. A bonus or penalty begins at nought: the unit names it."""
    if asked.leaf is None:
        return Proposal(Decimal(0), "none")
    if standing is None or not standing.needed:
        return Proposal(None, "none")
    if standing.value is not None:
        return Proposal(_cents(share_of(asked.leaf, standing.value) * float(asked.most)), "graded")
    part = min(1.0, standing.filled / standing.needed)
    share = share_of(asked.leaf, part) if asked.leaf.measure == "rate" and asked.leaf.map.kind != "deduct" else part
    rests: Rests = "filled" if part >= 1 else "part" if part else "empty"
    return Proposal(_cents(share * float(asked.most)), rests)


def total_of(
    asked: Sequence[Asked], points: Mapping[str, Decimal | None], *, cap: float | None = None
) -> Decimal | None:
    """The sum of the lines, penalties taken off, not above `cap` and not below nought; None while a line is open."""
    found = Decimal(0)
    for one in asked:
        given = points.get(one.code)
        if given is None:
            return None
        found += -given if one.kind == PENALTY else given
    most = Decimal(str(cap)) if cap is not None else found
    return max(Decimal(0), min(found, most)).quantize(CENT)


def faults(asked: Sequence[Asked], points: Mapping[str, Decimal | None]) -> list[str]:
    """The codes of lines below nought or above what the standard gives for them, and of lines it does not ask for."""
    most = {one.code: one.most for one in asked}
    return [
        code
        for code, given in points.items()
        if code not in most or (given is not None and not 0 <= given <= most[code])
    ]  # fmt: skip


def sum_by_section(asked: Iterable[Asked], points: Mapping[str, Decimal | None]) -> dict[str, tuple[Decimal, Decimal]]:
    """Section -> (points claimed so far, points it is worth), criteria alone, in the order of the standard."""
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for one in asked:
        if one.kind == CRITERION:
            had, worth = found.get(one.section, (Decimal(0), Decimal(0)))
            found[one.section] = (had + (points.get(one.code) or 0), worth + one.most)
    return found


def _cents(value: float) -> Decimal:
    return Decimal(str(round(value, 6))).quantize(CENT, ROUND_HALF_UP)
