"""What a bulletin puts into an office's Word template: its words and figures by their Chinese names."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from chuangwen.reports.paper import Heading, Pair, Pairs, Paper, Text
from chuangwen.reports.placeholders import LINES, PHOTO_WORDS, PHOTOS, ROWS, TOTAL
from chuangwen.reports.sheet import Row, Sheet
from chuangwen.reports.words import COLUMNS_OF, FIRST, label_of_column, shown


def row_words(kind: str) -> list[str]:
    """What a row of this kind's table knows, as the Chinese heads say it."""
    with translation.override("zh-hans"):
        return [str(FIRST[kind]), *(label_of_column(column.key) for column in COLUMNS_OF[kind])]


def values_of(paper: Paper, kind: str, sheet: Sheet, *, period: str, as_of: str) -> dict[str, Any]:
    """Everything that a template may ask for, by its Chinese name."""
    texts = [block.text for block in paper.blocks if isinstance(block, Heading | Text)]
    pairs = [pair for block in paper.blocks if isinstance(block, Pairs) for pair in block.pairs]
    total = sheet.total
    return {
        "标题": paper.title, "文号": paper.number, "发文机关": paper.issuer, "主送": paper.addressee, "期间": period,
        "统计截止": as_of, "成文日期": paper.dated, "签发人": paper.signatory, "抄送": paper.copy_to,
        LINES[0]: texts, LINES[1]: list(paper.notes), ROWS: [_words(kind, sheet, row) for row in sheet.rows],
        TOTAL: _words(kind, sheet, total) if total else dict.fromkeys(row_words(kind), ""),
        PHOTOS: [_photo_words(pair) for pair in pairs],
    }  # fmt: skip


def _photo_words(pair: Pair) -> dict[str, Any]:
    values = (pair.before, pair.after, pair.problem, pair.place, pair.unit, pair.before.day, pair.after.day)
    return dict(zip(PHOTO_WORDS, values, strict=True))


def _words(kind: str, sheet: Sheet, row: Row) -> dict[str, str]:
    names = row_words(kind)
    return dict(zip(names, [row.name, *(shown(row.values.get(one.key), one) for one in sheet.columns)], strict=True))
