"""Reads objections to shares, and the rule by which they are possible."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from chuangwen.campaigns.models import Campaign
from chuangwen.core.models import Region
from chuangwen.core.workdays import default_calendar
from chuangwen.responsibilities.enums import ObjectionState
from chuangwen.responsibilities.models import Assignment, Objection


@dataclass(frozen=True, slots=True)
class ObjectionRule:
    """Working days to object after a share was given, and to rule on it. `source` with its label (core/sources.py)."""

    days: int = 3
    ruling_days: int = 2
    source: str = "proposed: 与任务答复、争议裁定的时限一致"


def objection_rule(region: Region) -> ObjectionRule:
    """The region's rule."""
    return ObjectionRule(**region.own("objections", asdict(ObjectionRule())))


def objection_until(assignment: Assignment) -> datetime:
    """Until when the unit may object: so many working days after its share was given or changed."""
    moment: datetime = default_calendar().deadline(assignment.updated_at, f"{objection_rule(assignment.region).days}d")
    return moment


def open_objections(campaign: Campaign) -> Any:
    """Objections that wait for the office."""
    return Objection.objects.filter(campaign=campaign, state=ObjectionState.OPEN)
