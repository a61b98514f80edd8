"""Several tasks' plans on one line of days: where bars, steps, days off and today stand.

Pure: dates in, places out, as per cent of the line's width, so that one drawing serves a screen, A4 and A3.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from chuangwen.core.workdays import WorkCalendar

SPARE: Final = 3  # days before the first and after the last
LONGEST: Final = 400  # days on one line; more would be hair
BACK, AHEAD = timedelta(days=90), timedelta(days=240)  # of today, where nobody asked for other days
LABEL: Final = 95.0  # per cent beyond which a month's name finds no room
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """From x on, so wide; both per cent of the line."""

    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Month:
    x: float
    day: date


@dataclass(frozen=True, slots=True)
class Line:
    """The line of days: its first and last, the firsts of months, the days off, today where it lies on it."""

    first: date
    last: date
    months: tuple[Month, ...]
    off: tuple[Span, ...]
    today_x: float | None

    def x(self, day: date) -> float:
        """The middle of a day; a day beyond an end stands at that end."""
        days = (self.last - self.first).days + 1
        return round(min(max(((day - self.first).days + 0.5) / days * 100, 0.0), 100.0), 2)

    def bar(self, first: date, last: date) -> Span | None:
        """From the beginning of one day to the end of another, cut at the line's ends; None where nothing is left."""
        first, last = max(first, self.first), min(last, self.last)
        return _span(first, last, self.first, self.last) if first <= last else None

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


def line_of(
    days: Iterable[date], *, today: date, calendar: WorkCalendar, first: date | None = None, last: date | None = None
) -> Line:
    """The line on which `days` lie, or the one from `first` to `last` where these are asked for.

    What lies far from today is cut, so that a task of two years does not press the others together.
    """
    known = [*days, today]
    starts = first or max(min(known), today - BACK) - timedelta(days=SPARE)
    ends = last or min(max(known), today + AHEAD) + timedelta(days=SPARE)
    ends = max(min(ends, starts + timedelta(days=LONGEST)), starts + timedelta(days=SPARE))
    months = (Month(_span(day, day, starts, ends).x, day) for day in _months(starts, ends))
    return Line(
        starts,
        ends,
        tuple(one for one in months if one.x < LABEL),
        tuple(_span(*pair, starts, ends) for pair in _days_off(starts, ends, calendar)),
        _span(today, today, starts, ends).x if starts <= today <= ends else None,
    )


def _span(first: date, last: date, starts: date, ends: date) -> Span:
    days = (ends - starts).days + 1
    x = (first - starts).days / days * 100
    return Span(round(x, 2), round(((last - first).days + 1) / days * 100, 2))


def _months(starts: date, ends: date) -> list[date]:
    """The firsts of months on the line, and its beginning where the first of them is far enough from it."""
    found = [starts + timedelta(days=n) for n in range((ends - starts).days + 1)]
    firsts = [day for day in found if day.day == 1]
    near = firsts and (firsts[0] - starts).days * 7 < (ends - starts).days
    return firsts if near else [starts, *firsts]


def _days_off(starts: date, ends: date, calendar: WorkCalendar) -> list[tuple[date, date]]:
    """Runs of days that are not worked."""
    runs: list[tuple[date, date]] = []
    day = starts
    while day <= ends:
        if not calendar.is_workday(day):
            if runs and runs[-1][1] == day - ONE_DAY:
                runs[-1] = (runs[-1][0], day)
            else:
                runs.append((day, day))
        day += ONE_DAY
    return runs
