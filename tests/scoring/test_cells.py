"""Every lost point has a unit, a criterion and a place or a line of its own, and they add up to the run's loss."""

from __future__ import annotations

import random
from collections import defaultdict

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.scoring.cells import AD_HOC, DRAWN, NOWHERE, parts_of, seen_in
from tests.scoring.engine.builders import frame
from tests.scoring.engine.random_cases import Case, random_case


def split(case: Case, subject: str) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """A subject's parts beside the engine's losses and nodes of it, with places that were made up for its rows."""
    scores = case.scored()
    draw = random.Random(subject)  # noqa: S311
    rows = [row for row in case.tables.observations if row["subject"] == subject]
    told = [
        {
            "seen_at": row.get("place") or draw.choice(["spot", None]), "place_type": draw.choice(["road", "market"]),
            "district": draw.choice(["east", "west"]), "problem": draw.choice(["2026-0001", None, None]),
        }
        for row in rows
    ]  # fmt: skip
    kinds = dict.fromkeys(("seen_at", "place_type", "district", "problem"), pl.String)
    observations = pl.concat([frame("observations", rows), pl.DataFrame(told, schema=kinds)], how="horizontal")
    nodes = scores.nodes.filter(subject=subject)
    tables = [frame(name, getattr(case.tables, name)).filter(subject=subject) for name in ("places", "leads")]
    parts = parts_of(case.standard, nodes, observations, *tables)
    return parts.cells, scores.losses.filter(subject=subject), nodes


@settings(max_examples=50)
@given(st.integers(0, 10**6))
def test_cells_of_a_random_standard_say_what_the_engine_says(seed: int) -> None:
    case = random_case(seed)
    subject = case.tables.observations[0]["subject"]
    cells, losses, nodes = split(case, subject)
    ours: defaultdict[tuple[str, str], float] = defaultdict(float)
    for row in cells.iter_rows(named=True):
        ours[row["unit"], row["code"]] += row["points"]
    theirs = {(row["unit"], row["code"]): row["points"] for row in losses.iter_rows(named=True)}
    for key in ours.keys() | theirs.keys():
        assert ours[key] == pytest.approx(theirs.get(key, 0.0), abs=1e-9)
    lost = nodes.filter(code="")["lost"][0]
    assert cells["points"].sum() == pytest.approx(lost or 0.0, abs=1e-9)
    for way in ("place_type", "district", "standing", "code", "unit"):
        assert cells.group_by(way).agg(pl.col("points").sum())["points"].sum() == pytest.approx(lost or 0.0, abs=1e-9)


def test_what_falls_on_no_row_has_no_place_and_no_problem() -> None:
    for seed in range(20):
        case = random_case(seed)
        cells, _losses, _nodes = split(case, case.tables.observations[0]["subject"])
        by_rows = {leaf.code for leaf in case.standard.leaves() if leaf.falls_on_rows}
        for row in cells.iter_rows(named=True):
            assert row["standing"] == (
                (DRAWN if row["seen_at"] != "spot" else AD_HOC) if row["seen_at"] else NOWHERE
            )  # fmt: skip
            if row["code"] not in by_rows:
                assert (row["standing"], row["seen_at"], row["problem"]) == (NOWHERE, "", "")


def test_what_was_seen_counts_places_once_and_only_what_has_a_value() -> None:
    rows = [
        ("1.1", "M-1", 0.0, 2.0), ("1.1", "M-1", 0.5, None), ("1.1", "M-2", 1.0, 1.0), ("1.1", "M-3", None, 1.0),
        ("1.1", None, 0.0, 1.0), ("1.2", None, 3.0, 2.0), ("2.1", "M-1", None, 1.0),
    ]  # fmt: skip
    kinds = {"code": pl.String, "seen_at": pl.String, "value": pl.Float64, "weight": pl.Float64}
    assert seen_in(pl.DataFrame(rows, schema=kinds, orient="row")) == {"1.1": (2, 3.5), "1.2": (0, 0.0)}
