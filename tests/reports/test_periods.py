from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.reports.periods import Period, month_of, week_of

days = st.dates(date(2000, 1, 1), date(2098, 12, 31))


@given(days)
def test_week_begins_on_monday_and_holds_its_day(day):
    week = week_of(day)
    assert (week.first.weekday(), week.days, week.first <= day <= week.last) == (0, 7, True)


@given(days, st.booleans())
def test_period_before_ends_the_day_before(day, whole_month):
    period = month_of(day) if whole_month else week_of(day)
    assert (period.first - period.before.last).days == 1
    assert period.before.is_month == whole_month


def test_february_is_compared_with_the_whole_of_january():
    assert month_of(date(2026, 2, 7)).before == Period(date(2026, 1, 1), date(2026, 1, 31))


def test_days_that_are_no_month_are_compared_with_as_many_days():
    assert Period(date(2026, 3, 1), date(2026, 3, 10)).before == Period(date(2026, 2, 19), date(2026, 2, 28))


def test_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="ends before it begins"):
        Period(date(2026, 3, 2), date(2026, 3, 1))
