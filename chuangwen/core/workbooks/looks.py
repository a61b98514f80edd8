"""The look of a written sheet's cells: fonts that offices expect, and where each kind of value stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format

    from chuangwen.core.workbooks.writing import Column

# What a column can hold, with the format of its cells.
KINDS = {
    "text": "@",
    "integer": "0",
    "number": "General",
    "percent": "0.0%",
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm",
    "picture": "@",
}
CENTRED = frozenset({"integer", "date", "datetime"})


class Formats:
    """The look of cells, made once for a workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        font = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
        self.body = {**font, "border": 1, "border_color": "#BFBFBF"}
        head = {**self.body, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#E8EEF4"}
        title = {**font, "font_size": 16, "bold": True, "text_wrap": True}
        self.title = book.add_format({**title, "align": "center"})
        self.broad_title = book.add_format({**title, "align": "left"})  # its middle may lie between two pages
        self.header = book.add_format(head)
        self.note = book.add_format({**font, "font_size": 9, "font_color": "#595959", "text_wrap": True})
        self.columns: dict[tuple[str, str], Format] = {}

    def of(self, column: Column) -> Format:
        """The format of a column's cells."""
        number_format = column.number_format or KINDS[column.kind]
        if (number_format, column.kind) not in self.columns:
            style = {**self.body, "num_format": number_format, **_placing(column.kind)}
            self.columns[number_format, column.kind] = self.book.add_format(style)
        return self.columns[number_format, column.kind]


def _placing(kind: str) -> dict[str, Any]:
    """Where a value stands in its cell: words break, days stand in the middle, figures keep off the next column."""
    if kind in ("text", "picture"):
        return {"text_wrap": True}
    return {"align": "center"} if kind in CENTRED else {"align": "right", "indent": 1}
