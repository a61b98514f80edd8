"""A paper as it is set, whatever the file: its head, its text by level, its tables, its foot.

The measures are those of official papers (GB/T 9704-2012, 5 and 7): A4, 22 lines of 28 characters, headings by
level in 黑体, 楷体 and 仿宋. They stand here once for Word and PDF.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

PAGE_MM = (210, 297)
TOP_MM, BOTTOM_MM, INNER_MM, OUTER_MM = 37, 35, 28, 26
LINES, CHARACTERS = 22, 28
BODY_PT, TITLE_PT, TABLE_PT, NOTE_PT, PAGE_NUMBER_PT = 16, 22, 10.5, 10.5, 14
LINE_PT = (
    int((PAGE_MM[1] - TOP_MM - BOTTOM_MM) / LINES * 72 / 25.4 * 20) / 20
)  # 28.95, in whole twentieths as Word keeps it
PAGE_NUMBER_BELOW_MM = 7  # its rule below the text area
FANGSONG, HEITI, KAITI, XIAOBIAOSONG, SONGTI = "仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体", "宋体"
TABLE_MARK, PHOTO_MARK = "【表】", "【图】"
PHOTO_MM = (70.0, 52.5)  # two stand side by side in the text's width, three pairs on a page
TO_FILL = "【请填写】"
RED = "C8102E"

# 一、 is the first level, （一） the second, 1. the third, （1） the fourth (GB/T 9704-2012, 7.3.3)
_LEVELS = (
    (1, re.compile(r"[一二三四五六七八九十百]+、")),
    (2, re.compile(r"[（(][一二三四五六七八九十百]+[）)]")),
    (3, re.compile(r"\d{1,2}[.．、](?!\d)")),
    (4, re.compile(r"[（(]\d{1,2}[）)]")),
)
LONGEST_HEADING = 40  # a longer line that begins with a number is a sentence


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """`heads` and `rows` as written; `widths` relative; figures stand in the middle, text to the left."""

    heads: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[str]]
    numeric: Sequence[bool]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture (JPEG) and the day it was taken, as written."""

    data: bytes
    width: int
    height: int
    day: str

    @property
    def size_mm(self) -> tuple[float, float]:
        """As large as it fits into PHOTO_MM."""
        scale = min(PHOTO_MM[0] / max(1, self.width), PHOTO_MM[1] / max(1, self.height))
        return self.width * scale, self.height * scale


@dataclass(frozen=True, slots=True)
class Pair:
    """Before and after (整改前后): what it was, where, of which unit."""

    before: Photo
    after: Photo
    problem: str
    place: str
    unit: str

    @property
    def words(self) -> str:
        """东关农贸市场：南门摊位占道（市城管局）."""
        head = f"{self.place}：" if self.place else ""
        return f"{head}{self.problem}（{self.unit}）"


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pictures before and after, one pair under the other."""

    pairs: Sequence[Pair]
    caption: str = "整改前后对比"


Block = Heading | Text | Table | Pairs


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper. `notes` say the definition, the period and the status date under the text."""

    issuer: str
    number: str
    title: str
    addressee: str
    blocks: Sequence[Block]
    notes: Sequence[str]
    dated: str
    signatory: str = ""
    copy_to: str = ""
    draft: str = ""  # a word across the head of what is not issued yet


def masthead_pt(issuer: str) -> float:
    """The size at which the issuing body's name stands on one line, at most 32 pt."""
    width = (PAGE_MM[0] - INNER_MM - OUTER_MM) * 72 / 25.4
    return max(16, min(32, int(width / max(1, len(issuer)) * 2) / 2))


def blocks_of(body: str, table: Table | None, pairs: Pairs | None = None) -> Iterator[Block]:
    """The typed text by levels; table and pictures stand where their marks stand, at the end where there is none."""
    waiting: dict[str, Table | Pairs | None] = {TABLE_MARK: table, PHOTO_MARK: pairs}
    for raw in body.splitlines():
        line = raw.strip()
        if not line:
            continue
        if line in {TABLE_MARK, PHOTO_MARK}:
            found = waiting.pop(line, None)
            if found is not None:
                yield found
            continue
        level = next((level for level, pattern in _LEVELS if pattern.match(line)), 0)
        yield Heading(level, line) if level and _is_short(line) else Text(line)
    yield from (one for one in waiting.values() if one is not None)


def _is_short(line: str) -> bool:
    return len(line) <= LONGEST_HEADING and not line.endswith(("。", "；", "："))
