"""The site's clock: now and today, in the site's time zone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta

from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """This moment, aware."""
    return _moment.get() or timezone.now()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be `moment` inside the block: how the demo tells a year and tests stand still."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)


def local(moment: datetime) -> datetime:
    """`moment` in the site's time zone."""
    return timezone.localtime(moment)


def today() -> date:
    """The day it is on the office's wall calendar."""
    return local(now()).date()


def midnight(day: date) -> datetime:
    """The moment at which `day` begins."""
    return timezone.make_aware(datetime.combine(day, time.min))


def end_of_today() -> datetime:
    """The midnight to come."""
    return local(now()).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def end_of_week() -> datetime:
    """The midnight with which Sunday ends."""
    return end_of_today() + timedelta(days=6 - local(now()).weekday())
