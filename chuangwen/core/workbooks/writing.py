"""One way out for every table: a workbook that looks the same from every page and prints on A4.

Rows are streamed to disk while they are written, so that a whole register costs little memory. Text is
written as text whatever it begins with: `=HYPERLINK(...)` typed by a stranger stays words. Under each
table stand its notes (how a rate is defined, which period it covers), and the first of them on every
printed page, as practice asks of every bulletin.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chuangwen.core.workbooks.pictures import PICTURE_HEIGHT, Picture, fitted

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LONGEST_TEXT = 32_767  # characters in a cell of Excel
LONGEST_SHEET_NAME = 31
LONGEST_FOOTER = 255
EXACT_DIGITS = 15
NARROWEST, WIDEST = 6.0, 48.0  # characters of a column
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
UNREADABLE_PICTURE = "[图片无法读取]"

Cell = str | int | float | Decimal | bool | date | datetime | Picture | Sequence[Picture] | None

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


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key, its header, what it holds, and its width in characters (by content if None).

    `kind` is one of KINDS; raises ValueError for another. `number_format` replaces the format of the kind,
    such as `0.0` for a score.
    """

    key: str
    label: str
    kind: str = "text"
    width: float | None = None
    number_format: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no kind of column: {self.kind!r}")


@dataclass(frozen=True, slots=True)
class OutTable:
    """A table to be written on a sheet of its own; `rows` is walked once and may be a generator."""

    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    title: str = ""
    notes: Sequence[str] = ()
    sheet: str = "Sheet1"
    landscape: bool = True


def write_table(
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    *,
    title: str = "",
    notes: Sequence[str] = (),
    sheet: str = "Sheet1",
    landscape: bool = True,
    created: datetime | None = None,
) -> bytes:
    """One table as an .xlsx. See `write_tables`."""
    return write_tables([OutTable(columns, rows, title, notes, sheet, landscape)], created=created)


def write_tables(tables: Sequence[OutTable], *, created: datetime | None = None) -> bytes:
    """Tables as an .xlsx, a sheet each. `created` is written into the file's properties (now if None).

    A header row is frozen and filtered, and repeated on every printed page; the title above it and the
    notes under the table are merged over its width; the page is A4 and as wide as the table. Raises
    ValueError for no table, a table without columns, a row of another length, and a moment with a time
    zone (say which zone the reader is in by converting it first).
    """
    target = io.BytesIO()
    write_into(target, tables, created=created)
    return target.getvalue()


def write_into(
    target: Path | io.BytesIO,
    tables: Sequence[OutTable],
    *,
    created: datetime | None = None,
    folder: Path | None = None,
) -> None:
    """Tables as an .xlsx into a file or a buffer; see `write_tables`. `folder` takes what is written meanwhile."""
    if not tables:
        raise ValueError("a workbook needs a sheet")
    import xlsxwriter  # noqa: PLC0415 (when needed: no start of the program should wait for it)

    options = {"constant_memory": True, "strings_to_formulas": False, "tmpdir": str(folder) if folder else None}
    book = xlsxwriter.Workbook(target, options)
    if created is not None:
        book.set_properties({"created": created})
    formats = _Formats(book)
    names: set[str] = set()
    try:
        for table in tables:
            _SheetWriter(book.add_worksheet(_sheet_name(table.sheet, names)), table, formats).write()
    finally:
        book.close()


def _sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that Excel accepts and that no other sheet has."""
    base = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", wanted).strip(" '")[:LONGEST_SHEET_NAME] or "Sheet"
    if base.lower() == "history":  # reserved by Excel
        base += "_"
    name, number = base, 2
    while name.lower() in taken:
        ending = f"({number})"
        name, number = base[: LONGEST_SHEET_NAME - len(ending)] + ending, number + 1
    taken.add(name.lower())
    return name


class _Formats:
    """The look of cells, made once for a workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        font = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
        self.body = {**font, "border": 1, "border_color": "#BFBFBF"}
        head = {**self.body, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#E8EEF4"}
        self.title = book.add_format({**font, "font_size": 16, "bold": True, "align": "center"})
        self.header = book.add_format(head)
        self.note = book.add_format({**font, "font_size": 9, "font_color": "#595959", "text_wrap": True})
        self.columns: dict[tuple[str, bool], Format] = {}

    def of(self, column: Column) -> Format:
        """The format of a column's cells."""
        number_format = column.number_format or KINDS[column.kind]
        wraps = column.kind in ("text", "picture")
        if (number_format, wraps) not in self.columns:
            style = {**self.body, "num_format": number_format, "text_wrap": wraps}
            self.columns[number_format, wraps] = self.book.add_format(style)
        return self.columns[number_format, wraps]


class _SheetWriter:
    """Writes one table from top to bottom; nothing can be written above the row that is being written."""

    def __init__(self, sheet: Worksheet, table: OutTable, formats: _Formats) -> None:
        if not table.columns:
            raise ValueError("a table needs columns")
        self.sheet = sheet
        self.table = table
        self.formats = formats
        self.cell_formats = [formats.of(column) for column in table.columns]
        self.widths = [text_width(column.label) + 2.0 for column in table.columns]  # 2: the filter's arrow
        self.row = 0

    def write(self) -> None:
        if self.table.title:
            self.sheet.set_row(self.row, 30)
            self._across(self.table.title, self.formats.title)
        header = self.row
        self._write_header()
        for values in self.table.rows:
            self._write_row(values)
        last = max(self.row - 1, header)
        for note in self.table.notes:
            self._across(note, self.formats.note)
        self._finish(header, last)

    def _across(self, text: str, look: Format) -> None:
        """A line of text over the whole width of the table."""
        last = len(self.table.columns) - 1
        if last:
            self.sheet.merge_range(self.row, 0, self.row, last, "", look)
        self.sheet.write_string(self.row, 0, _shown(text), look)
        self.row += 1

    def _write_header(self) -> None:
        self.sheet.set_row(self.row, 24)
        for place, column in enumerate(self.table.columns):
            self.sheet.write_string(self.row, place, _shown(column.label), self.formats.header)
        self.row += 1

    def _write_row(self, values: Sequence[Cell]) -> None:
        if len(values) != len(self.table.columns):
            raise ValueError(f"{len(values)} cells for {len(self.table.columns)} columns")
        if any(pictures_of(value) for value in values):
            self.sheet.set_row(self.row, PICTURE_HEIGHT * 0.75 + 4)  # a pixel is three quarters of a point
        for place, value in enumerate(values):
            self._write_cell(place, value)
        self.row += 1

    def _write_cell(self, place: int, value: Cell) -> None:
        look = self.cell_formats[place]
        pictures = pictures_of(value)
        if pictures:
            width = self._insert_pictures(place, pictures, look)
        elif _is_nothing(value):
            self.sheet.write_blank(self.row, place, None, look)
            return
        elif isinstance(value, bool):
            width = self._write_text(place, "是" if value else "否", look)
        elif isinstance(value, int | float | Decimal) and abs(value) < 10**EXACT_DIGITS:
            self.sheet.write_number(self.row, place, value, look)
            width = len(str(value)) + 1.0
        elif isinstance(value, date) and value.year >= 1900:
            self._write_date(place, value, look)
            width = 16.0 if isinstance(value, datetime) else 11.0
        else:
            width = self._write_text(place, str(value), look)
        self.widths[place] = max(self.widths[place], width)

    def _write_text(self, place: int, text: str, look: Format) -> float:
        shown = _shown(text)
        self.sheet.write_string(self.row, place, shown, look)
        return max(map(text_width, shown.split("\n")))

    def _write_date(self, place: int, value: date, look: Format) -> None:
        whole = _without_zone(value) if isinstance(value, datetime) else datetime.combine(value, time())
        self.sheet.write_datetime(self.row, place, whole, look)

    def _insert_pictures(self, place: int, pictures: Sequence[Picture], look: Format) -> float:
        """The pictures side by side over a cell; a cell whose pictures cannot be read says so."""
        left, unreadable = 2, 0
        for picture in pictures:
            small = fitted(picture)
            if small is None:
                unreadable += 1
                continue
            options = {
                "image_data": io.BytesIO(small.data),
                "x_offset": left,
                "y_offset": 2,
                "x_scale": small.scale,
                "y_scale": small.scale,
                "object_position": 1,  # moves and is filtered with its row
                "description": picture.alt,
            }
            self.sheet.insert_image(self.row, place, "picture.jpg", options)
            left += small.width + 2
        self.sheet.write_string(self.row, place, UNREADABLE_PICTURE * unreadable, look)
        return left / 7 + 1  # a character is about seven pixels wide

    def _finish(self, header: int, last: int) -> None:
        columns = self.table.columns
        for place, column in enumerate(columns):
            limit = 2 * WIDEST if column.kind == "picture" else WIDEST
            width = column.width or min(max(self.widths[place], NARROWEST), limit)
            self.sheet.set_column(place, place, width)
        self.sheet.freeze_panes(header + 1, 0)
        self.sheet.autofilter(header, 0, last, len(columns) - 1)
        self.sheet.set_paper(9)  # A4
        if self.table.landscape:
            self.sheet.set_landscape()
        self.sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(header)
        self.sheet.set_footer(_footer(self.table.notes))


def pictures_of(value: Cell) -> Sequence[Picture]:
    """The pictures of a cell; none where it holds something else."""
    if isinstance(value, Picture):
        return (value,)
    if isinstance(value, list | tuple):
        return value
    return ()


def _is_nothing(value: Cell) -> bool:
    """Whether a cell stays blank: nothing, no pictures, or a number that is none."""
    if isinstance(value, float | Decimal):
        return not math.isfinite(value)
    return value is None or (isinstance(value, list | tuple) and not value)


def _without_zone(moment: datetime) -> datetime:
    if moment.tzinfo is not None:
        raise ValueError("a moment with a time zone: convert it to the reader's time first")
    return moment


def _footer(notes: Sequence[str]) -> str:
    """The first note at the left and the page at the right; a note too long for a footer is cut."""
    page = "&R第&P页 共&N页"
    note = (notes[0] if notes else "").replace("\n", " ").replace("&", "&&")
    room = LONGEST_FOOTER - len(page) - 3
    if len(note) > room:
        note = note[: room - 1].rstrip("&") + "…"
    return f"&L{note}{page}" if note else page


def text_width(text: str) -> float:
    """The width of a line in characters of Excel: a Chinese character is two wide."""
    return sum(2.0 if ord(mark) > 0x2E7F else 1.1 for mark in text)


def _shown(text: str) -> str:
    """Text as a cell can hold it: no halves of surrogate pairs, not longer than Excel allows."""
    sound = text.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    return sound if len(sound) <= LONGEST_TEXT else sound[: LONGEST_TEXT - 1] + "…"


def write_csv(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as csv in UTF-8 with a byte order mark, which Excel and WPS need to see that it is UTF-8.

    A text that a spreadsheet would take for a formula gets an apostrophe in front; `read_workbook` takes
    it off again. Percentages are written as 45.5%. Pictures are written as their descriptions.
    """
    target = io.StringIO(newline="")
    out = csv.writer(target)
    out.writerow([guarded(column.label) for column in columns])
    for values in rows:
        if len(values) != len(columns):
            raise ValueError(f"{len(values)} cells for {len(columns)} columns")
        out.writerow([_plain(value, column) for value, column in zip(values, columns, strict=True)])
    return target.getvalue().encode("utf-8-sig", "replace")


def _plain(value: Any, column: Column) -> str:
    if _is_nothing(value):
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float | Decimal):
        return f"{value:.1%}" if column.kind == "percent" else str(value)
    if isinstance(value, datetime):
        return _without_zone(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    pictures = pictures_of(value)
    return guarded("; ".join(picture.alt for picture in pictures) if pictures else str(value))


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
