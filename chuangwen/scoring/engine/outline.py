"""The standard as small tables, so that the rules can be applied to all subjects at once.

Nothing is decided here: a node's row says what the file says, plus what follows from its position
(parent, depth, the aggregate it stands under). Nodes are numbered in the standard's
order, a node before its children; the implied root is number 0 with code "".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from chuangwen.standards.tree import Node, Standard, points_of

_NODE_TYPES: dict[str, Any] = {
    "node": pl.Int32,
    "code": pl.String,
    "parent": pl.Int32,
    "depth": pl.Int32,
    "points": pl.Float64,
    "aggregate": pl.String,
    "above": pl.String,  # the parent's aggregate
    "reach": pl.Float64,  # the parent's threshold
    "leaf": pl.Boolean,
    "measure": pl.String,
    "map": pl.String,
    "start": pl.Float64,
    "stop": pl.Float64,
    "required": pl.Float64,
    "each": pl.Float64,
    "by_rows": pl.Boolean,  # the loss is shared among the rows that failed
    "in_interval": pl.Boolean,  # rate and proportional
}


@dataclass(frozen=True, slots=True)
class Outline:
    """A standard as tables.

    nodes: one row a node, columns of _NODE_TYPES.
    bands: node, band (0 first), min (null: any measure), share.
    met: node, reached (number of children), share, for every number that can occur.
    events: code, kind (bonus | penalty | veto | cap), cap (points).
    """

    scale: float
    cap: float | None
    nodes: pl.DataFrame
    bands: pl.DataFrame
    met: pl.DataFrame
    events: pl.DataFrame

    @property
    def leaf_codes(self) -> list[str]:
        return self.nodes.filter("leaf")["code"].to_list()

    @property
    def rate_codes(self) -> list[str]:
        return self.nodes.filter("leaf", pl.col("measure") == "rate")["code"].to_list()

    @property
    def known_codes(self) -> list[str]:
        """What an observation may name: leaves, vetoes, bonuses and penalties."""
        return [*self.leaf_codes, *self.events["code"].to_list()]


@dataclass(frozen=True, slots=True)
class _Place:
    node: Node
    number: int
    depth: int
    parent: _Place | None


def outline_of(standard: Standard) -> Outline:
    """The tables of a standard that is free of faults."""
    places = list(_walk(standard.root))
    return Outline(
        scale=standard.scale,
        cap=standard.cap,
        nodes=pl.DataFrame([_node_row(place) for place in places], schema=_NODE_TYPES, orient="row"),
        bands=_bands(places),
        met=_met(places),
        events=_events(standard),
    )


def _walk(root: Node) -> Iterator[_Place]:
    number = 0
    waiting: list[tuple[Node, _Place | None]] = [(root, None)]
    while waiting:
        node, parent = waiting.pop()
        place = _Place(node, number, 0 if parent is None else parent.depth + 1, parent)
        number += 1
        waiting.extend((child, place) for child in reversed(node.children))
        yield place


def _node_row(place: _Place) -> tuple[object, ...]:
    node, parent = place.node, place.parent
    shape = node.map
    rate = node.is_leaf and node.measure == "rate"
    return (
        place.number,
        node.code,
        None if parent is None else parent.number,
        place.depth,
        points_of(node),
        node.aggregate,
        None if parent is None else parent.node.aggregate,
        None if parent is None else parent.node.threshold,
        node.is_leaf,
        node.measure,
        shape.kind,
        shape.start,
        shape.stop,
        shape.n,
        shape.each,
        node.falls_on_rows,
        rate and shape.kind == "proportional",
    )


def _bands(places: list[_Place]) -> pl.DataFrame:
    rows = [
        (place.number, i, band.min, band.share)
        for place in places
        if place.node.is_leaf and place.node.map.kind == "bands"
        for i, band in enumerate(place.node.map.bands)
    ]
    types: dict[str, Any] = {"node": pl.Int32, "band": pl.Int32, "min": pl.Float64, "share": pl.Float64}
    return pl.DataFrame(rows, schema=types, orient="row")


def _met(places: list[_Place]) -> pl.DataFrame:
    rows = [
        (place.number, reached, next((row.share for row in place.node.table if reached >= row.count), 0.0))
        for place in places
        if place.node.aggregate == "met"
        for reached in range(len(place.node.children) + 1)
    ]
    types: dict[str, Any] = {"node": pl.Int32, "reached": pl.UInt32, "met": pl.Float64}
    return pl.DataFrame(rows, schema=types, orient="row")


def _events(standard: Standard) -> pl.DataFrame:
    kinds = {"veto": "veto", "cap": "cap", "deduct": "penalty"}
    rows = [
        *((bonus.code, "bonus", bonus.cap) for bonus in standard.bonuses),
        *((penalty.code, "penalty", penalty.cap) for penalty in standard.penalties),
        *((veto.code, kinds[veto.effect], veto.cap) for veto in standard.vetoes),
    ]
    types: dict[str, Any] = {"code": pl.String, "kind": pl.String, "cap": pl.Float64}
    return pl.DataFrame(rows, schema=types, orient="row")
