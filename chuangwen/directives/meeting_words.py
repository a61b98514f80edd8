"""Meetings in words, the same on screens, papers and in messages: when one is, how often a series meets."""

from __future__ import annotations

from chuangwen.core.templatetags.wording import day
from chuangwen.directives.models import Meeting, MeetingSeries
from chuangwen.directives.planning import kept_schedule
from chuangwen.responsibilities.schedule import phrase_of


def when(meeting: Meeting) -> str:
    """Day and hour."""
    return f"{day(meeting.day)} {meeting.at:%H:%M}"


def rhythm_words(series: MeetingSeries) -> str:
    """How often and on which day; empty where it is not known."""
    schedule = kept_schedule(series.schedule)
    return phrase_of(schedule) if schedule else ""
