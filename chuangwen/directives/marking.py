"""Lays a document's text out for reading: paragraphs, headings, and in them the marked passages.

Pure. Every piece keeps its offset in the original, so that a passage selected on the screen is
found again in the text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chuangwen.directives.cleaning import clean_text
from chuangwen.directives.outline import Heading, outline_of_cleaned

_LINE = re.compile(r"[^\r\n]+")
_BLANK = " \t\u3000\ufeff\u200b"
_TITLE_LIMIT, _BYLINE_LIMIT = 45, 40


@dataclass(frozen=True, slots=True)
class Mark:
    """A passage to be marked: its key and span, words in it to be brought out, and what its look tells."""

    key: int
    start: int
    end: int
    words: tuple[str, ...] = ()
    number: int = 0
    state: str = ""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A piece of plain text at an offset; `part`: one of its mark's words."""

    text: str
    start: int
    part: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Text outside of marks (`mark` None), or inside one; `opens` where the mark begins."""

    mark: Mark | None
    opens: bool
    leaves: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the text; `form` is title | by | heading | text."""

    form: str
    start: int
    runs: tuple[Run, ...]


def heading_starts(text: str, styled: Iterable[tuple[int, int]] = ()) -> list[tuple[int, int]]:
    """(offset of the line, level) of the lines that are headings as a whole; `styled` as in Document.styled."""
    cleaned = clean_text(text)
    found = []
    for heading in _walk(outline_of_cleaned(cleaned, styled).roots):
        stop = cleaned.text.find("\n", heading.start)
        line = cleaned.text[heading.start : stop if stop >= 0 else len(cleaned.text)]
        if heading.end - heading.start >= len(line.rstrip()):
            found.append((cleaned.original_span(heading.start, heading.end)[0], heading.level))
    return found


def _walk(headings: Iterable[Heading]) -> Iterator[Heading]:
    for heading in headings:
        yield heading
        yield from _walk(heading.children)


def paragraphs(text: str, marks: Sequence[Mark], headings: Mapping[int, int]) -> list[Paragraph]:
    """The text as paragraphs. Where marks overlap, the one that begins first has the passage."""
    spans = _disjoint(marks)
    laid: list[Paragraph] = []
    at = 0
    for match in _LINE.finditer(text):
        line = match[0]
        start = match.start() + len(line) - len(line.lstrip(_BLANK))
        end = match.end() - (len(line) - len(line.rstrip(_BLANK)))
        if start >= end:
            continue
        while at < len(spans) and spans[at][2] <= start:
            at += 1
        runs = tuple(_runs(text, start, end, spans, at))
        laid.append(Paragraph(_form(text[start:end], start, len(laid), headings), start, runs))
    return laid


def _form(line: str, start: int, number: int, headings: Mapping[int, int]) -> str:
    if start in headings:
        return "heading"
    if number == 0 and len(line) <= _TITLE_LIMIT and line[-1] not in "。！；":
        return "title"
    if number < 4 and len(line) <= _BYLINE_LIMIT and line[0] in "（(〔[" and line[-1] in "）)〕]号":
        return "by"
    return "text"


def _disjoint(marks: Sequence[Mark]) -> list[tuple[Mark, int, int]]:
    spans, at = [], 0
    for mark in sorted(marks, key=lambda one: (one.start, one.end, one.key)):
        start = max(mark.start, at)
        if start < mark.end:
            spans.append((mark, start, mark.end))
            at = mark.end
    return spans


def _runs(text: str, start: int, end: int, spans: Sequence[tuple[Mark, int, int]], number: int) -> Iterator[Run]:
    at = start
    for mark, first, last in itertools.islice(spans, number, None):
        if first >= end:
            break
        begin, stop = max(first, at), min(last, end)
        if begin > at:
            yield Run(None, opens=False, leaves=(Leaf(text[at:begin], at),))
        # A mark whose first line is blank opens where its text does.
        opens = not text[first:begin].strip()
        yield Run(mark, opens, tuple(_leaves(text, begin, stop, mark.words)))
        at = stop
    if at < end:
        yield Run(None, opens=False, leaves=(Leaf(text[at:end], at),))


def _leaves(text: str, start: int, end: int, words: Sequence[str]) -> Iterator[Leaf]:
    wanted = sorted({word for word in words if word}, key=len, reverse=True)
    if not wanted:
        yield Leaf(text[start:end], start)
        return
    at = start
    for match in re.finditer("|".join(map(re.escape, wanted)), text[start:end]):
        found = start + match.start()
        if found > at:
            yield Leaf(text[at:found], at)
        yield Leaf(match[0], found, part=True)
        at = start + match.end()
    if at < end:
        yield Leaf(text[at:end], at)
