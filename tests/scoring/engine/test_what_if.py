"""What the total would be: a supposition is scored as a run over the corrected rows would be."""

from __future__ import annotations

import random

import polars as pl
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chuangwen.scoring.engine import score
from chuangwen.scoring.engine.what_if import AT_ONCE, Missed, code_sums, totals_if
from chuangwen.standards.tree import Band, Map, Standard
from tests.scoring.engine.builders import frame, inner, leaf, seen, standard
from tests.scoring.engine.random_cases import random_case

BANDS = Map(kind="bands", bands=(Band(0.9, 1.0), Band(0.5, 0.5), Band(None, 0.0)))


def totals(measured: Standard, rows: pl.DataFrame, *cases: dict[str, Missed]) -> list[float | None]:
    return totals_if(measured, code_sums(rows), cases)


def test_supposing_nothing_gives_the_runs_own_total():
    measured, rows = standard(leaf("1")), frame("observations", seen("1", 1.0, 0.0, 0.0, 1.0))
    assert totals(measured, rows, {}) == [50.0]


def test_a_row_that_is_met_wins_its_part_of_the_leaf():
    measured = standard(leaf("1", 3.0), leaf("2", 1.0))
    rows = frame("observations", [*seen("1", 0.0, 0.5), *seen("2", 1.0)])
    # 25 + 75 x 0.25; both halves of leaf 1 are worth 37.5
    assert totals(measured, rows, {}, {"1": Missed(1.0, 1)}, {"1": Missed(0.5, 0)}, {"1": Missed(1.5, 1)}) == [
        43.75, 81.25, 62.5, 100.0,
    ]  # fmt: skip


def test_bands_and_tables_win_together_or_not_at_all():
    parts = leaf("1.1", 1.0, shape=BANDS), leaf("1.2")
    measured = standard(inner("1", *parts, aggregate="met", table=((2, 1.0), (1, 0.4))))
    rows = frame("observations", [*seen("1.1", 0.0, 0.0, 0.0, 1.0), *seen("1.2", 1.0)])
    some = [{"1.1": Missed(float(n), n)} for n in range(4)]
    assert totals(measured, rows, *some) == [40.0, 40.0, 40.0, 100.0]


def test_what_is_supposed_in_every_case_counts_beside_what_a_case_says():
    measured, rows = standard(leaf("1"), leaf("2")), frame("observations", [*seen("1", 0.0, 0.0), *seen("2", 0.0)])
    base = {"1": Missed(1.0, 1), "9": Missed(1.0, 1)}
    cases = [{}, {"1": Missed(1.0, 1)}, {"2": Missed(1.0, 1)}]
    assert totals_if(measured, code_sums(rows), cases, base=base) == [25.0, 50.0, 75.0]
    assert totals_if(measured, code_sums(rows), [{}]) == [0.0]


def test_only_leaves_of_rate_change():
    measured = standard(leaf("1", 1.0, "count", Map(kind="required", n=4)), leaf("2", 1.0, "mean"))
    rows = frame("observations", [*seen("1", 1.0, 0.0), *seen("2", 0.5)])
    assert totals(measured, rows, {"1": Missed(1.0, 1), "2": Missed(0.5, 0), "9": Missed(1.0, 1)}) == [37.5]


def test_a_cap_still_caps_and_without_an_assessed_leaf_there_is_no_total():
    capped = standard(leaf("1"), cap=60.0)
    rows = frame("observations", seen("1", 1.0, 0.0))
    assert totals(capped, rows, {}, {"1": Missed(1.0, 1)}) == [50.0, 60.0]
    assert totals(capped, frame("observations", seen("1", None)), {}) == [None]


def test_many_suppositions_keep_their_order():
    measured, rows = standard(leaf("1")), frame("observations", seen("1", *[0.0] * 1000))
    met = range(AT_ONCE + 100)
    found = totals(measured, rows, *({"1": Missed(float(n), n)} for n in met))
    assert [round(total or 0.0, 9) for total in found] == [round(n / 10, 9) for n in met]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_a_supposition_is_the_run_over_the_corrected_rows(seed):
    """Random standards of every aggregate and map; some failing rows of rate leaves are met."""
    dice, case = random.Random(seed), random_case(seed)  # noqa: S311
    first = next((row["subject"] for row in case.tables.observations), "")
    rows = [dict(row) for row in case.tables.observations if row["subject"] == first]
    assume(rows)
    rates = {node.code for node in case.standard.leaves() if node.measure == "rate"}
    before = frame("observations", rows)
    supposed: dict[str, Missed] = {}
    for row in rows:
        value = row.get("value")
        if row["code"] in rates and value is not None and value < 1 and dice.random() < 0.5:
            weight = 1.0 if row.get("weight") is None else row["weight"]
            held = supposed.get(row["code"], Missed(0.0, 0))
            supposed[row["code"]] = Missed(held.weight + weight * (1 - value), held.rows + (value <= 0))
            row["value"] = 1.0
    found = totals_if(case.standard, code_sums(before), [supposed], missing=case.missing)[0]
    wanted = score(case.standard, frame("observations", rows), missing=case.missing).subjects["total"][0]
    assert (found is None) == (wanted is None)
    assert found is None or abs(found - wanted) < 1e-9
