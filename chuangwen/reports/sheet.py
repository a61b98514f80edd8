"""A table of figures with the rows behind each cell: what a snapshot freezes and every paper prints."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

Value = str | int | float | None
NUMBERS = frozenset({"count", "share", "change", "points"})


@dataclass(frozen=True, slots=True)
class Column:
    """`key` names it in words.py; `kind` says how a value is written: text, day, moment, count, share, change, points;
    `width` in characters, relative to the others; `refers` names the model behind it where it is not the snapshot's."""

    key: str
    kind: str = "count"
    width: int = 4
    refers: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `name` stands in the first column, `unit` is its key where it is a unit; `refs`: column -> keys of
    the rows that were counted there."""

    name: str
    values: Mapping[str, Value]
    refs: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    unit: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Columns after the first one, rows, and the sum of all where there is one. `facts` are figures that stand in the
    text and in no column."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def as_json(sheet: Sheet) -> dict[str, Any]:
    """The sheet as JSON types; `from_json` gives it back unchanged."""
    found: dict[str, Any] = json.loads(json.dumps(asdict(sheet)))
    return found


def from_json(data: Mapping[str, Any], most: int | None = None) -> Sheet:
    """The sheet that `as_json` wrote; of its rows the first `most`, for who shows no more."""
    columns = tuple(Column(**one) for one in data["columns"])
    total = data["total"]
    rows = tuple(_row(one) for one in data["rows"][:most])
    return Sheet(columns, rows, _row(total) if total else None, data.get("facts", {}))


def digest(data: Mapping[str, Any]) -> str:
    """SHA-256 of the sheet as `as_json` gives it, independent of how a database orders its keys."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _row(data: Mapping[str, Any]) -> Row:
    refs = {key: tuple(ids) for key, ids in data["refs"].items()}
    return Row(data["name"], data["values"], refs, data["unit"])
