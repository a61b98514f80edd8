"""The line on which several plans lie: its ends, months, days off, and what is cut."""

from __future__ import annotations

from datetime import date

import pytest

from chuangwen.core.workdays import default_calendar
from chuangwen.responsibilities.gantt import LONGEST, Month, Span, line_of
from chuangwen.responsibilities.milestones import plans_too_close

pytestmark = pytest.mark.once
CALENDAR = default_calendar()
TODAY = date(2026, 11, 18)


def line(*days, **asked):
    return line_of(days, today=TODAY, calendar=CALENDAR, **asked)


def test_line_holds_today_and_all_days_with_room_at_both_ends():
    drawn = line(date(2026, 11, 23), date(2026, 12, 4))
    assert (drawn.first, drawn.last) == (date(2026, 11, 15), date(2026, 12, 7))
    assert drawn.months == (Month(0.0, date(2026, 11, 15)), Month(69.57, date(2026, 12, 1)))
    assert drawn.today_x == round(3 / 23 * 100, 2)
    assert drawn.x(date(2026, 11, 15)) == round(0.5 / 23 * 100, 2)
    assert [drawn.x(day) for day in (date(2020, 1, 1), date(2030, 1, 1))] == [0.0, 100.0]


def test_weekends_and_holidays_stand_as_runs_of_days_off():
    drawn = line(first=date(2026, 9, 28), last=date(2026, 10, 12))
    day = 100 / 15
    assert drawn.off[0] == Span(round(3 * day, 2), round(7 * day, 2))  # 1 to 7 October
    assert drawn.off[-1] == Span(round(13 * day, 2), round(day, 2))  # the 10th is worked for them
    assert drawn.today_x is None


def test_what_lies_far_away_is_cut_and_bars_end_with_the_line():
    drawn = line(date(2024, 1, 1), date(2031, 1, 1))
    assert (drawn.first, drawn.last) == (date(2026, 8, 17), date(2027, 7, 19))
    assert drawn.bar(date(2024, 1, 1), date(2031, 1, 1)) == Span(0.0, 100.0)
    assert drawn.bar(date(2024, 1, 1), date(2026, 8, 16)) is None
    assert [drawn.holds(day) for day in (date(2026, 8, 16), date(2026, 8, 17))] == [False, True]
    asked = line(first=date(2020, 1, 1), last=date(2031, 1, 1))
    assert (asked.last - asked.first).days == LONGEST
    assert {month.day.month for month in asked.months} <= set(range(1, 13))
    turned = line(first=date(2026, 12, 1), last=date(2026, 11, 1))
    assert (turned.first, turned.last) == (date(2026, 12, 1), date(2026, 12, 4))


def test_line_that_begins_near_a_month_is_named_by_that_month():
    drawn = line(first=date(2026, 10, 28), last=date(2027, 3, 20))
    assert [month.day for month in drawn.months] == [
        date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("days", "gap", "close"),
    [
        ([], 1, False),
        ([date(2026, 11, 18)], 5, False),
        ([date(2026, 11, 20), date(2026, 11, 21)], 1, True),  # a Friday and the Saturday after it
        ([date(2026, 11, 20), date(2026, 11, 23)], 1, False),
        ([date(2026, 11, 23), date(2026, 11, 20)], 2, True),
        ([date(2026, 11, 2), date(2026, 11, 9)], 1, True),  # both late: both count today
        ([date(2026, 11, 2), date(2026, 11, 19)], 1, False),
    ],
)
def test_steps_are_too_close_by_working_days_and_late_ones_count_today(days, gap, close):
    assert plans_too_close([(7, day) for day in sorted(days)], TODAY, gap, CALENDAR) == ([7] if close else [])


def test_steps_of_two_plans_on_one_day_are_not_close():
    days = [(1, date(2026, 11, 20)), (2, date(2026, 11, 20)), (2, date(2026, 11, 30)), (3, TODAY), (3, TODAY)]
    assert plans_too_close(days, TODAY, 1, CALENDAR) == [3]
