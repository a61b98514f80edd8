"""Reads the breakdown: leads, gaps, overlaps, loads. Each costs the same few queries at any size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet

from chuangwen.campaigns.models import Campaign
from chuangwen.core.models import Region
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.balance import OverloadRule, overloaded
from chuangwen.responsibilities.models import Assignment, Origin, Share, Task, TaskState
from chuangwen.standards.models import Node, StandardVersion

LEAD = Q(share=Share.LEAD)


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures over the matrix: ids of criteria and units that need somebody's eye."""

    criteria: int
    gaps: frozenset[int]
    overlaps: frozenset[int]
    objected: frozenset[int]
    heavy: frozenset[int]  # units


@dataclass(slots=True)
class Ready:
    """One task that the breakdown would make: its criterion, its unit, who cooperates."""

    node: Node
    unit: Unit
    cooperating: list[Unit] = field(default_factory=list)


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


def gap_count(campaign: Campaign) -> int:
    """Criteria that nobody leads: one query."""
    led = Assignment.objects.filter(LEAD, campaign=campaign)
    return criteria_rows(campaign).exclude(pk__in=led.values("node_id")).count()


def loads_of(campaign: Campaign) -> dict[int, int]:
    """How many criteria each unit leads or helps with, over all standards: one query."""
    rows = Assignment.objects.filter(campaign=campaign).order_by()
    return dict(rows.values("unit_id").annotate(n=Count("pk")).values_list("unit_id", "n"))


def overload_rule(region: Region) -> OverloadRule:
    """The region's rule for overloaded units; the default where none is kept."""
    kept: dict[str, Any] = region.settings.get("breakdown", {})
    default = OverloadRule()
    return OverloadRule(float(kept.get("deviations", default.deviations)), int(kept.get("most", default.most)))


def objected_nodes(campaign: Campaign) -> frozenset[int]:
    """Criteria with a task to which the unit objects: one query."""
    tasks = Task.objects.filter(campaign=campaign, state=TaskState.OBJECTED, node__isnull=False)
    return frozenset(tasks.values_list("node_id", flat=True))


def counts_of(campaign: Campaign) -> Counts:
    """Gaps, overlaps, objections and overloaded units: five queries at any size."""
    rows = Assignment.objects.filter(campaign=campaign).order_by()
    leads = dict(rows.filter(LEAD).values("node_id").annotate(n=Count("pk")).values_list("node_id", "n"))
    split = set(campaign.split_criteria.values_list("node_id", flat=True))
    nodes = frozenset(criteria_rows(campaign).values_list("pk", flat=True))
    return Counts(
        len(nodes),
        frozenset(node for node in nodes if not leads.get(node)),
        frozenset(node for node, n in leads.items() if n > 1 and node not in split and node in nodes),
        objected_nodes(campaign) & nodes,
        overloaded(loads_of(campaign), overload_rule(campaign.region)),
    )


def ready_to_issue(campaign: Campaign, nodes: Collection[int] | None = None) -> list[Ready]:
    """The tasks that the breakdown has not made yet, in the order of the standard.

    One for each criterion with exactly one lead; a split criterion gives one for each leading
    unit. `nodes` narrows to these criteria. Three queries.
    """
    made = Task.objects.filter(campaign=campaign, origin=Origin.BREAKDOWN).exclude(state=TaskState.CANCELLED)
    done = set(made.values_list("node_id", "unit_id"))
    split = set(campaign.split_criteria.values_list("node_id", flat=True))
    shares = Assignment.objects.filter(campaign=campaign).select_related("node", "unit")
    if nodes is not None:
        shares = shares.filter(node__in=nodes)
    leads: defaultdict[int, list[Assignment]] = defaultdict(list)
    others: defaultdict[int, list[Unit]] = defaultdict(list)
    for one in shares.order_by("node__version", "node__position", "unit__path"):
        if one.share == Share.LEAD:
            leads[one.node_id].append(one)
        else:
            others[one.node_id].append(one.unit)
    return [
        Ready(row.node, row.unit, others[node])
        for node, rows in leads.items()
        if len(rows) == 1 or node in split
        for row in rows
        if (node, row.unit_id) not in done
    ]
