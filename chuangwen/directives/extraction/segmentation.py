"""Sentences and clauses of clean text, with bounds that keep every later step linear on hostile input."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_SENTENCE_MARK: Final = re.compile(r"[。!?;\n:(]")
_CLAUSE_MARK: Final = re.compile("[,(“《]")
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
    while (mark := _SENTENCE_MARK.search(text, at, end)) is not None:
        at = mark.end()
        if mark[0] == "(":
            at = _behind_bracket(text, at, ")", end)
        elif mark[0] != ":" or _POINT.match(text, at):
            yield from _stripped(text, begin, at - 1)
            while at < end and text[at] in _CLOSERS:
                at += 1
            begin = at
    yield from _stripped(text, begin, end)


def clauses(text: str, span: Span) -> list[Span]:
    """Clauses of a sentence, parted by commas outside brackets and quotation marks; commas excluded."""
    found: list[Span] = []
    begin = at = span.start
    while at < span.end:
        longest = max(at, begin + MAX_CLAUSE)
        mark = _CLAUSE_MARK.search(text, at, min(span.end, longest + 1))
        if mark is not None and mark[0] == ",":
            found += _stripped(text, begin, mark.start())
            begin = at = mark.end()
        elif mark is not None:
            at = _behind_bracket(text, mark.end(), _OPENING[mark[0]], span.end)
        else:
            found += _stripped(text, begin, min(span.end, longest))
            begin, at = longest, longest + 1
    found += _stripped(text, begin, span.end)
    return found


def _behind_bracket(text: str, at: int, closing: str, end: int) -> int:
    """Where a bracket that opened right before `at` is over; `at` where it is not closed nearby."""
    close = text.find(closing, at, min(end, at + _MAX_BRACKET - 1))
    return close + 1 if close > 0 else at


def _stripped(text: str, begin: int, end: int) -> tuple[Span, ...]:
    """`text[begin:end]` without white space around it; nothing where nothing else stands in it."""
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    return (Span(begin, end),) if begin < end else ()
