"""What must hold for every standard and every table."""

from __future__ import annotations

import random
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scoring.engine.agreement import NEAR, assert_tables_agree
from tests.scoring.engine.random_cases import Row, random_case, scored

seeds = st.integers(0, 2**32)
modest = settings(max_examples=15, deadline=None)


@modest
@given(seed=seeds)
def test_losses_and_the_share_of_the_root_make_the_scale(seed: int) -> None:
    case = random_case(seed)
    scores = case.scored()
    scale = case.standard.scale
    lost = dict(scores.losses.group_by("subject").agg(pl.col("points").sum()).iter_rows())
    for root in scores.nodes.filter(scores.nodes["code"] == "").to_dicts():
        if root["assessed"]:
            assert lost.get(root["subject"], 0.0) + scale * root["share"] == pytest.approx(scale, abs=NEAR * scale)
        else:
            assert root["subject"] not in lost


@modest
@given(seed=seeds)
def test_order_of_rows_does_not_matter(seed: int) -> None:
    case = random_case(seed)
    shuffled = case.tables.observations.copy()
    random.Random(seed).shuffle(shuffled)  # noqa: S311
    before, after = case.scored(), scored(case.standard, replace(case.tables, observations=shuffled), case.missing)
    assert_tables_agree(after.subjects, before.subjects)
    assert_tables_agree(after.nodes, before.nodes)
    assert_tables_agree(after.losses, before.losses)


@modest
@given(seed=seeds)
def test_splitting_the_weight_of_rows_changes_nothing_but_counts(seed: int) -> None:
    case = random_case(seed, rising=True)
    halves = [half for row in case.tables.observations for half in _halves(row)]
    before, after = case.scored(), scored(case.standard, replace(case.tables, observations=halves), case.missing)
    assert_tables_agree(after.subjects, before.subjects)
    assert_tables_agree(after.nodes.drop("n"), before.nodes.drop("n"))
    assert after.nodes["n"].to_list() == [2 * n for n in before.nodes["n"]]
    assert_tables_agree(after.losses, before.losses)


def _halves(row: Row) -> tuple[Row, Row]:
    weight = 1.0 if row.get("weight") is None else row["weight"]
    return {**row, "weight": 0.25 * weight}, {**row, "weight": 0.75 * weight}


@modest
@given(seed=seeds)
def test_raising_values_under_maps_that_do_not_fall_lowers_no_total(seed: int) -> None:
    case = random_case(seed, rising=True)
    leaves = {leaf.code for leaf in case.standard.leaves()}
    draw = random.Random(seed)  # noqa: S311
    raised = [_raised(row, draw) if row["code"] in leaves else row for row in case.tables.observations]
    before, after = case.scored(), scored(case.standard, replace(case.tables, observations=raised), case.missing)
    for low, high in zip(before.subjects["total"], after.subjects["total"], strict=True):
        assert (low is None) == (high is None)
        assert low is None or high >= low - NEAR


def _raised(row: Row, draw: random.Random) -> Row:
    if row["value"] is None or draw.random() < 0.7:
        return row
    return {**row, "value": draw.uniform(row["value"], 1.0)}
