"""Sets campaigns up: who strives for which title, under which standards, over which years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.audit.services import record
from chuangwen.campaigns import workflow
from chuangwen.campaigns.models import (
    Campaign,
    CampaignStandard,
    CampaignState,
    CampaignYear,
    CycleRule,
    Title,
)
from chuangwen.campaigns.queries import LONGEST_CAMPAIGN, unnamed_in
from chuangwen.campaigns.services.back_plan import fill_back_plan
from chuangwen.campaigns.services.rights import require_edit
from chuangwen.core.access import require_region
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.models import Region
from chuangwen.organizations.models import Unit
from chuangwen.standards.models import StandardVersion
from chuangwen.workflow.services import advance, note_step

TOLERANCE = 1e-6  # by which weights may miss 1


@dataclass(frozen=True, slots=True)
class CampaignPlan:
    """What a campaign is set up with. The first of `versions` is the main standard; weights sum to 1."""

    name: str
    subject: Unit
    title: Title
    starts: date
    ends: date
    assessment_on: date
    years: Mapping[int, float]
    versions: Sequence[StandardVersion]
    cycle_rule: str = CycleRule.WEIGHTED
    target: float | None = None


def keep_title(region: Region, name: str, *, subject: str, level: str = "", actor: Any) -> Title:
    """The entry of the catalogue with this name, made where it is missing. One name is for one kind of subject."""
    require_region(actor, workflow.EDIT, region.pk)
    title, new = Title.objects.get_or_create(region=region, name=name, defaults={"subject": subject, "level": level})
    if title.subject != subject:
        raise Refusal(
            _("The title “%(name)s” is for another kind of subject: %(kind)s.")
            % {"name": name, "kind": title.get_subject_display()},
            pgettext("campaign", "Give it another name."),
        )
    if new:
        with transaction.atomic():
            record("campaigns.title.keep", title, actor=actor, data={"subject": subject, "level": level})
    return title


def create_campaign(plan: CampaignPlan, *, actor: Any, back_plan: bool = True) -> Campaign:
    """Set a campaign up, in preparation, with its standards, years and (unless told otherwise) default back plan."""
    require_region(actor, workflow.EDIT, plan.subject.region_id)
    refuse_plan(plan)
    region = plan.subject.region
    with transaction.atomic():
        campaign = Campaign.objects.create(
            region=region,
            name=plan.name.strip(),
            subject=plan.subject,
            subject_kind=plan.title.subject,
            title=plan.title,
            starts=plan.starts,
            ends=plan.ends,
            assessment_on=plan.assessment_on,
            cycle_rule=plan.cycle_rule,
            target=plan.target,
        )
        CampaignStandard.objects.bulk_create(
            CampaignStandard(region=region, campaign=campaign, version=version, is_main=number == 0)
            for number, version in enumerate(plan.versions)
        )
        CampaignYear.objects.bulk_create(
            CampaignYear(region=region, campaign=campaign, year=year, weight=weight)
            for year, weight in sorted(plan.years.items())
        )
        note_step(campaign, "create", actor=actor, data={"years": dict(plan.years), "title": plan.title.name})
        if back_plan:
            fill_back_plan(campaign, actor=actor)
    return campaign


def refuse_plan(plan: CampaignPlan) -> None:
    """Refusal for a plan that does not hold together."""
    region = plan.subject.region
    if not plan.name.strip():
        raise Refusal(_("The campaign has no name."), _("Give it one, such as the city and the title."))
    if not unnamed_in(region, plan.name.strip()):
        raise Refusal(_("There is a campaign called “%s” already.") % plan.name, _("Give this one another name."))
    if plan.title.region_id != region.pk:
        raise Refusal(_("The title belongs to another region."), _("Choose one of your own."))
    refuse_period(plan.starts, plan.ends, plan.assessment_on)
    refuse_years(plan.years, plan.starts, plan.ends, plan.cycle_rule)
    if not plan.versions:
        raise Refusal(_("The campaign has no standard."), _("Choose at least one."))
    if len({version.pk for version in plan.versions}) != len(plan.versions):
        raise Refusal(_("One standard is chosen twice."), _("Choose each once."))
    for version in plan.versions:
        _refuse_version(version, region)


def refuse_period(starts: date, ends: date, assessment_on: date) -> None:
    """Refusal for dates that do not follow one another."""
    if ends <= starts:
        raise Refusal(_("The campaign ends before it begins."), _("Check both days."))
    if ends - starts > LONGEST_CAMPAIGN:
        raise Refusal(_("The campaign lasts longer than ten years."), _("Check the years."))
    if not starts <= assessment_on <= ends:
        raise Refusal(_("The assessment lies outside the campaign."), _("Choose a day within it."))


def refuse_years(years: Mapping[int, float], starts: date, ends: date, cycle_rule: str) -> None:
    """Refusal for years other than the campaign's, or weights that do not sum to 1 where they count."""
    if set(years) != set(range(starts.year, ends.year + 1)):
        raise Refusal(_("The years are not those of the campaign."), _("Give every year from first to last once."))
    if cycle_rule not in CycleRule.values:
        raise Refusal(_("There is no such rule for the total."), _("Choose one from the list."))
    if any(not 0 <= weight <= 1 for weight in years.values()):
        raise Refusal(_("A weight lies outside 0 to 100 %."), _("Correct it."))
    if cycle_rule == CycleRule.WEIGHTED and abs(sum(years.values()) - 1) > TOLERANCE:
        total = f"{sum(years.values()) * 100:.6g}"
        raise Refusal(_("The weights add up to %s %%, not to 100.") % total, _("Change one of the years."))


def _refuse_version(version: StandardVersion, region: Region) -> None:
    if version.region_id != region.pk or version.state != "published":
        raise Refusal(_("“%s” is not published in this region.") % version, _("Choose a published version."))


def add_standard(campaign: Campaign, version: StandardVersion, *, actor: Any, main: bool = False) -> CampaignStandard:
    """Let one more standard count. With `main` it takes the place of the main one, which stays beside it."""
    require_edit(actor, campaign)
    _refuse_version(version, campaign.region)
    if campaign.state == CampaignState.ENDED:
        raise Refusal(_("The campaign has ended."), _("Take it up again first."))
    try:
        with transaction.atomic():
            if main:
                CampaignStandard.objects.filter(campaign=campaign).update(is_main=False)
            row, new = CampaignStandard.objects.update_or_create(
                campaign=campaign,
                version=version,
                defaults={"is_main": main} if main else {},
                create_defaults={"region": campaign.region, "is_main": main},
            )
            named = f"{version.title_zh} {version.version}"  # a record says the same to every reader
            note_step(
                campaign,
                "add_standard",
                actor=actor,
                data={"version": named, "main": main, "new": new},
            )
    except IntegrityError as error:
        raise Conflict(
            _("Somebody else is changing the standards at this moment."), _("Look at them and try again.")
        ) from error
    return row


def drop_standard(row: CampaignStandard, *, actor: Any) -> None:
    """Let a standard count no longer; rounds already planned stay pinned to it. The main one stays."""
    require_edit(actor, row.campaign)
    if row.is_main:
        raise Refusal(_("The main standard cannot be left out."), _("Make another one the main standard first."))
    with transaction.atomic():
        note_step(row.campaign, "drop_standard", actor=actor, data={"version": str(row.version)})
        row.delete()


def start_campaign(campaign: Campaign, *, actor: Any, note: str = "") -> None:
    advance(campaign, workflow.CAMPAIGN, "start", actor=actor, note=note)


def end_campaign(campaign: Campaign, *, actor: Any, note: str = "") -> None:
    advance(campaign, workflow.CAMPAIGN, "end", actor=actor, note=note)


def resume_campaign(campaign: Campaign, *, actor: Any, note: str = "") -> None:
    """Take an ended campaign up again; wants a reason."""
    advance(campaign, workflow.CAMPAIGN, "resume", actor=actor, note=note)
