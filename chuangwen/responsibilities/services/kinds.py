"""Duties by kind of organization (三类组织分工): templates are kept, laid out on units in one step, each kind checked.

A unit keeps templates for its own subtree and lays them out there; the campaign office does so for all of its region.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.audit.services import record
from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import require_actor
from chuangwen.core.errors import Refusal
from chuangwen.organizations.enums import OrgKind, PostKind
from chuangwen.organizations.models import Unit
from chuangwen.organizations.services import name_post
from chuangwen.responsibilities.duty_templates import shipped
from chuangwen.responsibilities.frequency import schedule_of
from chuangwen.responsibilities.models import Duty, DutyTemplate, KindLead, Origin
from chuangwen.responsibilities.queries.kinds import (
    bare_units,
    late_tasks,
    like_ones,
    missing_pairs,
    source_of,
    templates_for,
    units_of_kind,
)
from chuangwen.responsibilities.queries.repeats import OpenRequest
from chuangwen.responsibilities.schedule import Schedule
from chuangwen.responsibilities.services.assigning import press_unit
from chuangwen.responsibilities.services.news import News
from chuangwen.responsibilities.services.recurring import check_duty, open_duty
from chuangwen.responsibilities.services.repeating import FIRST, Again, keep_repeats
from chuangwen.responsibilities.services.telling import tell_lead
from chuangwen.workflow.services import note_step

ANSWER = "responsibilities.answer"
BATCH = 500  # rows of a workbook in one statement
FILLED = ("org_kind", "title", "measure", "schedule", "source")
USUAL_POST = "负责人"  # who answers at a unit that has named nobody: a post, entered until the office names another


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """What a template says: which kind of organization does what, how often, by what measure, and where it is from."""

    org_kind: str
    title: str
    measure: str
    schedule: Schedule
    source: str = ""


@dataclass(frozen=True, slots=True)
class LayOut:
    """What goes to whom: templates of one kind, units of that kind, and which unit checks them."""

    org_kind: str
    templates: Sequence[DutyTemplate]
    units: Sequence[Unit]
    lead: Unit


def take_shipped(unit: Unit, *, actor: Any) -> int:
    """Take the program's own set into the templates of `unit` (the root's are the office's); how many are new.

    What was taken before stays as it is, also where it was changed or ended meanwhile.
    """
    require_actor(actor, ANSWER, unit)
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=unit.pk)
        rows = DutyTemplate.objects.filter(unit=unit)
        known = set(rows.exclude(key="").values_list("key", flat=True))
        titles = set(rows.filter(ended_on=None).values_list("org_kind", "title"))
        made = [
            DutyTemplate(
                region=unit.region, unit=unit, org_kind=one.kind, title=one.title, measure=one.measure,
                schedule=_schedule(one.often), source=one.source, key=one.key,
            )
            for one in shipped() if one.key not in known and (one.kind, one.title) not in titles
        ]  # fmt: skip
        DutyTemplate.objects.bulk_create(made)
        if made:
            record("responsibilities.dutytemplate.take", unit, actor=actor, data={"templates": len(made)})
    return len(made)


def write_template(unit: Unit, facts: TemplateFacts, *, actor: Any) -> DutyTemplate:
    """Add a template to those of `unit`. Raises Refusal."""
    require_actor(actor, ANSWER, unit)
    template = DutyTemplate(region=unit.region, unit=unit)
    _keep(template, facts, actor, "write")
    return template


def change_template(template: DutyTemplate, facts: TemplateFacts, *, actor: Any) -> None:
    """Change a template; duties that were laid out by it stay as they are."""
    require_actor(actor, ANSWER, template)
    if template.ended_on is not None:
        raise Refusal(_("This template has ended already."), _("Write a new one."))
    _keep(template, facts, actor, "change")


def bring_templates(
    unit: Unit, new: Sequence[TemplateFacts], changed: Sequence[tuple[DutyTemplate, TemplateFacts]], *, actor: Any
) -> None:
    """Keep what a workbook says of the templates of `unit`, all or nothing; the import writes the audit entry.

    A few statements whatever the number of rows: on SQLite nobody else can write meanwhile. Raises Refusal.
    """
    require_actor(actor, ANSWER, unit)
    fresh = [_filled(DutyTemplate(region=unit.region, unit=unit), facts) for facts in new]
    known = [_filled(template, facts) for template, facts in changed]
    for template in known:
        template.updated_at = clock.now()
    try:
        with transaction.atomic():
            DutyTemplate.objects.bulk_create(fresh, batch_size=BATCH)
            DutyTemplate.objects.bulk_update(known, [*FILLED, "updated_at"], batch_size=BATCH)
    except IntegrityError as error:
        words = _("Somebody changed the templates of %s meanwhile.") % unit
        raise Refusal(words, _("Check the workbook again and import it.")) from error


def end_template(template: DutyTemplate, *, actor: Any) -> None:
    """It is laid out no more; duties that came of it go on."""
    require_actor(actor, ANSWER, template)
    with transaction.atomic():
        rows = DutyTemplate.objects.filter(pk=template.pk, ended_on=None)
        if not rows.update(ended_on=clock.today(), updated_at=clock.now()):
            raise Refusal(_("This template has ended already."))
        template.ended_on = clock.today()
        record("responsibilities.dutytemplate.end", template, actor=actor)


def lay_out(campaign: Campaign, top: Unit, plan: LayOut, *, actor: Any, again: Again = FIRST) -> int:
    """Make recurring duties of the templates for the units of the kind below `top`; how many are new.

    What a unit has of a template already is left alone. `again` answers for units where the like runs; raises Repeated
    where it says nothing. Who checks is kept for the kind. Each unit is told once. All or nothing; raises Refusal.
    """
    require_actor(actor, ANSWER, top)
    _check(campaign, top, plan)
    with transaction.atomic():
        # Whoever lays out at the same moment waits here, and then finds the duties already there.
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        pairs = missing_pairs(campaign, plan.units, plan.templates)
        found = like_ones(campaign, pairs)
        away = again.left_out(found)
        lead = _name_lead(top, plan, actor)
        for unit in bare_units({unit for unit, _template in pairs}):
            name_post(unit, PostKind.ACTING, USUAL_POST, actor=None)
        news, chosen = News(), [pair for pair in pairs if (pair[0].pk, pair[1].pk) not in away]
        for unit, template in chosen:
            like = found.get((unit.pk, template.pk))
            news.lead(_open(campaign, unit, template, lead, like, again, actor))
        news.tell(lambda _tasks, duties: _new_words(top, len(duties)))
    return len(chosen)


def remind_kind(lead: KindLead, *, actor: Any) -> int:
    """Remind the units of the kind of what is late; of how many tasks. Twice a day tells nobody twice.

    For the organization that checks, the unit above and the office. Raises Refusal where nothing is late, or where
    nobody is there to be told.
    """
    require_actor(actor, ANSWER, lead)
    tasks = list(late_tasks(lead).select_related("unit", "region"))
    if not tasks:
        raise Refusal(_("Nothing is late here."))
    with transaction.atomic():
        told = [task for task in tasks if press_unit(task)]
        for task in told:
            note_step(task, "remind", actor=actor)
    if not told:
        units = "、".join(dict.fromkeys(str(task.unit) for task in tasks))
        raise Refusal(_("%s has nobody to remind.") % units, _("Name a liaison under Units and posts first."))
    return len(told)


def _keep(template: DutyTemplate, facts: TemplateFacts, actor: Any, act: str) -> None:
    _filled(template, facts)
    told = {"title": template.title, "org_kind": template.org_kind, "measure": template.measure}
    try:
        with transaction.atomic():
            template.save()
            record(f"responsibilities.dutytemplate.{act}", template, actor=actor, data=told)
    except IntegrityError as error:
        words = _("“%(title)s” stands among the templates of %(unit)s already.")
        raise Refusal(
            words % {"title": template.title, "unit": template.unit}, _("Change that one, or give another title.")
        ) from error


def _filled(template: DutyTemplate, facts: TemplateFacts) -> DutyTemplate:
    """The template with what is said of it, unsaved: the fields of FILLED."""
    if facts.org_kind not in OrgKind.values:
        raise Refusal(_("Say for which kind of organization it is."))
    check_duty(facts.title, facts.measure)
    template.org_kind, template.title, template.measure = facts.org_kind, facts.title.strip(), facts.measure.strip()
    template.schedule, template.source = facts.schedule.as_data(), facts.source
    return template


def _check(campaign: Campaign, top: Unit, plan: LayOut) -> None:
    """Units and templates are of the kind, within the subtree and offered there."""
    if top.region_id != campaign.region_id:
        raise Refusal(_("A unit does not belong to this region."), _("Choose a unit of your own region."))
    inside = {unit.pk for unit in units_of_kind(top, plan.org_kind)}
    kind = OrgKind(plan.org_kind).label
    for unit in plan.units:
        if unit.pk not in inside:
            words = _("%(unit)s is no organization of this kind below %(top)s: %(kind)s.")
            raise Refusal(
                words % {"unit": unit, "top": top, "kind": kind}, _("Say first what kind of organization it is.")
            )
    if plan.lead.pk not in inside and plan.lead.pk != top.pk:
        words = _("%(unit)s does not check here: it is neither of this kind nor the unit above.")
        raise Refusal(words % {"unit": plan.lead}, _("Choose one of the kind, or the unit above."))
    offered = {template.pk for template in templates_for(top, plan.org_kind)}
    if any(template.pk not in offered for template in plan.templates):
        raise Refusal(_("A template is not offered here."), _("Choose among those of this unit and of the office."))


def _name_lead(top: Unit, plan: LayOut, actor: Any) -> KindLead:
    """Keep who checks the kind; whoever is new is told."""
    lead, made = KindLead.objects.get_or_create(
        unit=top, org_kind=plan.org_kind, defaults={"region": top.region, "lead": plan.lead}
    )
    if not made and lead.lead_id == plan.lead.pk:
        return lead
    if not made:
        KindLead.objects.filter(pk=lead.pk).update(lead=plan.lead, updated_at=clock.now())
        lead.lead = plan.lead
    note_step(lead, "name", actor=actor, data={"lead": str(plan.lead)})
    tell_lead(lead, _("You check: %s") % lead)
    return lead


def _open(
    campaign: Campaign, unit: Unit, template: DutyTemplate, lead: KindLead, like: OpenRequest | None, again: Again,
    actor: Any,
) -> Duty:  # fmt: skip
    duty = open_duty(
        campaign, unit, title=template.title, measure=template.measure, schedule=template.plan, actor=actor,
        kind_lead=lead, source=source_of(template), origin=Origin.KIND, tell=False,
    )  # fmt: skip
    if like is not None:
        note_step(duty, "again", actor=actor, note=again.reason, data={"like": like.title})
        keep_repeats(((task, like) for task in duty.tasks.all()[:1]), again, actor)
    return duty


def _schedule(often: str) -> Mapping[str, Any]:
    found = schedule_of(often)
    if found is None:
        raise ValueError(f"no rhythm in the program's own set: {often!r}")
    return found.as_data()


def _new_words(top: Unit, number: int) -> str:
    words = ngettext("%(n)d new recurring duty from %(unit)s", "%(n)d new recurring duties from %(unit)s", number)
    return words % {"n": number, "unit": top}
