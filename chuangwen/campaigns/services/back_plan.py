"""Keeps the back plan: milestones, and the shift of all of them with the assessment date."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.campaigns.backplan import counted_back, default_plan
from chuangwen.campaigns.models import Campaign, CampaignState, Milestone, Round, RoundState
from chuangwen.campaigns.queries import preview_shift, shifted_day, shifted_span
from chuangwen.campaigns.services.rights import require_edit
from chuangwen.campaigns.shifting import Shift, shifters
from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.wording import day_words
from chuangwen.core.workdays import default_calendar
from chuangwen.notifications.services import notify
from chuangwen.organizations.queries import office_people
from chuangwen.workflow.services import note_step

MOST_WORKDAYS = 2500  # ten years


def fill_back_plan(campaign: Campaign, *, actor: Any) -> list[Milestone]:
    """The default plan of the campaign's shape. Refused where the campaign has a plan already."""
    require_edit(actor, campaign)
    if Milestone.objects.filter(campaign=campaign).exists():
        raise Refusal(_("The campaign has a back plan already."), _("Edit its milestones."))
    rows = [
        Milestone(
            region=campaign.region,
            campaign=campaign,
            name=step.name,
            offset_workdays=step.offset,
            due_on=counted_back(campaign.assessment_on, step.offset, default_calendar()),
            source=step.source,
        )
        for step in default_plan(campaign.shape, campaign.region.office_word)
    ]
    with transaction.atomic():
        made: list[Milestone] = Milestone.objects.bulk_create(rows)
        note_step(campaign, "plan", actor=actor, data={"milestones": len(rows)})
    return made


def add_milestone(
    campaign: Campaign,
    *,
    name: str,
    actor: Any,
    offset_workdays: int | None = None,
    due_on: date | None = None,
    round_: Round | None = None,
) -> Milestone:
    """One more milestone: so many working days before the assessment, or on a day fixed by hand."""
    require_edit(actor, campaign)
    day, pinned = _day(campaign, name, offset_workdays, due_on)
    _refuse_round(campaign, round_)
    with transaction.atomic():
        made = Milestone.objects.create(
            region=campaign.region,
            campaign=campaign,
            name=name.strip(),
            offset_workdays=offset_workdays,
            due_on=day,
            pinned=pinned,
            round=round_,
            source="site: ",
        )
        note_step(made, "add", actor=actor, data={"due_on": day})
    return made


def edit_milestone(
    milestone: Milestone,
    *,
    name: str,
    actor: Any,
    offset_workdays: int | None = None,
    due_on: date | None = None,
    round_: Round | None = None,
) -> Milestone:
    """Change a milestone; from then on it is the site's own word."""
    require_edit(actor, milestone.campaign)
    day, pinned = _day(milestone.campaign, name, offset_workdays, due_on)
    _refuse_round(milestone.campaign, round_)
    values = {
        "name": name.strip(), "offset_workdays": offset_workdays, "due_on": day, "pinned": pinned, "round": round_,
    }  # fmt: skip
    changed = {k: [getattr(milestone, k), value] for k, value in values.items() if getattr(milestone, k) != value}
    if not changed:
        return milestone
    if set(changed) - {"round"}:
        values["source"] = "site: "
    for key, value in values.items():
        setattr(milestone, key, value)
    with transaction.atomic():
        milestone.save()
        note_step(milestone, "edit", actor=actor, data=changed)
    return milestone


def _day(campaign: Campaign, name: str, offset: int | None, due_on: date | None) -> tuple[date, bool]:
    """(the day, whether it is fixed by hand); Refusal unless exactly one of both ways is given."""
    if campaign.state == CampaignState.ENDED:
        raise Refusal(_("The campaign has ended."), _("Take it up again first."))
    if not name.strip():
        raise Refusal(_("The milestone has no name."), _("Give it one."))
    if (offset is None) == (due_on is None):
        raise Refusal(_("Give either the working days before the assessment or a day."), _("Leave the other empty."))
    if due_on is not None:
        if not campaign.starts <= due_on <= campaign.ends:
            raise Refusal(_("The day lies outside the campaign."), _("Choose a day within it."))
        return due_on, True
    if not 0 <= (offset or 0) <= MOST_WORKDAYS:
        raise Refusal(_("So many working days are not possible."), _("Give 0 to %d.") % MOST_WORKDAYS)
    return counted_back(campaign.assessment_on, offset or 0, default_calendar()), False


def _refuse_round(campaign: Campaign, round_: Round | None) -> None:
    if round_ is not None and round_.campaign_id != campaign.pk:
        raise Refusal(_("The round belongs to another campaign."), _("Choose one from the list."))


def remove_milestone(milestone: Milestone, *, actor: Any) -> None:
    """Take a milestone out of the plan; audit keeps what it was."""
    require_edit(actor, milestone.campaign)
    with transaction.atomic():
        data = {"due_on": milestone.due_on, "done_on": milestone.done_on, "offset": milestone.offset_workdays}
        note_step(milestone, "remove", actor=actor, data=data)
        milestone.delete()


def finish_milestone(milestone: Milestone, *, actor: Any, on: date | None = None) -> Milestone:
    """Mark a milestone as done, today unless an earlier day is given."""
    require_edit(actor, milestone.campaign)
    day = on or clock.today()
    if day > clock.today():
        raise Refusal(_("That day is not yet here."), _("Give today or an earlier day."))
    with transaction.atomic():
        if not Milestone.objects.filter(pk=milestone.pk, done_on__isnull=True).update(done_on=day):
            raise Conflict(_("“%s” is marked as done already.") % milestone, _("Look at the plan."))
        milestone.done_on = day
        note_step(milestone, "finish", actor=actor, data={"done_on": day})
    return milestone


def reopen_milestone(milestone: Milestone, *, actor: Any) -> Milestone:
    """Take "done" back."""
    require_edit(actor, milestone.campaign)
    with transaction.atomic():
        if not Milestone.objects.filter(pk=milestone.pk, done_on__isnull=False).update(done_on=None):
            raise Conflict(_("“%s” is not marked as done.") % milestone, _("Look at the plan."))
        milestone.done_on = None
        note_step(milestone, "reopen", actor=actor)
    return milestone


def shift_assessment(campaign: Campaign, new_date: date, *, expected: date, actor: Any, note: str = "") -> Shift:
    """Move the assessment and all that hangs on it, in one transaction; returns what was moved.

    `expected` is the date from which the person saw the preview: where somebody else has moved
    it meanwhile, nothing happens (Conflict). The office's people are told.
    """
    require_edit(actor, campaign)
    with transaction.atomic():
        current = Campaign.objects.select_for_update().get(pk=campaign.pk)
        if current.assessment_on != expected:
            raise Conflict(
                _("Somebody else has moved the assessment meanwhile."), _("Look at the new date and at the preview.")
            )
        shift = preview_shift(current, new_date)
        _move(current, shift)
        for shifter in shifters():
            shifter.apply(current, shift.old, shift.new, actor=actor)
        note_step(current, "shift", actor=actor, note=note, data={"old": shift.old, "new": shift.new})
        _tell(current, shift, actor)
    campaign.refresh_from_db()
    return shift


def _move(campaign: Campaign, shift: Shift) -> None:
    """The campaign's own moves: the date, its end, milestones, planned rounds. Its row is held by the caller."""
    Campaign.objects.filter(pk=campaign.pk).update(assessment_on=shift.new, ends=max(campaign.ends, shift.new))
    milestones = [(row, shifted_day(row, shift.new)) for row in Milestone.objects.filter(campaign=campaign)]
    for milestone, day in milestones:
        milestone.due_on = day or milestone.due_on
    Milestone.objects.bulk_update([row for row, day in milestones if day], ["due_on"])
    rounds = list(Round.objects.filter(campaign=campaign, state=RoundState.PLANNED))
    for round_ in rounds:
        span = shifted_span(round_, shift.old, shift.new)
        round_.starts, round_.ends = span or (round_.starts, round_.ends)
        round_.year = round_.starts.year
    Round.objects.bulk_update(rounds, ["starts", "ends", "year"])


def _tell(campaign: Campaign, shift: Shift, actor: Any) -> None:
    today = clock.today()
    days = {"old": day_words(shift.old, today, chinese=True), "new": day_words(shift.new, today, chinese=True)}
    people = office_people(campaign.region, "campaigns.view").exclude(pk=actor.pk if actor else None)
    notify(
        people,
        "campaigns.shift",
        _("The assessment moves from %(old)s to %(new)s.") % days,
        region=campaign.region,
        body=_("%d dates have moved with it.") % (len(shift.moves) - 1),
        url=reverse("campaigns:plan", args=[campaign.pk]),
    )
