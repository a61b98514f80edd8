"""Standards and tables in a few words, for the tests of the engine."""

from __future__ import annotations

from typing import Any

import polars as pl

from chuangwen.scoring.engine.tables import NUMBERS, TEXTS
from chuangwen.standards.tree import Adjustment, Map, Node, Standard, TableRow, Text, Veto

Row = dict[str, Any]
PROPORTIONAL = Map()


def leaf(code: str, points: float = 1.0, measure: Any = "rate", shape: Map = PROPORTIONAL) -> Node:
    return Node(code=code, title=Text(code), points=points, measure=measure, map=shape)


def inner(
    code: str,
    *children: Node,
    points: float | None = None,
    aggregate: Any = "sum",
    threshold: float = 1.0,
    table: tuple[tuple[int, float], ...] = (),
) -> Node:
    return Node(
        code=code,
        title=Text(code),
        points=points,
        aggregate=aggregate,
        threshold=threshold,
        table=tuple(TableRow(count, share) for count, share in table),
        children=children,
    )


def standard(*nodes: Node, **more: Any) -> Standard:
    """A standard of 100 points over `nodes`; `more` are further fields of it."""
    fields: dict[str, Any] = {"scale": 100.0, "nodes": nodes, "subject": "city"} | more
    return Standard(urn="urn:chuangwen:standard:test", version="1", title=Text("test"), **fields)


def bonus(code: str, cap: float) -> Adjustment:
    return Adjustment(code, Text(code), cap)


def veto(code: str, effect: Any = "veto", cap: float | None = None) -> Veto:
    return Veto(code, Text(code), effect, cap)


def frame(name: Any, rows: list[Row]) -> pl.DataFrame:
    """A table of the specification with all its columns and types."""
    types: dict[str, Any] = dict.fromkeys(TEXTS[name], pl.String) | dict.fromkeys(NUMBERS[name], pl.Float64)
    return pl.DataFrame(rows, schema=types)


def seen(code: str, *values: float | None, subject: str = "S", **more: Any) -> list[Row]:
    """Observations of one leaf, a row a value; `more` are further cells of every row."""
    return [{"subject": subject, "code": code, "value": value} | more for value in values]


def observed(*parts: list[Row]) -> pl.DataFrame:
    return frame("observations", [row for part in parts for row in part])
