"""Reads meetings: who takes part, which dates a series has, what an agenda and an attendance list show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.http import HttpRequest

from chuangwen.campaigns.context import current_campaign
from chuangwen.campaigns.models import Campaign, Round, RoundKind, RoundState
from chuangwen.core import clock
from chuangwen.core.access import scope_of
from chuangwen.core.models import Region
from chuangwen.core.workdays import default_calendar
from chuangwen.directives.enums import AHEAD, Attendance, MeetingStage, PassStage
from chuangwen.directives.models import AgendaItem, Decision, Meeting, MeetingSeries, PassingOn, Seat
from chuangwen.directives.planning import Window, dates_of, kept_schedule, windows_before
from chuangwen.organizations.models import Membership, Post, Unit
from chuangwen.organizations.queries import own_units
from chuangwen.responsibilities.queries.repeats import Ask, OpenRequest, open_alike
from chuangwen.responsibilities.schedule import Occurrence

ASSESSED = (RoundKind.OFFICIAL, RoundKind.REVERIFICATION)
Chair = tuple[Unit, Post | None]


def series_of(campaign: Campaign | None) -> QuerySet[Any]:
    """The campaign's series that are not ended, with the number of meetings ahead."""
    rows = MeetingSeries.objects.filter(campaign=campaign, ended_on__isnull=True)
    return rows.annotate(ahead=Count("meetings", filter=Q(meetings__state__in=AHEAD)))


def not_passed_on(user: Any) -> Q:
    """Meetings held that some unit that the person sees has not passed on though its day is over."""
    late = PassingOn.objects.visible_to(user).filter(state=PassStage.OPEN, due_on__lt=clock.today()).order_by()
    return Q(state=MeetingStage.HELD, pk__in=late.values("meeting"))


def awaits_signature() -> Q:
    """Held, written down, and not signed yet."""
    decided = Decision.objects.order_by().values("meeting")
    return Q(state=MeetingStage.HELD, number="") & (~Q(summary="") | Q(pk__in=decided))


def assessment_days(campaign: Campaign) -> list[date]:
    """The days before which stand-ups meet: the assessment, and rounds of others that are still to come."""
    rounds = Round.objects.filter(campaign=campaign, kind__in=ASSESSED).exclude(state=RoundState.CANCELLED)
    return [campaign.assessment_on, *rounds.values_list("starts", flat=True)]


def windows_of(series: MeetingSeries) -> list[Window] | None:
    """The days on which the series may meet at all; None for the whole year."""
    if not series.window_days:
        return None
    return windows_before(assessment_days(series.campaign), series.window_days, default_calendar())


def proposed_dates(series: MeetingSeries, first: date, last: date) -> list[Occurrence]:
    """The dates that the series' rule gives; none while its period is not known."""
    schedule = kept_schedule(series.schedule)
    return [] if schedule is None else dates_of(schedule, first, last, default_calendar(), windows_of(series))


def participants_of(
    region: Region, *, everybody: bool, units: Iterable[Unit], groups: Iterable[Any], posts: Iterable[Post]
) -> list[Chair]:
    """Who is called: units, and posts of groups by themselves; each once, in the order of the tree."""
    found: dict[tuple[int, int], Chair] = {}
    for unit in [*(own_units(region) if everybody else ()), *units]:
        found[(unit.pk, 0)] = (unit, None)
    seats = Membership.objects.filter(group__in=list(groups)).select_related("post__unit").order_by("rank", "pk")
    for post in [*(seat.post for seat in seats), *posts]:
        found[(0, post.pk)] = (post.unit, post)
    return sorted(found.values(), key=lambda one: (one[1] is None, one[0].path))


def participants(series: MeetingSeries) -> list[Chair]:
    """Who is called to the meetings of a series."""
    return participants_of(
        series.region, everybody=series.everybody, units=series.units.all(), groups=series.groups.all(),
        posts=series.posts.select_related("unit"),
    )  # fmt: skip


def seats_of(meeting: Meeting) -> QuerySet[Seat]:
    """The seats of a meeting in the order of its sheet, with units and posts."""
    return meeting.seats.select_related("unit", "post__unit").order_by("unit__path", "post")


def meetings_of(request: HttpRequest) -> QuerySet[Any]:
    """The meetings of the current campaign that the person sees."""
    rows = Meeting.objects.visible_to(request.user).filter(campaign=current_campaign(request))
    return rows.select_related("series", "region")


def with_counts(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Meetings with numbers of agenda items, of who came, and of the units that the person sees that passed it on, each
    by a subquery."""
    passings = PassingOn.objects.visible_to(user)
    return rows.annotate(
        items=_number(AgendaItem.objects.filter(dropped=False)),
        seated=_number(Seat.objects.all()),
        absent=_number(Seat.objects.filter(presence=Attendance.ABSENT)),
        passing=_number(passings.exclude(state=PassStage.WAIVED)),
        passed=_number(passings.filter(state=PassStage.DONE)),
    )


def _number(rows: QuerySet[Any]) -> Any:
    counted = rows.filter(meeting=OuterRef("pk")).order_by().values("meeting").annotate(n=Count("pk")).values("n")
    return Subquery(counted, output_field=IntegerField())


def held_before(meeting: Meeting) -> Meeting | None:
    """The meeting of the same series, or else of the same kind, that was held last before this one."""
    rows = Meeting.objects.filter(campaign=meeting.campaign_id, state=MeetingStage.HELD, day__lte=meeting.day)
    rows = rows.exclude(pk=meeting.pk)
    alike = Q(series=meeting.series_id) if meeting.series_id else Q(kind=meeting.kind)
    return rows.filter(alike).order_by("-day", "-pk").first()


@dataclass(frozen=True, slots=True)
class YearRow:
    """A series in a year: for each month its meetings, and the dates that its rule would give beside them."""

    series: MeetingSeries | None
    months: tuple[tuple[Any, ...], ...]  # Meeting or Occurrence


def year_rows(campaign: Campaign, year: int, user: Any) -> list[YearRow]:
    """A year at a glance: the series in their order, then what stands outside of any."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = Meeting.objects.visible_to(user).filter(campaign=campaign, day__range=(first, last)).order_by("day", "at")
    by_series: dict[int | None, list[Meeting]] = {}
    for meeting in rows.exclude(state=MeetingStage.CANCELLED):
        by_series.setdefault(meeting.series_id, []).append(meeting)
    known = set(Meeting.objects.filter(campaign=campaign, series__isnull=False).values_list("series", "slot"))
    seen_whole = campaign.region_id in scope_of(user, "directives.attend").regions
    found = []
    for series in MeetingSeries.objects.filter(campaign=campaign).select_related("campaign").order_by(_order(), "pk"):
        days: list[Any] = list(by_series.pop(series.pk, []))
        if seen_whole and series.ended_on is None:
            ahead = proposed_dates(series, max(first, clock.today()), last)
            days += [one for one in ahead if (series.pk, one.key) not in known]
        if days or series.ended_on is None:
            found.append(YearRow(series, _by_month(days)))
    rest = [meeting for several in by_series.values() for meeting in several]
    return [*found, YearRow(None, _by_month(rest))] if rest else found


def _order() -> Any:
    """Series in the order of their kinds."""
    kinds = ("regular", "bulletin", "supervision", "deployment", "standup", "study", "other")
    return Case(*(When(kind=kind, then=place) for place, kind in enumerate(kinds)), output_field=IntegerField())


def _by_month(days: Sequence[Any]) -> tuple[tuple[Any, ...], ...]:
    months: list[list[Any]] = [[] for _month in range(12)]
    for one in sorted(days, key=_day_of):
        months[_day_of(one).month - 1].append(one)
    return tuple(tuple(one) for one in months)


def _day_of(one: Any) -> date:
    day: date = one.due if isinstance(one, Occurrence) else one.day
    return day


def unissued(meeting: Meeting) -> list[tuple[Decision, Unit]]:
    """Each decision with each unit that leads it and has no task of it yet."""
    rows = meeting.decisions.prefetch_related("units", "cooperating", "tasks")
    known = {one.pk: {task.unit_id for task in one.tasks.all()} for one in rows}
    return [(one, unit) for one in rows for unit in one.units.all() if unit.pk not in known[one.pk]]


def decision_repeats(meeting: Meeting) -> dict[tuple[int, int], OpenRequest]:
    """(decision, unit) of what would be issued although a like request is open there, with that request."""
    return open_alike(meeting.region, {(one.pk, unit.pk): Ask(unit.pk, one.text) for one, unit in unissued(meeting)})
