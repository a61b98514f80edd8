"""Outline: the headings of a speech or notice as a tree, and its passages with the headings above them.

Chinese official papers number by a fixed ladder (GB/T 9704-2012, 7.3.3: 一、 (一) 1. (1)); speeches mix in
第一, 首先, 一是 and 一要. A heading may be a line of its own or open a paragraph.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

_NUMBER = "[一二三四五六七八九十]{1,3}"
_LADDER: Final = (
    (re.compile(rf"第{_NUMBER}[章节篇]"), 0),
    (re.compile(rf"{_NUMBER}、"), 1),
    (re.compile(rf"第{_NUMBER}(?:[,,、:::]|是|个|件)|(?:首先|其次|再次|再者|最后)[,,]"), 2),
    (re.compile(rf"[((]{_NUMBER}[))]、?"), 3),
    (re.compile(r"\d{1,2}(?:[、..](?!\d)|(?=[\u4e00-\u9fff]{2,20}[。:]))"), 4),
    (re.compile(r"[((]\d{1,2}[))]"), 5),
    (re.compile(rf"{_NUMBER}(?:是|要)"), 6),
    (re.compile(r"[①-⑳]"), 7),
)
_TITLE_END: Final = re.compile(r"[。:\n!?::!?]")
_MAX_TITLE: Final = 45


@dataclass(slots=True)
class Heading:
    """A node: `start` and `end` bound mark and title in the clean text, `stop` is where its section ends."""

    level: int
    mark: str
    title: str
    start: int
    end: int
    stop: int = 0
    children: list[Heading] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of the clean text, headings of its own included, with the titles that stand above it."""

    start: int
    end: int
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """`roots` is the forest of headings; `passages` are all lines with text, in order."""

    roots: tuple[Heading, ...]
    passages: tuple[Passage, ...]


def outline_of(text: str) -> Outline:
    """The outline of clean `text`. Linear; never fails, a text without headings has passages only."""
    roots: list[Heading] = []
    open_headings: list[Heading] = []
    passages: list[Passage] = []
    at = 0
    for line in text.split("\n"):
        heading = _heading(line, at)
        if heading is not None:
            while open_headings and open_headings[-1].level >= heading.level:
                open_headings.pop().stop = at
            (open_headings[-1].children if open_headings else roots).append(heading)
            open_headings.append(heading)
        if line.strip():
            passages.append(Passage(at, at + len(line), tuple(each.title for each in open_headings)))
        at += len(line) + 1
    for heading in open_headings:
        heading.stop = len(text)
    return Outline(tuple(roots), tuple(passages))


def mark_length(line: str) -> int:
    """How many characters of `line` are a heading's mark, 0 when it opens with none."""
    for pattern, _ in _LADDER:
        match = pattern.match(line)
        if match is not None:
            return match.end()
    return 0


def _heading(line: str, at: int) -> Heading | None:
    indent = len(line) - len(line.lstrip())
    body = line[indent:]
    for pattern, level in _LADDER:
        match = pattern.match(body)
        if match is None:
            continue
        finish = _TITLE_END.search(body, match.end(), match.end() + _MAX_TITLE + 1)
        end = finish.start() if finish else len(body)
        if end - match.end() > _MAX_TITLE:
            end = match.end()
        title = body[match.end() : end].strip()
        return Heading(level, match[0], title, at + indent, at + indent + end)
    return None
