"""Keeps the routing rules (问题归口表)."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from chuangwen.audit.services import record
from chuangwen.organizations.models import Unit
from chuangwen.rectification.models import RoutingRule
from chuangwen.standards.models import PlaceType, ProblemType


def save_rule(
    problem_type: ProblemType,
    place_type: PlaceType | None,
    territory: Unit | None,
    *,
    lead: Unit,
    origin: str,
    actor: Any,
) -> RoutingRule:
    """From now on such problems go to `lead`; a rule for the same case is replaced."""
    with transaction.atomic():
        rule, _created = RoutingRule.objects.update_or_create(
            region=problem_type.region, problem_type=problem_type, place_type=place_type, territory=territory,
            defaults={"lead": lead, "origin": origin},
        )  # fmt: skip
        data = {
            "lead": str(lead),
            "place_type": str(place_type or ""),
            "territory": str(territory or ""),
            "from": origin,
        }
        record("rectification.rule.save", rule, actor=actor, data=data)
    return rule
