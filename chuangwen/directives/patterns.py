"""Long alternations made quick: an alternative is tried only where its first character stands.

Python's engine tries the alternatives of a pattern one after the other at every character of a text. A look at the
next character beforehand spares nearly all of these trials and changes nothing about what is found. Where every
alternative begins with a known character, they are sorted by it: the engine then skips at once to where one stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_GROUP: Final = re.compile(r"\(\?(?::|P<\w+>)")
_NO_PLAIN: Final = frozenset("\\.^$?*+{}|()[]-")
_LOOKS: Final = ("(?=", "(?!", "(?<=", "(?<!")
_TIMES: Final = re.compile(r"(?:\?|\{\d+(?:,\d*)?\})(?![?*+])")
_RANGE: Final = re.compile(r".-.|.", re.DOTALL)
_WIDE: Final = 10  # characters of a range: [0-9] is told apart, [一-鿿] is not


def begun(alternatives: str) -> str:
    """A pattern for `alternatives` (甲|乙…) that looks at the next character first.

    Each alternative must begin with a plain character, a class of characters ([县市]委) or a group of alternatives
    that do; a beginning that may be missing (上?半年) counts with what follows it.
    """
    return f"(?=[{first_characters(alternatives)}])(?:{alternatives})"


def by_first(alternatives: str) -> str:
    """`alternatives` sorted by the character that each begins with, for a pattern that is sought in a text.

    Finds the same: of those that begin alike the order stays, and no two others can both match at one place. A
    pattern that begins with this lets the engine pass over other characters without trying anything. As `begun`, but
    without named groups, and classes must be short.
    """
    sorted_out: dict[str, dict[str, None]] = {}
    for alternative in _parted(alternatives):
        for char, rest in _opened(alternative):
            sorted_out.setdefault(char, {})[rest] = None
    return f"(?:{'|'.join(f'{re.escape(char)}(?:{chr(124).join(rests)})' for char, rests in sorted_out.items())})"


def first_characters(alternatives: str) -> str:
    """The characters with which `alternatives` may begin, as they stand in a class, each once."""
    return "".join(dict.fromkeys(chars for each in _parted(alternatives) for chars in _first(each)))


def openings(alternatives: str) -> frozenset[str]:
    """The characters one of which a text must hold for any of `alternatives` to match in it."""
    return frozenset(char for each in _parted(alternatives) for char, _ in _opened(each))


def last_characters(alternatives: str) -> frozenset[str]:
    """The characters with which what `alternatives` match may end; what they look at behind it does not count."""
    return frozenset(char for each in _parted(alternatives) for atom in _last(each) for char in _plain(atom))


def _last(alternative: str) -> Iterator[str]:
    """The characters and classes of them with which `alternative` may end."""
    atoms, begin = [], 0
    for at, _ in _outside(alternative):
        atoms.append(alternative[begin : at + 1])
        begin = at + 1
    missing = False
    while atoms:
        atom = atoms.pop()
        if atom == "?":
            missing = True
        elif atom != "+" and not atom.startswith(_LOOKS):
            if atom.startswith("(?:"):
                for each in _parted(atom[3:-1]):
                    yield from _last(each)
            else:
                yield atom
            if not missing:
                return
            missing = False
    raise ValueError(f"ends with nothing certain: {alternative}")


def _opened(alternative: str) -> Iterator[tuple[str, str]]:
    """Each plain character with which `alternative` may begin, with the pattern of what follows it then."""
    end = next((at for at, _ in _outside(alternative)), 0)
    head, rest = alternative[: end + 1], alternative[end + 1 :]
    times = _TIMES.match(rest)
    if times is None and rest.startswith(("?", "*", "+", "{")):
        raise ValueError(f"begins with what is repeated in another way: {alternative}")
    after = rest[times.end() :] if times is not None else rest
    more = _fewer(head, times[0]) if times is not None else ""
    if head.startswith("(?:"):
        for each in _parted(head[3:-1]):
            yield from ((char, f"{inner}{more}{after}") for char, inner in _opened(each))
    else:
        yield from ((char, f"{more}{after}") for char in _plain(head))
    if rest.startswith("?"):
        yield from _opened(after)


def _fewer(head: str, times: str) -> str:
    """What is left of `head` repeated so many `times` after it was met once."""
    if times == "?":
        return ""
    least, comma, most = times.strip("{}").partition(",")
    if least == "0":
        raise ValueError(f"begins with what may be missing: {head}{times}")
    return f"{head}{{{int(least) - 1}{comma}{int(most) - 1 if most else ''}}}"


def _plain(head: str) -> Iterator[str]:
    """The characters that `head`, a character or a class of some, stands for."""
    if len(head) == 1 and head not in _NO_PLAIN:
        yield head
    elif head.startswith("[") and head[1:2] != "^" and "\\" not in head:
        for each in _RANGE.finditer(head[1:-1]):
            first, last = each[0][0], each[0][-1]
            if ord(last) - ord(first) > _WIDE:
                raise ValueError(f"begins with nearly anything: {head}")
            yield from map(chr, range(ord(first), ord(last) + 1))
    else:
        raise ValueError(f"begins with nothing certain: {head}")


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
