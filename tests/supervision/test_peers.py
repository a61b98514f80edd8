"""Scores, flags and lists: the arithmetic, and what holds for every set of units."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.supervision.peers import (
    Part,
    Rate,
    Share,
    Standing,
    black_flags,
    flag_brings,
    goes_back,
    list_brings,
    placed,
    red_flags,
    running,
    score,
)

WEIGHTS = {Part.TASKS: 35, Part.RECTIFICATION: 30, Part.MATERIAL: 25, Part.REPORTING: 10}


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ({Part.TASKS: Share(3, 4), Part.RECTIFICATION: Share(1, 2)}, (35 * 0.75 + 30 * 0.5) / 65 * 100),
        ({part: Share(1, 1) for part in WEIGHTS}, 100),
        ({Part.TASKS: Share(0, 0), Part.REPORTING: Share(0, 5)}, 0),
        ({Part.TASKS: Share(0, 0)}, None),  # nothing was asked of it
        ({Part.FIELD: Share(1, 1)}, None),  # weighs nothing here
        ({}, None),
    ],
)
def test_score_is_the_weighted_mean_of_what_can_be_measured(shares, expected):
    assert score(shares, WEIGHTS) == (None if expected is None else pytest.approx(expected))


def standings(*rows):
    return [Standing(unit, group, value, due) for unit, group, value, due in rows]


def test_black_flag_goes_to_the_lowest_below_the_mark_with_enough_due():
    rows = standings((1, "市直", 62, 9), (2, "市直", 71, 10), (3, "市直", 88, 30), (4, "镇街", 81, 30),
                     (5, "镇街", 90, 30), (6, "镇街", 91, 30), (7, "企业", 10, 30))  # fmt: skip
    assert black_flags(rows, below=80, due=10, peers=3) == [2]
    assert black_flags(rows, below=80, due=9, peers=3) == [1]
    assert black_flags(rows, below=80, due=10, peers=1) == [2, 7]
    tied = standings((1, "市直", 70.001, 10), (2, "市直", 70, 10), (3, "市直", 90, 10))
    assert black_flags(tied, below=80, due=10, peers=3) == [1, 2]


def test_units_without_group_or_score_get_no_flag():
    rows = standings((1, "", 10, 30), (2, "市直", None, 30), (3, "市直", 20, 30), (4, "市直", 30, 30))
    assert black_flags(rows, below=80, due=10, peers=3) == []
    assert black_flags(rows, below=80, due=10, peers=2) == [3]


def test_red_flag_goes_to_the_first_with_the_mark():
    rows = standings((1, "市直", 95, 0), (2, "市直", 95, 0), (3, "市直", 60, 0), (4, "镇街", 89, 0), (5, "镇街", 70, 0),
                     (6, "镇街", 60, 0))  # fmt: skip
    assert red_flags(rows, start=90, due=0, peers=3) == [1, 2]
    assert red_flags(rows, start=90, due=1, peers=3) == []


@pytest.mark.parametrize(
    ("value", "overdue", "expected"), [(85, 0, True), (84.9, 0, False), (90, 1, False), (None, 0, False)]
)
def test_black_flag_goes_back_at_the_mark_with_nothing_late(value, overdue, expected):
    assert goes_back(Standing(1, "市直", value, 10, overdue), start=85) is expected


def test_list_has_ties_on_both_sides_and_leaves_out_who_had_nothing():
    rates = [
        Rate(1, 10, 10),
        Rate(2, 9, 10),
        Rate(3, 18, 20),
        Rate(4, 5, 10),
        Rate(5, 2, 10),
        Rate(6, 1, 5),
        Rate(7, 0, 0),
    ]
    found = [(one.rate.unit, one.rank, one.side) for one in placed(rates, top=2, bottom=1, due=1)]
    assert found == [(1, 1, "red"), (3, 2, "red"), (2, 2, "red"), (4, 4, ""), (5, 5, "black"), (6, 5, "black")]
    few = [(one.rate.unit, one.side) for one in placed(rates, top=1, bottom=1, due=20)]
    assert few == [(3, "red")]  # nobody stands on both sides


def test_nobody_who_closed_all_in_time_is_on_the_black_list():
    rates = [Rate(number, 5, 5) for number in range(4)]
    assert {one.side for one in placed(rates, top=0, bottom=3, due=1)} == {""}


def test_nobody_who_closed_nothing_in_time_is_praised():
    found = placed([Rate(1, 2, 2), Rate(2, 1, 4), Rate(3, 0, 1)], top=5, bottom=3, due=1)
    assert [(one.rate.unit, one.side) for one in found] == [(1, "red"), (2, "red"), (3, "black")]


def test_times_running_are_counted_back_without_a_gap():
    assert [running(held, 7) for held in ([7], [6, 7], [5, 7], [4, 5, 6, 7], [])] == [1, 2, 1, 4, 0]


def test_what_flags_and_lists_bring():
    flags = [flag_brings(*times, talk=2, refer=3) for times in ((1, 1), (2, 2), (1, 2), (1, 3), (3, 3))]
    assert flags == ["", "talk", "", "referral", "referral"]
    assert [list_brings(times, organisation=2, account=3) for times in (1, 2, 3, 4)] == [
        "charge", "organisation", "account", "account",
    ]  # fmt: skip


rate_lists = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=9).map(
    lambda pairs: [Rate(unit, min(pair), max(pair)) for unit, pair in enumerate(pairs)]
)


@given(rate_lists, st.integers(0, 4), st.integers(0, 4))
@settings(max_examples=60)
def test_lists_hold_for_any_rates(rates, top, bottom):
    found = placed(rates, top=top, bottom=bottom, due=1)
    assert {one.rate.unit for one in found} == {one.unit for one in rates if one.denominator}
    red = [one.rate.share for one in found if one.side == "red"]
    black = [one.rate.share for one in found if one.side == "black"]
    assert not red or not black or min(red) > max(black)
    assert all(share < 1 for share in black)
    assert all(share > 0 for share in red)
    by_share = {}
    for one in found:
        by_share.setdefault(one.rate.share, set()).add((one.rank, one.side))
    assert all(len(places) == 1 for places in by_share.values())  # the same rate, the same place
    assert len(red) >= min(top, sum(one.rate.numerator > 0 for one in found))
