"""Sentences and clauses of clean text, with bounds that keep every later step linear on hostile input."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_SENTENCE_ENDS: Final = frozenset("。!?;\n")
_CLOSERS: Final = frozenset("”’)》")
_OPENING: Final = {"(": ")", "“": "”", "《": "》"}
_POINT: Final = re.compile(r"(?:[一二三四五]|首先|其一|第一)(?:是|要|,|、)")
"""What a colon announces (提出如下要求:一是…): the first point is a sentence of its own."""
MAX_CLAUSE: Final = 200
"""Longer stretches without a comma are no prose; they are cut, so that one clause costs a bounded time."""
_MAX_BRACKET: Final = 120


class Span(NamedTuple):
    """A half-open range of the text."""

    start: int
    end: int


def sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """Sentences of `text[start:end]`, end marks excluded, blank ones left out. A bracket is never cut in two;
    a colon ends one where a numbered point follows."""
    begin = at = start
    while at < end:
        char = text[at]
        if char == "(":
            close = text.find(")", at, min(end, at + _MAX_BRACKET))
            at = close + 1 if close > 0 else at + 1
            continue
        if char in _SENTENCE_ENDS or (char == ":" and _POINT.match(text, at + 1)):
            yield from _stripped(text, begin, at)
            at += 1
            while at < end and text[at] in _CLOSERS:
                at += 1
            begin = at
            continue
        at += 1
    yield from _stripped(text, begin, end)


def clauses(text: str, span: Span) -> list[Span]:
    """Clauses of a sentence, parted by commas outside brackets and quotation marks; commas excluded."""
    found: list[Span] = []
    begin = at = span.start
    while at < span.end:
        char = text[at]
        if char in _OPENING:
            close = text.find(_OPENING[char], at, min(span.end, at + _MAX_BRACKET))
            at = close + 1 if close > 0 else at + 1
        elif char == "," or at - begin >= MAX_CLAUSE:
            found.extend(_stripped(text, begin, at))
            begin = at + (char == ",")
            at += 1
        else:
            at += 1
    found.extend(_stripped(text, begin, span.end))
    return found


def _stripped(text: str, begin: int, end: int) -> Iterator[Span]:
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    if begin < end:
        yield Span(begin, end)
