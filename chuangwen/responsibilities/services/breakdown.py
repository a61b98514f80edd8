"""Fills the matrix criterion x unit: by hand, by the standard's hints, by a workbook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.campaigns.models import Campaign
from chuangwen.core.errors import Refusal
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import name_index
from chuangwen.responsibilities.models import Assignment, Share, SplitCriterion
from chuangwen.standards.models import Node


@dataclass(frozen=True, slots=True)
class Cell:
    """One wanted cell of the matrix; `share` "" clears it."""

    node_id: int
    unit_id: int
    share: str


def set_share(campaign: Campaign, node: Node, unit: Unit, share: str, *, actor: Any) -> str:
    """Set or clear (share "") one cell; returns what stood there before, for undo."""
    before = Assignment.objects.filter(campaign=campaign, node=node, unit=unit).values_list("share", flat=True).first()
    set_shares(campaign, [Cell(node.pk, unit.pk, share)], origin="hand", actor=actor)
    return before or ""


def set_shares(campaign: Campaign, cells: Iterable[Cell], *, origin: str, actor: Any) -> int:
    """Write many cells in one transaction with one audit entry; returns how many changed.

    Every node must be a criterion of the campaign's standards and every unit one of its region,
    else Refusal and nothing is written.
    """
    wanted = {(cell.node_id, cell.unit_id): cell.share for cell in cells}
    _check(campaign, wanted)
    with transaction.atomic():
        present = {(a.node_id, a.unit_id): a for a in Assignment.objects.filter(campaign=campaign)}
        changed = {
            key: share for key, share in wanted.items() if (present[key].share if key in present else "") != share
        }
        if not changed:
            return 0
        Assignment.objects.filter(pk__in=[present[key].pk for key in changed if key in present]).delete()
        Assignment.objects.bulk_create(
            Assignment(
                region=campaign.region, campaign=campaign, node_id=node, unit_id=unit, share=share, origin=origin
            )
            for (node, unit), share in changed.items()
            if share
        )
        data = {"origin": origin, "cells": [[node, unit, share] for (node, unit), share in sorted(changed.items())]}
        record("responsibilities.breakdown.set", campaign, actor=actor, data=data)
    return len(changed)


def apply_hints(campaign: Campaign, *, actor: Any) -> tuple[int, list[str]]:
    """Fill criteria that have no unit yet by the parties that the standard itself names.

    The first party leads, the others cooperate. Returns (cells written, names that fit no unit).
    """
    index = name_index(campaign.region)
    taken = set(Assignment.objects.filter(campaign=campaign).values_list("node_id", flat=True))
    cells, unknown = [], set()
    for node in criteria_of(campaign):
        if node.pk in taken:
            continue
        for position, party in enumerate(node.lead_hints):
            units = index.resolve(party).units
            if not units:
                unknown.add(party)
            share = Share.LEAD if position == 0 and len(units) == 1 else Share.COOPERATE
            cells += [Cell(node.pk, unit, share) for unit in units]
    return set_shares(campaign, cells, origin="hint", actor=actor), sorted(unknown)


def mark_split(campaign: Campaign, node: Node, *, split: bool, actor: Any) -> None:
    """Say that several territories lead this criterion side by side (分片牵头), so that it is no overlap."""
    with transaction.atomic():
        if split:
            SplitCriterion.objects.get_or_create(campaign=campaign, node=node, defaults={"region": campaign.region})
        else:
            SplitCriterion.objects.filter(campaign=campaign, node=node).delete()
        record("responsibilities.breakdown.split", campaign, actor=actor, data={"node": node.code, "split": split})


def criteria_of(campaign: Campaign) -> list[Node]:
    """The criteria of all standards of the campaign, the main standard's first."""
    order = {s.version_id: (not s.is_main, s.pk) for s in campaign.standards.all()}
    nodes = Node.objects.filter(version__in=order, is_leaf=True)
    return sorted(nodes, key=lambda node: (order[node.version_id], node.position))


def _check(campaign: Campaign, wanted: dict[tuple[int, int], str]) -> None:
    if bad := {share for share in wanted.values() if share not in {"", Share.LEAD, Share.COOPERATE}}:
        raise Refusal(_("“%s” is neither lead nor cooperate.") % sorted(bad)[0])
    versions = campaign.standards.values("version")
    nodes = {node for node, _unit in wanted}
    if Node.objects.filter(pk__in=nodes, version__in=versions, is_leaf=True).count() != len(nodes):
        raise Refusal(_("A criterion does not belong to this campaign's standards."), _("Open the matrix again."))
    units = {unit for _node, unit in wanted}
    if Unit.objects.filter(pk__in=units, region=campaign.region_id).count() != len(units):
        raise Refusal(_("A unit does not belong to this region."), _("Open the matrix again."))
