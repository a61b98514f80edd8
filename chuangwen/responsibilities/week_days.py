"""The days of a week's report: when it opens and until when it is to be confirmed. Pure.

Friday half past five, and Thursday before it, are ours (proposed): the office's sheet goes out then. A day that is not
worked moves as it does for recurring duties (schedule.py): to the working day before it in its week, else to the next
one in it. A week without a working day asks for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from chuangwen.core.workdays import ZONE, WorkCalendar
from chuangwen.responsibilities.schedule import Every, Schedule, occurrences

WEEK: Final = timedelta(days=7)
DUE: Final = Schedule(Every.WEEK, day=5)
DUE_TIME: Final = time(17, 30)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def due_of_week(monday: date, calendar: WorkCalendar) -> datetime | None:
    """Until when the report of the week that begins on `monday` is to be confirmed; None where nothing is worked."""
    for one in occurrences(DUE, monday, monday + timedelta(days=6), calendar):
        return datetime.combine(one.due, DUE_TIME, ZONE)
    return None


def opening_of_week(monday: date, calendar: WorkCalendar) -> date | None:
    """The working day before the one it is due on, in the same week; that day itself where it is the week's first."""
    due = due_of_week(monday, calendar)
    if due is None:
        return None
    before = calendar.add_workdays(due.date(), -1)
    return before if before >= monday else due.date()


@dataclass(frozen=True, slots=True)
class Week:
    """A week as moments. What is told of it is told as it stood at `till`: now, or when the week was over."""

    monday: date
    till: datetime

    @property
    def first(self) -> datetime:
        return datetime.combine(self.monday, time(0), ZONE)

    @property
    def end(self) -> datetime:
        return self.first + WEEK

    @property
    def after(self) -> datetime:
        """The end of the week after it."""
        return self.end + WEEK

    @property
    def is_over(self) -> bool:
        return self.till >= self.end

    def holds(self, moment: datetime | None) -> bool:
        """Whether it lies in the week."""
        return moment is not None and self.first <= moment < self.end


def week_at(monday: date, now: datetime) -> Week:
    """The week that begins on `monday` as one looks at it `now`."""
    end = datetime.combine(monday, time(0), ZONE) + WEEK
    return Week(monday, min(now, end))
