"""Which entry of a standard's lists a kind of event, consequence or reward most likely is. Pure; only proposes."""

from __future__ import annotations

from collections.abc import Iterable

# of the shorter words' pairs of characters that both hold; one word in common (通报, 整改) proposes nothing
LEAST = 0.5
_IDLE = frozenset("的和与及等在对为了中被或者、，。；：（）()“” \t")


def likeness(one: str, other: str) -> float:
    """The share of the shorter text's pairs of neighbouring characters that the other holds too, 0..1."""
    first, second = _pairs(one), _pairs(other)
    least = min(len(first), len(second))
    return len(first & second) / least if least else 0.0


def likeliest(name: str, listed: Iterable[tuple[str, str]]) -> str:
    """The code of the (code, title) that `name` most likely is; "" where none is like it. The first of equals."""
    best, found = 0.0, ""
    for code, title in listed:
        share = likeness(name, title)
        if share >= LEAST and share > best:
            best, found = share, code
    return found


def _pairs(text: str) -> set[str]:
    kept = "".join(letter for letter in text if letter not in _IDLE)
    return {kept[at : at + 2] for at in range(len(kept) - 1)}
