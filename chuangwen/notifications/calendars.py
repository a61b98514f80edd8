"""Writes a person's deadlines as iCalendar (RFC 5545). Pure: no Django.

An entry keeps its UID for ever, and its DTSTAMP until its matter changes: without a METHOD that is when it was last
revised (RFC 5545, 3.8.7.2). Moments are in UTC, so that no time zone has to be described. A deadline is an event,
since phones leave tasks (VTODO) of a subscribed calendar out, and it blocks nobody's time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from icalendar import Calendar, Event

REFRESH: Final = timedelta(hours=6)
BEFORE: Final = timedelta(minutes=30)  # how much of the day an event with an hour takes up, ending at the deadline


@dataclass(frozen=True, slots=True)
class Entry:
    """A deadline: a day, or an aware moment; `uid` is its own for ever, `changed` aware."""

    uid: str
    title: str
    due: date
    url: str
    changed: datetime


def calendar_bytes(name: str, product: str, entries: Iterable[Entry]) -> bytes:
    """The whole calendar, the same bytes for the same entries."""
    calendar = Calendar()
    calendar.add("prodid", product)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)  # what Outlook and older phones read
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for entry in entries:
        calendar.add_component(_event(entry))
    return calendar.to_ical()


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.changed.astimezone(UTC))
    event.add("last-modified", entry.changed.astimezone(UTC))
    event.add("summary", " ".join(entry.title.split()))
    if isinstance(entry.due, datetime):
        ends = entry.due.astimezone(UTC)
        event.add("dtstart", ends - BEFORE)
        event.add("dtend", ends)
    else:
        event.add("dtstart", entry.due)
        event.add("dtend", entry.due + timedelta(days=1))
    event.add("url", entry.url)
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event
