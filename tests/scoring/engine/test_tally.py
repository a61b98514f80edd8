"""Rows that arrive while a run goes on: always what a full run over all rows gives."""

from __future__ import annotations

import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.scoring.engine import BadInput, LiveScores, Scores
from tests.scoring.engine.agreement import assert_tables_agree
from tests.scoring.engine.builders import frame, leaf, seen, standard
from tests.scoring.engine.random_cases import Case, random_case, scored

TABLES = ("subjects", "nodes", "losses")


def live(case: Case, rows: pl.DataFrame) -> LiveScores:
    tables = {name: frame(name, getattr(case.tables, name)) for name in ("places", "frames", "leads")}
    return LiveScores(case.standard, rows, missing=case.missing, **tables)


def assert_same(got: Scores, wanted: Scores) -> None:
    for name in TABLES:
        assert_tables_agree(getattr(got, name), getattr(wanted, name))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), parts=st.integers(1, 4))
def test_rows_in_any_order_and_portion_end_as_one_full_run(seed: int, parts: int) -> None:
    case = random_case(seed)
    rows = frame("observations", case.tables.observations)
    order = list(range(rows.height))
    random.Random(seed).shuffle(order)  # noqa: S311
    rows = rows[order]
    size = max(1, -(-rows.height // parts))
    portions = [rows.slice(start, size) for start in range(0, max(1, rows.height), size)]
    found = live(case, portions[0])
    for portion in portions[1:]:
        touched = found.add(portion)
        assert set(touched.subjects["subject"]) == set(portion["subject"])
        mine = pl.col("subject").is_in(portion["subject"].unique().implode())
        assert touched.nodes.equals(found.scores.nodes.filter(mine))
    assert_same(found.scores, scored(case.standard, case.tables, case.missing))


def test_corrected_rows_replace_those_of_their_subject_and_ranks_follow() -> None:
    measured = standard(leaf("1"), leaf("2"))
    rows = [*seen("1", 1.0, subject="A"), *seen("1", 0.5, subject="B"), *seen("2", 0.5, subject="B")]
    found = LiveScores(measured, frame("observations", rows))
    assert found.scores.subjects.select("subject", "total", "rank").rows() == [("A", 100.0, 1), ("B", 50.0, 2)]
    changed = found.add(frame("observations", seen("2", 0.0, subject="A")))
    assert changed.subjects.select("subject", "total", "rank").rows() == [("A", 50.0, 1)]
    changed = found.replace(frame("observations", seen("1", 0.9, subject="B")))
    assert changed.subjects.select("subject", "total", "rank").rows() == [("B", 90.0, 1)]
    assert found.scores.subjects.select("subject", "total", "rank").rows() == [("A", 50.0, 2), ("B", 90.0, 1)]


def test_rows_that_cannot_be_scored_leave_everything_as_it_was() -> None:
    measured = standard(leaf("1"))
    found = LiveScores(measured, frame("observations", seen("1", 1.0, group="g")))
    before = found.scores
    for broken, words in (
        (seen("1", 2.0), "observations, row 1, value '2.0': must lie between 0 and 1"),
        (seen("9", 1.0), "observations, row 1, code '9': is no leaf"),
        (seen("1", 1.0, group="h"), "observations, column group: subject S is in group 'g' in other rows"),
    ):
        with pytest.raises(BadInput) as told:
            found.add(frame("observations", broken))
        assert str(told.value).startswith(words)
    assert_same(found.scores, before)
