"""When a house rule is to be checked next: one check answers for one date of its rhythm.

Pure. A check counts for the date at whose end its period lies: since the date before, or late, until it is made. A
second one in the same period moves nothing, so that checking more often never looks like checking less.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from chuangwen.core.workdays import WorkCalendar
from chuangwen.responsibilities.schedule import Schedule, following, occurrences

LONGEST_CYCLE: Final = timedelta(days=400)  # a year and the days by which a date moves off a holiday


def next_check(plan: Schedule, counts_from: date, days: Iterable[date], calendar: WorkCalendar) -> date | None:
    """The date by which the next check is due, dates before `counts_from` left out; None after 2099."""
    due = _after(plan, counts_from - timedelta(days=1), calendar)
    for day in sorted(days):
        if due is None:
            break
        if day > due:
            due = _after(plan, day, calendar)
        elif day > _before(plan, due, calendar):
            due = _after(plan, due, calendar)
    return due


def _after(plan: Schedule, day: date, calendar: WorkCalendar) -> date | None:
    found = following(plan, day, 1, calendar)
    return found[0].due if found else None


def _before(plan: Schedule, due: date, calendar: WorkCalendar) -> date:
    """The date before `due`; a day long past where there is none."""
    first = due - LONGEST_CYCLE
    return max((one.due for one in occurrences(plan, first, due - timedelta(days=1), calendar)), default=first)
