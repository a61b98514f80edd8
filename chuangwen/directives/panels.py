"""What this area shows elsewhere: its entry in the side bar and its lines on the desk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from chuangwen.campaigns.context import current_campaign
from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import may, scope_of
from chuangwen.core.panels import DeskItem, DeskLine, NavGroup, NavItem, waiting_line
from chuangwen.core.workdays import default_calendar
from chuangwen.directives.enums import CallStage, MeetingStage, PassStage
from chuangwen.directives.models import Meeting, PassingOn, WrittenCall, WrittenReport
from chuangwen.directives.queries.documents import open_candidates
from chuangwen.directives.queries.meetings import awaits_signature, not_passed_on
from chuangwen.directives.queries.written import MISSING

DESK_DOCUMENTS = 5


def waiting(request: HttpRequest) -> QuerySet[Any]:
    """Directives that wait for a decision."""
    return open_candidates(request.user, current_campaign(request))


NAVIGATION = NavItem(
    group=NavGroup.DUTIES,
    order=23,
    label=gettext_lazy("Documents and directives"),
    icon="file-text",
    url_name="directives:list",
    permissions=("directives.view",),
    waiting=waiting,
)
MEETINGS = NavItem(
    group=NavGroup.DUTIES,
    order=22,
    label=gettext_lazy("Meetings"),
    icon="users-group",
    url_name="directives:meetings",
    permissions=("directives.attend",),
    prefixes=("/meetings/", "/written-reports/"),
)


def meeting_lines(request: HttpRequest) -> Iterator[DeskLine]:
    """For a unit what it is to pass on and to report; for the office what is late of it, and minutes not written."""
    user, campaign = request.user, current_campaign(request)
    if campaign is None or not may(user, "directives.attend"):
        return
    own = scope_of(user, "directives.answer").unit_ids
    if own:
        yield from _unit_lines(own)
    if may(user, "directives.sign", campaign):
        yield from _to_sign(request, campaign)
    if not may(user, "directives.edit", campaign):
        return
    held = Meeting.objects.visible_to(user, "directives.edit").filter(campaign=campaign, state=MeetingStage.HELD)
    yield waiting_line(
        "decide", held.filter(number="", day__lt=clock.today()),
        lambda n: ngettext("%d meeting without signed minutes", "%d meetings without signed minutes", n) % n,
        f"{reverse('directives:meetings')}?tab=minutes", icon="users-group", action=pgettext("meeting", "Write"),
    )  # fmt: skip
    yield waiting_line(
        "late", held.filter(not_passed_on(user)),
        lambda n: ngettext("%d meeting that units have not passed on", "%d meetings that units have not passed on",
                           n) % n,
        f"{reverse('directives:meetings')}?tab=unpassed", icon="speakerphone", action=pgettext("meeting", "Remind"),
    )  # fmt: skip
    short = WrittenReport.objects.filter(MISSING).values("call")
    calls = WrittenCall.objects.visible_to(user).filter(
        campaign=campaign, state=CallStage.OPEN, due_at__lt=clock.now(), pk__in=short
    )
    yield waiting_line(
        "late", calls,
        lambda n: ngettext("%d call for reports is over, some missing", "%d calls for reports are over, some missing",
                           n) % n,
        f"{reverse('directives:written')}?tab=over", icon="file-upload", action=pgettext("meeting", "Remind"),
    )  # fmt: skip


def _to_sign(request: HttpRequest, campaign: Campaign) -> Iterator[DeskLine]:
    """Minutes that are written and wait for a leader's signature."""
    rows = Meeting.objects.visible_to(request.user, "directives.sign").filter(awaits_signature(), campaign=campaign)
    yield waiting_line(
        "decide", rows, lambda n: ngettext("Minutes of %d meeting to sign", "Minutes of %d meetings to sign", n) % n,
        f"{reverse('directives:meetings')}?tab=sign", icon="signature", action=pgettext("minutes", "Sign"),
    )  # fmt: skip


def _unit_lines(units: frozenset[int]) -> Iterator[DeskItem]:
    """What the own units are to pass on and to hand in, one by one, the earliest first."""
    now, today = clock.now(), clock.today()
    passings = PassingOn.objects.filter(unit__in=units, state=PassStage.OPEN).select_related("meeting")
    for one in passings.order_by("due_on", "pk")[:DESK_DOCUMENTS]:
        due = default_calendar().end_of_day(one.due_on)
        yield DeskItem(
            "late" if one.due_on < today else "week", _("Pass on: %s") % one.meeting.name,
            reverse("directives:passing", args=[one.pk]), icon="speakerphone", due=due,
            action=pgettext("meeting", "Record"),
        )  # fmt: skip
    reports = WrittenReport.objects.filter(MISSING, unit__in=units, call__state=CallStage.OPEN).select_related("call")
    for one in reports.order_by("call__due_at", "pk")[:DESK_DOCUMENTS]:
        yield DeskItem(
            "late" if one.call.due_at < now else "week", one.call.title,
            reverse("directives:written_report", args=[one.pk]), icon="file-upload", due=one.call.due_at,
            action=pgettext("written report", "Hand in"),
        )  # fmt: skip


def desk(request: HttpRequest) -> Iterator[DeskItem]:
    """Documents with directives to be decided, the latest first: one query."""
    rows = open_candidates(request.user, current_campaign(request))
    documents = rows.order_by().values("document", "document__title", "document__day").annotate(number=Count("pk"))
    for row in documents.order_by("-document__day")[:DESK_DOCUMENTS]:
        number = row["number"]
        words = ngettext(
            "“%(title)s” has %(number)d directive to be decided",
            "“%(title)s” has %(number)d directives to be decided",
            number,
        )
        yield DeskItem(
            group="decide",
            title=words % {"title": row["document__title"], "number": number},
            url=reverse("directives:review", args=[row["document"]]) + "?show=open",
            icon="file-text",
            action=pgettext("directive", "Review"),
            count=number,
        )
