"""Who has which metres of a road, where nobody has any, and where several have the same ones. Pure.

A road is counted in metres from its beginning; its two sides are counted apart, since sections are often
contracted by side. Metres on both sides that lack the same thing are told once, as both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

BOTH: Final = "both"
LEFT: Final = "left"
RIGHT: Final = "right"
SIDES: Final = (LEFT, RIGHT)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Metres `starts` to `ends` of one side or of both; `key` names what it stands for."""

    starts: int
    ends: int
    side: str = BOTH
    key: int = 0

    @property
    def metres(self) -> int:
        return self.ends - self.starts

    def lies_on(self, side: str) -> bool:
        return self.side in (BOTH, side)


@dataclass(slots=True)
class Coverage:
    """What a road's sections leave open (`gaps`) and hold twice (`overlaps`), along the road, the left side first.

    `covered` counts metres of one side as half a metre of road, so that it never exceeds the length.
    """

    length: int
    covered: float
    gaps: list[Stretch] = field(default_factory=list)
    overlaps: list[Stretch] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.gaps

    @property
    def open_metres(self) -> float:
        return self.length - self.covered


def coverage_of(length: int, stretches: Iterable[Stretch]) -> Coverage:
    """The gaps and overlaps of a road of `length` metres; what reaches beyond its end counts up to there."""
    cut = [
        Stretch(max(0, one.starts), min(length, one.ends), one.side)
        for one in stretches
        if max(0, one.starts) < min(length, one.ends)
    ]
    marks = sorted({0, length, *(one.starts for one in cut), *(one.ends for one in cut)})
    pieces = [(first, last, _held(cut, first, last)) for first, last in pairwise(marks)]
    covered = sum((last - first) * sum(n > 0 for n in held) for first, last, held in pieces) / 2
    gaps = [(first, last, tuple(n == 0 for n in held)) for first, last, held in pieces]
    overlaps = [(first, last, tuple(n > 1 for n in held)) for first, last, held in pieces]
    return Coverage(length, covered, list(_merged(gaps)), list(_merged(overlaps)))


def _held(stretches: Sequence[Stretch], first: int, last: int) -> tuple[int, int]:
    """How many sections hold the metres between two neighbouring marks, on the left and on the right."""
    over = [one for one in stretches if one.starts <= first and one.ends >= last]
    return sum(one.lies_on(LEFT) for one in over), sum(one.lies_on(RIGHT) for one in over)


def _merged(pieces: Sequence[tuple[int, int, tuple[bool, ...]]]) -> Iterator[Stretch]:
    """Neighbouring pieces with the same sides as one stretch."""
    begun: tuple[int, int, str] | None = None
    for first, last, (left, right) in pieces:
        side = BOTH if left and right else LEFT if left else RIGHT if right else ""
        if begun and begun[2] == side:
            begun = (begun[0], last, side)
            continue
        if begun and begun[2]:
            yield Stretch(*begun)
        begun = (first, last, side)
    if begun and begun[2]:
        yield Stretch(*begun)
