"""What the child process of `sandbox` does: a workbook's bytes come in, its cells go out.

python-calamine reads the values of xlsx and xls, and the merged ranges of both. It gives a formula's
error as a blank, which would let a broken cell pass for an empty one, so errors are put back: in xlsx
by turning error cells into text before reading, in xls from the records themselves (`biff`). Of ods it
tells neither merges nor errors and so ods has a reader of its own (`opendocument`).

The answer is JSON. A date, time, duration or error in it is written {"date": "2026-11-22"} and so on; a
refusal is {"refused": code, "detail": text}.
"""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine as calamine

from chuangwen.core.apart import limit_process
from chuangwen.core.workbooks import biff, opendocument
from chuangwen.core.workbooks.cells import CellError, Merge, Sheet, Value, as_value, whole
from chuangwen.core.workbooks.limits import MAX_CELLS, MAX_SHEETS, Refused, check_extent

_CELL_TAG = re.compile(rb"<(?:\w+:)?c\s[^<>]*>")
_ERROR_TYPE = re.compile(rb"""(\st\s*=\s*)(["'])e\2""")

Errors = dict[tuple[int, int], str]


def parse(kind: str, data: bytes) -> list[Sheet]:
    """The sheets of a workbook of a known format (xlsx, xls or ods). Raises Refused."""
    try:
        if kind == "ods":
            return opendocument.parse(data)
        if kind == "xls":
            return _read(data, biff.error_cells(biff.workbook_stream(data)))
        return _read(_errors_as_text(data), [])
    except zipfile.BadZipFile as error:
        raise Refused("damaged", str(error)) from error


def _errors_as_text(data: bytes) -> bytes:
    """The same xlsx with error cells (t="e") typed as text; the very bytes given where there is none."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if name.lower().endswith((".xml", ".rels"))]
        changed = {}
        for name in names:
            part = archive.read(name) if "sheet" in name.lower() else b""
            if _ERROR_TYPE.search(part):
                changed[name] = _CELL_TAG.sub(lambda tag: _ERROR_TYPE.sub(rb'\1"str"', tag.group()), part)
        if not changed:
            return data
        again = io.BytesIO()
        with zipfile.ZipFile(again, "w", zipfile.ZIP_STORED) as copy:
            for name in names:
                copy.writestr(name, changed[name] if name in changed else archive.read(name))
    return again.getvalue()


def _read(data: bytes, errors: list[Errors]) -> list[Sheet]:
    try:
        return _sheets(calamine.load_workbook(io.BytesIO(data)), errors)
    except calamine.PasswordError as error:
        raise Refused("encrypted") from error
    except calamine.CalamineError as error:
        raise Refused("damaged", str(error)) from error
    except BaseException as error:
        # A panic of the Rust parser is no Exception, lest it be swallowed by chance; here it is meant to be.
        if type(error).__name__ == "PanicException":
            raise Refused("damaged", "the parser gave up") from error
        raise


def _sheets(book: calamine.CalamineWorkbook, errors: list[Errors]) -> list[Sheet]:
    kept = [
        (place, meta) for place, meta in enumerate(book.sheets_metadata) if meta.typ == calamine.SheetTypeEnum.WorkSheet
    ]
    if len(kept) > MAX_SHEETS:
        raise Refused("too_many_sheets", str(len(kept)))
    sheets: list[Sheet] = []
    budget = MAX_CELLS
    for place, meta in kept:
        source = book.get_sheet_by_index(place)
        if source.end is not None:
            height, width = source.end[0] + 1, source.end[1] + 1
            check_extent(meta.name, height, width)
            budget -= height * width
        if budget < 0:
            raise Refused("too_many_cells", meta.name)
        rows = [[_value(raw) for raw in row] for row in source.to_python(skip_empty_area=False)]
        if place < len(errors) and errors[place]:
            _put_errors(meta.name, rows, errors[place])
        merges = tuple(Merge(*first, *last) for first, last in source.merged_cell_ranges or ())
        hidden = meta.visible != calamine.SheetVisibleEnum.Visible
        sheets.append(Sheet(meta.name, tuple(tuple(row) for row in rows), merges, hidden))
    return sheets


def _put_errors(name: str, rows: list[list[Value]], errors: Errors) -> None:
    """Set the error cells in a table of rows, which grows where they lie outside of it."""
    height = max(len(rows), 1 + max(row for row, _ in errors))
    width = max(len(rows[0]) if rows else 0, 1 + max(column for _, column in errors))
    check_extent(name, height, width)
    rows.extend([] for _ in range(height - len(rows)))
    for cells in rows:
        cells.extend([None] * (width - len(cells)))
    for (row, column), code in errors.items():
        rows[row][column] = CellError(code)


def _value(raw: Any) -> Value:
    if isinstance(raw, str):
        return as_value(raw)
    if isinstance(raw, float):
        return whole(raw)
    return raw  # bool, int, date, time, timedelta: kept as calamine gives them


def to_json(sheets: list[Sheet]) -> str:
    """Sheets as the JSON text described above."""
    plain = [
        {
            "name": sheet.name,
            "hidden": sheet.hidden,
            "merges": [[m.first_row, m.first_column, m.last_row, m.last_column] for m in sheet.merges],
            "rows": sheet.rows,
        }
        for sheet in sheets
    ]
    return json.dumps(plain, default=_tagged, ensure_ascii=False)


def _tagged(value: object) -> dict[str, object]:
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, time):
        return {"time": value.isoformat()}
    if isinstance(value, timedelta):
        return {"seconds": value.total_seconds()}
    return {"error": str(value)}


def from_json(text: str | bytes) -> list[Sheet]:
    """The inverse of `to_json`. Raises Refused where the text says so."""
    plain = json.loads(text, object_hook=_untagged)
    if isinstance(plain, dict):
        raise Refused(plain["refused"], plain["detail"])
    return [
        Sheet(
            sheet["name"],
            tuple(tuple(row) for row in sheet["rows"]),
            tuple(Merge(*corners) for corners in sheet["merges"]),
            sheet["hidden"],
        )
        for sheet in plain
    ]


def _untagged(tagged: dict[str, Any]) -> Any:
    if len(tagged) != 1:
        return tagged
    ((tag, value),) = tagged.items()
    if tag == "seconds":
        return timedelta(seconds=value)
    if tag == "error":
        return CellError(value)
    kinds: dict[str, type[datetime | date | time]] = {
        "moment": datetime,
        "date": date,
        "time": time,
    }
    return kinds[tag].fromisoformat(value)


def answer(kind: str, data: bytes) -> str:
    """What the child prints: the sheets, or why there are none."""
    try:
        return to_json(parse(kind, data))
    except Refused as refusal:
        return json.dumps({"refused": refusal.code, "detail": refusal.detail})


def main(arguments: list[str]) -> None:
    """Limit this process (memory in bytes, processor time in seconds), then answer."""
    kind, memory, seconds = arguments[0], int(arguments[1]), int(arguments[2])
    limit_process(memory, seconds)
    sys.stdout.buffer.write(answer(kind, sys.stdin.buffer.read()).encode("utf-8", "surrogatepass"))
