"""When things happened in the demo's year, counted from the day it is filled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from chuangwen.core.workdays import default_calendar


@dataclass(frozen=True, slots=True)
class Year:
    """The demo's fixed days. `today` is the day it is filled; the running round spans it."""

    today: date

    @property
    def running_from(self) -> date:
        """The running round began three working days ago."""
        return default_calendar().add_workdays(self.today, -3)

    @property
    def running_to(self) -> date:
        return default_calendar().add_workdays(self.running_from, 5)

    @property
    def first_from(self) -> date:
        return default_calendar().add_workdays(self.running_from, -42)

    @property
    def first_to(self) -> date:
        return default_calendar().add_workdays(self.first_from, 4)

    @property
    def assessment(self) -> date:
        return default_calendar().add_workdays(self.today, 22)

    @property
    def begins(self) -> date:
        """The first day of the told year."""
        return self.today - timedelta(days=330)


def moment(day: date, hour: float = 9.0) -> datetime:
    """`hour` o'clock (9.5 is half past nine) on `day`, in the site's time zone."""
    clock_time = time(int(hour), int(hour % 1 * 60))
    return timezone.make_aware(datetime.combine(day, clock_time))
