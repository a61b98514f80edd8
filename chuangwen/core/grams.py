"""Two neighbouring characters (2-grams): what the index of words holds of a text, and what it is asked for.

Chinese is written without spaces, so a word cannot be cut out, but any two neighbouring characters can. A text that
holds the words holds each pair of theirs; the other way round is not so, hence LIKE has the last word.
"""

from __future__ import annotations

from string import ascii_lowercase, ascii_uppercase

LENGTH = 2
ASKED = 12  # pairs of one search: the rarest of so many is rare enough
_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
_NUMBER = frozenset("0123456789-")


def grams_of(text: str) -> set[str]:
    """The pairs that the index holds of `text`: Latin letters in small, none across the end of a line."""
    lower = text.translate(_LOWER)
    return {gram for at in range(len(lower) - 1) if "\n" not in (gram := lower[at : at + LENGTH])}


def grams_asked(words: str) -> list[str]:
    """At most ASKED pairs that every text with `words` in it must have, in their order; none for a single character.

    Letters with a capital that are not ASCII are left out: the databases do not agree on which capital is whose.
    """
    lower = words.translate(_LOWER)
    pairs = (lower[at : at + LENGTH] for at in range(len(lower) - 1))
    return list(dict.fromkeys(pair for pair in pairs if "\n" not in pair and all(map(_is_plain, pair))))[:ASKED]


def may_be_number(words: str) -> bool:
    """Whether a number of ours, such as 2026-1187, could hold `words`."""
    return _NUMBER.issuperset(words)


def _is_plain(character: str) -> bool:
    return character.isascii() or character.upper() == character.lower()
