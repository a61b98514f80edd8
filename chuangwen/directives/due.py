"""Meetings, reports and answers to letters as people are reminded of them, and as they stand in calendars.

A unit's reply slip is a task: it stands there as one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core.panels import DueRow, DueSource, OwnDate, register_due, register_own_dates
from chuangwen.directives.enums import OPEN_LETTERS, CallStage, MeetingStage, PassStage
from chuangwen.directives.meeting_words import begins, meeting_words
from chuangwen.directives.models import Letter, Meeting, PassingOn, Seat, WrittenReport
from chuangwen.directives.queries.chairs import chair_holders, own_meetings
from chuangwen.directives.queries.written import MISSING


def _meetings() -> QuerySet[Meeting]:
    """Called meetings once for each seat."""
    first = Seat.objects.filter(meeting=OuterRef("pk")).order_by("pk").values("pk")[:1]
    rows = Meeting.objects.filter(state=MeetingStage.CALLED, seats__isnull=False)
    return rows.annotate(
        seat_id=F("seats"), seat_unit=F("seats__unit"), seat_post=F("seats__post"), first_seat=Subquery(first)
    )


def _meeting(row: Any) -> DueRow:
    """Who chairs hears of it once, along with its first seat."""
    users = chair_holders(row) if row.seat_id == row.first_seat else ()
    url = reverse("directives:meeting", args=[row.pk])
    return DueRow(row.pk, meeting_words(row), url, begins(row), row.seat_unit, row.seat_post, users)


def meeting_dates(user: Any, first: date, last: date) -> Iterator[OwnDate]:
    """Called meetings that the person chairs, sits in or holds."""
    for one in own_meetings(user).filter(day__range=(first, last)):
        url = reverse("directives:meeting", args=[one.pk])
        yield OwnDate("k", str(one.pk), meeting_words(one), url, begins(one), one.updated_at)


def _passings() -> QuerySet[PassingOn]:
    return PassingOn.objects.filter(state=PassStage.OPEN).select_related("meeting")


def _passing(row: PassingOn) -> DueRow:
    title = _("Pass on: %s") % row.meeting.name
    return DueRow(row.pk, title, reverse("directives:passing", args=[row.pk]), row.due_on, row.unit_id)


def _reports() -> QuerySet[WrittenReport]:
    return WrittenReport.objects.filter(MISSING, call__state=CallStage.OPEN).select_related("call")


def _report(row: WrittenReport) -> DueRow:
    url = reverse("directives:written_report", args=[row.pk])
    return DueRow(row.pk, row.call.title, url, row.call.due_at, row.unit_id)


register_own_dates(meeting_dates)
register_due(
    DueSource(
        "k", _meetings, _meeting, lambda n: ngettext("%d meeting", "%d meetings", n) % n,
        reverse_lazy("directives:meetings"), unit="seat_unit", due="day", ahead_only=True,
    )
)  # fmt: skip
register_due(
    DueSource(
        "m", _passings, _passing, lambda n: ngettext("%d meeting to pass on", "%d meetings to pass on", n) % n,
        reverse_lazy("directives:meetings"), due="due_on",
    )
)  # fmt: skip
register_due(
    DueSource(
        "w", _reports, _report, lambda n: ngettext("%d written report", "%d written reports", n) % n,
        reverse_lazy("directives:written"), due="call__due_at",
    )
)  # fmt: skip


def _letters() -> QuerySet[Letter]:
    return Letter.objects.filter(state__in=[str(one) for one in OPEN_LETTERS], due_on__isnull=False)


def _letter(row: Letter) -> DueRow:
    assert row.due_on is not None  # noqa: S101 (_letters)
    title = _("Answer to %(sender)s: %(title)s") % {"sender": row.sender, "title": row.title}
    return DueRow(row.pk, title, reverse("directives:letter", args=[row.pk]), row.due_on, row.unit_id)


register_due(
    DueSource(
        "l", _letters, _letter, lambda n: ngettext("%d letter to answer", "%d letters to answer", n) % n,
        reverse_lazy("directives:letters"), due="due_on",
    )
)  # fmt: skip
