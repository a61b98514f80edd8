"""Which entry of a standard's lists a kind of event, consequence or reward most likely is. Pure; only proposes."""

from __future__ import annotations

from collections.abc import Iterable

from chuangwen.core.containment import held_share

FLOOR = 0.5  # of the shorter words' pairs of characters; one word in common (通报, 整改) proposes nothing
LEAST_PAIRS = 1  # names in a list are short (曝光): one pair is a whole name, and a person keeps what is proposed
_IDLE = frozenset("的和与及等在对为了中被或者、，。；：（）()“” \t")


def likeness(one: str, other: str) -> float:
    """The share of the shorter text's pairs of neighbouring characters that the other holds too, 0..1."""
    return held_share(_pairs(one), _pairs(other), least=LEAST_PAIRS)


def likeliest(name: str, listed: Iterable[tuple[str, str]]) -> str:
    """The code of the (code, title) that `name` most likely is; "" where none is like it. The first of equals."""
    best, found = 0.0, ""
    for code, title in listed:
        share = likeness(name, title)
        if share >= FLOOR and share > best:
            best, found = share, code
    return found


def _pairs(text: str) -> set[str]:
    kept = "".join(letter for letter in text if letter not in _IDLE)
    return {kept[at : at + 2] for at in range(len(kept) - 1)}
