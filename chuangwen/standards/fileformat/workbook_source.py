"""Reads the Excel form into the same places and values that YAML gives, cell by cell."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook

from chuangwen.standards.fileformat.cells import (
    CellSyntaxError,
    parse_grades,
    parse_map,
    parse_table,
    split_list,
)
from chuangwen.standards.fileformat.columns import ABOUT, SHEETS, Kind
from chuangwen.standards.fileformat.faults import FaultList, shorten
from chuangwen.standards.fileformat.package import ERROR_MARK, column_letters, repack
from chuangwen.standards.fileformat.raw import NUMBER, Raw, RawBroken, RawList, RawMap, RawScalar, is_empty
from chuangwen.standards.fileformat.tree_rows import tree_of

Cell = float | str | bool | dt.date | dt.time | dt.timedelta | None
Table = Sequence[Sequence[Cell]]

_REQUIRED_SHEETS: Final = ("about", "nodes")
_PARSERS: Final[dict[Kind, Callable[[str, str], Raw]]] = {
    "map": parse_map,
    "table": parse_table,
    "grades": parse_grades,
}
_YES: Final = {"true", "yes", "1", "是", "√"}
_NO: Final = {"false", "no", "0", "否", "×"}


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    header: Mapping[str, int]  # column name to index
    rows: list[tuple[int, Sequence[Cell]]]  # number in Excel, cells

    def place(self, row: int, column: str) -> str:
        return f"{self.name}!{column_letters(self.header.get(column, 0) + 1)}{row}"


def read_workbook(content: bytes, faults: FaultList) -> Raw:
    """The standard in a workbook as one mapping, shaped as YAML would shape it.

    Raises UnreadableFileError, its fault noted, for what is no workbook, or a hostile one.
    """
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(repack(content, faults)))
        tables = {name: _table(workbook, name) for name in workbook.sheet_names}
    except (CalamineError, OSError, ValueError) as error:
        raise faults.stop("workbook", "file", problem=shorten(str(error))) from error
    for name, table in tables.items():
        if name not in SHEETS and table:
            faults.add_unknown("unknown-sheet", name, name, SHEETS)
    root = _read_about(tables, faults)
    for name in SHEETS:
        if name in {"about", "nodes", "evidence"}:
            continue
        rows = _read_rows(name, tables, faults)
        root.entries[name] = rows if rows is not None else RawBroken(name)
        root.key_places[name] = name
    nodes, evidence = _read_rows("nodes", tables, faults), _read_rows("evidence", tables, faults)
    root.key_places["nodes"] = "nodes"
    if nodes is None:
        root.entries["nodes"] = RawBroken("nodes")
    else:
        root.entries["nodes"] = tree_of(nodes, evidence or RawList([], "evidence"), faults)
    return root


def _table(workbook: CalamineWorkbook, name: str) -> Table:
    table = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return [] if all(_is_blank(cell) for row in table for cell in row) else table


def _read_sheet(name: str, tables: Mapping[str, Table], faults: FaultList) -> _Sheet | None:
    """The sheet with its header understood; None, faults noted, where that fails."""
    table = tables.get(name)
    if not table:
        if name in _REQUIRED_SHEETS:
            faults.add("missing-sheet", name, value=name)
            return None
        return _Sheet(name, {}, [])
    known = {column.name: column for column in SHEETS[name]}
    header: dict[str, int] = {}
    for index, cell in enumerate(table[0]):
        place = f"{name}!{column_letters(index + 1)}1"
        title = str(cell).strip() if cell is not None else ""
        if not title:
            if any(not _is_blank(row[index]) for row in table[1:]):
                faults.add("column-without-header", place)
        elif title in header:
            first = f"{name}!{column_letters(header[title] + 1)}1"
            faults.add("duplicate-key", place, value=title, first=first)
        elif title not in known:
            faults.add_unknown("unknown-column", place, shorten(title), known)
        else:
            header[title] = index
    missing = [column.name for column in known.values() if column.required and column.name not in header]
    for title in missing:
        faults.add("missing-column", f"{name}!A1", value=title)
    if missing:
        return None
    rows = [(number, row) for number, row in enumerate(table[1:], 2) if not all(map(_is_blank, row))]
    return _Sheet(name, header, rows)


def _read_rows(name: str, tables: Mapping[str, Table], faults: FaultList) -> RawList | None:
    sheet = _read_sheet(name, tables, faults)
    if sheet is None:
        return None
    rows: list[Raw] = []
    for number, cells in sheet.rows:
        row = RawMap(sheet.place(number, SHEETS[name][0].name))
        for column in SHEETS[name]:
            place = sheet.place(number, column.name)
            row.key_places[column.name] = place
            if column.name in sheet.header:
                raw = _value(cells[sheet.header[column.name]], column.kind, place, faults)
                if not is_empty(raw):
                    row.entries[column.name] = raw
        for title in ("title", "name", "text"):
            _join_title(row, title)
        if name == "checks":
            _join_quantity(row)
        rows.append(row)
    return RawList(rows, name)


def _read_about(tables: Mapping[str, Table], faults: FaultList) -> RawMap:
    root = RawMap("about")
    sheet = _read_sheet("about", tables, faults)
    if sheet is None:
        # What is missing is the sheet: do not ask for each of its rows as well.
        for key in ("urn", "version", "title", "subject", "scale"):
            root.entries[key] = RawBroken("about")
        return root
    for number, cells in sheet.rows:
        cell, place = cells[sheet.header["key"]], sheet.place(number, "key")
        name = cell.strip() if isinstance(cell, str) else ""
        if not name:
            faults.add("missing", place, value="key")
        elif name in root.key_places:
            faults.add("duplicate-key", place, value=name, first=root.key_places[name])
        elif name in SHEETS:
            faults.add_unknown("unknown-key", place, name, ABOUT)
        else:
            root.key_places[name] = place
            value_place = sheet.place(number, "value")
            raw = _value(cells[sheet.header["value"]], ABOUT.get(name, "text"), value_place, faults)
            if not is_empty(raw) or name not in ABOUT:
                root.entries[name] = raw
    _join_title(root, "title")
    return root


def _value(cell: Cell, kind: Kind, place: str, faults: FaultList) -> Raw:
    """One cell by the kind of its column; what does not fit is left for the rules to refuse."""
    if cell == ERROR_MARK:
        faults.add("cell-error", place)
        return RawBroken(place)
    scalar = _scalar(cell, place)
    if isinstance(scalar.value, str) and kind in _PARSERS:
        try:
            return _PARSERS[kind](scalar.value, place)
        except CellSyntaxError:
            faults.add(f"{kind}-cell", place, value=shorten(scalar.value))
            return RawBroken(place)
    if kind == "list" and scalar.value is not None:
        parts = split_list(scalar.value) if isinstance(scalar.value, str) else None
        return RawList([scalar] if parts is None else [RawScalar(part, place) for part in parts], place)
    return _converted(scalar, kind)


def _converted(scalar: RawScalar, kind: Kind) -> RawScalar:
    """What people and Excel mean: text as a flag or number, a number as text."""
    value, place = scalar.value, scalar.place
    if kind == "flag" and value is not None:
        word = scalar.spelling or str(value).strip().lower()
        return RawScalar(word in _YES, place) if word in _YES | _NO else scalar
    if kind == "text" and isinstance(value, float) and math.isfinite(value):
        return RawScalar(scalar.spelling, place)
    if kind == "number" and isinstance(value, str) and NUMBER.fullmatch(value.strip()):
        return RawScalar(float(value), place, value.strip())
    return scalar


def _scalar(cell: Cell, place: str) -> RawScalar:
    if isinstance(cell, dt.date | dt.time | dt.timedelta):
        # Excel makes dates of codes such as 1-1; as a number that is none it is refused everywhere.
        return RawScalar(math.nan, place, str(cell))
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return RawScalar(float(cell), place, f"{cell:.17g}" if float(cell).is_integer() else repr(cell))
    return RawScalar(cell or None if isinstance(cell, str) else cell, place)


def _join_title(row: RawMap, key: str) -> None:
    """A title in two columns becomes one value {zh, en}."""
    english = row.entries.pop(f"{key}_en", None)
    if english is None:
        return
    english_place = row.place_of(f"{key}_en")
    places = {"zh": row.key_places.get(key, english_place), "en": english_place}
    parts = {"en": english}
    if key in row.entries:
        parts["zh"] = row.entries[key]
    row.entries[key] = RawMap(places["zh"], parts, places)


def _join_quantity(row: RawMap) -> None:
    parts, places = {}, {}
    for key in ("label", "at_least"):
        places[key] = row.place_of(f"quantity_{key}")
        if f"quantity_{key}" in row.entries:
            parts[key] = row.entries.pop(f"quantity_{key}")
    if parts:
        row.entries["quantity"] = RawMap(row.place, parts, places)


def _is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
