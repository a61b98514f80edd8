"""Workbooks (xlsx, xls, et, ods): breakdown tables are mostly kept there. Sheets become tables of the text."""

from __future__ import annotations

from datetime import date, datetime

from chuangwen.core.workbooks.cells import Merge, Sheet, Value
from chuangwen.core.workbooks.reading import UnreadableWorkbook, read_workbook
from chuangwen.directives.reading.document import UnreadableDocument
from chuangwen.directives.reading.layout import CellText, Layout, Line, Rows


def read_sheets(name: str, data: bytes) -> Layout:
    """The visible sheets, each with its name above it; blank rows and columns left out."""
    try:
        book = read_workbook(name, data)
    except UnreadableWorkbook as error:
        raise UnreadableDocument(name, f"无法读取：{error.fault_zh}", error.way_out_zh.rstrip("。")) from None
    layout = Layout()
    shown = [sheet for sheet in book.sheets if not sheet.hidden] or list(book.sheets)
    for sheet in shown:
        if len(shown) > 1:
            layout.add(Line(sheet.name, 1))
        layout.add(_rows(sheet))
    return layout


def _rows(sheet: Sheet) -> Rows:
    covered = {}
    for merge in sheet.merges:
        for covered_row in range(merge.first_row, min(merge.last_row, len(sheet.rows) - 1) + 1):
            covered[covered_row, merge.first_column] = merge
    rows: Rows = []
    for number, values in enumerate(sheet.rows):
        row = list(_row(number, values, covered))
        if any(cell.text or cell.continues for cell in row):
            rows.append(row)
    return rows


def _row(number: int, values: tuple[Value, ...], covered: dict[tuple[int, int], Merge]) -> list[CellText]:
    cells: list[CellText] = []
    at = 0
    while at < len(values):
        merge = covered.get((number, at))
        columns = merge.last_column - merge.first_column + 1 if merge is not None else 1
        continues = merge is not None and number > merge.first_row
        cells.append(CellText("" if continues else _shown(values[at]), columns, continues))
        at += columns
    return cells


def _shown(value: Value) -> str:
    """A value as an office writes it: dates in words, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())
