"""The ladder: its rules one by one, and what holds for every past."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.core.workdays import ZONE, default_calendar
from chuangwen.supervision.ladder import (
    RANK,
    Condition,
    Given,
    Matter,
    Rule,
    Step,
    finding,
    outlook,
    proposals,
)

CALENDAR = default_calendar()
MONDAY = datetime(2026, 11, 16, 17, 0, tzinfo=ZONE)
LADDER = [
    Rule(1, Step.REMINDER, Condition.DUE_SOON, 1),
    Rule(2, Step.WHITE, Condition.LATE, 1),
    Rule(3, Step.YELLOW, Condition.AFTER, 3),
    Rule(4, Step.YELLOW, Condition.RETURNED, 2),
    Rule(5, Step.YELLOW, Condition.RECURRENCE, 30),
    Rule(6, Step.RED, Condition.AFTER, 3),
    Rule(7, Step.RED, Condition.FALSIFIED),
]


def at(day: int, hour: int = 9) -> datetime:
    """A day of November 2026: the 16th is a Monday."""
    return datetime(2026, 11, day, hour, tzinfo=ZONE)


def matter(**fields) -> Matter:
    return Matter(**{"key": "p1", "unit": 1, "due": MONDAY} | fields)


def said(one: Matter, now: datetime):
    found = finding(one, LADDER, now, CALENDAR)
    return found and (found.step, found.rule.key, found.found)


@pytest.mark.parametrize(
    ("fields", "now", "expected"),
    [
        ({}, at(13), (Step.REMINDER, 1, 1)),  # Friday before
        ({}, at(12), None),
        ({}, at(16), (Step.REMINDER, 1, 0)),  # the day itself
        ({}, at(16, 18), None),  # late, but not by a working day
        ({}, at(17), (Step.WHITE, 2, 1)),
        ({}, at(21), None),  # a Saturday
        ({"running": False}, at(17), None),
        ({"given": (Given(Step.WHITE, date(2026, 11, 17)),)}, at(19), None),
        ({"given": (Given(Step.WHITE, date(2026, 11, 17)),)}, at(20), (Step.YELLOW, 3, 3)),
        ({"given": (Given(Step.WHITE, date(2026, 11, 17), sent=False),)}, at(20), None),  # nobody signed it
        ({"due": at(19), "given": (Given(Step.WHITE, date(2026, 11, 17)),)}, at(20), None),  # a new deadline since
        ({"due": at(27), "given": (Given(Step.WHITE, date(2026, 11, 17)),)}, at(20), None),  # in good time again
        ({"due": at(27), "returned": 1}, at(17), None),
        ({"due": at(27), "returned": 2}, at(17), (Step.YELLOW, 4, 2)),
        ({"due": at(27), "came_back_after": 30}, at(17), (Step.YELLOW, 5, 30)),
        ({"due": at(27), "came_back_after": 31}, at(17), None),
        ({"given": (Given(Step.YELLOW, date(2026, 11, 17)),)}, at(20), (Step.RED, 6, 3)),
        ({"due": at(27), "running": False, "falsified": True}, at(17), (Step.RED, 7, 0)),
        ({"falsified": True, "given": (Given(Step.RED, date(2026, 11, 17)),)}, at(20), None),
        ({"returned": 2, "falsified": True}, at(20), (Step.RED, 7, 0)),  # the sharpest of all that hold
    ],
)
def test_matter_gets_what_the_rules_say(fields, now, expected):
    assert said(matter(**fields), now) == expected


def test_sheets_are_put_together_by_unit_and_colour():
    matters = [matter(key="p1"), matter(key="p2"), matter(key="p3", unit=2), matter(key="t1", falsified=True)]
    sheets = proposals(matters, LADDER, at(17), CALENDAR)
    told = {place: [one.key for one in found] for place, found in sheets.items()}
    assert told == {(1, Step.WHITE): ["p1", "p2"], (2, Step.WHITE): ["p3"], (1, Step.RED): ["t1"]}


def test_outlook_tells_every_step_and_its_day():
    steps = [(one.step, one.day.day) for one in outlook(matter(), LADDER, at(12), CALENDAR)]
    assert steps == [(Step.REMINDER, 13), (Step.WHITE, 17), (Step.YELLOW, 20), (Step.RED, 25)]


def test_outlook_after_the_morning_look_begins_with_the_next_day():
    first = next(outlook(matter(), LADDER, at(17), CALENDAR))
    assert (first.step, first.day) == (Step.WHITE, date(2026, 11, 18))


moments = st.integers(0, 60 * 24 * 60).map(
    lambda minutes: datetime(2026, 9, 20, tzinfo=ZONE) + timedelta(minutes=minutes)
)
matters = st.builds(
    Matter, key=st.sampled_from(["p1", "p2", "t1"]), unit=st.integers(1, 2), due=moments, running=st.booleans(),
    returned=st.integers(0, 3), came_back_after=st.none() | st.integers(0, 40), falsified=st.booleans(),
    given=st.lists(st.builds(Given, st.sampled_from(Step), moments.map(datetime.date), st.booleans()), max_size=3)
    .map(tuple),
)  # fmt: skip
rule_sets = st.lists(
    st.builds(Rule, st.integers(1, 9), st.sampled_from(Step), st.sampled_from(Condition), st.integers(0, 5)), max_size=6
)


@given(matters, rule_sets, moments)
@settings(max_examples=60)
def test_ladder_only_climbs_and_rests_on_days_off(one, rules, now):
    found = finding(one, rules, now, CALENDAR)
    if found is None:
        return
    assert CALENDAR.is_workday(found.day)
    assert all(RANK[found.step] > RANK[former.step] for former in one.given)
    assert found.rule in rules
    assert one.running or one.falsified


@given(matters, rule_sets, moments)
@settings(max_examples=25)
def test_outlook_names_each_step_once_upwards_on_working_days(one, rules, now):
    steps = list(outlook(one, rules, now, CALENDAR))
    ranks = [RANK[step.step] for step in steps]
    assert ranks == sorted(set(ranks))
    days = [step.day for step in steps]
    assert days == sorted(days)
    assert all(CALENDAR.is_workday(day) for day in days)
