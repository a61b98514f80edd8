"""How a list fits on A4: upright or across, and which columns keep each cell on one line.

A browser shares the width out by content and breaks Chinese between any two characters, so that a short
column beside long ones ends as a column of single characters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

SHORT = 19  # units of half a character that may stay on one line: nine characters, or a date with year and time
UPRIGHT, ACROSS = 110, 160  # units that a line holds at nine points beside the running number
PADDING = 3  # units that the space between two columns takes
LEAST = 10  # units below which a column that may break becomes hard to read
TITLE = 32  # units that the column with the longest texts asks for


@dataclass(frozen=True, slots=True)
class Sheet:
    """`wide`: lies across; `whole`: for each column whether its cells keep to one line."""

    wide: bool
    whole: tuple[bool, ...]


def width_of(text: str) -> int:
    """A text's width in halves of a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def lay_on_paper(labels: Sequence[str], rows: Sequence[Sequence[str]]) -> Sheet:
    """Upright where everything finds room there, else across; the narrowest columns are kept whole first."""
    widths = [max(map(width_of, column), default=0) for column in zip(labels, *rows, strict=True)]
    wide = _asked(widths) > UPRIGHT
    room = (ACROSS if wide else UPRIGHT) - sum(min(width, LEAST) + PADDING for width in widths)
    room -= max(0, TITLE - LEAST) if max(widths, default=0) > SHORT else 0
    whole = [False] * len(widths)
    for width, place in sorted((width, place) for place, width in enumerate(widths) if width <= SHORT):
        room -= max(0, width - LEAST)
        if room < 0:
            break
        whole[place] = True
    return Sheet(wide, tuple(whole))


def _asked(widths: Sequence[int]) -> int:
    """The width at which short columns are whole, long ones readable and the longest comfortable."""
    asked = sum((width if width <= SHORT else LEAST + PADDING) + PADDING for width in widths)
    return asked + (TITLE - LEAST if max(widths, default=0) > SHORT else 0)
