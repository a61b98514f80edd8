"""Long alternations made quick: an alternative is tried only where its first character stands.

Python's engine tries the alternatives of a pattern one after the other at every character of a text. A look at the
next character beforehand spares nearly all of these trials and changes nothing about what is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_GROUP: Final = re.compile(r"\(\?(?::|P<\w+>)")
_NO_PLAIN: Final = frozenset("\\.^$?*+{}|()[]-")


def begun(alternatives: str) -> str:
    """A pattern for `alternatives` (甲|乙…) that looks at the next character first.

    Each alternative must begin with a plain character, a class of characters ([县市]委) or a group of alternatives
    that do; a beginning that may be missing (上?半年) counts with what follows it.
    """
    return f"(?=[{first_characters(alternatives)}])(?:{alternatives})"


def first_characters(alternatives: str) -> str:
    """The characters with which `alternatives` may begin, as they stand in a class, each once."""
    return "".join(dict.fromkeys(chars for each in _parted(alternatives) for chars in _first(each)))


def _parted(alternatives: str) -> Iterator[str]:
    begin = 0
    for at, char in _outside(alternatives):
        if char == "|":
            yield alternatives[begin:at]
            begin = at + 1
    yield alternatives[begin:]


def _outside(pattern: str) -> Iterator[tuple[int, str]]:
    """Each character of `pattern` outside of groups and classes, their closing brackets included, with its place."""
    groups, in_class = 0, False
    for at, char in enumerate(pattern):
        if in_class:
            in_class = char != "]"
        elif char == "[":
            in_class = True
        else:
            groups += (char == "(") - (char == ")")
        if groups == 0 and not in_class:
            yield at, char


def _first(alternative: str) -> Iterator[str]:
    """The characters of a class for what `alternative` begins with, and for what follows it if that may be missing."""
    end = next((at for at, _ in _outside(alternative)), 0)
    group = _GROUP.match(alternative)
    if group is not None:
        for each in _parted(alternative[group.end() : end]):
            yield from _first(each)
    elif end and alternative.startswith("[") and alternative[1] != "^":
        yield alternative[1:end]
    elif end == 0 and alternative[:1] and alternative[0] not in _NO_PLAIN:
        yield alternative[0]
    else:
        raise ValueError(f"begins with nothing certain: {alternative}")
    after = alternative[end + 1 :]
    if after.startswith("?"):
        yield from _first(after[1:])
    elif after.startswith(("*", "{0", "{,")):
        raise ValueError(f"begins with what may be missing: {alternative}")
