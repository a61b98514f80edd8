"""The working calendar, with the days of the State Council's notices for 2024, 2025 and 2026."""

from __future__ import annotations

import time as clock
from datetime import UTC, date, datetime, time, timedelta

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.core.workdays import (
    DEFAULT_HOURS,
    ZONE,
    Remaining,
    WorkCalendar,
    YearDays,
    default_calendar,
    festival_dates,
    mainland_calendar,
    mainland_year,
)

REFUSED_HOURS = r"^the working hours must be periods that follow one another, such as 8:30-12:00$"
calendar = default_calendar()
days = st.dates(date(2023, 6, 1), date(2029, 6, 1))
moments = st.datetimes(datetime(2024, 1, 1), datetime(2027, 6, 1), timezones=st.just(ZONE))  # noqa: DTZ001


def at(text: str) -> datetime:
    """ "10-09 17:30" of 2026, wall time in China."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


@pytest.mark.parametrize(
    ("year", "worked"),
    [
        (2024, ["02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"]),
        (2025, ["01-26", "02-08", "04-27", "09-28", "10-11"]),
        (2026, ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]),
    ],
)
def test_weekend_days_worked_are_those_of_the_notice(year: int, worked: list[str]) -> None:
    days_of_year = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
    found = [day for day in days_of_year if day.weekday() >= 5 and calendar.is_workday(day)]
    assert [day.strftime("%m-%d") for day in found] == worked


@pytest.mark.parametrize(
    ("start", "length"),
    [
        (date(2024, 2, 10), 8), (date(2024, 5, 1), 5), (date(2024, 10, 1), 7),
        (date(2025, 1, 28), 8), (date(2025, 5, 1), 5), (date(2025, 10, 1), 8),
        (date(2026, 1, 1), 3), (date(2026, 2, 15), 9), (date(2026, 4, 4), 3), (date(2026, 5, 1), 5),
        (date(2026, 6, 19), 3), (date(2026, 9, 25), 3), (date(2026, 10, 1), 7),
    ],
)  # fmt: skip
def test_holidays_are_off_from_their_first_to_their_last_day(start: date, length: int) -> None:
    assert not any(calendar.is_workday(start + timedelta(days=number)) for number in range(length))
    assert calendar.is_workday(start - timedelta(days=1))
    assert calendar.is_workday(start + timedelta(days=length))


def test_year_without_notice_is_a_forecast() -> None:
    assert [year for year in range(2024, 2031) if calendar.certain(year)] == [2024, 2025, 2026]
    assert not calendar.is_workday(date(2030, 10, 1))
    assert not calendar.is_workday(date(2030, 2, 3))  # the first day of the lunar year
    assert calendar.is_workday(date(2030, 10, 10))
    assert mainland_year(2030).extra == frozenset()


def test_december_day_worked_for_the_next_january_belongs_to_its_own_year() -> None:
    assert calendar.is_workday(date(2006, 12, 30))
    assert date(2006, 12, 30) in mainland_year(2006).extra
    assert date(2006, 12, 30) not in mainland_year(2007).extra


def test_year_beyond_every_table_is_weekends_and_uncertain() -> None:
    assert not calendar.certain(2150)
    assert calendar.is_workday(date(2150, 10, 1)) is (date(2150, 10, 1).weekday() < 5)


def test_office_days_go_before_the_published_ones() -> None:
    own = mainland_calendar(holidays=[date(2026, 11, 23)], extra_workdays=[date(2026, 10, 1)])
    assert not own.is_workday(date(2026, 11, 23))
    assert own.is_workday(date(2026, 10, 1))
    assert not own.is_workday(date(2026, 10, 2))


def test_announced_year_has_only_the_days_entered() -> None:
    forecast = date(2027, 2, 9)
    own = mainland_calendar(holidays=[date(2027, 2, 8)], extra_workdays=[date(2027, 2, 20)], announced_years=[2027])
    assert not calendar.is_workday(forecast)
    assert own.certain(2027)
    assert [own.is_workday(date(2027, 2, day)) for day in (8, 9, 20, 21)] == [False, True, True, False]
    assert not own.is_workday(date(2026, 10, 1))


def test_day_that_is_both_is_refused() -> None:
    day = date(2026, 11, 23)
    with pytest.raises(ValueError, match="2026-11-23 cannot be both a holiday and a working day"):
        WorkCalendar(frozenset({day}), frozenset({day}))


@pytest.mark.parametrize(
    "bad",
    [(), ((time(12), time(8)),), ((time(8), time(12)), (time(11), time(18))), ((time(8), time(8)),)],
)
def test_hours_that_do_not_follow_one_another_are_refused(bad: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValueError, match=REFUSED_HOURS):
        WorkCalendar(hours=bad)


@pytest.mark.parametrize(
    ("day", "n", "result"),
    [
        ("2026-02-13", 1, "2026-02-14"),  # a Saturday that is worked
        ("2026-02-14", 1, "2026-02-24"),  # over the Spring Festival
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-10-09", 1, "2026-10-10"),
        ("2026-10-08", -1, "2026-09-30"),
        ("2026-10-04", 1, "2026-10-08"),
        ("2026-10-04", -1, "2026-09-30"),
        ("2026-10-04", 0, "2026-10-04"),
        ("2026-11-20", 5, "2026-11-27"),
    ],
)
def test_working_days_are_counted_over_holidays(day: str, n: int, result: str) -> None:
    assert calendar.add_workdays(date.fromisoformat(day), n) == date.fromisoformat(result)


@settings(max_examples=100)
@given(days, st.integers(-60, 60))
def test_days_between_undo_days_added(day: date, n: int) -> None:
    assert calendar.workdays_between(day, calendar.add_workdays(day, n)) == n


@settings(max_examples=60)
@given(days, days, days)
def test_days_between_add_up(a: date, b: date, c: date) -> None:
    a, b, c = sorted((a, b, c))
    assert calendar.workdays_between(a, b) + calendar.workdays_between(b, c) == calendar.workdays_between(a, c)
    assert calendar.workdays_between(c, b) + calendar.workdays_between(b, a) == calendar.workdays_between(c, a)


@settings(max_examples=60)
@given(days, days, st.integers(0, 30))
def test_later_start_is_never_due_earlier(a: date, b: date, n: int) -> None:
    a, b = sorted((a, b))
    assert calendar.add_workdays(a, n) <= calendar.add_workdays(b, n)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("10-09 09:00", 2, "10-09 11:00"),
        ("10-09 11:00", 1, "10-09 12:00"),  # ends with the period, not at the next opening
        ("10-09 11:00", 2, "10-09 15:30"),
        ("10-09 12:30", 2, "10-09 16:30"),
        ("10-09 17:00", 2, "10-10 09:30"),  # into a Saturday that is worked
        ("10-10 17:00", 2, "10-12 09:30"),
        ("09-30 18:00", 4, "10-08 15:00"),
        ("10-03 23:00", 0.5, "10-08 09:00"),
        ("10-09 07:00", 7, "10-09 18:00"),
        ("10-09 07:00", 0, "10-09 08:30"),
        ("10-09 10:00", 0, "10-09 10:00"),
    ],
)
def test_working_hours_are_counted_over_noon_night_and_holiday(start: str, count: float, end: str) -> None:
    assert calendar.add_workhours(at(start), count) == at(end)


@settings(max_examples=100)
@given(moments, st.integers(1, 400))
def test_hours_between_undo_hours_added(moment: datetime, quarters: int) -> None:
    due = calendar.add_workhours(moment, quarters / 4)
    assert calendar.worktime_between(moment, due) == hours(quarters / 4)
    assert calendar.worktime_between(due, moment) == hours(0)
    assert calendar.is_workday(due.date())


@settings(max_examples=60)
@given(moments, moments, moments)
def test_hours_between_add_up(a: datetime, b: datetime, c: datetime) -> None:
    a, b, c = sorted((a, b, c))
    whole = calendar.worktime_between(a, c)
    assert calendar.worktime_between(a, b) + calendar.worktime_between(b, c) == whole


def test_negative_hours_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^working hours are counted forward only; give 0 or more$"):
        calendar.add_workhours(at("10-09 09:00"), -1)


def test_moment_without_zone_is_refused() -> None:
    naive = at("10-09 09:00").replace(tzinfo=None)
    for call in (
        lambda: calendar.add_workhours(naive, 1),
        lambda: calendar.deadline(naive, "1d"),
        lambda: calendar.remaining(naive, at("10-09 09:00")),
        lambda: calendar.worktime_between(at("10-09 09:00"), naive),
    ):
        with pytest.raises(ValueError, match=r"^the moment has no time zone; give an aware one$"):
            call()


@pytest.mark.parametrize(
    ("start", "within", "due"),
    [
        ("10-09 17:00", "2h", "10-10 09:30"),
        ("10-09 17:00", "24H", "10-10 17:00"),
        ("10-09 09:00", "3d", "10-13 18:00"),  # Saturday is worked, Sunday is not
        ("10-09 22:00", "1d", "10-10 18:00"),
        ("10-11 10:00", "1d", "10-12 18:00"),  # given out on a Sunday
        ("09-30 09:00", "1d", "10-08 18:00"),
        ("02-13 09:00", "20d", "03-19 18:00"),
    ],
)
def test_deadline_by_the_default_time_limits(start: str, within: str, due: str) -> None:
    assert calendar.deadline(at(start), within) == at(due)


def test_deadline_is_told_in_the_time_of_china() -> None:
    due = calendar.deadline(datetime(2026, 10, 8, 17, 0, tzinfo=UTC), "1d")  # the 9th, 1:00 in China
    assert (due, due.tzinfo) == (at("10-10 18:00"), ZONE)


@pytest.mark.parametrize("within", ["", "3", "d", "0d", "-1d", "3D", "1.5h", "24c", "3 d", "3d\n", "99999d", "３d"])
def test_time_limit_of_another_form_is_refused(within: str) -> None:
    with pytest.raises(ValueError, match="is no time limit; write 2h for working hours"):
        calendar.deadline(at("10-09 09:00"), within)


@settings(max_examples=60)
@given(moments, moments, st.sampled_from(["1h", "4h", "1d", "7d", "24H"]))
def test_later_matter_is_never_due_earlier_nor_before_it_was_given_out(a: datetime, b: datetime, within: str) -> None:
    a, b = sorted((a, b))
    assert a < calendar.deadline(a, within) <= calendar.deadline(b, within)


@pytest.mark.parametrize(
    ("now", "due", "expected"),
    [
        ("10-08 09:00", "10-12 18:00", Remaining(False, 3, hours(24 + 3.5 + 3.5 - 7 + 3.5), hours(105))),
        ("10-09 16:00", "10-09 18:00", Remaining(False, 0, hours(2), hours(2))),
        ("10-09 18:00", "10-09 18:00", Remaining(False, 0, hours(0), hours(0))),
        ("10-09 19:00", "10-09 18:00", Remaining(True, 0, hours(0), hours(1))),
        ("10-11 12:00", "10-10 18:00", Remaining(True, 0, hours(0), hours(18))),  # late, but on a day off
        ("10-12 09:00", "10-10 18:00", Remaining(True, 1, hours(0.5), hours(39))),
        ("10-01 09:00", "10-05 12:00", Remaining(False, 0, hours(0), hours(99))),
    ],
)
def test_remaining_counts_days_and_hours_on_both_sides(now: str, due: str, expected: Remaining) -> None:
    assert calendar.remaining(at(now), at(due)) == expected


def test_other_hours_move_the_end_of_the_day() -> None:
    summer = mainland_calendar(hours=((time(8), time(12)), (time(15), time(18, 30))))
    assert summer.deadline(at("07-01 09:00"), "1d") == at("07-02 18:30")
    assert summer.day_length == hours(7.5)
    assert calendar.day_length == hours(7)
    assert calendar.hours == DEFAULT_HOURS


def test_plain_calendar_has_weekends_only() -> None:
    plain = WorkCalendar(holidays={date(2026, 11, 23)}, extra_workdays={date(2026, 11, 22)})
    assert [plain.is_workday(date(2026, 11, day)) for day in (21, 22, 23, 24)] == [False, True, False, True]
    assert plain.is_workday(date(2026, 10, 1))
    assert not plain.certain(2026)


def test_only_the_years_counted_are_asked_for_and_each_once() -> None:
    seen: list[int] = []

    def year_days(year: int) -> YearDays:
        seen.append(year)
        return YearDays()

    WorkCalendar(year_days=year_days).add_workdays(date(2026, 1, 1), 10)
    assert set(seen) == {2026}
    assert mainland_year(2026) is mainland_year(2026)
    assert default_calendar() is default_calendar()


def test_festivals_of_2026_in_order_of_date() -> None:
    assert list(festival_dates(2026).items()) == [
        ("除夕", date(2026, 2, 16)),
        ("春节", date(2026, 2, 17)),
        ("元宵", date(2026, 3, 3)),
        ("清明", date(2026, 4, 5)),
        ("端午", date(2026, 6, 19)),
        ("七夕", date(2026, 8, 19)),
        ("中秋", date(2026, 9, 25)),
        ("重阳", date(2026, 10, 18)),
    ]


def test_festivals_are_the_published_holidays_of_every_year() -> None:
    names = {
        "Chinese New Year (Spring Festival)": "春节",
        "Tomb-Sweeping Day": "清明",
        "Dragon Boat Festival": "端午",
        "Mid-Autumn Festival": "中秋",
    }
    for year in range(2008, 2100):
        listed = holidays.country_holidays("CN", years=year, language="en_US", observed=False)
        for english, name in names.items():
            found = [day for day, title in sorted(listed.items()) if english in title.split("; ")]
            assert festival_dates(year)[name] == found[0], (year, name)


def test_double_seventh_of_a_year_with_two_sixth_months_is_in_the_second_half_of_august() -> None:
    assert festival_dates(2025)["七夕"] == date(2025, 8, 29)
    assert festival_dates(2024)["七夕"] == date(2024, 8, 10)


@pytest.mark.parametrize("year", [1999, 2100])
def test_festivals_of_unknown_years_are_refused(year: int) -> None:
    with pytest.raises(ValueError, match=f"from 2000 to 2099, not for {year}"):
        festival_dates(year)


def test_notice_is_read_whatever_language_the_server_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    assert mainland_year.__wrapped__(2026) == mainland_year(2026)
    assert mainland_year(2026).certain is True
    assert mainland_year(2030).certain is False
    assert calendar.certain(2030) is False


def test_day_of_one_period_or_three_ends_with_the_last() -> None:
    through = mainland_calendar(hours=((time(8), time(16)),))
    evening = mainland_calendar(hours=((time(8), time(12)), (time(14), time(17)), (time(19), time(21))))
    assert through.deadline(at("07-01 09:00"), "1d") == at("07-02 16:00")
    assert evening.deadline(at("07-01 09:00"), "1d") == at("07-02 21:00")
    assert through.add_workhours(at("07-01 16:00"), 0) == at("07-02 08:00")  # at the close it is closed


def test_first_year_of_the_lunar_calendar_is_known() -> None:
    assert festival_dates(2000)["春节"] == date(2000, 2, 5)


def test_working_time_is_chinas_wherever_the_server_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime(2026, 10, 8, 17, 0, tzinfo=UTC)  # the 9th, 1:00 in China
    monkeypatch.setenv("TZ", "America/New_York")
    clock.tzset()
    try:
        assert calendar.deadline(moment, "1d") == at("10-10 18:00")
        assert calendar.add_workhours(moment, 1) == at("10-09 09:30")
    finally:
        monkeypatch.undo()
        clock.tzset()
