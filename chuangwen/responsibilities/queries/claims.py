"""Reads claims: which criteria several units claim, what a unit claimed."""

from __future__ import annotations

from django.db.models import Count, Q

from chuangwen.campaigns.models import Campaign
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.enums import ClaimState
from chuangwen.responsibilities.models import Claim

WAITING = Q(state=ClaimState.WAITING)


def contested() -> Q:
    """Claims on criteria that several units claim and nobody was given."""
    several = Claim.objects.filter(WAITING).order_by().values("campaign", "node").annotate(n=Count("pk"))
    return WAITING & Q(node__in=several.filter(n__gt=1).values("node"))


def claimed_by(campaign: Campaign, unit: Unit) -> set[int]:
    """The criteria that a unit claims and that wait: one query."""
    return set(Claim.objects.filter(WAITING, campaign=campaign, unit=unit).values_list("node_id", flat=True))
