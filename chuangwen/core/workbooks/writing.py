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

from chuangwen.core.workbooks.looks import KINDS, Formats
from chuangwen.core.workbooks.pictures import PICTURE_HEIGHT, Picture, fitted
from chuangwen.core.workbooks.sizes import (
    MANY_COLUMNS,
    MOST_REPEATED,
    NARROWEST,
    WIDEST,
    height_of,
    lines_of,
    pages_wide,
    text_width,
    title_lines,
    widened,
    widest_text,
)

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LONGEST_TEXT = 32_767  # characters in a cell of Excel
LONGEST_SHEET_NAME = 31
LONGEST_FOOTER = 255
EXACT_DIGITS = 15
FIGURE_WIDTH = 9.0  # characters of a number that is written by a format
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
UNREADABLE_PICTURE = "[图片无法读取]"

Cell = str | int | float | Decimal | bool | date | datetime | Picture | Sequence[Picture] | None


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
    """A table to be written on a sheet of its own; `rows` is walked once and may be a generator.

    Its sheet is called by `sheet`, else by its title.
    """

    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    title: str = ""
    notes: Sequence[str] = ()
    sheet: str = ""
    landscape: bool = True


def write_table(
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    *,
    title: str = "",
    notes: Sequence[str] = (),
    sheet: str = "",
    landscape: bool = True,
    created: datetime | None = None,
) -> bytes:
    """One table as an .xlsx. See `write_tables`."""
    return write_tables([OutTable(columns, rows, title, notes, sheet, landscape)], created=created)


def write_tables(tables: Sequence[OutTable], *, created: datetime | None = None) -> bytes:
    """Tables as an .xlsx, a sheet each. `created` is written into the file's properties (now if None).

    A header row is frozen and filtered, and repeated on every printed page; the title above it and the
    notes under the table are merged over its width; the page is A4 and as wide as the table, or several
    of them side by side where one could not be read. Raises
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
    formats = Formats(book)
    names: set[str] = set()
    try:
        for table in tables:
            _SheetWriter(book.add_worksheet(_sheet_name(table.sheet or table.title, names)), table, formats).write()
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


class _SheetWriter:
    """Writes one table from top to bottom; nothing can be written above the row that is being written."""

    def __init__(self, sheet: Worksheet, table: OutTable, formats: Formats) -> None:
        if not table.columns:
            raise ValueError("a table needs columns")
        self.sheet = sheet
        self.table = table
        self.formats = formats
        self.cell_formats = [formats.of(column) for column in table.columns]
        self.widths = [text_width(column.label) + 2.0 for column in table.columns]  # 2: the filter's arrow
        broad = widest_text(len(table.columns))
        self.limits = [column.width or (2 * WIDEST if column.kind == "picture" else broad) for column in table.columns]
        self.row = 0
        self.lines = 1  # of the row that is being written

    def write(self) -> None:
        if self.table.title:
            self.sheet.set_row(self.row, 30 * title_lines(self.table.title))
            broad = len(self.table.columns) > MANY_COLUMNS
            self._across(self.table.title, self.formats.broad_title if broad else self.formats.title)
        header = self.row
        self._write_header()
        for values in self.table.rows:
            self._write_row(values)
        last = max(self.row - 1, header)
        widths = self._set_widths()
        for note in self.table.notes:
            lines = lines_of(_shown(note), sum(widths))
            if lines > 1:
                self.sheet.set_row(self.row, height_of(lines))
            self._across(note, self.formats.note)
        self._finish(header, last, widths)

    def _across(self, text: str, look: Format) -> None:
        """A line of text over the whole width of the table."""
        last = len(self.table.columns) - 1
        if last:
            self.sheet.merge_range(self.row, 0, self.row, last, "", look)
        self.sheet.write_string(self.row, 0, _shown(text), look)
        self.row += 1

    def _write_header(self) -> None:
        lines = 1
        for place, column in enumerate(self.table.columns):
            label = _shown(column.label)
            self.sheet.write_string(self.row, place, label, self.formats.header)
            lines = max(lines, lines_of(label, self.limits[place]))
        self.sheet.set_row(self.row, max(24, height_of(lines)))
        self.row += 1

    def _write_row(self, values: Sequence[Cell]) -> None:
        if len(values) != len(self.table.columns):
            raise ValueError(f"{len(values)} cells for {len(self.table.columns)} columns")
        self.lines = 1
        for place, value in enumerate(values):
            self._write_cell(place, value)
        height = height_of(self.lines) if self.lines > 1 else 0.0
        if any(pictures_of(value) for value in values):
            height = max(height, PICTURE_HEIGHT * 0.75 + 4)  # a pixel is three quarters of a point
        if height:
            self.sheet.set_row(self.row, height)
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
            column = self.table.columns[place]
            by_format = column.kind == "percent" or column.number_format
            width = FIGURE_WIDTH if by_format else len(str(value)) + 2.0
        elif isinstance(value, date) and value.year >= 1900:
            self._write_date(place, value, look)
            width = 16.0 if isinstance(value, datetime) else 11.0
        else:
            width = self._write_text(place, str(value), look)
        self.widths[place] = max(self.widths[place], width)

    def _write_text(self, place: int, text: str, look: Format) -> float:
        shown = _shown(text)
        self.sheet.write_string(self.row, place, shown, look)
        self.lines = max(self.lines, lines_of(shown, self.limits[place]))
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

    def _set_widths(self) -> list[float]:
        """Each column as wide as it was given or as its content wants."""
        fixed = (column.width for column in self.table.columns)
        wanted = zip(fixed, self.widths, self.limits, strict=True)
        widths = [given or min(max(width, NARROWEST), limit) for given, width, limit in wanted]
        widths = widened(widths, self.table.title)
        for place, width in enumerate(widths):
            self.sheet.set_column(place, place, width)
        return widths

    def _finish(self, header: int, last: int, widths: Sequence[float]) -> None:
        sheet = self.sheet
        sheet.freeze_panes(header + 1, 0)
        sheet.autofilter(header, 0, last, len(widths) - 1)
        sheet.set_paper(9)  # A4
        if self.table.landscape:
            sheet.set_landscape()
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        pages = pages_wide(widths, landscape=self.table.landscape)
        sheet.fit_to_pages(pages, 0)
        if pages > 1 and sum(widths[:2]) <= MOST_REPEATED:
            sheet.repeat_columns(0, 1)  # which row is this?
        sheet.repeat_rows(header)
        sheet.set_footer(_footer(self.table.notes))


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


def _shown(text: str) -> str:
    """Text as a cell can hold it: no halves of surrogate pairs, not longer than Excel allows."""
    return fitting(text.encode("utf-8", "replace").decode("utf-8"))


def fitting(text: str) -> str:
    """Text with lines as a cell ends them, not longer than Excel allows."""
    sound = text.replace("\r\n", "\n").replace("\r", "\n")
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
