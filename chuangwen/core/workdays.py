"""The working calendar of mainland China: what "within three days" and "within two hours" mean.

Deadlines count working days and working hours, and the country moves working days around its holidays
every year by a notice of the State Council (国务院办公厅关于部分节假日安排的通知): a Saturday may be worked,
a Tuesday may be free. Everything here is pure; times are wall time of Asia/Shanghai.

Sources: 全国年节及纪念日放假办法; the notices as collected by the package `holidays`; practice.md, "Days are
working days unless said otherwise" and "Default deadlines by problem type".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from lunar_python import Lunar

ZONE = ZoneInfo("Asia/Shanghai")
Hours = tuple[tuple[time, time], ...]
DEFAULT_HOURS: Hours = ((time(8, 30), time(12, 0)), (time(14, 30), time(18, 0)))

ONE_DAY = timedelta(days=1)
NOTHING = timedelta(0)
WITHIN = re.compile(r"([1-9][0-9]{0,3})([hdH])")
SUBSTITUTED = re.compile(r"substituted from (\d\d)/(\d\d)/(\d{4})")
# The customary formula for Qingming, and the years compared with the published tables, end with the century.
FIRST_LUNAR_YEAR, LAST_LUNAR_YEAR = 2000, 2099


@dataclass(frozen=True, slots=True)
class YearDays:
    """The days of one year that are not as their weekday says; `certain` once a notice fixed them."""

    off: frozenset[date] = frozenset()
    extra: frozenset[date] = frozenset()
    certain: bool = False


@lru_cache(maxsize=256)
def mainland_year(year: int) -> YearDays:
    """The public holidays of a year and the weekend days worked for them.

    Until the notice for the year is out (usually in November before), these are the holidays fixed by
    law, with days off in place of those that fall on a weekend, no weekend worked, and `certain` False.
    """
    import holidays as published  # noqa: PLC0415 (when needed: no start of the program should wait for it)

    off: set[date] = set()
    extra: set[date] = set()
    certain = False
    # A day worked at the end of December may belong to a holiday of the next January.
    for listed in (year, year + 1):
        for day, name in published.country_holidays("CN", years=listed, language="en_US").items():
            worked = [date(int(y), int(m), int(d)) for m, d, y in SUBSTITUTED.findall(name)]
            extra.update(moved for moved in worked if moved.year == year)
            if day.year == year:
                off.add(day)
                certain = certain or bool(worked)
    return YearDays(frozenset(off), frozenset(extra), certain)


def weekends_only(year: int) -> YearDays:
    """A year without holidays, for a calendar that gives all its days itself."""
    return YearDays()


@dataclass(frozen=True, slots=True)
class Remaining:
    """How far a deadline is away, for a screen: in days where `workdays` is not 0, else in hours.

    `late` tells on which side of the deadline we are; the amounts are never negative. `workdays` counts
    the working days from the day of the one moment to that of the other, the first not counted;
    `worktime` is the working time between them, `clock` the whole time.
    """

    late: bool
    workdays: int
    worktime: timedelta
    clock: timedelta


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days are worked, and when.

    `holidays` and `extra_workdays` are the office's own days and go before those of `year_days`. For a
    year in `announced_years` they are all there is: the office has entered the notice itself.
    `hours` are the periods of a working day, ascending.
    """

    holidays: AbstractSet[date] = frozenset()
    extra_workdays: AbstractSet[date] = frozenset()
    hours: Hours = DEFAULT_HOURS
    announced_years: AbstractSet[int] = frozenset()
    year_days: Callable[[int], YearDays] = field(default=weekends_only, repr=False)

    def __post_init__(self) -> None:
        both = self.holidays & self.extra_workdays
        if both:
            raise ValueError(f"{min(both)} cannot be both a holiday and a working day; remove it from one list")
        edges = [edge for period in self.hours for edge in period]
        if not edges or any(first >= second for first, second in pairwise(edges)):
            raise ValueError("the working hours must be periods that follow one another, such as 8:30-12:00")

    def certain(self, year: int) -> bool:
        """Whether the year's holidays are announced; if not, its working days are a forecast."""
        return year in self.announced_years or self.year_days(year).certain

    def is_workday(self, day: date) -> bool:
        """Whether `day` is worked."""
        if day in self.extra_workdays:
            return True
        if day in self.holidays:
            return False
        if day.year not in self.announced_years:
            days = self.year_days(day.year)
            if day in days.extra:
                return True
            if day in days.off:
                return False
        return day.weekday() < 5

    def add_workdays(self, day: date, n: int) -> date:
        """The n-th working day after `day` (before it, where n is negative); `day` itself for 0."""
        step = ONE_DAY if n > 0 else -ONE_DAY
        left = abs(n)
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def workdays_between(self, a: date, b: date) -> int:
        """Working days after `a` up to and with `b`; negative where `b` is earlier, from `b` up to before `a`.

        So `workdays_between(day, add_workdays(day, n)) == n` for every n.
        """
        if b < a:
            return -sum(map(self.is_workday, _days(b, a)))
        return sum(map(self.is_workday, _days(a + ONE_DAY, b + ONE_DAY)))

    def add_workhours(self, moment: datetime, hours: float) -> datetime:
        """The moment when `hours` (0 or more) of working time have passed since `moment` (aware).

        Outside the working hours the count starts at the next opening. A count that ends with a period
        ends at its close, not at the next opening.
        """
        if hours < 0:
            raise ValueError("working hours are counted forward only; give 0 or more")
        left, day = timedelta(hours=hours), _local(moment).date()
        while True:
            for opens, closes in self._periods(day):
                start = max(opens, _local(moment))
                if start < closes:
                    if left <= closes - start:
                        return start + left
                    left -= closes - start
            day += ONE_DAY

    def worktime_between(self, a: datetime, b: datetime) -> timedelta:
        """Working time from `a` to `b` (aware); zero where `b` is not later."""
        a, b = _local(a), _local(b)
        if b <= a:
            return NOTHING
        if a.date() == b.date():
            return self._worked(a.date(), a, b)
        whole = self.workdays_between(a.date(), b.date() - ONE_DAY)
        return self._worked(a.date(), a, b) + whole * self.day_length + self._worked(b.date(), a, b)

    @property
    def day_length(self) -> timedelta:
        """Working time of a whole working day."""
        day = date(2000, 1, 3)
        return sum((datetime.combine(day, stop) - datetime.combine(day, start) for start, stop in self.hours), NOTHING)

    def end_of_day(self, day: date) -> datetime:
        """When the working hours of `day` end, whether it is worked or not."""
        return datetime.combine(day, self.hours[-1][1], ZONE)

    def deadline(self, moment: datetime, within: str) -> datetime:
        """When a matter given out at `moment` (aware) is due.

        `within`: "2h" working hours; "3d" working days, due at the end of the third working day after the
        day of `moment`; "24H" clock hours (立行立改). Raises `ValueError` for any other text.
        """
        match = WITHIN.fullmatch(within)
        if not match:
            raise ValueError(
                f"“{within}” is no time limit; write 2h for working hours, 3d for working days, 24H for clock hours"
            )
        amount, unit = int(match[1]), match[2]
        if unit == "h":
            return self.add_workhours(moment, amount)
        if unit == "H":
            return _local(moment) + timedelta(hours=amount)
        return self.end_of_day(self.add_workdays(_local(moment).date(), amount))

    def remaining(self, now: datetime, due: datetime) -> Remaining:
        """What is left until `due`, or how late it is; at the very moment it is not late. Both aware."""
        first, last = sorted((_local(now), _local(due)))
        return Remaining(
            late=_local(now) > _local(due),
            workdays=self.workdays_between(first.date(), last.date()),
            worktime=self.worktime_between(first, last),
            clock=last - first,
        )

    def _periods(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        if self.is_workday(day):
            for start, stop in self.hours:
                yield datetime.combine(day, start, ZONE), datetime.combine(day, stop, ZONE)

    def _worked(self, day: date, a: datetime, b: datetime) -> timedelta:
        spans = (min(b, closes) - max(a, opens) for opens, closes in self._periods(day))
        return sum((max(span, NOTHING) for span in spans), NOTHING)


def mainland_calendar(
    *,
    holidays: Iterable[date] = (),
    extra_workdays: Iterable[date] = (),
    hours: Hours = DEFAULT_HOURS,
    announced_years: Iterable[int] = (),
) -> WorkCalendar:
    """The calendar of mainland China with an office's own days and hours."""
    return WorkCalendar(
        frozenset(holidays), frozenset(extra_workdays), hours, frozenset(announced_years), year_days=mainland_year
    )


@lru_cache(maxsize=1)
def default_calendar() -> WorkCalendar:
    """The calendar of mainland China, 8:30-12:00 and 14:30-18:00."""
    return mainland_calendar()


# Our festivals (我们的节日) with their day in the lunar year; Qingming is a day of the sun.
LUNAR_FESTIVALS = {"春节": (1, 1), "元宵": (1, 15), "端午": (5, 5), "七夕": (7, 7), "中秋": (8, 15), "重阳": (9, 9)}


@lru_cache(maxsize=256)
def festival_dates(year: int) -> dict[str, date]:
    """The festivals that fall in a calendar year (2000 to 2099), by name, in order of date.

    除夕, 春节, 元宵, 清明, 端午, 七夕, 中秋, 重阳. Raises `ValueError` for other years.
    """
    if not FIRST_LUNAR_YEAR <= year <= LAST_LUNAR_YEAR:
        raise ValueError(f"the lunar calendar is known from {FIRST_LUNAR_YEAR} to {LAST_LUNAR_YEAR}, not for {year}")
    dates = {name: _solar_day(year, month, day) for name, (month, day) in LUNAR_FESTIVALS.items()}
    dates |= {"除夕": dates["春节"] - ONE_DAY, "清明": _qingming(year)}
    return dict(sorted(dates.items(), key=lambda item: item[1]))


def _solar_day(year: int, month: int, day: int) -> date:
    solar = Lunar.fromYmd(year, month, day).getSolar()
    return date(solar.getYear(), solar.getMonth(), solar.getDay())


def _qingming(year: int) -> date:
    """The day of the sun's longitude 15 degrees by the customary formula (寿星通式), exact for 2000-2099."""
    return date(year, 4, int((year - 2000) * 0.2422 + 4.81) - (year - 2000) // 4)


def _days(start: date, stop: date) -> Iterator[date]:
    return (start + timedelta(days=number) for number in range((stop - start).days))


def _local(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError("the moment has no time zone; give an aware one")
    return moment.astimezone(ZONE)
