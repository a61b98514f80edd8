"""What the meeting on open problems looks at: its period, and the problems that are late."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from chuangwen.core.models import Region
from chuangwen.rectification.models import Problem
from chuangwen.rectification.queries import late
from chuangwen.supervision.enums import MeetingState
from chuangwen.supervision.models import FeedbackMeeting
from chuangwen.supervision.queries.standings import month_of

MOST_LINES = 500  # a meeting cannot speak of more; the longest late come first


def period_of(day: date, months: int) -> tuple[date, date]:
    """The first and last day of the block of so many months, counted from January, in which `day` lies."""
    months = min(max(months, 1), 12)
    month = (day.month - 1) // months * months + 1
    return date(day.year, month, 1), month_of(date(day.year, min(month + months - 1, 12), 1))[1]


def late_problems(region: Region) -> QuerySet[Problem]:
    """What is late and on a unit's clock, the longest first."""
    return Problem.objects.filter(late(), region=region).order_by("due_at", "pk")


def list_for(region: Region | int, day: date) -> FeedbackMeeting | None:
    """The list that a supervision meeting on this day speaks of: the last one whose months had begun by then.

    A list that was held on another day has had its meeting.
    """
    rows = FeedbackMeeting.objects.filter(region=region, starts__lte=day).order_by("-starts")
    return rows.filter(Q(state=MeetingState.DRAFT) | Q(held_on=day)).first()
