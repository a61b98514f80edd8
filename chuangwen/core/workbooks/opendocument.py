"""A reader for .ods, because calamine tells neither its merged ranges nor its error cells.

An .ods is a zip with one `content.xml` (OpenDocument 1.3, part 3, chapter 9: tables). Equal neighbours
are written once with a count, blanks to the far edge of the sheet included, so rows are kept sparse
until it is known how far the sheet really reaches.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, timedelta
from xml.parsers import expat

from chuangwen.core.workbooks.cells import Merge, Sheet, Value, as_value, whole
from chuangwen.core.workbooks.limits import MAX_CELLS, MAX_SHEETS, Refused, check_extent

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_PREFIXES = {
    f"{_OASIS}table:1.0": "table",
    f"{_OASIS}office:1.0": "office",
    f"{_OASIS}text:1.0": "text",
    f"{_OASIS}style:1.0": "style",
    f"{_OASIS}drawing:1.0": "draw",
    "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0": "calcext",
}
_DURATION = re.compile(r"P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?")
_CELLS = ("table:table-cell", "table:covered-table-cell")
_MOST_SPACES = 1_000
_MIDNIGHT = datetime(1900, 1, 1)  # noqa: DTZ001  (a cell's time has no zone)

Attributes = dict[str, str]


def parse(data: bytes) -> list[Sheet]:
    """The sheets of an .ods. Raises Refused, zipfile.BadZipFile."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
        if b"encryption-data" in manifest:
            raise Refused("encrypted")
        if "content.xml" not in names:
            raise Refused("damaged", "content.xml")
        content = archive.read("content.xml")
    reader = _Reader()
    try:
        reader.read(content)
    except expat.ExpatError as error:
        raise Refused("damaged", str(error)) from error
    except ValueError as error:  # a count, number or date that is none
        raise Refused("damaged", str(error)) from error
    return reader.sheets


class _Reader:
    """Follows the elements of content.xml; `sheets` grows with each table that ends."""

    def __init__(self) -> None:
        self.sheets: list[Sheet] = []
        self.budget = MAX_CELLS
        self.names: dict[str, str] = {}
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.aside = 0  # depth inside notes, drawings and tables in cells, whose text is no cell's
        self.table: Attributes = {}
        self.rows: list[dict[int, Value]] = []
        self.blank_rows = 0  # seen after the last of `rows`; they count only if a value follows
        self.merges: list[Merge] = []
        self.row: dict[int, Value] = {}
        self.row_repeats = 1
        self.column = 0
        self.cell: Attributes = {}
        self.in_cell = False
        self.paragraphs: list[str] = []

    def read(self, content: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._entity
        parser.Parse(content, True)

    def _entity(self, *_: object) -> None:
        raise Refused("damaged", "declares entities")

    def _short(self, name: str) -> str:
        known = self.names.get(name)
        if known is None:
            space, _, local = name.rpartition(" ")
            known = self.names[name] = f"{_PREFIXES.get(space, '')}:{local}"
        return known

    def _start(self, long_name: str, long_attributes: Attributes) -> None:
        name = self._short(long_name)
        if self.aside or name == "office:annotation" or name.startswith("draw:"):
            self.aside += 1
            return
        attributes = {self._short(key): value for key, value in long_attributes.items()}
        if self.in_cell:
            self._start_in_cell(name, attributes)
        elif name == "style:style":
            self.style = attributes.get("style:name", "")
        elif name == "style:table-properties" and attributes.get("table:display") == "false":
            self.hidden_styles.add(self.style)
        elif name == "table:table":
            self.table, self.rows, self.blank_rows, self.merges = attributes, [], 0, []
        elif name == "table:table-row":
            self.row, self.column = {}, 0
            self.row_repeats = int(attributes.get("table:number-rows-repeated", "1"))
        elif name in _CELLS:
            self.cell, self.in_cell, self.paragraphs = attributes, True, []

    def _start_in_cell(self, name: str, attributes: Attributes) -> None:
        if name == "table:table":
            self.aside += 1
        elif name == "text:p":
            self.paragraphs.append("")
        elif name == "text:s":
            self._text(" " * min(int(attributes.get("text:c", "1")), _MOST_SPACES))
        elif name == "text:tab":
            self._text("\t")
        elif name == "text:line-break":
            self._text("\n")

    def _text(self, text: str) -> None:
        if self.paragraphs and not self.aside:
            self.paragraphs[-1] += text

    def _end(self, long_name: str) -> None:
        if self.aside:
            self.aside -= 1
            return
        name = self._short(long_name)
        if name in _CELLS:
            self._end_cell()
        elif name == "table:table-row":
            self._end_row()
        elif name == "table:table":
            self._end_table()

    def _end_cell(self) -> None:
        self.in_cell = False
        repeats = int(self.cell.get("table:number-columns-repeated", "1"))
        columns = int(self.cell.get("table:number-columns-spanned", "1"))
        rows = int(self.cell.get("table:number-rows-spanned", "1"))
        if columns > 1 or rows > 1:
            here = len(self.rows) + self.blank_rows
            self.merges.append(Merge(here, self.column, here + rows - 1, self.column + columns - 1))
        value = _value(self.cell, "\n".join(self.paragraphs))
        if value is not None:
            check_extent(self._name(), 1, self.column + repeats)
            self.row.update(dict.fromkeys(range(self.column, self.column + repeats), value))
        self.column += repeats

    def _end_row(self) -> None:
        if not self.row:
            self.blank_rows += self.row_repeats
            return
        check_extent(self._name(), len(self.rows) + self.blank_rows + self.row_repeats, 1)
        self.rows += [{}] * self.blank_rows + [self.row] * self.row_repeats
        self.blank_rows = 0

    def _name(self) -> str:
        return self.table.get("table:name", "")

    def _end_table(self) -> None:
        width = max((max(row) + 1 for row in self.rows if row), default=0)
        self.budget -= width * len(self.rows)
        if self.budget < 0:
            raise Refused("too_many_cells", self._name())
        rows = tuple(tuple(row.get(column) for column in range(width)) for row in self.rows)
        hidden = self.table.get("table:style-name") in self.hidden_styles
        self.sheets.append(Sheet(self._name(), rows, tuple(self.merges), hidden))
        if len(self.sheets) > MAX_SHEETS:
            raise Refused("too_many_sheets", str(len(self.sheets)))


def _value(cell: Attributes, text: str) -> Value:
    """The value of a cell by its type (OpenDocument 1.3, part 3, 19.387)."""
    if cell.get("calcext:value-type") == "error":
        return as_value(text)
    kind = cell.get("office:value-type")
    if kind in ("float", "percentage", "currency"):
        return whole(float(cell.get("office:value", "")))
    if kind == "date":
        written = cell.get("office:date-value", "")
        return datetime.fromisoformat(written) if "T" in written else date.fromisoformat(written)
    if kind == "time":
        return _time(cell.get("office:time-value", ""))
    if kind == "boolean":
        return cell.get("office:boolean-value") == "true"
    return as_value(cell.get("office:string-value") or text)


def _time(written: str) -> Value:
    """A time of day, or a duration where it is a day or more."""
    found = _DURATION.fullmatch(written)
    if found is None:
        raise ValueError(written)
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return (_MIDNIGHT + length).time() if length < timedelta(days=1) else length
