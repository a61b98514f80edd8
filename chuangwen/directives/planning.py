"""From what an office says of a series to its dates: the rhythm as a schedule, and the days of a year. Pure.

A stand-up meets only in the working days before an assessment (`windows`); everything else meets all year.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from chuangwen.core.workdays import WorkCalendar
from chuangwen.directives.enums import DayRule, Rhythm
from chuangwen.responsibilities.schedule import Every, Occurrence, Schedule, occurrences

Window = tuple[date, date]  # the first and the last day, both included
RHYTHM_OF_STEP = {1: Rhythm.MONTH, 2: Rhythm.TWO_MONTHS, 3: Rhythm.QUARTER, 6: Rhythm.HALF_YEAR}
MOST_WORKING = 15  # no month has fewer working days


@dataclass(frozen=True, slots=True)
class Habit:
    """A rhythm as the form asks for it: a weekday, or which day of which month of the period."""

    rhythm: str
    weekday: int = 1
    phase: int = 1
    rule: str = DayRule.WORKDAY
    number: int = 1


def schedule_of(habit: Habit) -> Schedule:
    """The schedule of a habit. Raises ValueError where phase or day do not fit the rhythm."""
    if habit.rhythm == Rhythm.WEEK:
        return Schedule(Every.WEEK, day=habit.weekday)
    day = -habit.number if habit.rule == DayRule.LAST else habit.number
    working = habit.rule != DayRule.DATE
    if working and habit.number > MOST_WORKING:
        raise ValueError("no month has so many working days")
    return Schedule(Every.MONTH, step=int(habit.rhythm), phase=habit.phase, day=day, working=working)


def habit_of(schedule: Schedule) -> Habit:
    """The habit that `schedule_of` makes this schedule of."""
    if schedule.every == Every.WEEK:
        return Habit(Rhythm.WEEK, weekday=schedule.day)
    rule = DayRule.DATE if not schedule.working else DayRule.WORKDAY if schedule.day > 0 else DayRule.LAST
    return Habit(RHYTHM_OF_STEP[schedule.step], phase=schedule.phase, rule=rule, number=abs(schedule.day))


def kept_schedule(data: dict[str, Any]) -> Schedule | None:
    """The schedule that a row keeps; None where its period is not known yet."""
    return Schedule.from_data(data) if data else None


def windows_before(days: Iterable[date], working_days: int, calendar: WorkCalendar) -> list[Window]:
    """The `working_days` before each of the days, the day itself left out."""
    return [(calendar.add_workdays(day, -working_days), calendar.add_workdays(day, -1)) for day in sorted(set(days))]


def dates_of(
    schedule: Schedule, first: date, last: date, calendar: WorkCalendar, windows: Sequence[Window] | None = None
) -> list[Occurrence]:
    """The dates from `first` to `last`; with `windows` only those inside one of them."""
    found = occurrences(schedule, first, last, calendar)
    return [one for one in found if windows is None or any(start <= one.due <= end for start, end in windows)]
