"""Fills the matrix criterion x unit by hand and by a workbook, and keeps the rules beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.audit.settings import keep_setting
from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import require_actor, require_region
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Region
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.balance import OverloadRule
from chuangwen.responsibilities.models import Assignment, Collective, Origin, Share, SplitCriterion
from chuangwen.responsibilities.services.parts import drop_loose
from chuangwen.standards.models import Node

CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Cell:
    """One wanted cell of the matrix; `share` "" clears it."""

    node_id: int
    unit_id: int
    share: str


def set_share(campaign: Campaign, node: Node, unit: Unit, share: str, *, actor: Any) -> str:
    """Set or clear (share "") one cell; returns what stood there before, for undo.

    The last one to write wins; what another person wrote meanwhile is what is returned.
    """
    require_actor(actor, "responsibilities.edit", campaign)
    with transaction.atomic():
        cell = Assignment.objects.filter(campaign=campaign, node=node, unit=unit)
        before = cell.values_list("share", flat=True).first() or ""
        set_shares(campaign, [Cell(node.pk, unit.pk, share)], origin=Origin.HAND, actor=actor)
    return before


def set_shares(campaign: Campaign, cells: Iterable[Cell], *, origin: str, actor: Any) -> int:
    """As `write_shares`, for whoever may edit the breakdown."""
    require_actor(actor, "responsibilities.edit", campaign)
    return write_shares(campaign, cells, origin=origin, actor=actor)


def write_shares(campaign: Campaign, cells: Iterable[Cell], *, origin: str, actor: Any) -> int:
    """Write many cells in one transaction with one audit entry; returns how many changed.

    Only the cells named are touched; a cell named twice gets what stands last. Every node must be
    a criterion of the campaign's standards and every unit one of its region, else Refusal and
    nothing is written.
    """
    wanted = {(cell.node_id, cell.unit_id): cell.share for cell in cells}
    _check(campaign, wanted)
    with transaction.atomic():
        present = _present(campaign, wanted)
        changed = {key: share for key, share in wanted.items() if present.get(key, "") != share}
        if not changed:
            return 0
        _clear(campaign, [key for key, share in changed.items() if not share])
        rows = [
            Assignment(
                region=campaign.region, campaign=campaign, node_id=node, unit_id=unit, share=share, origin=origin
            )
            for (node, unit), share in changed.items()
            if share
        ]
        # Two people may fill the same empty cell at once: the second one updates what the first one made.
        Assignment.objects.bulk_create(
            rows,
            batch_size=CHUNK,
            update_conflicts=True,
            unique_fields=["campaign", "node", "unit"],
            update_fields=["share", "origin", "updated_at"],
        )
        data = {"origin": origin, "cells": [[node, unit, share] for (node, unit), share in sorted(changed.items())]}
        record("responsibilities.breakdown.set", campaign, actor=actor, data=data)
    return len(changed)


def mark_split(campaign: Campaign, node: Node, *, split: bool, actor: Any) -> None:
    """Say that several territories lead this criterion side by side (分片牵头), so that it is no overlap."""
    require_actor(actor, "responsibilities.edit", campaign)
    _check(campaign, {(node.pk, 0): ""}, units=False)
    with transaction.atomic():
        if split:
            SplitCriterion.objects.get_or_create(campaign=campaign, node=node, defaults={"region": campaign.region})
        else:
            SplitCriterion.objects.filter(campaign=campaign, node=node).delete()
        record("responsibilities.breakdown.split", campaign, actor=actor, data={"node": node.code, "split": split})


def name_collective(region: Region, name: str, units: Sequence[Unit], *, actor: Any) -> Collective:
    """From now on `name` in standards and workbooks (窗口单位) means these units."""
    require_region(actor, "responsibilities.edit", region.pk)
    if not name.strip() or not units:
        raise Refusal(_("Say the name and at least one unit."), _("Choose the units that it means."))
    if any(unit.region_id != region.pk for unit in units):
        raise Refusal(_("A unit does not belong to this region."), _("Choose units of your own region."))
    with transaction.atomic():
        collective, _made = Collective.objects.get_or_create(region=region, name=name.strip())
        collective.units.set(units)
        data = {"name": name.strip(), "units": sorted(unit.pk for unit in units)}
        record("responsibilities.collective.name", collective, actor=actor, data=data)
    return collective


def unname_collective(region: Region, name: str, *, actor: Any) -> None:
    """`name` stands for nobody any more."""
    require_region(actor, "responsibilities.edit", region.pk)
    for collective in Collective.objects.filter(region=region, name=name.strip()):
        with transaction.atomic():
            record("responsibilities.collective.unname", collective, actor=actor, data={"name": name.strip()})
            collective.delete()


def set_overload_rule(region: Region, *, deviations: float, most: int, actor: Any) -> OverloadRule:
    """Keep the region's rule for overloaded units. `most` 0: no fixed limit."""
    if not 0 <= deviations <= 10 or not 0 <= most <= 10_000:
        raise Refusal(_("The rule is out of range."), _("Give 0 to 10 deviations and at most 10,000 duties."))
    said = {"deviations": deviations, "most": most}
    keep_setting(
        region,
        "breakdown",
        said,
        action="responsibilities.breakdown.rule",
        actor=actor,
        permission="responsibilities.edit",
    )
    return OverloadRule(deviations, most)


def _present(campaign: Campaign, keys: Iterable[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """What stands in these cells: one query, of their rows and columns alone."""
    nodes, units = {node for node, _unit in keys}, {unit for _node, unit in keys}
    rows = Assignment.objects.filter(campaign=campaign, node__in=nodes, unit__in=units)
    return {(node, unit): share for node, unit, share in rows.values_list("node_id", "unit_id", "share")}


def _clear(campaign: Campaign, keys: Sequence[tuple[int, int]]) -> None:
    gone = set(keys)
    nodes, units = {node for node, _unit in gone}, {unit for _node, unit in gone}
    rows = Assignment.objects.filter(campaign=campaign, node__in=nodes, unit__in=units)
    pks = [pk for pk, node, unit in rows.values_list("pk", "node_id", "unit_id") if (node, unit) in gone]
    for start in range(0, len(pks), CHUNK):
        Assignment.objects.filter(pk__in=pks[start : start + CHUNK]).delete()
    if gone:
        drop_loose(campaign.pk, gone)


def _check(campaign: Campaign, wanted: dict[tuple[int, int], str], *, units: bool = True) -> None:
    if bad := {share for share in wanted.values() if share not in {"", Share.LEAD, Share.COOPERATE}}:
        raise Refusal(_("“%s” is neither lead nor cooperate.") % min(bad), _("Choose one of the two."))
    versions = campaign.standards.values("version")
    nodes = {node for node, _unit in wanted}
    if Node.objects.filter(pk__in=nodes, version__in=versions, is_leaf=True).count() != len(nodes):
        raise Refusal(_("A criterion does not belong to this campaign's standards."), _("Open the matrix again."))
    named = {unit for _node, unit in wanted} if units else set()
    if Unit.objects.filter(pk__in=named, region=campaign.region_id).count() != len(named):
        raise Refusal(_("A unit does not belong to this region."), _("Open the matrix again."))
