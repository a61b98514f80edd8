"""Bonuses, penalties, vetoes, caps and ranks."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from chuangwen.scoring.engine import score, show, shown
from chuangwen.standards.tree import Standard
from tests.scoring.engine.builders import Row, bonus, leaf, observed, seen, standard, veto


def _measured(**more: Any) -> Standard:
    return standard(
        leaf("A"),
        bonuses=(bonus("P1", 3.0), bonus("P2", 1.0)),
        penalties=(bonus("N1", 10.0),),
        vetoes=(veto("V1"), veto("V2", "cap", 60.0), veto("V3", "deduct", 4.0), veto("V4", "cap", 40.0)),
        **more,
    )


def _row(share: float, *parts: list[Row], **more: Any) -> dict[str, Any]:
    return score(_measured(**more), observed(seen("A", share), *parts)).subjects.row(0, named=True)


def test_bonus_adds_the_weighted_sum_up_to_its_cap() -> None:
    row = _row(0.5, seen("P1", 0.5, 0.25, weight=2.0), seen("P2", 7.0))
    assert (row["bonus"], row["penalty"], row["total"]) == (2.5, 0.0, 52.5)


def test_total_is_that_of_the_root_alone() -> None:
    subjects = score(standard(leaf("A", 90.0), leaf("B", 10.0)), observed(seen("A", 1.0), seen("B", 0.0))).subjects
    assert subjects.select("subject", "total").rows() == [("S", 90.0)]


def test_subject_without_any_event_has_neither_bonus_nor_penalty() -> None:
    row = _row(0.5)
    assert (row["bonus"], row["penalty"], row["total"], row["vetoed"]) == (0.0, 0.0, 50.0, False)


def test_penalty_and_deducting_veto_take_up_to_their_caps() -> None:
    row = _row(0.5, seen("N1", 3.0, None), seen("V3", 9.0))
    assert (row["bonus"], row["penalty"], row["total"], row["vetoed"]) == (0.0, 7.0, 43.0, False)


def test_total_is_not_below_zero() -> None:
    assert _row(0.05, seen("N1", 10.0))["total"] == 0.0


def test_bonus_may_lift_the_total_above_the_scale_and_the_interval_with_it() -> None:
    row = score(_measured(), observed(seen("A", 1.0, place="p"), seen("P1", 3.0))).subjects.row(0, named=True)
    assert (row["total"], row["high"]) == (103.0, 103.0)


def test_cap_of_the_standard_holds_after_the_bonus() -> None:
    assert _row(1.0, seen("P1", 3.0), cap=101.0)["total"] == 101.0


@pytest.mark.parametrize(("values", "total"), [((1.0,), 60.0), ((0.5, None), 60.0), ((0.0, None), 80.0)])
def test_cap_of_a_veto_holds_where_it_occurred(values: Any, total: float) -> None:
    assert _row(0.8, seen("V2", *values))["total"] == total


def test_smallest_cap_holds() -> None:
    assert _row(0.8, seen("V2", 1.0), seen("V4", 1.0), cap=50.0)["total"] == 40.0


@pytest.mark.parametrize(("value", "vetoed"), [(1.0, True), (0.1, True), (0.0, False), (None, False)])
def test_veto_occurs_with_any_value_above_zero(value: float | None, vetoed: bool) -> None:
    row = _row(0.8, seen("V1", value))
    assert (row["vetoed"], row["total"], row["rank"]) == (vetoed, 80.0, None if vetoed else 1)


def test_subject_without_assessed_leaf_keeps_its_bonus_and_has_no_total() -> None:
    row = score(_measured(), observed(seen("P1", 2.0))).subjects.row(0, named=True)
    assert (row["total"], row["bonus"], row["rank"]) == (None, 2.0, None)


def _ranks(shares: dict[str, float], **more: Any) -> dict[str, int | None]:
    rows = [row for subject, share in shares.items() for row in seen("A", share, subject=subject, **more)]
    return dict(score(_measured(), observed(rows)).subjects.select("subject", "rank").iter_rows())


def test_equal_totals_share_a_rank_and_the_next_is_skipped() -> None:
    assert _ranks({"a": 0.5, "b": 0.9, "c": 0.7, "d": 0.7}) == {"a": 4, "b": 1, "c": 2, "d": 2}


def test_rank_goes_by_the_total_as_shown() -> None:
    ranks = _ranks({"a": 0.70004, "b": 0.699951, "c": 0.699949})
    assert ranks == {"a": 1, "b": 1, "c": 3}


def test_vetoed_subject_takes_no_rank_from_others() -> None:
    rows = (seen("A", 0.9, subject="a"), seen("V1", 1.0, subject="a"), seen("A", 0.5, subject="b"))
    subjects = score(_measured(), observed(*rows)).subjects
    assert subjects.select("subject", "total", "rank").rows() == [("a", 90.0, None), ("b", 50.0, 1)]


def test_groups_are_ranked_apart_and_rows_without_group_belong_to_their_subject() -> None:
    rows = (
        seen("A", 0.9, subject="a", group="city"),
        seen("P1", 0.0, subject="a"),
        seen("A", 0.8, subject="b", group="county"),
        seen("A", 0.7, subject="c", group="city"),
        seen("A", 0.6, subject="d"),
        seen("A", 0.5, subject="e"),
    )
    subjects = score(_measured(), observed(*rows)).subjects
    assert subjects["rank"].to_list() == [1, 1, 2, 1, 2]


HALVES = [
    (1.005, "1.01"),
    (2.675, "2.68"),
    (0.145, "0.15"),
    (96.6549999999999, "96.66"),
    (96.6549999, "96.65"),
    (96.654999999, "96.65"),
    (100.0, "100.00"),
    (0.0, "0.00"),
]


@pytest.mark.parametrize(("number", "text"), HALVES)
def test_number_is_shown_rounded_to_nine_decimals_and_then_half_up(number: float, text: str) -> None:
    assert show(number) == text
    assert pl.select(shown(pl.lit(number))).item() == float(text)
