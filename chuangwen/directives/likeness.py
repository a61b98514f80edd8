"""How alike two short Chinese texts are: to point at a task that exists already, or at who did it before.

Pure. Shared 2-grams over the shorter text (core.containment).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeVar

from chuangwen.core.containment import held_share

Key = TypeVar("Key")
FLOOR = 0.5  # half of the shorter text: below it two tasks merely share a subject
LEAST_GRAMS = 3  # a text of three characters or fewer (整治) stands in sentences about anything
SURE_GRAMS = 4  # two words: one word in common (参与率) says nothing about who does it
_MARKS = re.compile(r"[\W\d_]+")


def grams(text: str) -> frozenset[str]:
    """The 2-grams of a text, marks and figures left out and not bridged."""
    pieces = _MARKS.split(text)
    return frozenset(piece[i : i + 2] for piece in pieces for i in range(len(piece) - 1))


def likeness(a: frozenset[str], b: frozenset[str]) -> float:
    """Shared 2-grams over those of the shorter text; 0 where that has too few to say anything."""
    return held_share(a, b, least=LEAST_GRAMS)


def most_alike(text: str, others: Iterable[tuple[Key, str]], limit: int = 3, shared: int = 1) -> list[Key]:
    """The keys of the texts that are alike, the likeliest first, at most `limit`; of those with fewer than `shared`
    2-grams in common none."""
    wanted = grams(text)
    read = ((number, key, grams(other)) for number, (key, other) in enumerate(others))
    scored = [
        (likeness(wanted, other) if len(wanted & other) >= shared else 0.0, number, key) for number, key, other in read
    ]
    alike = sorted((-score, number) for score, number, _key in scored if score >= FLOOR)
    return [scored[number][2] for _score, number in alike[:limit]]
