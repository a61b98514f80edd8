"""What a leaf asks for, and that a letter's measure gives the share that the letter names."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.grading import MOST_COUNTED, Asked, WrongValue, asked_of, enterable, seen
from chuangwen.standards.tree import Band, Map, Node, Text
from tests.inspections.results_making import STANDARD

GRADES = {"A": 1.0, "B": 0.75, "C": 0.5, "D": 0.0}
RATE = Asked("rate", {"A": 0.9, "D": 0.0}, weighed=False)
NUMBER = Asked("number", {}, weighed=False)
COUNT = Asked("count", {}, weighed=False)


def leaf(measure: Any = "rate", method: Any = "material", rule: Map | None = None) -> Node:
    return Node("1", Text("x"), 5.0, method=method, measure=measure, map=rule or Map())


def share_of(rule: Map, value: float) -> float:
    """The specification's sentence: the share of the first band whose min is not above x."""
    return next(band.share for band in rule.bands if band.min is None or band.min <= value)


def test_bands_of_a_rate_ask_for_letters_or_a_rate() -> None:
    rule = Map("bands", bands=(Band(0.9, 1, "A"), Band(0.5, 0.5, "C"), Band(None, 0, "D")))
    assert asked_of(leaf(rule=rule), GRADES) == Asked("rate", {"A": 0.9, "C": 0.5, "D": 0.0}, weighed=False)


def test_bands_of_a_number_put_the_last_letter_below_all_others() -> None:
    rule = Map("bands", bands=(Band(88, 1, "A"), Band(-3, 0.5, "C"), Band(None, 0, "D")))
    assert asked_of(leaf("mean", rule=rule), GRADES).grades == {"A": 88.0, "C": -3.0, "D": -4.0}
    for bands, wanted in (
        ((Band(88, 1, "A"), Band(None, 0, "D")), {"A": 88.0, "D": 0.0}), ((Band(None, 1, "A"),), {"A": -1.0}),
    ):  # fmt: skip
        assert asked_of(leaf("mean", rule=Map("bands", bands=bands)), GRADES).grades == wanted
    assert asked_of(leaf("sum", rule=rule), GRADES) == Asked("number", {}, weighed=False)


def test_bands_without_letters_ask_for_a_rate_alone() -> None:
    rule = Map("bands", bands=(Band(0.9, 1), Band(None, 0)))
    assert asked_of(leaf(rule=rule), GRADES).grades == {}


def test_the_first_band_of_a_letter_that_stands_twice_is_meant() -> None:
    rule = Map("bands", bands=(Band(0.9, 1, "A"), Band(0.8, 1, "A"), Band(None, 0, "D")))
    assert asked_of(leaf(rule=rule), GRADES).grades == {"A": 0.9, "D": 0.0}


@pytest.mark.parametrize(
    ("node", "wanted"),
    [
        (leaf(), Asked("rate", GRADES, weighed=False)),
        (leaf(method="survey"), Asked("rate", {}, weighed=True)),
        (leaf("mean", "survey", Map("linear", 0, 10)), Asked("number", {}, weighed=True)),
        (leaf("sum", "survey", Map("deduct", each=1)), Asked("number", {}, weighed=False)),
        (leaf("mean", "record", Map("linear", 60, 95)), Asked("number", {}, weighed=False)),
        (leaf("count", "survey", Map("required", n=4)), Asked("count", {}, weighed=False)),
    ],
)
def test_each_measure_asks_for_its_own_form(node: Node, wanted: Asked) -> None:
    assert asked_of(node, GRADES) == wanted


def test_shares_beyond_one_are_no_grades_of_a_rate() -> None:
    assert asked_of(leaf(), {"A+": 1.2, "A": 1.0, "Z": -0.1}).grades == {"A": 1.0}


@settings(max_examples=60)
@given(st.lists(st.integers(1, 99), min_size=1, max_size=5, unique=True), st.booleans())
def test_a_letter_gives_the_share_that_it_names(mins: list[int], whole: bool) -> None:
    scale = 1.0 if whole else 100.0
    steps = sorted(mins, reverse=True)
    bands = [Band(one / scale, 1 - n / 10, f"G{n}") for n, one in enumerate(steps)]
    rule = Map("bands", bands=(*bands, Band(None, 0.0, "Z")))
    asked = asked_of(leaf("mean" if whole else "rate", rule=rule), {})
    for band in rule.bands:
        value = asked.graded(band.grade)
        assert (asked.checked(value), share_of(rule, value)) == (value, band.share)


@pytest.mark.parametrize(
    ("asked", "text", "wanted"),
    [
        (RATE, "a", ("A", 0.9)), (RATE, " D ", ("D", 0.0)), (RATE, "86.4%", ("", 0.864)), (RATE, "86.4％", ("", 0.864)),
        (RATE, "1.5", ("", 0.015)),
        (RATE, "86.4", ("", 0.864)), (RATE, "0.864", ("", 0.864)), (RATE, "1", ("", 1.0)), (RATE, "1%", ("", 0.01)),
        (RATE, "100", ("", 1.0)), (RATE, "0", ("", 0.0)), (NUMBER, "-3.5", ("", -3.5)), (NUMBER, "88", ("", 88.0)),
        (COUNT, "12", ("", 12.0)), (COUNT, "12.0", ("", 12.0)), (COUNT, str(MOST_COUNTED), ("", float(MOST_COUNTED))),
    ],
)  # fmt: skip
def test_cells_are_read_as_offices_write_them(asked: Asked, text: str, wanted: tuple[str, float]) -> None:
    letter, value = asked.read(text)
    assert (letter, round(value, 12)) == wanted


@pytest.mark.parametrize(
    ("asked", "text", "reason"),
    [
        (RATE, "", "empty"), (RATE, "  ", "empty"), (RATE, "优", "unknown"), (RATE, "E", "unknown"),
        (RATE, "101", "share"), (RATE, "-0.1", "share"), (RATE, "101%", "share"), (NUMBER, "88%", "unknown"),
        (NUMBER, "nan", "unknown"), (NUMBER, "1e400", "unknown"), (COUNT, "1.5", "whole"), (COUNT, "-1", "whole"),
        (COUNT, str(MOST_COUNTED + 1), "many"), (NUMBER, "=1+1", "unknown"), (NUMBER, "9" * 13, "unknown"),
    ],
)  # fmt: skip
def test_cells_that_are_no_result_are_refused_with_the_reason(asked: Asked, text: str, reason: str) -> None:
    with pytest.raises(WrongValue) as wrong:
        asked.read(text)
    assert wrong.value.reason == reason


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_value_must_be_finite(value: float) -> None:
    with pytest.raises(WrongValue) as wrong:
        NUMBER.checked(value)
    assert wrong.value.reason == "finite"


def test_no_value_is_none() -> None:
    with pytest.raises(WrongValue) as wrong:
        RATE.checked(None)
    assert wrong.value.reason == "empty"


def test_an_unknown_letter_is_refused() -> None:
    with pytest.raises(WrongValue) as wrong:
        RATE.graded("B")
    assert wrong.value.reason == "unknown"


def test_leaves_that_checks_feed_are_not_entered() -> None:
    standard = read_standard(STANDARD.encode(), "s.yaml")
    assert list(enterable(standard)) == ["1.2", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6"]


def test_a_count_is_so_many_rows_and_none_found_is_one_row_of_nought() -> None:
    assert (seen("count", 3.0), seen("count", 0.0), seen("rate", 0.5)) == ([1.0, 1.0, 1.0], [0.0], [0.5])
