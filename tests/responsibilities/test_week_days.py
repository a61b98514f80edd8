"""When a week's report opens and is due: Thursday and Friday, moved where a holiday of mainland China lies on them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from chuangwen.core.workdays import WorkCalendar, default_calendar
from chuangwen.responsibilities.week_days import due_of_week, opening_of_week, week_at
from tests.responsibilities.test_weekly import at


@pytest.mark.parametrize(
    ("monday", "opens", "due"),
    [
        (date(2026, 11, 16), (11, 19), (11, 20)),
        (date(2026, 9, 28), (9, 29), (9, 30)),  # 1 to 7 October are free
        (date(2026, 10, 5), (10, 8), (10, 9)),
        (date(2026, 6, 15), (6, 17), (6, 18)),  # Friday 19 June is 端午
        (date(2026, 2, 23), (2, 26), (2, 27)),
    ],
)
def test_report_is_due_on_friday_or_the_working_day_before_it(monday, opens, due):
    calendar = default_calendar()
    assert opening_of_week(monday, calendar) == date(2026, *opens)
    told = due_of_week(monday, calendar)
    assert (told.date(), f"{told:%H:%M%z}") == (date(2026, *due), "17:30+0800")


def test_week_without_a_working_day_has_no_report():
    assert due_of_week(date(2026, 2, 16), default_calendar()) is None
    assert opening_of_week(date(2026, 2, 16), default_calendar()) is None


def test_where_only_the_weekend_is_worked_it_is_due_then_and_opens_on_the_same_day():
    week = {date(2026, 11, day) for day in range(16, 21)}
    calendar = WorkCalendar(holidays=week, extra_workdays={date(2026, 11, 21)})
    assert (due_of_week(date(2026, 11, 16), calendar), opening_of_week(date(2026, 11, 16), calendar)) == (
        datetime(2026, 11, 21, 17, 30, tzinfo=at(1).tzinfo), date(2026, 11, 21),
    )  # fmt: skip


def test_week_is_told_as_it_stood_when_it_was_over():
    assert week_at(date(2026, 11, 16), at(19)).till == at(19)
    over = week_at(date(2026, 11, 16), at(26))
    assert (over.till, over.is_over, over.holds(at(22, 23)), over.holds(over.end)) == (over.end, True, True, False)
