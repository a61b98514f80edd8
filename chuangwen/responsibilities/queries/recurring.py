"""Reads recurring duties and standing rules."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from chuangwen.campaigns.context import current_campaign
from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.models import Region
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import own_units
from chuangwen.responsibilities.models import Duty, DutyState, StandingRule
from chuangwen.responsibilities.schedule import Occurrence, occurrences

HOLDS = Q(ended_on=None)


def duties_of(request: HttpRequest) -> QuerySet[Duty]:
    """The recurring duties of the present campaign that the person sees."""
    rows = Duty.objects.visible_to(request.user)
    campaign = current_campaign(request)
    return rows.filter(campaign=campaign) if campaign else rows


def rules_of(request: HttpRequest) -> QuerySet[StandingRule]:
    """The standing rules of the present campaign."""
    rows = StandingRule.objects.visible_to(request.user)
    campaign = current_campaign(request)
    return rows.filter(campaign=campaign) if campaign else rows


def with_reach(rules: QuerySet[StandingRule], region: Region | int) -> QuerySet[StandingRule]:
    """Rules with `everybody`, how many units the region has right under it, and `reached`, how many of them each names.

    One query more, whatever their number.
    """
    own = list(own_units(region).values_list("pk", flat=True))
    named: Any = StandingRule.units.through.objects.filter(standingrule=OuterRef("pk"), unit__in=own).order_by()
    number = named.values("standingrule").annotate(n=Count("pk")).values("n")
    return rules.annotate(everybody=Value(len(own)), reached=Coalesce(Subquery(number), Value(0)))


def rules_for(campaign: Campaign, unit: Unit) -> QuerySet[StandingRule]:
    """The rules that hold for `unit`: its own and those of all units, the own ones first."""
    own = StandingRule.units.through.objects.filter(unit=unit).values("standingrule_id")
    named = StandingRule.units.through.objects.values("standingrule_id")
    mine = Q(pk__in=own) | ~Q(pk__in=named)
    return StandingRule.objects.filter(HOLDS, mine, campaign=campaign).select_related("node").order_by("pk")


def coming(duty: Duty, number: int) -> list[Occurrence]:
    """The next dates of a duty that has not ended, those with a task already included."""
    if duty.state == DutyState.ENDED:
        return []
    first: date = max(duty.starts, clock.today())
    found: list[Any] = []
    for one in occurrences(duty.plan, first, duty.ends, default_calendar()):
        found.append(one)
        if len(found) == number:
            break
    return found
