"""Random standards and tables: all aggregates, measures and maps, and the awkward values in between."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from chuangwen.scoring.engine import Scores, score
from chuangwen.standards.tree import Band, Map, Node, Standard
from tests.scoring.engine.builders import bonus, frame, inner, leaf, standard, veto
from tests.scoring.engine.oracle import Tables

Row = dict[str, Any]


@dataclass(frozen=True)
class _Style:
    """rising: leaves of rate with maps that do not fall. open: mostly leaves that count in the interval."""

    rising: bool
    open: bool


STRATA = ("road", "market", "school", "")


@dataclass(frozen=True)
class Case:
    standard: Standard
    tables: Tables
    missing: Any

    def scored(self) -> Scores:
        return scored(self.standard, self.tables, self.missing)


def scored(measured: Standard, tables: Tables, missing: Any) -> Scores:
    return score(
        measured,
        frame("observations", tables.observations),
        places=frame("places", tables.places),
        frames=frame("frames", tables.frames),
        leads=frame("leads", tables.leads),
        missing=missing,
    )


def random_case(seed: int, *, rising: bool = False, subjects: int | None = None) -> Case:
    """The case of a seed; `rising`: only leaves of rate with maps that do not fall; `subjects`: else one to three."""
    draw = random.Random(seed)  # noqa: S311
    measured = _standard(draw, _Style(rising, open=draw.random() < 0.5))
    names = [f"S{i:02d}" if subjects else f"S{i}" for i in range(subjects or draw.randint(1, 3))]
    places = [_place(draw, s, i) for s in names for i in range(draw.choice([0, 3, 8]))]
    observations = [row for s in names for row in _observations(draw, measured, s, places)]
    tables = Tables(
        observations=observations,
        places=[place for place in places if draw.random() < 0.9],
        leads=_leads(draw, measured, names),
    )
    tables.frames = _frames(draw, tables)
    return Case(measured, tables, draw.choice(["exclude", "zero"]))


def _standard(draw: random.Random, style: _Style) -> Standard:
    nodes = [_node(draw, str(i + 1), 1, style) for i in range(draw.randint(1, 4))]
    root = _aggregate(draw, len(nodes), style)
    caps: dict[str, Any] = {}
    if draw.random() < 0.3:
        caps["cap"] = draw.choice([40.0, 90.0, 101.0])
    if draw.random() < 0.6:
        caps["bonuses"] = (bonus("P1", 3.0), bonus("P2", 0.5))
        caps["penalties"] = (bonus("N1", 4.0),)
        caps["vetoes"] = (
            veto("V1"),
            veto("V2", "cap", 60.0),
            veto("V3", "deduct", 2.0),
            veto("V4", "cap", 30.0),
        )
    made = standard(*nodes, scale=draw.choice([100.0, 1000.0, 7.5]), **caps)
    top = inner("", *nodes, **root)
    fields = {name: getattr(top, name) for name in ("aggregate", "threshold", "table")}
    return Standard(**({name: getattr(made, name) for name in Standard.__slots__} | fields))


def _aggregate(draw: random.Random, children: int, style: _Style) -> dict[str, Any]:
    kind = draw.choices(["sum", "mean", "min", "met"], [5, 2, 0, 0] if style.open else [5, 2, 1, 1])[0]
    if kind != "met":
        return {"aggregate": kind}
    top = draw.choice([1.0, 0.8])
    table = tuple((count, top * count / children) for count in range(children, 0, -1))
    return {"aggregate": "met", "threshold": draw.choice([1.0, 0.8, 0.5]), "table": table}


def _node(draw: random.Random, code: str, depth: int, style: _Style) -> Node:
    points = draw.choice([0.0, 1.0, 2.0, 5.0, 7.25])
    if depth < 4 and draw.random() < 0.45:
        count = draw.randint(1, 4)
        children = [_node(draw, f"{code}.{i + 1}", depth + 1, style) for i in range(count)]
        declared = draw.choice([None, points])
        return inner(code, *children, points=declared, **_aggregate(draw, count, style))
    if style.open and draw.random() < 0.7:
        return leaf(code, points)
    measure = "rate" if style.rising else draw.choice(["rate", "rate", "rate", "mean", "sum", "count"])
    shape = _map(draw, measure, rising=style.rising)
    return leaf(code, points or (1.0 if shape.kind == "deduct" else points), measure, shape)


def _map(draw: random.Random, measure: str, *, rising: bool) -> Map:
    reach = 1.0 if measure == "rate" else draw.choice([3.0, 8.0])
    bands = tuple(Band(reach * low, share) for low, share in ((0.85, 1.0), (0.7, 0.66), (0.5, 0.33)))
    growing = [
        Map(),
        Map(),
        Map("linear", start=0.3 * reach, stop=0.95 * reach),
        Map("linear", start=-reach, stop=2 * reach),
        Map("required", n=draw.choice([1.0, 4.0, 9.0])),
        Map("bands", bands=(*bands, Band(None, 0.0))),
        Map("bands", bands=(Band(0.5 * reach, 0.9), Band(None, 0.1))),
    ]
    falling = [
        Map("linear", start=reach, stop=0.0),
        Map("deduct", each=draw.choice([0.1, 0.5])),
        Map("bands", bands=(Band(0.6 * reach, 0.2), Band(None, 1.0))),
    ]
    return draw.choice(growing if rising else growing + falling)


def _place(draw: random.Random, subject: str, number: int) -> Row:
    return {
        "subject": subject,
        "place": f"{subject}-p{number}",
        "stratum": draw.choice(STRATA) or None,
        "unit": draw.choice([None, "K1", "K2"]),
    }


def _observations(draw: random.Random, measured: Standard, subject: str, places: list[Row]) -> list[Row]:
    mine = [place["place"] for place in places if place["subject"] == subject]
    rows: list[Row] = []
    for node in measured.leaves():
        rows += [_row(draw, node, subject, mine) for _ in range(draw.choice([0, 1, 1, 3, 8, 12]))]
    vetoes, amounts = measured.vetoes, (*measured.bonuses, *measured.penalties)
    for code in (*(event.code for event in vetoes), *(event.code for event in amounts)):
        if draw.random() < 0.3:
            value = draw.choice([0.0, 1.0, 3.0, None])
            rows.append({"subject": subject, "code": code, "value": value, "weight": 1.0})
    draw.shuffle(rows)
    return rows or [{"subject": subject, "code": next(measured.leaves()).code, "value": None}]


def _row(draw: random.Random, node: Node, subject: str, places: list[str]) -> Row:
    if node.measure == "rate":
        value = draw.choice([0.0, 1.0, 1.0, 0.5, draw.random(), None])
    else:
        value = draw.choice([0.0, 1.0, 2.0, draw.uniform(0, 6), None])
    return {
        "subject": subject,
        "code": node.code,
        "place": draw.choice([*places, None]) if draw.random() < 0.8 else None,
        "value": value,
        "weight": draw.choice([None, 1.0, 1.0, 2.0, draw.uniform(0, 3), 0.0]),
        "unit": draw.choice([None, None, "U1", "U2"]),
    }


def _leads(draw: random.Random, measured: Standard, subjects: list[str]) -> list[Row]:
    return [
        {"subject": subject, "code": node.code, "unit": unit}
        for subject in subjects
        for node in measured.leaves()
        for unit in draw.sample(["L1", "L2", "U1"], draw.choice([0, 1, 1, 2]))
    ]


def _frames(draw: random.Random, tables: Tables) -> list[Row]:
    stratum = {(p["subject"], p["place"]): p["stratum"] or "" for p in tables.places}
    met = {(row["subject"], row["place"]) for row in tables.observations if row.get("place")}
    counts: dict[tuple[str, str], int] = {}
    for key in sorted(met):
        held = (key[0], stratum.get(key, ""))
        counts[held] = counts.get(held, 0) + 1
    return [
        {"subject": subject, "stratum": name or None, "size": count + draw.choice([0.0, 0.0, 1.0, 9.0])}
        for (subject, name), count in counts.items()
        if draw.random() < 0.7
    ]
