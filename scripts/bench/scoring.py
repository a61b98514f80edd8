"""The engine over many rows, beside the same sums written by hand in DuckDB's SQL."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import duckdb
import polars as pl

from chuangwen.scoring.engine import score
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.tree import Standard

PLACES, UNITS = 12_000, 1200
BY_CODE = """
CREATE OR REPLACE TEMP TABLE by_code AS SELECT subject, code, count(value) AS n, sum(weight) AS weight,
  sum(weight * value) AS total, sum(weight * (1 - value)) AS gap FROM read_parquet($rows) GROUP BY ALL
"""
BY_PLACE = """
CREATE OR REPLACE TEMP TABLE by_place AS SELECT o.subject, o.place,
  sum(o.weight * (o.value - c.total / c.weight) / c.weight) AS z, count(*) AS counted
FROM read_parquet($rows) o JOIN by_code c USING (subject, code) GROUP BY ALL
"""
BY_UNIT = """
CREATE OR REPLACE TEMP TABLE by_unit AS SELECT o.subject, o.code, coalesce(o.unit, p.unit) AS unit,
  sum(o.weight * (1 - o.value)) AS gap
FROM read_parquet($rows) o JOIN by_code c USING (subject, code) LEFT JOIN read_parquet($places) p
  USING (subject, place) WHERE o.value < 1 GROUP BY ALL
"""


@dataclass(frozen=True, slots=True)
class Duel:
    """Seconds of the engine (files to finished scores) and of the three sums by hand, the better of two runs each."""

    rows: int
    engine: float
    by_hand: float


def duel(rows: int) -> Duel:
    """Generate `rows` observations and time both. SystemExit where the two count differently."""
    data = files("chuangwen.standards").joinpath("data/city-2026.yaml").read_bytes()
    standard = read_standard(data, "city-2026.yaml")
    with tempfile.TemporaryDirectory(prefix="chuangwen-bench-") as name:
        folder = Path(name)
        observations, places = _generate(folder, standard, rows)
        engine, ours = min((_engine(standard, observations, places) for _turn in range(2)), key=lambda pair: pair[0])
        hand, theirs = min((_by_hand(observations, places) for _turn in range(2)), key=lambda pair: pair[0])
    if ours != theirs:
        raise SystemExit(f"The engine saw {ours} rows and the sums by hand {theirs}.")
    return Duel(rows, engine, hand)


def _generate(folder: Path, standard: Standard, rows: int) -> tuple[Path, Path]:
    """Observations and places as Parquet: made of each row's number by a hash, so always the same."""
    leaves = pl.DataFrame({"code": [leaf.code for leaf in standard.leaves() if leaf.method == "field"]})
    observations, places, codes = (folder / f"{name}.parquet" for name in ("observations", "places", "leaves"))
    leaves.with_row_index("number").write_parquet(codes)
    with duckdb.connect() as connection:
        connection.execute(
            f"""COPY (SELECT 'bench' AS subject, l.code, 'P' || (hash(i * 3) % {PLACES}) AS place,
            CASE WHEN i % 10 = 0 THEN NULL ELSE 'U' || (hash(i * 5) % {UNITS}) END AS unit,
            CASE WHEN hash(i * 7) % 8 = 0 THEN 0.0 ELSE 1.0 END AS value, 1.0 AS weight
            FROM range({rows}) r(i) JOIN '{codes}' l ON l.number = i % {leaves.height}) TO '{observations}'"""  # noqa: S608 (numbers and a path of ours)
        )
        connection.execute(
            f"""COPY (SELECT 'bench' AS subject, 'P' || i AS place, 'S' || (i % 27) AS stratum,
            'U' || (i % {UNITS}) AS unit FROM range({PLACES}) r(i)) TO '{places}'"""  # noqa: S608
        )
    return observations, places


def _engine(standard: Standard, observations: Path, places: Path) -> tuple[float, int]:
    began = time.perf_counter()
    scores = score(standard, observations, places=places)
    took = time.perf_counter() - began
    leaves = [leaf.code for leaf in standard.leaves()]
    return took, int(scores.nodes.filter(pl.col("code").is_in(leaves))["n"].sum())


def _by_hand(observations: Path, places: Path) -> tuple[float, int]:
    began = time.perf_counter()
    with duckdb.connect() as connection:
        connection.execute(BY_CODE, {"rows": str(observations)})
        connection.execute(BY_PLACE, {"rows": str(observations)})
        connection.execute(BY_UNIT, {"rows": str(observations), "places": str(places)})
        took = time.perf_counter() - began
        seen = connection.execute("SELECT sum(n) FROM by_code").fetchone()
    return took, int(seen[0]) if seen else 0
