"""How much of the shorter of two texts the longer one holds: to point at what is meant already.

Pure. Texts are given as sets of pairs of neighbouring characters; how a text is cut is the caller's, since titles and
lists are written in different ways. A title of eight characters inside a sentence of forty is a full match, which the
measure for names of about one length (workbooks/likeness.py) would miss.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet


def held_share(one: AbstractSet[str], other: AbstractSet[str], *, least: int = 1) -> float:
    """The share of the smaller set that the other holds too, 0..1; 0 where it has fewer than `least` pairs."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller >= max(1, least) else 0.0
