"""Means of several judges, places, winners, years without a break."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.honors.tally import mean, ranked, unbroken_since, weighed, winners, years_unbroken

D = Decimal


@pytest.mark.parametrize(
    ("scores", "trimmed", "expected"),
    [
        ([], True, None),
        ([90], True, D(90)),
        ([90, 80], True, D(85)),
        ([90, 80, 10], True, D(80)),
        ([90, 80, 10], False, D(60)),
        ([90, 90, 88, 85, 60], True, D("87.67")),
        ([D("80.005")], False, D("80.01")),
    ],
)
def test_mean_leaves_the_highest_and_the_lowest_out_from_three_on(scores, trimmed, expected):
    assert mean([D(one) for one in scores], trimmed=trimmed) == expected


@settings(max_examples=40)
@given(st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=9), st.booleans())
def test_mean_lies_among_the_scores(scores, trimmed):
    assert min(scores) <= mean(scores, trimmed=trimmed) <= max(scores)


def test_aspects_count_by_their_weights():
    assert weighed({"a": D(100), "b": D(50)}, {"a": D(3), "b": D(1)}) == D("87.50")


def test_equals_share_a_place():
    assert ranked({1: D(90), 2: D(95), 3: D(90), 4: D(80), 5: None}) == {2: 1, 1: 2, 3: 2, 4: 4}


@pytest.mark.parametrize(
    ("places", "least", "expected"),
    [(1, 85, {2}), (2, 85, {2}), (3, 85, {1, 2, 3}), (4, 85, {1, 2, 3}), (4, 0, {1, 2, 3, 4})],
)
def test_winners_are_never_more_than_the_places(places, least, expected):
    assert winners({1: D(90), 2: D(95), 3: D(90), 4: D(80), 5: None}, places=places, least=D(least)) == expected


@pytest.mark.parametrize(
    ("since", "years"),
    [(date(2023, 11, 18), 3), (date(2023, 11, 19), 2), (date(2024, 2, 29), 2), (date(2026, 11, 18), 0)],
)
def test_years_are_whole_years(since, years):
    assert years_unbroken(since, date(2026, 11, 18)) == years


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], None),
        ([(date(2020, 1, 1), None)], date(2020, 1, 1)),
        ([(date(2018, 1, 1), date(2019, 12, 31)), (date(2020, 1, 1), None)], date(2018, 1, 1)),
        ([(date(2018, 1, 1), date(2019, 12, 30)), (date(2020, 1, 1), None)], date(2020, 1, 1)),
        ([(date(2018, 1, 1), date(2019, 12, 31))], None),
        ([(date(2018, 1, 1), None), (date(2020, 1, 1), date(2021, 1, 1))], date(2018, 1, 1)),
    ],
)
def test_chain_of_titles_is_followed_back_to_its_first_gap(spans, expected):
    assert unbroken_since(spans, date(2026, 11, 18)) == expected
