"""The dates of a series: from what an office says to the days of a year."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.core.workdays import default_calendar
from chuangwen.directives.enums import DayRule, Rhythm
from chuangwen.directives.planning import Habit, dates_of, habit_of, kept_schedule, schedule_of, windows_before

CALENDAR = default_calendar()
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
months = st.builds(
    Habit, st.sampled_from([Rhythm.MONTH, Rhythm.TWO_MONTHS, Rhythm.QUARTER, Rhythm.HALF_YEAR]), st.just(1),
    st.just(1), st.sampled_from(DayRule), st.integers(1, 15),
)  # fmt: skip
weeks = st.builds(Habit, st.just(Rhythm.WEEK), st.integers(1, 5))


@given(months | weeks)
def test_habit_is_read_back_and_meets_on_working_days_once_a_period(habit):
    schedule = schedule_of(habit)
    assert habit_of(schedule) == habit
    assert kept_schedule(schedule.as_data()) == schedule
    found = dates_of(schedule, *YEAR, CALENDAR)
    assert all(CALENDAR.is_workday(one.due) for one in found)
    assert len({one.key for one in found}) == len(found)
    if habit.rhythm != Rhythm.WEEK:
        assert len(found) == 12 // int(habit.rhythm)


def test_quarter_meets_in_the_month_that_is_asked_for_from_its_end():
    schedule = schedule_of(Habit(Rhythm.QUARTER, phase=3, rule=DayRule.LAST, number=3))
    assert [one.due for one in dates_of(schedule, *YEAR, CALENDAR)] == [
        date(2026, 3, 27), date(2026, 6, 26), date(2026, 9, 28), date(2026, 12, 29),
    ]  # fmt: skip


@pytest.mark.parametrize("habit", [Habit(Rhythm.TWO_MONTHS, phase=3), Habit(Rhythm.MONTH, number=16)])
def test_what_does_not_fit_is_refused(habit):
    with pytest.raises(ValueError, match=r"fit|working days"):
        schedule_of(habit)


def test_stand_up_meets_only_in_the_working_days_before_an_assessment():
    windows = windows_before([date(2026, 12, 21), date(2026, 6, 29)], 10, CALENDAR)
    assert windows == [(date(2026, 6, 12), date(2026, 6, 26)), (date(2026, 12, 7), date(2026, 12, 18))]
    schedule = schedule_of(Habit(Rhythm.WEEK, weekday=1))
    assert [one.due for one in dates_of(schedule, *YEAR, CALENDAR, windows)] == [
        date(2026, 6, 15), date(2026, 6, 22), date(2026, 12, 7), date(2026, 12, 14),
    ]  # fmt: skip
    assert kept_schedule({}) is None
