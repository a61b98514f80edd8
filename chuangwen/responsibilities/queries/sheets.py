"""The duties of one unit or of all, as their sheets (分表) show them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from chuangwen.campaigns.models import Campaign
from chuangwen.organizations.enums import Branch
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.models import Assignment, Share
from chuangwen.responsibilities.queries.breakdown import criteria_of
from chuangwen.responsibilities.queries.matrix import title_of
from chuangwen.responsibilities.queries.objections import objection_until
from chuangwen.responsibilities.queries.parts import Handed, handed_on
from chuangwen.standards.models import Node


@dataclass(slots=True)
class SheetLine:
    """One criterion of a unit's sheet: its own share and who else takes part."""

    node: Node
    share: str
    leads: list[str] = field(default_factory=list)
    cooperates: list[str] = field(default_factory=list)
    key: int = 0  # of the share
    until: datetime | None = None  # until when the unit may object to it
    handed: list[Handed] = field(default_factory=list)  # what it handed on

    @property
    def title(self) -> str:
        return title_of(self.node)

    @property
    def is_lead(self) -> bool:
        return self.share == Share.LEAD


@dataclass(slots=True)
class Sheet:
    """The duties of one unit, in the order of the standards."""

    unit: Unit
    duties: list[SheetLine]

    @property
    def leads(self) -> int:
        return sum(duty.is_lead for duty in self.duties)

    @property
    def cooperates(self) -> int:
        return len(self.duties) - self.leads


def sheet_of(campaign: Campaign, unit: Unit) -> Sheet:
    """One unit's sheet with what it handed on: four queries."""
    own = Assignment.objects.filter(campaign=campaign, unit=unit)
    shares = Assignment.objects.filter(campaign=campaign, node__in=own.values("node_id"))
    rows = list(shares.select_related("unit", "region").order_by("unit__path"))
    sheet = _sheets(criteria_of(campaign), rows, [unit])[0]
    mine, handed = {row.node_id: row for row in rows if row.unit_id == unit.pk}, handed_on(campaign, unit)
    for duty in sheet.duties:
        share = mine[duty.node.pk]
        duty.key, duty.until, duty.handed = share.pk, objection_until(share), handed.get(duty.node.pk, [])
    return sheet


def all_sheets(campaign: Campaign) -> list[Sheet]:
    """The sheets of all units that have a duty, lines before territories: three queries."""
    shares = list(Assignment.objects.filter(campaign=campaign).select_related("unit").order_by("unit__path"))
    units = list({share.unit_id: share.unit for share in shares}.values())
    units.sort(key=lambda unit: (unit.branch != Branch.LINE, unit.path))
    return _sheets(criteria_of(campaign), shares, units)


def _sheets(nodes: list[Node], shares: list[Assignment], units: list[Unit]) -> list[Sheet]:
    by_node: defaultdict[int, list[Assignment]] = defaultdict(list)
    for share in shares:
        by_node[share.node_id].append(share)
    sheets = {unit.pk: Sheet(unit, []) for unit in units}
    for node in nodes:
        rows = by_node[node.pk]
        leads = [str(row.unit) for row in rows if row.share == Share.LEAD]
        others = [str(row.unit) for row in rows if row.share != Share.LEAD]
        for row in rows:
            if row.unit_id in sheets:
                sheets[row.unit_id].duties.append(SheetLine(node, row.share, leads, others))
    return list(sheets.values())
