"""The clock stands while the office has the problem."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.core.workdays import ZONE, default_calendar
from chuangwen.rectification.deadlines import resumed

CALENDAR = default_calendar()
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 20), timezones=st.just(ZONE))  # noqa: DTZ001
spans = st.timedeltas(timedelta(0), timedelta(days=10))


def at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


@settings(max_examples=150, deadline=None)
@given(moments, spans, spans, st.sampled_from(["2h", "3d", "24H"]))
def test_deadline_never_comes_nearer(since, left, stopped, within):
    due = since + left
    assert resumed(CALENDAR, due, since=since, until=since + stopped, within=within) >= due


@settings(max_examples=100, deadline=None)
@given(moments, spans, spans)
def test_late_stays_late_whatever_the_office_takes(due, late, stopped):
    since = due + late + timedelta(seconds=1)
    assert resumed(CALENDAR, due, since=since, until=since + stopped, within="3d") == due


@pytest.mark.parametrize(
    ("within", "due", "since", "until", "then"),
    [
        ("1d", at(18, 18), at(17, 14), at(20, 10), at(23, 18)),  # three working days over a weekend
        ("1d", at(18, 18), at(17, 14), at(17, 17), at(18, 18)),  # on the same day no day has gone
        ("1d", at(18, 17, 30), at(17, 14), at(18, 9), at(19, 17, 30)),  # a time set by hand is kept
        ("24H", at(17, 14), at(17, 14), at(17, 15), at(17, 15)),  # reported on the stroke is not late
        ("4h", at(17, 16), at(17, 15), at(17, 16, 30), at(17, 17, 30)),
        ("4h", at(17, 16), at(17, 15), at(18, 9, 30), at(18, 10, 30)),  # three hours and one are gone
        ("4h", at(17, 18), at(17, 18), at(18, 8), at(17, 18)),  # no working time has gone
        ("24H", at(18, 9), at(17, 20), at(18, 8), at(18, 21)),
    ],
)
def test_deadline_moves_by_what_the_office_took(within, due, since, until, then):
    assert resumed(CALENDAR, due, since=since, until=until, within=within) == then


def test_deadline_from_the_database_is_told_in_local_days():
    due = at(18, 18).astimezone(UTC)
    assert resumed(CALENDAR, due, since=at(17, 14), until=at(18, 10), within="1d") == at(19, 18)


def test_backward_span_changes_nothing():
    assert resumed(CALENDAR, at(18, 18), since=at(17, 14), until=at(17, 13), within="24H") == at(18, 18)


@pytest.fixture
def _server_in_new_york(monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_server_in_new_york")
def test_days_are_those_of_the_city_wherever_the_server_stands():
    # nine in the morning in the city is the evening before over there
    assert resumed(CALENDAR, at(20, 9), since=at(17, 9), until=at(18, 9), within="1d") == at(23, 9)
