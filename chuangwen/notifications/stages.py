"""Which steps of reminding a matter has reached. Pure: no Django.

Days are working days (practice.md). What is due on a Monday is reminded of on the Wednesday before, three days ahead.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from chuangwen.core.workdays import WorkCalendar


@dataclass(frozen=True, slots=True)
class StepRule:
    """`days` before the deadline where `ahead`, else so many days late."""

    stage: str
    days: int
    ahead: bool = False


def is_late(due: date, now: datetime) -> bool:
    """A `due` without a time lasts until the end of its day."""
    return due < now if isinstance(due, datetime) else due < now.date()


def reached(due: date, now: datetime, rules: Iterable[StepRule], calendar: WorkCalendar) -> list[str]:
    """The stages that hold at `now` (local) for a matter due at `due` (local); late ones add up."""
    day = due.date() if isinstance(due, datetime) else due
    if not is_late(due, now):
        left = calendar.workdays_between(now.date(), day)
        return [rule.stage for rule in rules if rule.ahead and left <= rule.days]
    behind = calendar.workdays_between(day, now.date())
    return [rule.stage for rule in rules if not rule.ahead and behind >= rule.days]


def horizon(today: date, rules: Iterable[StepRule], calendar: WorkCalendar) -> date:
    """The last day of which somebody is reminded today."""
    return calendar.add_workdays(today, max((rule.days for rule in rules if rule.ahead), default=0))
