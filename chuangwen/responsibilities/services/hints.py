"""Fills empty rows of the matrix by the parties that the standard itself names."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from django.db import transaction

from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import require_actor
from chuangwen.responsibilities.hints import read_hints
from chuangwen.responsibilities.models import Assignment, Origin, Share, SplitCriterion
from chuangwen.responsibilities.queries.breakdown import criteria_of
from chuangwen.responsibilities.queries.parties import Parties, departments_by_criterion, means_by_place
from chuangwen.responsibilities.services.breakdown import Cell, mark_split, set_shares
from chuangwen.standards.models import Node


class Hinted(NamedTuple):
    """What the hints filled: cells written, and the names that fit no unit here."""

    cells: int
    unknown: list[str]


def apply_hints(campaign: Campaign, *, actor: Any) -> Hinted:
    """Fill the criteria that have no unit yet; what somebody has filled stays as it is.

    The rule stands in hints.read_hints. A name that fits no unit is left out and returned; say
    with `name_collective` whom it means and apply again. Territories that lead side by side
    mark the criterion as split.
    """
    require_actor(actor, "responsibilities.edit", campaign)
    taken = set(Assignment.objects.filter(campaign=campaign).values_list("node_id", flat=True))
    nodes = [node for node in criteria_of(campaign) if node.pk not in taken and node.lead_hints]
    parties = Parties(campaign.region)
    by_place = departments_by_criterion(campaign.region, [node.pk for node in nodes])
    already = set(SplitCriterion.objects.filter(campaign=campaign).values_list("node_id", flat=True))
    cells: list[Cell] = []
    unknown: set[str] = set()
    with transaction.atomic():
        for node in nodes:
            reading = read_hints(node.lead_hints, partial(_units, parties, by_place, node))
            unknown.update(reading.unknown)
            cells += [Cell(node.pk, unit, Share.LEAD) for unit in reading.leads]
            cells += [Cell(node.pk, unit, Share.COOPERATE) for unit in reading.cooperates]
            if reading.split and node.pk not in already:
                mark_split(campaign, node, split=True, actor=actor)
        return Hinted(set_shares(campaign, cells, origin=Origin.HINT, actor=actor), sorted(unknown))


def _units(parties: Parties, by_place: dict[int, tuple[int, ...]], node: Node, name: str) -> tuple[int, ...]:
    return parties.units(name) or (by_place.get(node.pk, ()) if means_by_place(name) else ())
