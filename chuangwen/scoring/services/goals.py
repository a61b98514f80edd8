"""Sets goals by group of criteria: the five groups as a beginning, then as the office wants them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import require_actor, require_region
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.organizations.models import Unit
from chuangwen.scoring.models import GoalGroup
from chuangwen.scoring.queries.goals import main_version
from chuangwen.standards.queries import tree_of

SET = "scoring.run"
MINORS = ("未成年", "青少年")


@dataclass(frozen=True, slots=True)
class Aim:
    """What a group is: `goal` None for no point to be lost; at least one of sections, methods, place types."""

    name: str
    goal: float | None = None
    lead: Unit | None = None
    sections: Sequence[str] = ()
    methods: Sequence[str] = ()
    place_types: Sequence[str] = ()


def write_goals(campaign: Campaign, *, actor: Any) -> int:
    """The groups that the field names, as far as the main standard has criteria for them; returns how many.

    Source: mechanism 89 (申报材料、点位、满意度、青少年教育、部位); which criteria are which is proposed. Nothing
    happens where groups are there already.
    """
    require_region(actor, SET, campaign.region_id)
    version = main_version(campaign)
    if version is None:
        raise Refusal(_("The campaign has no main standard."), _("Choose one on the campaign's page."))
    standard = tree_of(version)
    minors = [top.code for top in standard.nodes if any(word in top.title.zh for word in MINORS)]
    drawn = [one.code for one in standard.place_types if not one.ad_hoc]
    seen = [one.code for one in standard.place_types if one.ad_hoc]
    aims = [
        Aim("青少年教育", sections=minors), Aim("申报材料", methods=["material", "report", "record"]),
        Aim("满意度", methods=["survey"]), Aim("点位", place_types=drawn),
        Aim("部位", methods=["field", "impression"], place_types=seen),
    ]  # fmt: skip
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)  # two presses at once would both find nothing
        if GoalGroup.objects.filter(campaign=campaign).exists():
            return 0
        chosen = [aim for aim in aims if aim.sections or aim.methods or aim.place_types]
        for position, aim in enumerate(chosen):
            GoalGroup.objects.create(region=campaign.region, campaign=campaign, position=position, **_values(aim))
        record("scoring.goals.write", campaign, actor=actor, data={"groups": [aim.name for aim in chosen]})
    return len(chosen)


def save_goal(campaign: Campaign, aim: Aim, *, actor: Any, group: GoalGroup | None = None) -> GoalGroup:
    """Keep a group; a new one comes last. Refused: no name, nothing chosen, a goal below nought; same name."""
    require_region(actor, SET, campaign.region_id)
    if not aim.name.strip():
        raise Refusal(_("The group has no name."), _("Give it one."))
    if not (aim.sections or aim.methods or aim.place_types):
        raise Refusal(_("Nothing is chosen for this group."), _("Choose sections, methods or kinds of places."))
    if aim.goal is not None and not (math.isfinite(aim.goal) and aim.goal >= 0):
        raise Refusal(_("The goal is a number of points, nought or more."), _("Leave it empty for no point lost."))
    kept = group or GoalGroup(region=campaign.region, campaign=campaign, position=_after_all(campaign))
    for name, value in _values(aim).items():
        setattr(kept, name, value)
    try:
        with transaction.atomic():
            kept.save()
            said = {**_values(aim), "lead": str(aim.lead or "")}
            record("scoring.goals.save", kept, actor=actor, data=said)
    except IntegrityError as error:
        raise Conflict(_("There is a group of this name already."), _("Choose another name.")) from error
    return kept


def _after_all(campaign: Campaign) -> int:
    """The position behind the last group: their number is less once one of them was removed."""
    last = campaign.goal_groups.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def remove_goal(group: GoalGroup, *, actor: Any) -> None:
    """The group goes; its criteria stand in the next one that they fit, or in none."""
    require_actor(actor, SET, group)
    with transaction.atomic():
        record("scoring.goals.remove", group, actor=actor, data={"name": group.name})
        group.delete()


def _values(aim: Aim) -> dict[str, Any]:
    return {
        "name": aim.name.strip(), "goal": aim.goal, "lead": aim.lead, "sections": list(aim.sections),
        "methods": list(aim.methods), "place_types": list(aim.place_types),
    }  # fmt: skip
