"""What a leaf asks for where nobody stands at a place: a grade, a rate, a number, a count. Pure.

The standard's measure and map decide it (spec/standard.md): a grade letter stands for the smallest
measure that reaches its band, so that what is written down gives the share that the letter names
and nothing is rounded on the way. Source: the standard file, table of maps; scoring, Share of a leaf.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from chuangwen.standards.tree import Band, Node, Standard

MOST_COUNTED: Final = 1000  # rows that one count may become
MOST_ANSWERS: Final = 10_000_000
Form = Literal["rate", "number", "count"]
_WRITTEN = re.compile(r"([+-]?\d{1,12}(?:\.\d{1,12})?)\s*([%％]?)")


class WrongValue(ValueError):  # noqa: N818  (a fault of what was typed, not of the program)
    """What was given is no such measure; `reason` is one of unknown, empty, share, whole, many, finite."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for at one leaf. `grades`: letter -> measure; `weighed`: a survey says of how many answers."""

    form: Form
    grades: Mapping[str, float]
    weighed: bool

    def checked(self, value: float | None) -> float:
        """`value` as a measure of this leaf; raises WrongValue."""
        if value is None:
            raise WrongValue("empty")
        if not math.isfinite(value):
            raise WrongValue("finite")
        if self.form == "rate" and not 0 <= value <= 1:
            raise WrongValue("share")
        if self.form == "count":
            if value != int(value) or value < 0:
                raise WrongValue("whole")
            if value > MOST_COUNTED:
                raise WrongValue("many")
        return value

    def graded(self, letter: str) -> float:
        """The measure that a grade stands for; raises WrongValue."""
        wanted = letter.strip().upper()
        if wanted not in self.grades:
            raise WrongValue("unknown")
        return self.grades[wanted]

    def read(self, text: str) -> tuple[str, float]:
        """(letter or "", measure) of a cell: a grade, a number, or a rate in per cent.

        A rate is written 86.4%, 86.4 or 0.864: above 1 it can only be per cent. Raises WrongValue.
        """
        written = text.strip()
        if not written:
            raise WrongValue("empty")
        if written.upper() in self.grades:
            return written.upper(), self.grades[written.upper()]
        found = _WRITTEN.fullmatch(written)
        if found is None:
            raise WrongValue("unknown")
        number = Decimal(found[1])  # 86.4 per cent is 0.864 and not a hair more
        if self.form == "rate" and (found[2] or number > 1):
            return "", self.checked(float(number / 100))
        if found[2]:
            raise WrongValue("unknown")
        return "", self.checked(float(number))


def asked_of(leaf: Node, grades: Mapping[str, float]) -> Asked:
    """What the rule of `leaf` wants to know, with the standard's own letters where they say all of it."""
    if leaf.measure == "count":
        return Asked("count", {}, weighed=False)
    form: Form = "rate" if leaf.measure == "rate" else "number"
    letters: dict[str, float] = {}
    if leaf.measure != "sum":
        if leaf.map.kind == "bands":
            letters = _letters(leaf.map.bands, least=0.0 if form == "rate" else -math.inf)
        elif leaf.map.kind == "proportional" and leaf.method != "survey":
            letters = {letter.upper(): share for letter, share in grades.items() if 0 <= share <= 1}
    return Asked(form, letters, weighed=leaf.method == "survey" and leaf.measure != "sum")


def _letters(bands: tuple[Band, ...], *, least: float) -> dict[str, float]:
    """Each band's letter with the smallest measure that reaches it; the last band lies below all others."""
    found: dict[str, float] = {}
    floor = 0.0
    for band in bands:
        below = max(least, min(0.0, floor - 1))
        value = below if band.min is None else band.min
        if band.grade and band.grade.upper() not in found:
            found[band.grade.upper()] = value
        floor = value
    return found


def enterable(standard: Standard) -> dict[str, Node]:
    """The leaves whose results are entered, by code: all but those that checks at places feed."""
    checked = {code for check in standard.checks for code in check.criteria}
    return {leaf.code: leaf for leaf in standard.leaves() if leaf.method != "field" or leaf.code not in checked}


def seen(form: Form, value: float) -> list[float]:
    """The values of the rows that scoring reads: a count is so many things found, or one search that found none."""
    if form == "count":
        return [1.0] * int(value) or [0.0]
    return [value]
