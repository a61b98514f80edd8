"""Observations of many cities as Parquet, and the standard they are scored by: generated, always the same."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from chuangwen.standards.tree import Node, Standard, Text

CITIES, PLACES, DISTRICTS, OWNERS, STRATA = 300, 60, 6, 40, 12
SECTIONS, LEAVES = 20, 20  # 400 leaves
ROWS_A_CITY = 30_000  # at least: a short file has fewer cities


@dataclass(frozen=True, slots=True)
class Nation:
    """The files of a run and how many rows the observations have."""

    observations: Path
    places: Path
    rows: int


def made(folder: Path, rows: int) -> Nation:
    """Rows in the order in which cities send them: a city after another, a place's leaves together.

    One row in 41 has no value, one in 8 of the others failed; one in 50 was seen ad hoc, without a place. Two leaves of
    three have an owner that stands in the row, at the third the keeper of the place carries what is lost.
    """
    cities = min(CITIES, max(3, rows // ROWS_A_CITY))
    nation = Nation(folder / f"observations-{rows}.parquet", folder / f"places-{rows}.parquet", rows)
    city = f"(i * {cities}) // {rows}"
    with duckdb.connect() as connection:
        connection.execute(
            f"""COPY (SELECT printf('C%03d', c) AS subject,
            printf('%d.%d', 1 + l // {LEAVES}, 1 + l % {LEAVES}) AS code,
            CASE WHEN h % 50 > 0 THEN printf('C%03d-P%02d', c, p) END AS place,
            CASE WHEN h % 41 = 0 THEN NULL WHEN h % 8 = 0 THEN 0::DOUBLE ELSE 1::DOUBLE END AS value,
            1::DOUBLE AS weight,
            CASE WHEN l % 3 > 0 THEN printf('C%03d-U%02d', c, l % {OWNERS}) END AS unit
            FROM (SELECT {city} AS c, i % {SECTIONS * LEAVES} AS l, (i // {SECTIONS * LEAVES}) % {PLACES} AS p,
            hash(i) AS h FROM range({rows}) r(i))) TO '{nation.observations}' (FORMAT parquet, COMPRESSION zstd)"""  # noqa: S608 (numbers and a path of ours)
        )
        connection.execute(
            f"""COPY (SELECT printf('C%03d', c) AS subject, printf('C%03d-P%02d', c, p) AS place,
            'S' || (p % {STRATA}) AS stratum, printf('C%03d-D%d', c, p % {DISTRICTS}) AS unit
            FROM range({cities}) a(c), range({PLACES}) b(p)) TO '{nation.places}'"""  # noqa: S608
        )
    return nation


def standard() -> Standard:
    """Twenty sections of twenty leaves, all by rate and in proportion, a hundred points."""
    each = 100 / (SECTIONS * LEAVES)
    sections = (
        Node(f"{top}", Text(f"{top}"), children=tuple(_leaf(f"{top}.{one + 1}", each) for one in range(LEAVES)))
        for top in range(1, SECTIONS + 1)
    )
    return Standard(
        urn="urn:chuangwen:standard:bench", version="1", title=Text("bench"), subject="city", scale=100.0,
        nodes=tuple(sections),
    )  # fmt: skip


def _leaf(code: str, points: float) -> Node:
    return Node(code, Text(code), points=points, method="field")
