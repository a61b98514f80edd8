"""The site's clock: now, today and the working calendar, in the campaign's time zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone


def now() -> datetime:
    """This moment, aware."""
    return timezone.now()


def local(moment: datetime) -> datetime:
    """`moment` in the site's time zone."""
    return timezone.localtime(moment)


def today() -> date:
    """The day it is on the office's wall calendar."""
    return timezone.localdate()


def working_days(first: date, last: date) -> int:
    """Working days after `first` up to and with `last`, Saturdays and Sundays left out; 0 where `last` is earlier."""
    days = range(1, (last - first).days + 1)
    return sum((first + timedelta(days=number)).weekday() < 5 for number in days)
