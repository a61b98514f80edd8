"""Reads campaigns, their rounds and their back plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.campaigns.backplan import counted_back, moved_along
from chuangwen.campaigns.models import Campaign, Milestone, Round, RoundState
from chuangwen.campaigns.round_facts import RoundFact
from chuangwen.campaigns.shifting import Move, Shift, Stay, planned_moves
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Region
from chuangwen.core.workdays import default_calendar
from chuangwen.standards.models import StandardVersion

LONGEST_CAMPAIGN = timedelta(days=3660)
TITLES = (
    ("全国文明城市", "city", "nation"),
    ("省级文明城市", "city", "province"),
    ("省级文明城区", "district", "province"),
    ("省级文明县（市）", "county", "province"),
    ("全国文明村镇", "village", "nation"),
    ("省级文明村镇", "village", "province"),
    ("全国文明单位", "unit", "nation"),
    ("省级文明单位", "unit", "province"),
    ("市级文明单位", "unit", "city"),
    ("全国文明校园", "school", "nation"),
    ("省级文明校园", "school", "province"),
    ("全国文明家庭", "family", "nation"),
)  # the catalogue that every region begins with: (name, for, level)


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A milestone as the plan shows it. `state`: done, late, now (the first not done), ahead."""

    milestone: Milestone
    state: str
    facts: tuple[RoundFact, ...] = ()  # of its round, where the caller asked for them


def plan_lines(campaign: Campaign, today: date | None = None) -> list[PlanLine]:
    """The back plan by date: one query."""
    today = today or clock.today()
    lines, now_found = [], False
    for milestone in Milestone.objects.filter(campaign=campaign).select_related("round"):
        if milestone.done_on:
            state = "done"
        elif milestone.due_on < today:
            state = "late"
        else:
            state, now_found = ("ahead", True) if now_found else ("now", True)
        lines.append(PlanLine(milestone, state))
    return lines


def rounds_of(campaign: Campaign) -> QuerySet[Round]:
    """The campaign's rounds by date, with the versions they are pinned to."""
    return Round.objects.filter(campaign=campaign).prefetch_related("versions")


def open_milestones(campaigns: QuerySet[Any], until: date) -> QuerySet[Milestone]:
    """Milestones of these campaigns that are not done and due up to `until`."""
    return (
        Milestone.objects.filter(campaign__in=campaigns, done_on__isnull=True, due_on__lte=until)
        .select_related("campaign")
        .order_by("due_on", "pk")
    )


def versions_to_choose(region: Region) -> QuerySet[StandardVersion]:
    """The published versions of a region, the newest of each standard first."""
    return StandardVersion.objects.filter(region=region, state="published").order_by("title_zh", "-published_at", "-pk")


def preview_shift(campaign: Campaign, new_date: date, *, step: Callable[[], None] = lambda: None) -> Shift:
    """All that would move if the assessment were on `new_date`; changes nothing. `step` is called for each move above.

    Raises Refusal for a day that cannot be: the present one, the past, before the campaign or
    far beyond it.
    """
    _refuse_day(campaign, new_date)
    old = campaign.assessment_on
    moves = [Move(_("Assessment"), campaign.name, old, new_date)]
    if new_date > campaign.ends:
        moves.append(Move(_("End of the campaign"), campaign.name, campaign.ends, new_date))
    stays: list[Stay] = []
    _milestones(campaign, new_date, moves, stays)
    _rounds(campaign, new_date, moves, stays)
    above, staying = planned_moves(campaign, old, new_date, step=step)
    return Shift(old, new_date, (*moves, *above), (*stays, *staying))


def _refuse_day(campaign: Campaign, day: date) -> None:
    if day == campaign.assessment_on:
        raise Refusal(_("The assessment is on that day already."), _("Choose another day."))
    if day < clock.today():
        raise Refusal(_("That day is over."), _("Choose today or a later day."))
    if day < campaign.starts:
        raise Refusal(_("That day lies before the campaign."), _("Choose a day within it."))
    if day > campaign.ends + LONGEST_CAMPAIGN:
        raise Refusal(_("That day lies more than ten years after the campaign."), _("Check the year."))


def shifted_day(milestone: Milestone, new_date: date) -> date | None:
    """Where a milestone goes; None for one that stays."""
    if milestone.done_on or milestone.pinned or milestone.offset_workdays is None:
        return None
    return counted_back(new_date, milestone.offset_workdays, default_calendar())


def shifted_span(round_: Round, old: date, new: date) -> tuple[date, date] | None:
    """Where a round goes: as many working days from the assessment as before, as long as before; None if it stays."""
    if round_.state != RoundState.PLANNED:
        return None
    calendar = default_calendar()
    starts = moved_along(round_.starts, old, new, calendar)
    return starts, calendar.add_workdays(starts, max(0, calendar.workdays_between(round_.starts, round_.ends)))


def _milestones(campaign: Campaign, new: date, moves: list[Move], stays: list[Stay]) -> None:
    kind, address = _("Milestone"), reverse("campaigns:plan", args=[campaign.pk])
    for milestone in Milestone.objects.filter(campaign=campaign):
        day = shifted_day(milestone, new)
        if day is None:
            why = _("done") if milestone.done_on else _("date fixed by hand")
            stays.append(Stay(kind, milestone.name, milestone.due_on, why))
        elif day != milestone.due_on:
            moves.append(Move(kind, milestone.name, milestone.due_on, day, url=address))


def _rounds(campaign: Campaign, new: date, moves: list[Move], stays: list[Stay]) -> None:
    kind, old = _("Round"), campaign.assessment_on
    for round_ in Round.objects.filter(campaign=campaign).exclude(state=RoundState.CANCELLED):
        span = shifted_span(round_, old, new)
        if span is None:
            stays.append(Stay(kind, round_.name, round_.starts, round_.get_state_display()))
        elif span != (round_.starts, round_.ends):
            moves.append(Move(kind, round_.name, round_.starts, span[0], round_.ends, span[1]))


def milestones_near(campaigns: QuerySet[Any]) -> list[Milestone]:
    """What of the back plan is late or due by the end of this week (Sunday)."""
    today = clock.today()
    sunday = today + timedelta(days=6 - today.weekday())
    return list(open_milestones(campaigns.filter(state="running"), sunday)[:50])


def unnamed_in(region: Region, name: str) -> bool:
    """Whether no campaign of the region has this name."""
    return not Campaign.objects.filter(Q(region=region) & Q(name=name)).exists()
