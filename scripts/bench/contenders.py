"""Ways to score the same rows, each in a process of its own so that its memory can be told.

engine: `chuangwen.scoring.engine`, from files to finished scores. hand: the sums alone, in DuckDB's SQL. pandas: the
sums and totals as an analyst would write them. loop: a loop over the program's own observations through Django, of
which only a sample is read. Each prints one line of JSON: rows, seconds, megabytes, and the first city's total where
it computes one, so that nobody wins by doing less.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

from bench.longwork import peak_megabytes

Told = dict[str, Any]
LEAF_POINTS = 0.25  # of bench.nation's standard; hand-written sums know it by heart
BY_CODE = """
CREATE TEMP TABLE by_code AS SELECT subject, code, count(value) AS n,
  sum(CASE WHEN value IS NOT NULL THEN weight END) AS weight, sum(weight * value) AS total,
  sum(weight * (1 - value)) AS gap FROM read_parquet($rows) GROUP BY ALL
"""
BY_PLACE = """
CREATE TEMP TABLE by_place AS SELECT o.subject, o.place,
  sum(o.weight * (o.value - c.total / c.weight) / c.weight) AS z, count(*) AS counted
FROM read_parquet($rows) o JOIN by_code c USING (subject, code)
WHERE o.place IS NOT NULL AND o.value IS NOT NULL GROUP BY ALL
"""
BY_UNIT = """
CREATE TEMP TABLE by_unit AS SELECT o.subject, o.code, coalesce(o.unit, p.unit) AS unit,
  sum(o.weight * (1 - o.value)) AS gap
FROM read_parquet($rows) o JOIN by_code c USING (subject, code) LEFT JOIN read_parquet($places) p
  USING (subject, place) WHERE o.value < 1 GROUP BY ALL
"""
TOTAL = f"SELECT sum({LEAF_POINTS} * total / weight) FROM by_code WHERE subject = 'C000'"  # noqa: S608 (a number of ours)


def engine(observations: Path, places: Path) -> Told:
    from bench.nation import standard
    from chuangwen.scoring.engine import score

    began = time.perf_counter()
    scores = score(standard(), observations, places=places)
    return {"seconds": time.perf_counter() - began, "total": scores.subjects.row(0, named=True)["total"]}


def hand(observations: Path, places: Path) -> Told:
    import duckdb

    began = time.perf_counter()
    with duckdb.connect(config={"preserve_insertion_order": False}) as connection:
        connection.execute(BY_CODE, {"rows": str(observations)})
        connection.execute(BY_PLACE, {"rows": str(observations)})
        connection.execute(BY_UNIT, {"rows": str(observations), "places": str(places)})
        took = time.perf_counter() - began
        found = connection.execute(TOTAL).fetchone()
    return {"seconds": took, "total": found[0] if found else None}


def pandas(observations: Path, places: Path) -> Told:
    import pandas as pd

    began = time.perf_counter()
    rows = pd.read_parquet(observations)
    rows = rows[rows["value"].notna()]
    rows["earned"] = rows["weight"] * rows["value"]
    rows["gap"] = rows["weight"] * (1 - rows["value"])
    leaf = ["subject", "code"]
    sums = rows.groupby(leaf, sort=False)[["weight", "earned", "gap"]].sum()
    sums["share"] = sums["earned"] / sums["weight"]
    total = (LEAF_POINTS * sums["share"]).groupby("subject").sum()
    placed = rows[rows["place"].notna()].join(sums[["share", "weight"]], on=leaf, rsuffix="_of_leaf")
    placed["z"] = placed["weight"] * (placed["value"] - placed["share"]) / placed["weight_of_leaf"]
    placed.groupby(["subject", "place"], sort=False)["z"].sum()
    keepers = pd.read_parquet(places).rename(columns={"unit": "keeper"})
    failed = rows[rows["gap"] > 0].merge(keepers, on=["subject", "place"], how="left")
    failed["unit"] = failed["unit"].fillna(failed["keeper"])
    failed.groupby(["subject", "code", "unit"], sort=False, dropna=False)["gap"].sum()
    return {"seconds": time.perf_counter() - began, "total": float(total["C000"])}


def loop(most: int) -> Told:
    """One pass over the program's rows, object by object; the second pass that scoring needs is left out."""
    import django

    django.setup()
    from chuangwen.inspections.models import Observation

    sums: defaultdict[tuple[int, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    units: defaultdict[tuple[int, str, int | None], float] = defaultdict(float)
    began, read = time.perf_counter(), 0
    for one in islice(Observation.objects.order_by("pk").iterator(chunk_size=2000), most):
        read += 1
        if one.value is None:
            continue
        kept = sums[one.round_id, one.code]
        kept[0] += one.weight
        kept[1] += one.weight * one.value
        kept[2] += one.weight * (1 - one.value)
        units[one.round_id, one.code, one.unit_id] += one.weight * (1 - one.value)
    return {"seconds": time.perf_counter() - began, "rows": read, "total": None}


OVER_FILES: dict[str, Callable[[Path, Path], Told]] = {"engine": engine, "hand": hand, "pandas": pandas}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("way", choices=[*OVER_FILES, "loop"])
    parser.add_argument("rows", type=int)
    parser.add_argument("observations", type=Path, nargs="?")
    parser.add_argument("places", type=Path, nargs="?")
    args = parser.parse_args()
    told = loop(args.rows) if args.way == "loop" else OVER_FILES[args.way](args.observations, args.places)
    print(json.dumps({"rows": args.rows, **told, "megabytes": round(peak_megabytes())}))


if __name__ == "__main__":
    main()
