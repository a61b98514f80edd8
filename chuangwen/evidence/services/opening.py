"""Opens dossiers for those who have to give them, moves their day, reminds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.audit.services import record
from chuangwen.campaigns.backplan import counted_back
from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import require_actor
from chuangwen.core.errors import Refusal
from chuangwen.core.workdays import default_calendar
from chuangwen.evidence.completeness import completeness_of
from chuangwen.evidence.enums import WITH_THE_UNIT
from chuangwen.evidence.models import Dossier
from chuangwen.evidence.queries.dossiers import nodes_with_slots
from chuangwen.evidence.services.telling import tell_unit, tell_unit_of_many
from chuangwen.evidence.workflow import EDIT
from chuangwen.organizations.models import Unit
from chuangwen.standards.models import Node
from chuangwen.workflow.services import StaleState, note_step

BEFORE_ASSESSMENT: Final = 20  # working days; proposed: two weeks for both reviews before the files are sealed
SHORTEST: Final = 10  # working days that a unit has at least
CHUNK: Final = 1000


def default_due(campaign: Campaign, year: int) -> date:
    """By when the dossiers of a year are usually asked for; never sooner than ten working days from today."""
    calendar = default_calendar()
    end = min(campaign.assessment_on, date(year, 12, 31))
    wanted = counted_back(end, BEFORE_ASSESSMENT, calendar)
    return max(wanted, calendar.add_workdays(clock.today(), SHORTEST))


def open_dossiers(
    campaign: Campaign,
    year: int,
    pairs: Iterable[tuple[int, int]],
    *,
    due_on: date,
    actor: Any,
    tell: bool = True,
    step: Callable[[], None] = lambda: None,
) -> int:
    """Open a dossier for each (criterion, unit) that has none in `year`; returns how many are new.

    Criteria whose standard asks for no evidence are left out. Every criterion must count in the campaign and every
    unit be of its region, else Refusal and nothing is written. Each unit is told once, unless something else tells it
    (`tell`). `step` after each thousand.
    """
    require_actor(actor, EDIT, campaign)
    _check_year(campaign, year, due_on)
    slots = nodes_with_slots(campaign)
    wanted = list(dict.fromkeys(pairs))
    _check_pairs(campaign, wanted)
    with transaction.atomic():
        # Whoever presses at the same moment waits here, and then finds the dossiers already open.
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        there = set(Dossier.objects.filter(campaign=campaign, year=year).values_list("node_id", "unit_id"))
        missing = [pair for pair in wanted if pair[0] in slots and pair not in there]
        today = clock.today()
        empty = {node: completeness_of(asked, (), year) for node, asked in slots.items()}
        for start in range(0, len(missing), CHUNK):
            Dossier.objects.bulk_create(
                Dossier(
                    region_id=campaign.region_id, campaign=campaign, node_id=node, unit_id=unit, year=year,
                    due_on=due_on, slots_needed=empty[node].needed, slots_filled=empty[node].filled,
                    months=empty[node].months, missing_since=None if empty[node].is_complete else today,
                )
                for node, unit in missing[start : start + CHUNK]
            )  # fmt: skip
            step()
        if missing:
            by_unit = Counter(unit for _node, unit in missing)
            told = {"year": year, "due_on": due_on.isoformat(), "dossiers": len(missing), "units": dict(by_unit)}
            record("evidence.dossier.open", campaign, actor=actor, data=told)
            if tell:
                _tell(by_unit)
    return len(missing)


def move_due(dossier: Dossier, *, due_on: date, reason: str, actor: Any) -> None:
    """Give a dossier that is still with its unit another day; the unit is told."""
    require_actor(actor, EDIT, dossier)
    if due_on < clock.today():
        raise Refusal(_("The new day is over already."), _("Choose today or a later day."))
    if not reason.strip():
        raise Refusal(_("Please give the reason in a few words."), _("It is shown to the other side."))
    old = dossier.due_on
    with transaction.atomic():
        running = Dossier.objects.filter(pk=dossier.pk, state__in=WITH_THE_UNIT)
        if running.update(due_on=due_on, updated_at=clock.now()) != 1:
            raise StaleState(dossier)
        dossier.due_on = due_on
        told = {"from": old.isoformat(), "to": due_on.isoformat()}
        note_step(dossier, "postpone", actor=actor, note=reason, data=told)
        tell_unit(dossier, _("New day for the dossier %s") % dossier)


def remind_unit(dossier: Dossier, *, actor: Any) -> int:
    """A friendly word to the unit, one line a day however many of its dossiers are meant; returns who knows."""
    require_actor(actor, EDIT, dossier)
    if dossier.state not in WITH_THE_UNIT:
        raise Refusal(_("There is nothing to remind of now: “%s”.") % dossier.get_state_display())
    with transaction.atomic():
        rows = Dossier.objects.filter(unit=dossier.unit, campaign=dossier.campaign_id, state__in=WITH_THE_UNIT)
        number = rows.count()
        words = ngettext("Reminder: %d dossier is still with you", "Reminder: %d dossiers are still with you", number)
        key = f"evidence-remind-{dossier.unit_id}-{clock.today()}"
        told = tell_unit_of_many(dossier.unit, words % number, key=key, urgent=True)
        if not told:
            raise Refusal(
                _("%s has nobody to remind.") % dossier.unit, _("Name a liaison under Units and posts first.")
            )
        note_step(dossier, "remind", actor=actor)
    return told


def _check_year(campaign: Campaign, year: int, due_on: date) -> None:
    if not campaign.starts.year <= year <= campaign.ends.year:
        raise Refusal(
            _("The year %d is not one of the campaign's years.") % year,
            _("Choose one from %(first)d to %(last)d.") % {"first": campaign.starts.year, "last": campaign.ends.year},
        )
    if due_on < clock.today():
        raise Refusal(_("The day by which they are due is over already."), _("Choose today or a later day."))


def _check_pairs(campaign: Campaign, pairs: list[tuple[int, int]]) -> None:
    versions = campaign.standards.values("version")
    nodes, units = {node for node, _unit in pairs}, {unit for _node, unit in pairs}
    known = set(Node.objects.filter(version__in=versions, is_leaf=True).values_list("pk", flat=True))
    if nodes - known:
        raise Refusal(_("A criterion does not count in this campaign."), _("Choose among its own criteria."))
    own = set(Unit.objects.filter(region=campaign.region_id).values_list("pk", flat=True))
    if units - own:
        raise Refusal(_("A unit does not belong to this region."), _("Choose a unit of your own region."))


def _tell(by_unit: Counter[int]) -> None:
    for unit in Unit.objects.filter(pk__in=by_unit).select_related("region"):
        words = ngettext("%d dossier to fill", "%d dossiers to fill", by_unit[unit.pk])
        tell_unit_of_many(unit, words % by_unit[unit.pk])
