"""Reads maps, `met` tables, grades and thresholds: all that speaks of shares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from chuangwen.standards.fileformat.cells import can_name_grade, number_text
from chuangwen.standards.fileformat.faults import shorten
from chuangwen.standards.fileformat.fields import Fields
from chuangwen.standards.fileformat.raw import Raw, RawBroken, RawList, RawMap
from chuangwen.standards.tree import Band, Map, MapKind, TableRow

KIND_FIELDS: Final[dict[MapKind, tuple[str, ...]]] = {
    "proportional": (),
    "linear": ("from", "to"),
    "bands": ("bands",),
    "required": ("n",),
    "deduct": ("each",),
}


def read_grades(fields: Fields) -> dict[str, float]:
    """The names for shares; from here on they may stand wherever a share may."""
    raw = fields.get("grades")
    if raw is None:
        return {}
    if not isinstance(raw, RawMap):
        fields.faults.add("not-a-mapping", raw.place, value="grades")
        return {}
    grades = {}
    names = Fields(raw, fields.reading)
    for name, value in raw.entries.items():
        if not can_name_grade(name):
            fields.faults.add("grade-name", raw.place_of(name), value=shorten(name))
            continue
        share = None if isinstance(value, RawBroken) else names.share_of(value, name)
        # A faulty grade keeps its name, so that its uses are not faults as well.
        grades[name] = share[0] if share else 0.0
    return grades


def read_threshold(fields: Fields) -> tuple[float, str]:
    """The share from which a child counts as reached, and its letter where it is one."""
    raw = fields.get("threshold")
    share = fields.share_of(raw, "threshold") if raw is not None else None
    return share or (1.0, "")


def read_table(fields: Fields) -> tuple[TableRow, ...]:
    """The rows [count, share] of a `met` table; counts fall from row to row."""
    rows: list[TableRow] = []
    for item in fields.items("table"):
        row = _table_row(fields, item)
        if row is None:
            continue
        if rows and row.count >= rows[-1].count:
            fields.faults.add("table-not-falling", item.place, value=row.count, before=rows[-1].count)
        rows.append(row)
    return tuple(rows)


def _table_row(fields: Fields, item: Raw) -> TableRow | None:
    if not isinstance(item, RawList) or len(item.items) != 2:
        fields.faults.add("table-row", item.place)
        return None
    count = fields.whole_of(item.items[0], "table")
    share = fields.share_of(item.items[1], "table")
    if count is None or share is None:
        return None
    return TableRow(count, *share)


def read_map(fields: Fields) -> Map:
    """The leaf's map; proportional where the file gives none or a faulty one."""
    raw = fields.get("map")
    if raw is None:
        return Map()
    if not isinstance(raw, RawMap):
        fields.faults.add("not-a-mapping", raw.place, value="map")
        return Map()
    inner = Fields(raw, fields.reading)
    kind = inner.choice("kind", tuple(KIND_FIELDS), fault="unknown-map", required=True)
    if kind is None:
        return Map()  # what belongs to an unknown kind cannot be judged
    inner.refuse_unknown(("kind", *KIND_FIELDS[kind]))
    return _READERS[kind](inner)


def _linear(fields: Fields) -> Map:
    start, stop = fields.number("from", required=True), fields.number("to", required=True)
    if start is None or stop is None:
        return Map()
    if start == stop:
        fields.faults.add("linear-flat", fields.raw.place_of("to"), value=number_text(start))
    return Map("linear", start=start, stop=stop)


def _required(fields: Fields) -> Map:
    return Map("required", n=fields.number("n", required=True, above=0) or 1.0)


def _deduct(fields: Fields) -> Map:
    return Map("deduct", each=fields.number("each", required=True, above=0) or 1.0)


def _bands(fields: Fields) -> tuple[Band, ...]:
    rows = fields.rows("bands")
    if not rows:
        if not fields.has("bands"):
            fields.faults.add("bands-empty", fields.raw.place_of("bands"))
        return ()
    bands: list[Band] = []
    before: float | None = None
    for row in rows:
        row.refuse_unknown(("min", "share"))
        low = row.number("min")
        is_last = row is rows[-1]
        if is_last and row.has("min"):
            fields.faults.add("band-last-min", row.raw.place_of("min"))
        elif not is_last and not row.has("min"):
            fields.faults.add("band-without-min", row.raw.place_of("min"))
        if low is not None:
            if before is not None and low >= before:
                words = {"value": number_text(low), "before": number_text(before)}
                fields.faults.add("band-order", row.raw.place_of("min"), **words)
            before = low
        raw = row.get("share", required=True)
        share = row.share_of(raw, "share") if raw is not None else None
        bands.append(Band(low, *(share or (0.0, ""))))
    return tuple(bands)


_READERS: Final[dict[MapKind, Callable[[Fields], Map]]] = {
    "proportional": lambda _: Map(),
    "linear": _linear,
    "bands": lambda fields: Map("bands", bands=_bands(fields)),
    "required": _required,
    "deduct": _deduct,
}
