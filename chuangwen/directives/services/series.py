"""Series of meetings: their rules, the defaults that a campaign begins with, and the dates of a year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import require_actor
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import attach
from chuangwen.core.files.sniffing import DOCX
from chuangwen.core.word_templates.taking import placeholders_in
from chuangwen.directives.enums import MeetingKind, MeetingStage
from chuangwen.directives.meeting_rules import DEFAULT_SERIES
from chuangwen.directives.minutes_form import OWN_MINUTES
from chuangwen.directives.models import Meeting, MeetingSeries
from chuangwen.directives.queries.meetings import proposed_dates
from chuangwen.directives.workflow import EDIT
from chuangwen.organizations.enums import GroupKind
from chuangwen.organizations.models import Group
from chuangwen.responsibilities.schedule import Occurrence
from chuangwen.workflow.services import note_step

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Asked:
    """Who takes part: every unit right under the region, or these units, groups and posts."""

    everybody: bool = False
    units: Iterable[Any] = ()
    groups: Iterable[Any] = ()
    posts: Iterable[Any] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """What planning did: dates added, dates moved along with a changed rule, dates taken out."""

    added: int = 0
    moved: int = 0
    taken_out: int = 0
    unknown: tuple[MeetingSeries, ...] = field(default=())  # series whose period is not known


def fill_series(campaign: Campaign, *, actor: Any) -> int:
    """Write the usual series that the campaign lacks; what an office named, changed or ended stays. Returns how many.

    They call every unit right under the region; the study of the leading group calls its members.
    """
    require_actor(actor, EDIT, campaign)
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        names = set(MeetingSeries.objects.filter(campaign=campaign).values_list("name", flat=True))
        made = 0
        for one in DEFAULT_SERIES:
            if one["name"] in names:
                continue
            study = one["kind"] == MeetingKind.STUDY
            series = MeetingSeries.objects.create(region=campaign.region, campaign=campaign, everybody=not study, **one)
            if study:
                series.groups.set(Group.objects.filter(region=campaign.region, kind=GroupKind.LEADING))
            note_step(series, "make", actor=actor)
            made += 1
    return made


def save_series(
    campaign: Campaign, values: Mapping[str, Any], asked: Asked, *, actor: Any, series: MeetingSeries | None = None
) -> MeetingSeries:
    """Make or change a series. `values` are fields of the model; an empty `schedule` means: not known yet.

    Meetings ahead that nobody moved and nobody was called to follow the new rule.
    """
    require_actor(actor, EDIT, campaign)
    name = str(values["name"]).strip()
    same = MeetingSeries.objects.filter(campaign=campaign, name=name).exclude(pk=series.pk if series else None)
    if same.exists():
        raise Refusal(_("A series is called “%s” already.") % name, _("Give this one another name."))
    with transaction.atomic():
        fields = dict(values) | {"name": name, "everybody": asked.everybody}
        if series is None:
            series = MeetingSeries.objects.create(region=campaign.region, campaign=campaign, **fields)
        else:
            MeetingSeries.objects.filter(pk=series.pk).update(updated_at=clock.now(), **fields)
            series.refresh_from_db()
        series.units.set(asked.units)
        series.groups.set(asked.groups)
        series.posts.set(asked.posts)
        note_step(series, "save", actor=actor, data={"schedule": series.schedule})
        _follow(series, clock.today(), actor)
    return series


def end_series(series: MeetingSeries, *, actor: Any) -> None:
    """The series meets no more: what is planned of it and nobody was called to is taken out."""
    require_actor(actor, EDIT, series)
    with transaction.atomic():
        if not MeetingSeries.objects.filter(pk=series.pk, ended_on__isnull=True).update(ended_on=clock.today()):
            raise Refusal(_("This series has ended already."), _("Its meetings stay in the calendar."))
        series.ended_on = clock.today()
        taken_out = _untouched(series).delete()[0]
        note_step(series, "end", actor=actor, data={"taken out": taken_out})


def take_minutes_form(series: MeetingSeries, data: bytes, name: str, *, actor: Any) -> list[str]:
    """From now on the minutes of the series are made in this Word form; returns what it asks for.

    Refused as core.word_templates.taking, each fault with its place, and nothing is changed. The one before stays
    among the files of the series.
    """
    require_actor(actor, EDIT, series)
    names = placeholders_in(data, OWN_MINUTES)
    with transaction.atomic():
        kept = attach(data, name, owner=series, region=series.region, actor=actor, accept=frozenset({DOCX}))
        MeetingSeries.objects.filter(pk=series.pk).update(form=kept, updated_at=clock.now())
        note_step(series, "form", actor=actor, data={"name": kept.name, "sha256": kept.file.sha256})
    series.form = kept
    return names


def drop_minutes_form(series: MeetingSeries, *, actor: Any) -> None:
    """The built-in form holds again."""
    require_actor(actor, EDIT, series)
    with transaction.atomic():
        if not MeetingSeries.objects.filter(pk=series.pk, form__isnull=False).update(form=None):
            raise Refusal(_("This series has no form of its own."), _("The built-in one is used."))
        note_step(series, "form_dropped", actor=actor)
    series.form = None


def plan_year(campaign: Campaign, year: int, *, actor: Any, series: MeetingSeries | None = None) -> Planned:
    """Put the dates of a year from today on into the calendar, each period once. Nobody is told before a call."""
    require_actor(actor, EDIT, campaign)
    last = date(year, 12, 31)
    if last < clock.today():
        raise Refusal(_("That year is over."), _("Choose this year or a later one."))
    rows = MeetingSeries.objects.filter(campaign=campaign, ended_on__isnull=True).select_related("campaign", "region")
    added = moved = taken_out = 0
    unknown = []
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        for one in rows.filter(pk=series.pk) if series else rows:
            if not one.schedule:
                unknown.append(one)
                continue
            changed = _follow(one, clock.today(), actor)
            known = set(Meeting.objects.filter(series=one).values_list("slot", flat=True))
            first = max(clock.today(), date(year, 1, 1))
            dates = [due for due in proposed_dates(one, first, last) if due.key not in known]
            for found in dates:
                note_step(Meeting.objects.create(**_as_meeting(one, found), made_by=actor), "plan", actor=actor)
            added, moved, taken_out = added + len(dates), moved + changed[0], taken_out + changed[1]
    return Planned(added, moved, taken_out, tuple(unknown))


def _as_meeting(series: MeetingSeries, found: Occurrence) -> dict[str, Any]:
    return {
        "region": series.region, "campaign": series.campaign, "series": series, "slot": found.key,
        "kind": series.kind, "name": f"{found.name}{series.name}"[:LONGEST_NAME], "day": found.due,
        "planned_day": found.due, "at": series.at, "place": series.place, "chair": series.chair,
    }  # fmt: skip


def _untouched(series: MeetingSeries) -> Any:
    """Meetings from today on that only the rule put there: not moved, not called, nothing written for them."""
    rows = Meeting.objects.filter(series=series, state=MeetingStage.PLANNED, day__gte=clock.today())
    return rows.filter(day=F("planned_day"), agenda__isnull=True, seats__isnull=True)


def _follow(series: MeetingSeries, today: date, actor: Any) -> tuple[int, int]:
    """Let untouched meetings follow the rule as it is now; returns (moved, taken out)."""
    rows = list(_untouched(series))
    if not rows:
        return 0, 0
    last = date(max(row.day for row in rows).year, 12, 31)
    days = {one.key: one.due for one in proposed_dates(series, today, last)}
    moved = taken_out = 0
    for row in rows:
        due = days.get(row.slot)
        if due is None:
            row.delete()
            taken_out += 1
        elif (due, series.at, series.place, series.chair) != (row.day, row.at, row.place, row.chair):
            fields = {"day": due, "planned_day": due, "at": series.at, "place": series.place, "chair": series.chair}
            moved += Meeting.objects.filter(pk=row.pk, state=MeetingStage.PLANNED).update(**fields)
            if due != row.day:
                note_step(row, "follow", actor=actor, data={"from": row.day, "to": due})
    return moved, taken_out
