"""How alike the words of two requests are, by pairs of characters (core.grams). Pure: no Django."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from chuangwen.core.grams import grams_of

ALIKE: Final = 60  # per cent of the shorter one's pairs; proposed, a region can set its own
LEAST: Final = 4  # pairs: fewer say nothing


def alike(one: str, other: str) -> int:
    """Shared pairs in per cent of those of the shorter text; 0 where it is too short to say anything."""
    first, second = _grams(one), _grams(other)
    smaller = min(len(first), len(second))
    return len(first & second) * 100 // smaller if smaller >= LEAST else 0


@lru_cache(maxsize=4096)
def _grams(text: str) -> frozenset[str]:
    """Of many requests each is held against many others."""
    return frozenset(grams_of(_plain(text)))


def _plain(text: str) -> str:
    """Words alone: marks part them, figures (of a year, a quarter) make no difference."""
    return "".join(character if character.isalpha() else "\n" for character in text)
