"""Reads the breakdown: leads, gaps, overlaps, loads. Each costs the same few queries at any size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from chuangwen.campaigns.models import Campaign
from chuangwen.core.models import Region
from chuangwen.evidence.models import Dossier
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.balance import OverloadRule, limit_of, overloaded
from chuangwen.responsibilities.enums import ObjectionState
from chuangwen.responsibilities.models import Assignment, Objection, Origin, Share, Task, TaskState
from chuangwen.responsibilities.queries.repeats import Ask, OpenRequest, open_alike
from chuangwen.standards.models import Node, StandardVersion

LEAD = Q(share=Share.LEAD)


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures over the matrix: ids of criteria and units that need somebody's eye."""

    criteria: int
    gaps: frozenset[int]
    overlaps: frozenset[int]
    objected: frozenset[int]
    split: frozenset[int]
    heavy: frozenset[int]  # units
    leads: dict[int, int]  # leading units by criterion
    involved: dict[int, int]  # units by criterion
    loads: dict[int, int]  # criteria by unit
    limit: float  # above which a unit is overloaded


@dataclass(slots=True)
class Ready:
    """One task that the breakdown would make: its criterion, its unit, who cooperates."""

    node: Node
    unit: Unit
    cooperating: list[Unit]


def criteria_of(campaign: Campaign) -> list[Node]:
    """The criteria of all standards of the campaign, the main standard's first: two queries."""
    order = {s.version_id: (not s.is_main, s.pk) for s in campaign.standards.all()}
    nodes = Node.objects.filter(version__in=order, is_leaf=True)
    return sorted(nodes, key=lambda node: (order[node.version_id], node.position))


def criteria_rows(campaign: Campaign) -> QuerySet[Node]:
    """The same as a query, for counting."""
    return Node.objects.filter(version__in=campaign.standards.values("version"), is_leaf=True)


def leads_table(campaign: Campaign, version: StandardVersion) -> list[tuple[str, int]]:
    """(criterion's code, unit id) for each lead under one version: what scoring charges losses to. One query."""
    rows = Assignment.objects.filter(LEAD, campaign=campaign, node__version=version, node__is_leaf=True)
    return list(rows.order_by("node__position", "unit_id").values_list("node__code", "unit_id"))


def lead_pairs(campaign: Campaign) -> list[tuple[int, int]]:
    """(criterion, unit) for each lead, over all standards: one query."""
    rows = Assignment.objects.filter(LEAD, campaign=campaign, node__is_leaf=True)
    return list(rows.order_by("unit__path", "node__position").values_list("node_id", "unit_id"))


def without_dossier(campaign: Campaign, year: int, pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those of the leads' `pairs` that have no dossier in `year`: one look each, since a city has 180,000 dossiers."""
    rows = Assignment.objects.filter(LEAD, campaign=campaign)
    same = Dossier.objects.filter(campaign=campaign, year=year, unit=OuterRef("unit"), node=OuterRef("node"))
    there = set(rows.filter(Exists(same)).values_list("node_id", "unit_id"))
    return [pair for pair in pairs if pair not in there]


def gap_rows(campaign: Campaign) -> QuerySet[Any]:
    """Criteria that nobody leads."""
    led = Assignment.objects.filter(LEAD, campaign=campaign)
    return criteria_rows(campaign).exclude(pk__in=led.values("node_id"))


def overlap_rows(campaign: Campaign) -> QuerySet[Any]:
    """Criteria that several units lead, and that nobody declared split."""
    led = Assignment.objects.filter(LEAD, campaign=campaign).order_by().values("node_id")
    several = led.annotate(n=Count("pk")).filter(n__gt=1).values("node_id")
    split = campaign.split_criteria.values("node_id")
    return criteria_rows(campaign).filter(pk__in=several).exclude(pk__in=split)


def loads_of(campaign: Campaign) -> dict[int, int]:
    """How many criteria each unit leads or helps with, over all standards: one query."""
    rows = Assignment.objects.filter(campaign=campaign).order_by()
    return dict(rows.values("unit_id").annotate(n=Count("pk")).values_list("unit_id", "n"))


def overload_rule(region: Region) -> OverloadRule:
    """The region's rule for overloaded units; the default where none is kept."""
    kept = region.own("breakdown", asdict(OverloadRule()))
    return OverloadRule(float(kept["deviations"]), int(kept["most"]))


def objected_nodes(campaign: Campaign) -> frozenset[int]:
    """Criteria to which a unit objects, to a share or to a task: one query."""
    tasks = Task.objects.filter(campaign=campaign, state=TaskState.OBJECTED, node__isnull=False).order_by()
    shares = Objection.objects.filter(campaign=campaign, state=ObjectionState.OPEN).order_by()
    return frozenset(pk for (pk,) in tasks.values_list("node_id").union(shares.values_list("node_id")))


def counts_of(campaign: Campaign) -> Counts:
    """Gaps, overlaps, objections and overloaded units: five queries at any size."""
    rows = Assignment.objects.filter(campaign=campaign).order_by().values("node_id")
    by_node = list(rows.annotate(n=Count("pk"), led=Count("pk", filter=LEAD)).values_list("node_id", "n", "led"))
    leads = {node: led for node, _n, led in by_node if led}
    split = frozenset(campaign.split_criteria.values_list("node_id", flat=True))
    nodes = frozenset(criteria_rows(campaign).values_list("pk", flat=True))
    loads, rule = loads_of(campaign), overload_rule(campaign.region)
    return Counts(
        criteria=len(nodes),
        gaps=nodes - leads.keys(),
        overlaps=frozenset(node for node in nodes if leads.get(node, 0) > 1) - split,
        objected=objected_nodes(campaign) & nodes,
        split=split,
        heavy=overloaded(loads, rule),
        leads=leads,
        involved={node: n for node, n, _led in by_node},
        loads=loads,
        limit=limit_of(loads, rule),
    )


def ready_pairs(campaign: Campaign, nodes: Collection[int] | None = None) -> list[tuple[int, int]]:
    """(criterion, unit) of each task that the breakdown has not made yet: three queries of bare numbers.

    One for each criterion with exactly one lead; a split criterion gives one for each leading
    unit. `nodes` narrows to these criteria.
    """
    made = Task.objects.filter(campaign=campaign, origin=Origin.BREAKDOWN).exclude(state=TaskState.CANCELLED)
    done = set(made.values_list("node_id", "unit_id"))
    split = set(campaign.split_criteria.values_list("node_id", flat=True))
    rows = Assignment.objects.filter(LEAD, campaign=campaign)
    if nodes is not None:
        rows = rows.filter(node__in=nodes)
    leads: defaultdict[int, list[int]] = defaultdict(list)
    for node, unit in rows.order_by("node__version", "node__position", "unit__path").values_list("node_id", "unit_id"):
        leads[node].append(unit)
    wanted = ((node, unit) for node, units in leads.items() if len(units) == 1 or node in split for unit in units)
    return [pair for pair in wanted if pair not in done]


def ready_to_issue(campaign: Campaign, nodes: Collection[int] | None = None) -> list[Ready]:
    """The tasks of `ready_pairs` with who cooperates, in the order of the standard: six queries."""
    pairs = ready_pairs(campaign, nodes)
    chosen = {node for node, _unit in pairs}
    others: defaultdict[int, list[int]] = defaultdict(list)
    rows = Assignment.objects.filter(campaign=campaign, node__in=chosen).exclude(LEAD).order_by("unit__path")
    for node, unit in rows.values_list("node_id", "unit_id"):
        others[node].append(unit)
    units = Unit.objects.in_bulk(
        {unit for _node, unit in pairs} | {unit for found in others.values() for unit in found}
    )
    found = Node.objects.in_bulk(chosen)
    return [Ready(found[node], units[unit], [units[one] for one in others[node]]) for node, unit in pairs]


def repeats_of(campaign: Campaign, ready: Iterable[Ready]) -> dict[tuple[int, int], OpenRequest]:
    """(criterion, unit) of what would be issued although a like request is open there, with that request."""
    asks = {(one.node.pk, one.unit.pk): Ask(one.unit.pk, one.node.title_zh, one.node.pk) for one in ready}
    return open_alike(campaign.region, asks)
