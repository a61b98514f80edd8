"""Plans counted back from the deadline, progress by what is proved, circles of waiting."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.core.workdays import default_calendar
from chuangwen.responsibilities.milestones import closes_circle, counted_back, last_accepted, progress_of

pytestmark = pytest.mark.once
CALENDAR = default_calendar()
DAYS = st.dates(date(2025, 1, 1), date(2027, 6, 30))


@settings(max_examples=60, deadline=None)
@given(DAYS, st.integers(0, 200))
def test_plan_makes_the_whole_and_ends_with_the_deadline(start, span):
    due = start + timedelta(days=span)
    plan = counted_back(start, due, CALENDAR)
    assert sum(one.share for one in plan) == 100
    assert [one.due_on for one in plan] == sorted(one.due_on for one in plan)
    assert plan[-1].due_on == due
    assert all(one.due_on >= start for one in plan if CALENDAR.is_workday(start))


def test_shares_are_counted_back_in_working_days_and_short_tasks_get_fewer_steps():
    days = [(one.share, str(one.due_on)) for one in counted_back(date(2026, 11, 2), date(2026, 11, 30), CALENDAR)]
    assert days == [(20, "2026-11-06"), (40, "2026-11-18"), (25, "2026-11-25"), (15, "2026-11-30")]
    over_new_year = counted_back(date(2027, 2, 1), date(2027, 2, 26), CALENDAR)
    assert all(CALENDAR.is_workday(one.due_on) for one in over_new_year)
    short = counted_back(date(2026, 11, 2), date(2026, 11, 9), CALENDAR)
    assert [(one.name, one.share) for one in short] == [("集中推进", 60), ("完成并报结", 40)]
    assert [one.share for one in counted_back(date(2026, 11, 2), date(2026, 11, 3), CALENDAR)] == [100]
    own = counted_back(date(2026, 11, 2), date(2026, 11, 30), CALENDAR, [("开工", 50), ("完工", 100)])
    assert [(one.name, one.share) for one in own] == [("开工", 50), ("完工", 50)]


def test_progress_is_the_share_of_what_is_done():
    assert progress_of([]) == 0
    assert progress_of([(20, True), (40, False), (40, True)]) == 60
    assert progress_of([(1, True), (2, False)]) == 33
    assert progress_of([(20, True), (65, True), (15, True)]) == 85  # who confirms makes it 100
    assert progress_of([(100, True)]) == 0


def test_circle_is_found_over_several_tasks():
    waits = [(1, 2), (2, 3), (4, 3)]
    assert [closes_circle(waits, task, others) for task, others in ((3, [1]), (3, [4]), (3, [5]), (5, [1, 4]))] == [
        True, True, False, False,
    ]  # fmt: skip
    assert closes_circle([], 1, [1])


@settings(max_examples=40, deadline=None)
@given(DAYS)
def test_last_accepted_is_the_latest_day_whose_time_is_over(day):
    found = last_accepted(day, 3, CALENDAR)
    assert CALENDAR.add_workdays(found, 3) <= day < CALENDAR.add_workdays(found + timedelta(days=1), 3)
