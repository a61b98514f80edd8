"""The figures of rectification, by themselves and against the rate that the ledger prints."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.reports.figures import COUNTS, Matter, Span, best, is_due, places_of, rectification_sheet, worst

START = datetime(2026, 11, 16, tzinfo=UTC)
END = START + timedelta(days=7)
NOW = START + timedelta(days=5)
SPAN = Span(START, END, NOW)
BEFORE = Span(START - timedelta(days=7), START, NOW)
HOUR = timedelta(hours=1)
STATES = ("found", "assigned", "disputed", "fixed", "returned", "long-term", "closed", "merged", "gone")
PLAIN = Matter(1, 10, "assigned", START + 2 * HOUR, START, assigned=START)
UNITS = {10: "甲", 20: "乙", 30: "丙"}

moments = st.integers(-200, 300).map(lambda hours: START + hours * HOUR)
matters = st.builds(
    Matter, pk=st.integers(1, 10**6), unit=st.sampled_from(list(UNITS)), state=st.sampled_from(STATES), due=moments,
    found=moments, assigned=st.none() | moments, fixed=st.none() | moments, in_time=st.none() | st.booleans(),
    long_term=st.booleans(), own=st.booleans(), recurrence=st.booleans(),
    returns=st.lists(moments, max_size=2).map(tuple),
)  # fmt: skip
many = st.lists(matters, max_size=30, unique_by=lambda one: one.pk)


@settings(max_examples=60)
@given(many)
def test_due_is_the_sum_of_its_three_parts(rows):
    for row in rectification_sheet(rows, UNITS, SPAN, BEFORE).rows:
        values = row.values
        assert values["due"] == values["in_time"] + values["late_closed"] + values["late_open"]


@settings(max_examples=60)
@given(many)
def test_every_figure_is_the_number_of_rows_behind_it_and_units_add_up(rows):
    sheet = rectification_sheet(rows, UNITS, SPAN, BEFORE)
    for row in (*sheet.rows, sheet.total):
        assert {key: row.values[key] for key in COUNTS} == {key: len(row.refs.get(key, ())) for key in COUNTS}
    for key in (*COUNTS, "self_found"):
        assert sheet.total.values[key] == sum(row.values[key] for row in sheet.rows)
        assert sorted(sheet.total.refs.get(key, ())) == sorted(pk for row in sheet.rows for pk in row.refs.get(key, ()))


@settings(max_examples=60)
@given(many)
def test_what_units_found_themselves_never_counts(rows):
    others = [one for one in rows if not one.own]
    counted, without = (rectification_sheet(some, UNITS, SPAN, BEFORE).total for some in (rows, others))
    assert [counted.values[key] for key in COUNTS] == [without.values[key] for key in COUNTS]


@settings(max_examples=60)
@given(matters)
def test_long_term_and_disputed_are_never_due(one):
    assert not is_due(replace(one, long_term=True), SPAN)
    assert not is_due(replace(one, state="disputed"), SPAN)


@pytest.mark.parametrize(
    ("changes", "columns"),
    [
        ({}, ["new", "due", "late_open", "open"]),
        ({"due": NOW}, ["new", "open"]),  # not over yet
        ({"due": START - HOUR, "assigned": START - HOUR}, ["open"]),
        ({"due": END}, ["new", "open"]),
        ({"state": "closed", "in_time": True}, ["new", "due", "in_time"]),
        ({"state": "closed", "in_time": False}, ["new", "due", "late_closed"]),
        ({"state": "closed", "in_time": False, "recurrence": True}, ["new", "due", "late_closed", "recurrence"]),
        ({"state": "fixed", "fixed": START + HOUR}, ["new", "open"]),  # in time, waits for the office
        ({"state": "fixed", "fixed": START + 3 * HOUR}, ["new", "due", "late_open", "open"]),
        ({"state": "long-term"}, ["new", "open", "long_term"]),
        ({"state": "found", "assigned": None}, ["open"]),
        ({"state": "merged"}, ["new"]),
        ({"returns": (START, END)}, ["new", "due", "late_open", "open", "returned"]),
        ({"returns": (END,)}, ["new", "due", "late_open", "open"]),
        ({"own": True}, ["self_found"]),
        ({"own": True, "due": END}, []),
    ],
)
def test_problem_stands_in_just_these_columns(changes, columns):
    assert list(places_of(replace(PLAIN, **changes), SPAN)) == columns


def closed(pk, unit, in_time, due=START + HOUR):
    return Matter(pk, unit, "closed", due, START, in_time=in_time)


def test_best_unit_stands_first_and_change_is_against_the_period_before():
    earlier = START - HOUR
    rows = [closed(1, 10, True), closed(2, 10, False), closed(3, 20, True), closed(4, 10, False, earlier),
            Matter(5, 30, "assigned", END, START, assigned=START)]  # fmt: skip
    sheet = rectification_sheet(rows, UNITS, SPAN, BEFORE)
    assert [(row.name, row.values["rate"], row.values["change"]) for row in sheet.rows] == [
        ("乙", 1.0, None), ("甲", 0.5, 0.5), ("丙", None, None),
    ]  # fmt: skip
    assert sheet.total.refs["rate"] == (1, 2, 3)


def test_ties_at_the_end_of_the_best_and_the_weakest_are_named_too():
    rows = [closed(1, 10, True), closed(2, 20, True), closed(3, 30, False)]
    sheet = rectification_sheet(rows, UNITS, SPAN, BEFORE)
    assert [row.name for row in best(sheet, 1)] == ["甲", "乙"]
    assert [row.name for row in worst(sheet, 2)] == ["丙"]
