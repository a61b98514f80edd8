"""What a drawn record says, in the shape of the result page and the signed sheet. Pure but for the clock's zone.

Source: spec/draw.md, "The record"; practice.md, 抽签记录单.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

DICE = re.compile(r"(?:[1-6]\.)+/")
SHORT = 8  # characters of a ticket on the page; the record holds all


@dataclass(frozen=True, slots=True)
class DrawnPlace:
    """A place with its ticket. `rank` counts from 1; `role`: drawn, skipped, substitute or reserve."""

    rank: int
    code: str
    name: str
    ticket: str
    role: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StratumResult:
    """A stratum of the result: how many are in it, how many were drawn, and every ticket in order."""

    code: str
    name: str
    size: int
    quota: int
    places: Sequence[DrawnPlace]

    @property
    def drawn(self) -> list[DrawnPlace]:
        return list(self.places[: self.quota])

    @property
    def to_visit(self) -> list[DrawnPlace]:
        """Drawn ones that were not skipped, and substitutes."""
        return [place for place in self.places if place.role in {"drawn", "substitute"}]

    @property
    def is_short(self) -> bool:
        return self.quota > self.size


def strata_of(
    record: Mapping[str, Any], type_names: Mapping[str, str], place_names: Mapping[str, str]
) -> list[StratumResult]:
    """The record's strata in the order of `type_names`; a code without a name stands for itself."""
    changes = record["substitutes"]
    skipped = {change["for"]: change["reason"] for change in changes}
    substitutes = {change["by"] for change in changes}
    order = {code: number for number, code in enumerate(type_names)}
    found = []
    for stratum in sorted(record["tickets"], key=lambda code: (order.get(code, len(order)), code)):
        drawn = set(record["drawn"][stratum])
        places = [
            DrawnPlace(
                rank, code, place_names.get(code, code), proof[:SHORT], _role(code, drawn, skipped, substitutes),
                skipped.get(code, ""),
            )
            for rank, (code, proof) in enumerate(record["tickets"][stratum], 1)
        ]  # fmt: skip
        quota = record["quotas"].get(stratum, 0)
        found.append(StratumResult(stratum, type_names.get(stratum, stratum), len(places), quota, places))
    return found


def dice_of(randomness: str) -> list[str]:
    """The icons of the throws, where the randomness is dice; else nothing."""
    if not DICE.fullmatch(randomness):
        return []
    return [f"dice-{face}" for face in randomness.rstrip("./").split(".")]


def _role(code: str, drawn: set[str], skipped: Mapping[str, str], substitutes: set[str]) -> str:
    if code in skipped:
        return "skipped"
    if code in substitutes:
        return "substitute"
    return "drawn" if code in drawn else "reserve"
