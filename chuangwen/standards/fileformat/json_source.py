"""Reads JSON into places and values.

JSON is YAML, but YAML parsers stumble over what JSON writers do (tabs between tokens, escaped
surrogate pairs), and Python's own reader forgets lines. Hence this small one.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import Final

from chuangwen.standards.fileformat.faults import FaultList, shorten
from chuangwen.standards.fileformat.raw import MAX_NESTING, MAX_VALUES, Raw, RawList, RawMap, RawScalar

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_TOKEN: Final = re.compile(
    r"(?P<sign>[\[\]{},:])"
    r'|(?P<text>"(?:[^"\\\x00-\x1f]|\\.)*")'
    r"|(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?(?![0-9A-Za-z.]))"
    r"|(?P<word>(?:true|false|null)\b)"
)
_WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}


def read_json(text: str, faults: FaultList) -> Raw | None:
    """The value that `text` holds, or None where it holds none.

    Raises UnreadableFileError, its fault noted, on broken syntax or more nesting or values than the
    limits allow.
    """
    if not text.strip():
        return None
    tokens = _Tokens(text, faults)
    raw = _value(tokens, 0)
    if tokens.kind != "end":
        raise tokens.broken("something follows the end of the value")
    return raw


class _Tokens:
    """A cursor over the tokens; `kind` is sign, text, number, word or end."""

    def __init__(self, text: str, faults: FaultList) -> None:
        self.faults = faults
        self.kind = ""
        self.lexeme = ""
        self._text = text
        self._lines = [match.end() for match in re.finditer(r"\n", text)]
        self._end = 0
        self._start = 0
        self._values = 0
        self.advance()

    @property
    def place(self) -> str:
        return f"line {bisect_right(self._lines, self._start) + 1}"

    def advance(self) -> None:
        space = _SPACE.match(self._text, self._end)
        self._start = space.end() if space else self._end
        if self._start == len(self._text):
            self.kind, self.lexeme = "end", ""
            return
        match = _TOKEN.match(self._text, self._start)
        if match is None:
            raise self.broken(f"unexpected {shorten(self._text[self._start : self._start + 12])}")
        self.kind, self.lexeme = str(match.lastgroup), match.group()
        self._end = match.end()

    def expect(self, sign: str) -> None:
        if self.kind != "sign" or self.lexeme != sign:
            raise self.broken(f"{sign} expected")
        self.advance()

    def broken(self, problem: str) -> Exception:
        return self.faults.stop("syntax", self.place, problem=problem)

    def count(self) -> None:
        self._values += 1
        if self._values > MAX_VALUES:
            raise self.faults.stop("too-many-values", self.place, limit=MAX_VALUES)

    def text(self) -> str:
        """The token as text; advances."""
        try:
            value = str(json.loads(self.lexeme))
        except ValueError as error:
            raise self.broken("a bad escape in a text") from error
        self.advance()
        return value


def _value(tokens: _Tokens, depth: int) -> Raw:
    tokens.count()
    place, kind, lexeme = tokens.place, tokens.kind, tokens.lexeme
    if kind == "text":
        return RawScalar(tokens.text(), place)
    if kind in {"number", "word"}:
        tokens.advance()
        if kind == "word":
            return RawScalar(_WORDS[lexeme], place)
        return RawScalar(float(lexeme), place, shorten(lexeme))
    if lexeme not in {"{", "["}:
        raise tokens.broken("a value is missing")
    if depth >= MAX_NESTING:
        raise tokens.faults.stop("too-deep", place, limit=MAX_NESTING)
    tokens.advance()
    return _mapping(tokens, place, depth) if lexeme == "{" else _list(tokens, place, depth)


def _list(tokens: _Tokens, place: str, depth: int) -> RawList:
    result = RawList([], place)
    if tokens.lexeme == "]":
        tokens.advance()
        return result
    while True:
        result.items.append(_value(tokens, depth + 1))
        if tokens.lexeme == "]" and tokens.kind == "sign":
            tokens.advance()
            return result
        tokens.expect(",")


def _mapping(tokens: _Tokens, place: str, depth: int) -> RawMap:
    result = RawMap(place)
    if tokens.lexeme == "}":
        tokens.advance()
        return result
    while True:
        key_place = tokens.place
        if tokens.kind != "text":
            raise tokens.broken("a key in quotes expected")
        key = tokens.text()
        tokens.expect(":")
        raw = _value(tokens, depth + 1)
        if key in result.key_places:
            tokens.faults.add("duplicate-key", key_place, value=shorten(key), first=result.key_places[key])
        else:
            result.key_places[key] = key_place
            result.entries[key] = raw
        if tokens.lexeme == "}" and tokens.kind == "sign":
            tokens.advance()
            return result
        tokens.expect(",")
