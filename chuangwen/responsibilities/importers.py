"""The office's own 责任分解表 and 实地备检点责任分解表 (practice.md, Papers and their columns).

A row names a criterion by its code, its words or both, and the units that lead and cooperate,
several in a cell. The second paper names a criterion once for each place, so that rows of the same
criterion add up; where only territories lead it then, each leads its own places (分片牵头).

What the file says of a criterion replaces what stood there; an empty cell says nothing, and a
criterion that is not in the file stays as it is.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangwen.audit.services import record
from chuangwen.campaigns.context import campaign_or_404
from chuangwen.campaigns.models import Campaign
from chuangwen.core.imports import Line, Source, Summary, remembered_names
from chuangwen.core.imports.importer import Context
from chuangwen.core.models import Region
from chuangwen.core.workbooks.mapping import Field
from chuangwen.core.workbooks.names import Candidate, Resolution, Resolver, resolver_of
from chuangwen.core.workbooks.rows import ImportRow
from chuangwen.organizations.enums import Branch
from chuangwen.organizations.importers import UnitColumns
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import units_today
from chuangwen.responsibilities.models import Assignment, Origin, Share
from chuangwen.responsibilities.queries import criteria_of
from chuangwen.responsibilities.queries.parties import Parties
from chuangwen.responsibilities.services import Cell, mark_split, set_shares
from chuangwen.standards.models import Node

Keys = dict[int, None]  # an ordered set of ids


@dataclass(slots=True)
class Wanted:
    """What the file says of one criterion, all its rows together."""

    row: int
    leads: Keys = field(default_factory=dict)
    cooperates: Keys = field(default_factory=dict)

    def shares(self, present: dict[int, str]) -> dict[int, str]:
        """The criterion's units afterwards. `present`: what stands there now."""
        after = {
            unit: share
            for unit, share in present.items()
            if not (self.leads if share == Share.LEAD else self.cooperates)
        }
        after |= dict.fromkeys(self.cooperates, str(Share.COOPERATE))
        return after | dict.fromkeys(self.leads, str(Share.LEAD))


class BreakdownImporter(UnitColumns):
    """Criterion, leading units, cooperating units."""

    key = "breakdown"
    title = gettext_lazy("Import the breakdown")
    came_from = gettext_lazy("Breakdown")
    paper = gettext_lazy("Breakdown table")
    noun = gettext_lazy("criteria of the breakdown")
    permission = "responsibilities.edit"
    unit_keys = ("leads", "cooperates")
    help = gettext_lazy(
        "What the file says of a criterion replaces what stood there; an empty cell says nothing, "
        "and criteria that are not in the file stay as they are."
    )

    def context_from(self, request: HttpRequest) -> dict[str, Any]:
        return {"campaign": campaign_or_404(request).pk}

    def fields(self, region: Region, context: Context) -> Sequence[Field]:
        return (
            Field(
                "criterion", "测评标准", ("标准号", "测评内容", "检查内容", "条目", "指标", "标准", "测评项目"),
                required=True, kind="name", noun="测评标准", noun_en="criterion", label_en="Criterion",
            ),
            Field(
                "leads", "牵头单位", ("牵头", "责任单位", "主责单位", "牵头部门"), kind="name", many=True, noun="单位",
                noun_en="unit", label_en="Lead",
            ),
            Field(
                "cooperates", "配合单位", ("配合", "协办单位", "配合部门", "参与单位"), kind="name", many=True,
                noun="单位", noun_en="unit", label_en="Cooperate",
            ),
        )  # fmt: skip

    def resolvers(self, region: Region, context: Context) -> dict[str, Resolver]:
        units = _unit_resolver(region)
        nodes = criteria_of(_campaign(region, context))
        return {"criterion": _criterion_resolver(nodes, region), "leads": units, "cooperates": units}

    def choices(self, key: str, region: Region, context: Context) -> Sequence[tuple[Hashable, str]]:
        if key == "criterion":
            return [(node.pk, str(node)) for node in criteria_of(_campaign(region, context))]
        return [(unit.pk, str(unit)) for unit in units_today(region).filter(depth__gt=1)]

    def preview(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Summary:
        campaign = _campaign(region, context)
        wanted, present = _wanted(rows), _present(campaign)
        nodes = {node.pk: node for node in criteria_of(campaign)}
        names = {unit.pk: str(unit) for unit in Unit.objects.filter(region=region)}
        lines = []
        for pk, one in wanted.items():
            before, after = present.get(pk, {}), one.shares(present.get(pk, {}))
            if before != after:
                kind = "changed" if before else "new"
                lines.append(Line(one.row, kind, str(nodes[pk]), _words(before, after, names)))
        return Summary.of(lines, len(wanted) - len(lines))

    def write(
        self, rows: Sequence[ImportRow], *, region: Region, actor: Any, context: Context, source: Source
    ) -> Summary:
        summary = self.preview(rows, region=region, context=context)
        campaign = _campaign(region, context)
        present = _present(campaign)
        cells: list[Cell] = []
        for pk, one in _wanted(rows).items():
            before = present.get(pk, {})
            after = one.shares(before)
            cells += [Cell(pk, unit, after.get(unit, "")) for unit in {**before, **after}]
        set_shares(campaign, cells, origin=Origin.WORKBOOK, actor=actor)
        _mark_splits(campaign, rows, actor)
        record("responsibilities.breakdown.import", campaign, actor=actor, data=source.told(summary))
        return summary

    def done_url(self, context: Context) -> str:
        return reverse("responsibilities:breakdown")


def _campaign(region: Region, context: Context) -> Campaign:
    return Campaign.objects.select_related("region").get(region=region, pk=context["campaign"])


def _unit_resolver(region: Region) -> Resolver:
    """Single units, kinds (各街道) and collectives of this area (窗口单位)."""
    parties = Parties(region)
    labels = {unit.pk: str(unit) for unit in units_today(region)}

    def resolve(text: str) -> Resolution:
        answer = parties.answer(text)
        if len(answer.units) == 1:
            return Resolution(answer.units[0])
        if answer.units:
            return Resolution(None, values=tuple(answer.units))
        return Resolution(None, tuple(Candidate(pk, labels[pk]) for pk in answer.proposals))

    return resolve


def _criterion_resolver(nodes: Sequence[Node], region: Region) -> Resolver:
    """A criterion by its words, its code or both. A code that two standards use means the main one's."""
    codes: dict[str, Hashable] = {}
    for node in nodes:
        codes.setdefault(node.code, node.pk)
    both = [(f"{node.code}{node.title_zh}", cast("Hashable", node.pk)) for node in nodes]
    return resolver_of(
        [(node.pk, node.title_zh) for node in nodes],
        aliases=[*codes.items(), *both],
        remembered=remembered_names(region, "breakdown.criterion"),
    )


def _wanted(rows: Sequence[ImportRow]) -> dict[int, Wanted]:
    """What the rows say, criterion by criterion."""
    found: dict[int, Wanted] = {}
    for row in rows:
        one = found.setdefault(cast("int", row.values["criterion"]), Wanted(row.number))
        one.leads.update(dict.fromkeys(_units(row, "leads")))
        one.cooperates.update(dict.fromkeys(_units(row, "cooperates")))
    return found


def _units(row: ImportRow, key: str) -> tuple[int, ...]:
    return cast("tuple[int, ...]", row.values.get(key) or ())


def _present(campaign: Campaign) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = {}
    rows = Assignment.objects.filter(campaign=campaign).values_list("node_id", "unit_id", "share")
    for node, unit, share in rows:
        found.setdefault(node, {})[unit] = share
    return found


def _words(before: dict[int, str], after: dict[int, str], names: dict[int, str]) -> str:
    """What changes, for people: who leads, who cooperates, who is let off."""
    parts = []
    for share, label in ((Share.LEAD, _("leads: %s")), (Share.COOPERATE, _("cooperates: %s"))):
        units = [names[unit] for unit, one in after.items() if one == share and before.get(unit) != share]
        if units:
            parts.append(label % "、".join(units))
    if gone := [names[unit] for unit in before if unit not in after]:
        parts.append(_("no longer: %s") % "、".join(gone))
    return "；".join(parts)


def _mark_splits(campaign: Campaign, rows: Sequence[ImportRow], actor: Any) -> None:
    """Criteria that several territories lead by the file are split, not overlapping."""
    local = Unit.objects.filter(region=campaign.region_id, branch=Branch.TERRITORY)
    territories = set(local.values_list("pk", flat=True))
    already = set(campaign.split_criteria.values_list("node_id", flat=True))
    nodes = {node.pk: node for node in criteria_of(campaign)}
    for pk, one in _wanted(rows).items():
        if len(one.leads) > 1 and territories.issuperset(one.leads) and pk not in already:
            mark_split(campaign, nodes[pk], split=True, actor=actor)
