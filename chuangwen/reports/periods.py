"""The periods that papers report on: weeks from Monday to Sunday, months, years, and the one before to compare with."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

DAYS_BEFORE_THE_END, DAYS_AFTER_THE_END = 5, 5  # around a month's end in which its bulletin is drafted (proposed)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, both ends inside."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a period ends before it begins")

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def is_month(self) -> bool:
        """Whether it is one whole month of the calendar."""
        return self == month_of(self.first)

    @property
    def is_year(self) -> bool:
        """Whether it is one whole year of the calendar."""
        return self == year_of(self.first)

    @property
    def before(self) -> Period:
        """The period to compare with: the month before a month, the year before a year, else as many days before."""
        if self.is_month:
            return month_of(self.first - timedelta(days=1))
        if self.is_year:
            return year_of(self.first - timedelta(days=1))
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))


def week_of(day: date) -> Period:
    """Monday to Sunday around `day`."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=6))


def mondays_of(period: Period) -> list[date]:
    """The Mondays of the weeks that begin in a period; of the week around it where none does."""
    first = week_of(period.first).first
    found = [first + timedelta(days=days) for days in range(0, period.days + 7, 7)]
    return [monday for monday in found if period.first <= monday <= period.last] or [first]


def month_of(day: date) -> Period:
    """The calendar month of `day`."""
    return Period(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))


def year_of(day: date) -> Period:
    """The calendar year of `day`."""
    return Period(date(day.year, 1, 1), date(day.year, 12, 31))


def month_to_tell(day: date) -> Period | None:
    """The month whose bulletin is due around `day`: its own in its last days, the one before in the first; or None."""
    month = month_of(day)
    if (month.last - day).days < DAYS_BEFORE_THE_END:
        return month
    return month.before if day.day <= DAYS_AFTER_THE_END else None
