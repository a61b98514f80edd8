"""A paper's frozen figures as an Excel file, for who takes them over (the assessment office, another system)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import translation

from chuangwen.core.workbooks.writing import Cell, Column, write_table
from chuangwen.organizations.models import Unit
from chuangwen.reports.composing import LANGUAGE, notes_of, sheet_of
from chuangwen.reports.models import Bulletin
from chuangwen.reports.sheet import Column as Figure
from chuangwen.reports.sheet import Row
from chuangwen.reports.words import FIRST, change_words, label_of_column

KINDS = {"count": "integer", "share": "percent", "points": "number", "day": "date"}
CODE = "单位代码"


def workbook_of(bulletin: Bulletin) -> bytes:
    """The table with numbers as numbers, the sum last; units with their code, by which other systems know them."""
    sheet = sheet_of(bulletin)
    with translation.override(LANGUAGE):
        codes = dict(Unit.objects.filter(pk__in=[row.unit for row in sheet.rows if row.unit]).values_list("pk", "code"))
        heads = [Column("name", str(FIRST[bulletin.kind]))]
        heads += [Column("code", CODE)] if codes else []
        heads += [Column(one.key, label_of_column(one.key), KINDS.get(one.kind, "text")) for one in sheet.columns]
        lines = [_cells(row, sheet.columns, codes) for row in sheet.rows]
        if sheet.total is not None and sheet.rows:
            lines.append(_cells(sheet.total, sheet.columns, codes, name="合计"))
        return write_table(heads, lines, title=bulletin.title, notes=notes_of(bulletin))


def _cells(row: Row, columns: tuple[Figure, ...], codes: dict[int, str], name: str = "") -> list[Cell]:
    first: list[Cell] = [name or row.name, *([codes.get(row.unit or 0, "")] if codes else [])]
    return [*first, *(_cell(row.values.get(one.key), one) for one in columns)]


def _cell(value: Any, column: Figure) -> Cell:
    if value is None or value == "":
        return None
    if column.kind == "day":
        return date.fromisoformat(str(value))
    if column.kind == "change":
        return change_words(float(value))
    found: Cell = round(value, 4) if isinstance(value, float) else value
    return found
