"""How alike two short Chinese texts are: by the pairs of neighbouring characters they share.

Headers and unit names are a few characters long and have no spaces, so words are no measure and
2-grams are. The figure is Dice's coefficient over the sets of pairs (twice what is shared, divided by
the sum of both), 0..1; texts are compared after `plain`.
"""

from __future__ import annotations

import unicodedata

_DROPPED = frozenset("*★☆_-:.·“”\"'、")  # after NFKC, which makes full width half width


def plain(text: str) -> str:
    """A text without what does not distinguish it: width, case, blanks, marks of required fields."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(mark for mark in folded if not mark.isspace() and mark not in _DROPPED)


def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a plain text; the character itself if there is only one."""
    return frozenset(text[place : place + 2] for place in range(len(text) - 1)) or frozenset({text} - {""})


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice's coefficient of two sets of pairs, 0..1."""
    whole = len(one) + len(other)
    return 2 * len(one & other) / whole if whole else 0.0
