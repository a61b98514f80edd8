"""Meetings in words, the same on screens, papers and in messages: when one is, how often a series meets."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from chuangwen.core.templatetags.wording import day
from chuangwen.core.workdays import ZONE
from chuangwen.directives.models import Meeting, MeetingSeries
from chuangwen.directives.planning import kept_schedule
from chuangwen.responsibilities.schedule import phrase_of


def when(meeting: Meeting) -> str:
    """Day and hour."""
    return f"{day(meeting.day)} {meeting.at:%H:%M}"


def begins(meeting: Meeting) -> datetime:
    """The moment at which it begins."""
    return datetime.combine(meeting.day, meeting.at, ZONE)


def meeting_words(meeting: Meeting) -> str:
    """A meeting in a list of days: its name, and the room where it is known."""
    if meeting.place:
        return _("Meeting: %(name)s (%(place)s)") % {"name": meeting.name, "place": meeting.place}
    return _("Meeting: %s") % meeting.name


def rhythm_words(series: MeetingSeries) -> str:
    """How often and on which day; empty where it is not known."""
    schedule = kept_schedule(series.schedule)
    return phrase_of(schedule) if schedule else ""
