"""Recurring duties: opened once, and from then on each of their dates becomes a task of its own, ahead of time.

What a unit answered once is not asked again: an occurrence whose forerunner was accepted opens as accepted, with the
same measures and people, so that only the report is left (design.md, Nothing is asked twice).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.campaigns.models import Campaign, CampaignState
from chuangwen.core import clock
from chuangwen.core.access import require_actor
from chuangwen.core.daily import one_by_one
from chuangwen.core.errors import Refusal
from chuangwen.core.numbering import next_number
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.models import Post, Unit
from chuangwen.organizations.queries import sole_heir
from chuangwen.responsibilities.models import Duty, DutyState, KindLead, Origin, Task, TaskState
from chuangwen.responsibilities.schedule import Occurrence, Schedule, occurrences, phrase_of, usual_ahead
from chuangwen.responsibilities.services.news import tell_helpers
from chuangwen.responsibilities.services.roles import apart
from chuangwen.responsibilities.services.tasks import acting_post, draft_task, issue_task
from chuangwen.responsibilities.services.telling import tell_unit_of_duty, tell_unit_of_many
from chuangwen.responsibilities.workflow import DUTY_WORKFLOW, TASK_WORKFLOW, duty_flow
from chuangwen.standards.models import Node
from chuangwen.workflow.services import advance, note_step

logger = logging.getLogger(__name__)
LONGEST_DUTY = 200
LONGEST_MEASURE = 300
MOST_AHEAD = 60
ANSWERED = (TaskState.ACCEPTED, TaskState.REPORTED, TaskState.CONFIRMED)
CHANGEABLE = ("title", "measure", "schedule", "post", "cooperating", "node", "ahead", "ends")


def open_duty(
    campaign: Campaign,
    unit: Unit,
    *,
    title: str,
    measure: str,
    schedule: Schedule,
    actor: Any,
    post: Post | None = None,
    cooperating: Iterable[Unit] = (),
    node: Node | None = None,
    ahead: int | None = None,
    starts: date | None = None,
    ends: date | None = None,
    source: str = "",
    origin: str = Origin.HAND,
    origin_text: str = "",
    origin_url: str = "",
    kind_lead: KindLead | None = None,
    tell: bool = True,
) -> Duty:
    """Make a recurring duty of `unit`, from today to the campaign's end unless said otherwise.

    `ahead`: by how many working days each occurrence opens before its date (schedule.usual_ahead by default); what
    is to open today opens at once. `source` names what the duty came of (such as "directives.candidate:12"): a second
    call with the same one returns the unit's duty of the first call, unchanged. With `kind_lead` a unit opens it for
    one below itself, because of the kind of organization that this one is. Raises Refusal.
    """
    _check_giver(campaign, unit, kind_lead, actor)
    starts, ends = starts or clock.today(), ends or campaign.ends
    ahead = usual_ahead(schedule) if ahead is None else ahead
    _check(campaign, unit, title, measure, post, ahead)
    with transaction.atomic():
        # Whoever opens at the same moment waits here, and then finds the duty already there.
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        known = Duty.objects.filter(campaign=campaign, unit=unit, source=source).first() if source else None
        if known:
            return known
        year = clock.today().year
        duty = Duty(
            region=campaign.region, campaign=campaign, unit=unit, post=post, title=title.strip(),
            number=f"D{year}-{next_number(campaign.region, f'duty-{year}'):04d}",
            measure=measure.strip(), node=node, schedule=schedule.as_data(), ahead=ahead, starts=starts, ends=ends,
            source=source, origin=origin, origin_text=origin_text, origin_url=origin_url, made_by=actor,
            kind_lead=kind_lead,
        )  # fmt: skip
        _plan_next(duty)
        if duty.next_on is None:
            raise Refusal(_("This duty never falls due before it ends."), _("Choose a later end, or a shorter rhythm."))
        duty.save()
        duty.cooperating.set([one for one in cooperating if one.pk != unit.pk])
        note_step(duty, "open", actor=actor, data={"schedule": phrase_of(schedule), "next": duty.next_on.isoformat()})
        opened = _open(duty, clock.today())
        if tell:
            _tell(unit, duty, opened)
            tell_helpers(opened[0] if opened else duty, duty.cooperating.all())
    return duty


def open_occurrences(today: date) -> int:
    """Open what is to be opened by `today`, each once; returns how many. Each unit is told once."""
    ready = Duty.objects.filter(state=DutyState.RUNNING, opens_on__lte=today)
    ready = ready.exclude(campaign__state=CampaignState.ENDED).exclude(unit__valid_to__lt=today)
    units = Unit.objects.filter(pk__in=ready.values("unit"))
    number = 0
    for unit in units:
        with transaction.atomic():
            tasks: list[Task] = []
            rows = ready.filter(unit=unit).select_related(
                "campaign__region", "region", "unit", "post", "node", "kind_lead__lead"
            )
            for duty in rows.select_for_update(of=("self",)).order_by("opens_on", "pk"):
                try:
                    with transaction.atomic():
                        tasks += _open(duty, today)
                except Refusal as refusal:  # its unit has nobody who answers: it stands among those not opened
                    logger.warning("recurring duty %s cannot be opened: %s", duty.number, refusal)
            if tasks:
                words = ngettext("%d recurring task is due soon", "%d recurring tasks are due soon", len(tasks))
                tell_unit_of_many(unit, tasks, words % len(tasks), tab="mine")
        number += len(tasks)
    return number


def follow_successors(today: date) -> int:
    """Duties of units that ended by `today` go on at their one successor; returns how many moved.

    Of units merged that had the same duty (of one source), one stays and the others end. A unit that was split, or
    that nobody follows, leaves the choice to a person: its duties open nothing and stand among those not opened.
    A duty that cannot go on keeps no other waiting.
    """
    live = (DutyState.RUNNING, DutyState.PAUSED)
    rows = Duty.objects.filter(state__in=live, unit__valid_to__lt=today).exclude(campaign__state=CampaignState.ENDED)
    several = rows.select_related("unit", "campaign", "region").order_by("pk")
    return sum(one_by_one(several, _follow, "duties of units that ended"))


def _follow(duty: Duty) -> bool:
    """Let a duty go on at the one successor of its unit; whether it did, and not the successor's own same one."""
    heir = sole_heir(duty.unit)
    if heir is None:
        return False
    with transaction.atomic():
        row = Duty.objects.select_for_update(of=("self",)).get(pk=duty.pk)
        same = Duty.objects.filter(campaign=row.campaign_id, unit=heir, source=row.source)
        if row.source and same.exists():
            reason = _("%s, which follows the unit, has the same duty already.") % heir
            advance(row, DUTY_WORKFLOW, "end", actor=None, note=reason, next_on=None, opens_on=None)
            return False
        Duty.objects.filter(pk=row.pk).update(unit=heir, post=None, updated_at=clock.now())
        row.cooperating.remove(heir)
        note_step(row, "unit", actor=None, data={"unit": str(heir), "before": str(duty.unit)})
        row.unit, row.post = heir, None
        tell_unit_of_duty(row, _("Taken over from %(unit)s: %(title)s") % {"unit": duty.unit, "title": row.title})
    return True


def change_duty(duty: Duty, *, actor: Any, **fields: Any) -> None:
    """Change what is to come: `fields` of CHANGEABLE, the schedule as a Schedule. Tasks that are out stay."""
    require_actor(actor, "responsibilities.edit", duty)
    if unknown := set(fields) - set(CHANGEABLE):
        raise ValueError(f"a duty's {sorted(unknown)} cannot be changed")
    with transaction.atomic():
        row = Duty.objects.select_for_update().select_related("campaign").get(pk=duty.pk)
        if row.state == DutyState.ENDED:
            raise Refusal(_("This duty has ended."), _("Open a new one."))
        helpers = fields.pop("cooperating", None)
        if "schedule" in fields:
            fields["schedule"] = fields["schedule"].as_data()
        for name, value in fields.items():
            setattr(row, name, value)
        _check(row.campaign, row.unit, row.title, row.measure, row.post, row.ahead)
        _plan_next(row)
        if row.next_on is None:
            raise Refusal(_("This duty never falls due before it ends."), _("Choose a later end, or a shorter rhythm."))
        row.save()
        if helpers is not None:
            row.cooperating.set([one for one in helpers if one.pk != row.unit_id])
        note_step(row, "change", actor=actor, data={"schedule": phrase_of(row.plan), "fields": sorted(fields)})
        _open(row, clock.today())
    duty.refresh_from_db()


def pause_duty(duty: Duty, *, reason: str, actor: Any) -> None:
    """No occurrence opens until it is resumed; what is out already stays."""
    with transaction.atomic():
        advance(duty, duty_flow(duty, actor), "pause", actor=actor, note=reason)
        tell_unit_of_duty(duty, _("Paused: %s") % duty.title)


def resume_duty(duty: Duty, *, actor: Any) -> None:
    """Go on from today; what fell due during the pause is not made up for."""
    with transaction.atomic():
        advance(duty, duty_flow(duty, actor), "resume", actor=actor)
        row = Duty.objects.select_for_update().select_related("campaign__region", "region", "unit").get(pk=duty.pk)
        _plan_next(row)
        row.save(update_fields=["next_on", "opens_on", "updated_at"])
        _tell(row.unit, row, _open(row, clock.today()))
    duty.refresh_from_db()


def end_duty(duty: Duty, *, reason: str, actor: Any) -> None:
    """It is over; what is out already stays with its unit."""
    with transaction.atomic():
        advance(duty, duty_flow(duty, actor), "end", actor=actor, note=reason, next_on=None, opens_on=None)
        tell_unit_of_duty(duty, _("Ended: %s") % duty.title)


def _open(duty: Duty, today: date) -> list[Task]:
    """The tasks of all occurrences that are to be open by `today`; one whose time is over is left out."""
    made = []
    for one in _untaken(duty):
        if one.due > today and default_calendar().add_workdays(one.due, -duty.ahead) > today:
            break
        if default_calendar().end_of_day(one.due) > clock.now():
            made.append(_task(duty, one))
    _plan_next(duty)
    Duty.objects.filter(pk=duty.pk).update(next_on=duty.next_on, opens_on=duty.opens_on)
    return made


def _task(duty: Duty, occurrence: Occurrence) -> Task:
    task = draft_task(
        duty.campaign, duty.unit, title=f"{duty.title}({occurrence.name})", measure=duty.measure, node=duty.node,
        due_at=default_calendar().end_of_day(occurrence.due), post=duty.post, cooperating=duty.cooperating.all(),
        frequency=phrase_of(duty.plan), origin=Origin.DUTY, origin_text=duty.origin_text, origin_url=duty.origin_url,
        duty=duty, occurrence=occurrence.key, supervisor=_supervisor(duty), actor=None,
    )  # fmt: skip
    issue_task(task, actor=None, tell=False)
    answered = duty.tasks.filter(state__in=ANSWERED, unit=duty.unit_id).exclude(measures="").exclude(people="")
    last = answered.order_by("-due_at", "-pk").first()
    if last:
        note = _("Accepted before; measures and people as last time.")
        said: dict[str, Any] = {"measures": last.measures, "people": last.people, "accepted_at": clock.now()}
        advance(task, TASK_WORKFLOW, "accept", actor=None, note=note, data={"as": last.number}, **said)
    return task


def _supervisor(duty: Duty) -> Post | None:
    """Who leads the duty's kind of organization sees to it (各自督查); None where that would be the own work."""
    if duty.kind_lead is None or duty.kind_lead.lead_id == duty.unit_id:
        return None
    return apart(duty.unit_id, duty.post or acting_post(duty.unit), acting_post(duty.kind_lead.lead))


def _untaken(duty: Duty) -> Iterator[Occurrence]:
    """The dates still to come that have no task, in order."""
    taken = set(duty.tasks.values_list("occurrence", flat=True)) if duty.pk else set()
    first = max(duty.starts, clock.today())
    return (one for one in occurrences(duty.plan, first, duty.ends, default_calendar()) if one.key not in taken)


def _plan_next(duty: Duty) -> None:
    one = next(_untaken(duty), None)
    duty.next_on = one.due if one else None
    duty.opens_on = default_calendar().add_workdays(one.due, -duty.ahead) if one else None


def _tell(unit: Unit, duty: Duty, opened: list[Task]) -> None:
    if opened:
        tell_unit_of_many(unit, opened, _("New task: %s") % opened[0].title, tab="mine")
    else:
        tell_unit_of_duty(duty, _("New recurring duty: %s") % duty.title)


def _check_giver(campaign: Campaign, unit: Unit, kind_lead: KindLead | None, actor: Any) -> None:
    """The office opens duties; a unit only by the kind of organization, and only for those below itself."""
    if kind_lead is None:
        require_actor(actor, "responsibilities.edit", campaign)
        return
    require_actor(actor, "responsibilities.answer", kind_lead.unit)
    if not unit.path.startswith(kind_lead.unit.path):
        raise Refusal(_("A unit is not below %s.") % kind_lead.unit, _("Choose units below it."))


def check_duty(title: str, measure: str) -> None:
    """What is to be done and by what measure are said, each in a line. Raises Refusal."""
    if not title.strip():
        raise Refusal(_("Say what is to be done."), _("One short sentence is enough."))
    if len(title.strip()) > LONGEST_DUTY:
        raise Refusal(
            _("The duty is longer than %d characters.") % LONGEST_DUTY, _("Shorten it; its sentence is kept beside it.")
        )
    if not measure.strip():
        raise Refusal(_("Say by what measure it counts as done."))
    if len(measure.strip()) > LONGEST_MEASURE:
        raise Refusal(_("The measure of success is longer than %d characters.") % LONGEST_MEASURE, _("Shorten it."))


def _check(campaign: Campaign, unit: Unit, title: str, measure: str, post: Post | None, ahead: int) -> None:
    """Nothing is given out with one of unit, measure and deadline missing (mechanism 18)."""
    check_duty(title, measure)
    if unit.region_id != campaign.region_id:
        raise Refusal(_("A unit does not belong to this region."), _("Choose a unit of your own region."))
    if post is not None and post.unit_id != unit.pk:
        raise Refusal(_("This post belongs to another unit."), _("Choose a post of the unit itself."))
    if not 0 <= ahead <= MOST_AHEAD:
        raise Refusal(_("Give a number of working days from 0 to %d.") % MOST_AHEAD)
