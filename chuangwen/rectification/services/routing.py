"""Keeps the routing rules (问题归口表)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.access import require_region
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Region
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import name_index
from chuangwen.rectification.enums import RuleOrigin
from chuangwen.rectification.models import RoutingRule
from chuangwen.standards.models import PlaceType, ProblemType


def save_rule(
    problem_type: ProblemType,
    place_type: PlaceType | None,
    territory: Unit | None,
    *,
    lead: Unit,
    origin: str = RuleOrigin.HAND,
    actor: Any,
) -> RoutingRule:
    """From now on such problems go to `lead`; the rule that held for the same case ends today.

    Returns the rule that is there where it says the same already.
    """
    require_region(actor, "rectification.route", problem_type.region_id)
    regions = {part.region_id for part in (place_type, territory, lead) if part is not None}
    if regions != {problem_type.region_id}:
        raise Refusal(_("A rule holds within one region."), _("Choose the parts anew."))
    today = clock.today()
    with transaction.atomic():
        same = RoutingRule.objects.filter(
            region=problem_type.region, problem_type=problem_type, place_type=place_type, territory=territory,
            ends__isnull=True,
        ).select_for_update()  # fmt: skip
        former: RoutingRule | None = same.first()
        if former and former.lead_id == lead.pk:
            return former
        same.update(ends=today)
        rule: RoutingRule = RoutingRule.objects.create(
            region=problem_type.region, problem_type=problem_type, place_type=place_type, territory=territory,
            lead=lead, origin=origin, starts=today,
        )  # fmt: skip
        data = {"lead": str(lead), "place_type": str(place_type or ""), "territory": str(territory or "")}
        before = str(former.lead) if former else ""
        record("rectification.rule.save", rule, actor=actor, data={**data, "origin": origin, "before": before})
    return rule


def end_rule(rule: RoutingRule, *, actor: Any) -> None:
    """The rule no longer holds; problems that it routed stay where they are."""
    require_region(actor, "rectification.route", rule.region_id)
    with transaction.atomic():
        if RoutingRule.objects.filter(pk=rule.pk, ends__isnull=True).update(ends=clock.today()):
            record("rectification.rule.end", rule, actor=actor, data={"lead": str(rule.lead)})
    rule.refresh_from_db(fields=["ends"])


def rules_from_hints(region: Region, *, actor: Any) -> tuple[int, list[ProblemType]]:
    """Make a rule for each type that has none, where the standard's first hint means one unit for certain.

    Returns how many were made, and the types that still have none: a person decides those.
    """
    require_region(actor, "rectification.route", region.pk)
    index = name_index(region)
    ruled = set(RoutingRule.objects.filter(region=region, ends__isnull=True).values_list("problem_type", flat=True))
    units = {unit.pk: unit for unit in Unit.objects.filter(region=region)}
    made, left = 0, []
    with transaction.atomic():
        for problem_type in ProblemType.objects.filter(region=region).exclude(pk__in=ruled):
            found = index.resolve(problem_type.lead_hints[0]).units if problem_type.lead_hints else ()
            if len(found) == 1:
                save_rule(problem_type, None, None, lead=units[found[0]], origin=RuleOrigin.HINT, actor=actor)
                made += 1
            else:
                left.append(problem_type)
    return made, left
