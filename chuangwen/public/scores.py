"""What everybody may read of a round's score: the total with its interval, the sections, units only where asked. Pure.

It is frozen as JSON when the release is proposed, so that what the second person looked at is what is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the standard: points got of those that could be got."""

    name: str
    attained: float
    effective: float


@dataclass(frozen=True, slots=True)
class UnitLoss:
    """Points that a unit lost."""

    name: str
    lost: float


@dataclass(frozen=True, slots=True)
class ScoreEdition:
    """`low` and `high` bound the 95% confidence interval, None where every place was seen. Days are ISO words."""

    name: str
    standard: str
    starts: str
    ends: str
    total: float
    scale: float
    low: float | None
    high: float | None
    places: int
    vetoed: bool
    sections: tuple[Section, ...]
    units: tuple[UnitLoss, ...] = ()

    def texts(self) -> Iterator[str]:
        """Every word in it."""
        yield from (self.name, self.standard)
        yield from (one.name for one in self.sections)
        yield from (one.name for one in self.units)


def from_json(data: Mapping[str, Any]) -> ScoreEdition:
    """The edition whose fields `dataclasses.asdict` gave."""
    sections = tuple(Section(**one) for one in data["sections"])
    return ScoreEdition(**{**data, "sections": sections, "units": tuple(UnitLoss(**one) for one in data["units"])})
