"""Just enough of a reader for the standards of the worked examples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from chuangwen.standards.tree import Adjustment, Band, Map, Node, Standard, TableRow, Text, Veto


def load(path: Path) -> Standard:
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    grades: dict[str, float] = data.get("grades", {})
    return Standard(
        urn=data["urn"],
        version=data["version"],
        title=Text("example"),
        subject=data["subject"],
        scale=float(data["scale"]),
        nodes=tuple(_node(node, grades) for node in data["nodes"]),
        vetoes=tuple(Veto(v["code"], Text("v"), v["effect"], v.get("cap")) for v in data.get("vetoes", ())),
        bonuses=tuple(Adjustment(b["code"], Text("b"), b["cap"]) for b in data.get("bonuses", ())),
        penalties=tuple(Adjustment(p["code"], Text("p"), p["cap"]) for p in data.get("penalties", ())),
    )


def _node(data: dict[str, Any], grades: dict[str, float]) -> Node:
    return Node(
        code=data["code"],
        title=Text("n"),
        points=data.get("points"),
        aggregate=data.get("aggregate", "sum"),
        threshold=data.get("threshold", 1.0),
        table=tuple(TableRow(count, grades.get(share, share)) for count, share in data.get("table") or ()),
        children=tuple(_node(child, grades) for child in data.get("children", ())),
        measure=data.get("measure", "rate"),
        map=_map(data.get("map", {"kind": "proportional"}), grades),
    )


def _map(data: dict[str, Any], grades: dict[str, float]) -> Map:
    bands = (Band(band.get("min"), grades.get(band["share"], band["share"])) for band in data.get("bands", ()))
    return Map(
        kind=data["kind"],
        start=data.get("from", 0.0),
        stop=data.get("to", 1.0),
        bands=tuple(bands),
        n=data.get("n", 0.0),
        each=data.get("each", 0.0),
    )
