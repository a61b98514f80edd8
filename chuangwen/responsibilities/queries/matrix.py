"""One page of the matrix: the criteria and units that a view asks for, and the cells between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, F
from django.utils.translation import get_language

from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.organizations.enums import Branch
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.models import Assignment, Part
from chuangwen.responsibilities.queries.breakdown import LEAD, Counts, counts_of, criteria_rows
from chuangwen.standards.models import Node

PAGE_UNITS = 100  # columns sent at once; more are turned over like pages
SHOWN = ("all", "gap", "overlap", "heavy", "objected")


@dataclass(frozen=True, slots=True)
class View:
    """What of the matrix is wanted.

    `units`: duty, all, line, territory, or a unit's id for it and all below. `page` 0: all units at once.
    """

    show: str = "all"
    sections: frozenset[int] = frozenset()
    method: str = ""
    version: int = 0
    units: str = "duty"
    page: int = 1


@dataclass(slots=True)
class Row:
    """A criterion with its figures; `shares` by unit id, of the units on this page."""

    node: Node
    leads: int
    involved: int
    split: bool
    objected: bool
    shares: dict[int, str] = field(default_factory=dict)

    @property
    def is_gap(self) -> bool:
        return self.leads == 0

    @property
    def is_overlap(self) -> bool:
        return self.leads > 1 and not self.split

    @property
    def title(self) -> str:
        return title_of(self.node)

    @property
    def hint(self) -> str:
        """The parties that the standard names."""
        return "、".join(self.node.lead_hints)


@dataclass(slots=True)
class Section:
    """A part of a standard with the criteria of it that are shown."""

    node: Node
    rows: list[Row]

    @property
    def title(self) -> str:
        return title_of(self.node)


@dataclass(slots=True)
class Column:
    """A unit with its duties over the whole breakdown."""

    unit: Unit
    load: int
    heavy: bool
    cut: bool = False  # the last line before the territories


@dataclass(slots=True)
class Matrix:
    """What a page shows; `total_units` over all pages."""

    sections: list[Section]
    columns: list[Column]
    counts: Counts
    all_sections: list[Node]
    methods: list[str]
    total_units: int
    page: int
    own: bool = False  # a unit's own campaign: no lines and territories, only its offices
    office_word: str = ""  # what these are called here

    @property
    def rows(self) -> int:
        return sum(len(section.rows) for section in self.sections)

    @property
    def lines(self) -> int:
        return sum(column.unit.branch == Branch.LINE for column in self.columns)

    @property
    def territories(self) -> int:
        return len(self.columns) - self.lines

    @property
    def pages(self) -> int:
        return max(1, -(-self.total_units // PAGE_UNITS))


def matrix_of(campaign: Campaign, view: View) -> Matrix:
    """The page of the matrix that `view` asks for. Nine queries at any size."""
    counts = counts_of(campaign)
    nodes = _nodes(campaign)
    tops = {node.pk: node for node in nodes if node.depth == 1}
    wanted = _wanted(campaign, view, counts)
    shown = [node for node in nodes if node.is_leaf and _fits(node, view, wanted, _top(node, nodes))]
    units = _units(campaign, view, counts)
    page = min(max(1, view.page), max(1, -(-len(units) // PAGE_UNITS)))
    first = (page - 1) * PAGE_UNITS
    columns = _columns(units[first : first + PAGE_UNITS] if view.page else units, counts)
    shares = _shares(campaign, [node.pk for node in shown], [column.unit.pk for column in columns])
    sections: dict[int, Section] = {}
    for node in shown:
        top = _top(node, nodes)
        sections.setdefault(top, Section(tops.get(top, node), [])).rows.append(_row(node, counts, shares[node.pk]))
    methods = sorted({node.method for node in nodes if node.is_leaf and node.method})
    own = campaign.shape == "unit"
    word = campaign.region.office_word
    return Matrix(list(sections.values()), columns, counts, list(tops.values()), methods, len(units), page, own, word)


def row_of(campaign: Campaign, node: Node, counts: Counts) -> Row:
    """One criterion's row head after its cells changed."""
    return _row(node, counts, {})


def title_of(node: Any) -> str:
    """A node's title in the reader's language."""
    return node.title_en or node.title_zh if (get_language() or "").startswith("en") else node.title_zh


def _row(node: Node, counts: Counts, shares: dict[int, str]) -> Row:
    involved = counts.involved.get(node.pk, 0)
    return Row(
        node, counts.leads.get(node.pk, 0), involved, node.pk in counts.split, node.pk in counts.objected, shares
    )


class _Tree(list[Node]):
    """Nodes in the order of the standards, with the way up."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        super().__init__(nodes)
        self.parents = {node.pk: node.parent_id for node in self}


def _nodes(campaign: Campaign) -> _Tree:
    order = {s.version_id: (not s.is_main, s.pk) for s in campaign.standards.all()}
    nodes = Node.objects.filter(version__in=order).defer("manual")
    return _Tree(sorted(nodes, key=lambda node: (order[node.version_id], node.position)))


def _top(node: Node, tree: _Tree) -> int:
    pk = node.pk
    while (parent := tree.parents.get(pk)) is not None:
        pk = parent
    return int(pk)


def section_titles(campaign: Campaign) -> dict[int, str]:
    """The title of each criterion's section, by the criterion's key."""
    tree = _nodes(campaign)
    tops = {node.pk: f"{node.code} {title_of(node)}" for node in tree if node.depth == 1}
    return {node.pk: tops.get(_top(node, tree), "") for node in tree if node.is_leaf}


def _wanted(campaign: Campaign, view: View, counts: Counts) -> frozenset[int] | None:
    """The criteria that the chosen chip leaves; None for all."""
    if view.show == "heavy":
        rows = Assignment.objects.filter(campaign=campaign, unit__in=counts.heavy)
        return frozenset(rows.values_list("node_id", flat=True))
    return {"gap": counts.gaps, "overlap": counts.overlaps, "objected": counts.objected}.get(view.show)


def _fits(node: Node, view: View, wanted: frozenset[int] | None, top: int) -> bool:
    return (
        (wanted is None or node.pk in wanted)
        and (not view.sections or top in view.sections)
        and (not view.method or node.method == view.method)
        and (not view.version or node.version_id == view.version)
    )


def _units(campaign: Campaign, view: View, counts: Counts) -> list[Unit]:
    """The units wanted, lines before territories, in the order of the tree."""
    units = Unit.objects.filter(region=campaign.region, depth__gt=1)
    today = units.on(clock.today())
    if campaign.shape == "unit":  # a unit shares its criteria out among its own offices
        today = today.filter(path__startswith=campaign.subject.path)
    if view.show == "heavy":
        found = units.filter(pk__in=counts.heavy)
    elif view.units in {Branch.LINE, Branch.TERRITORY}:
        found = today.filter(branch=view.units)
    elif view.units.isdecimal() and (top := units.filter(pk=int(view.units)).first()):
        found = today.filter(path__startswith=top.path)
    elif view.units == "all" or not counts.loads:
        found = today
    else:
        found = units.filter(pk__in=counts.loads)
    return sorted(found, key=lambda unit: (unit.branch != Branch.LINE, unit.path))


def _columns(units: list[Unit], counts: Counts) -> list[Column]:
    columns = [Column(unit, counts.loads.get(unit.pk, 0), unit.pk in counts.heavy) for unit in units]
    lines = [column for column in columns if column.unit.branch == Branch.LINE]
    if lines and len(lines) < len(columns):
        lines[-1].cut = True
    return columns


def _shares(campaign: Campaign, nodes: list[int], units: list[int]) -> defaultdict[int, dict[int, str]]:
    found: defaultdict[int, dict[int, str]] = defaultdict(dict)
    rows = Assignment.objects.filter(campaign=campaign, node__in=nodes, unit__in=units)
    for node, unit, share in rows.values_list("node_id", "unit_id", "share"):
        found[node][unit] = share
    return found


def hinted_gaps(campaign: Campaign) -> int:
    """Criteria without any unit for which the standard names parties: one query."""
    empty = criteria_rows(campaign).exclude(pk__in=Assignment.objects.filter(campaign=campaign).values("node_id"))
    return empty.exclude(lead_hints=[]).count()


@dataclass(slots=True)
class UnitLoad:
    """A unit with its duties, for the list by unit."""

    unit: Unit
    leads: int
    cooperates: int
    heavy: bool
    handed: int = 0  # criteria of which it got a part from above


def own_loads(campaign: Campaign, counts: Counts, mine: frozenset[int]) -> list[UnitLoad]:
    """Of the units `mine` those that have something by the breakdown or were handed it on from above: four queries."""
    parts = Part.objects.filter(campaign=campaign, unit__in=mine).exclude(giver=F("unit")).order_by().values("unit_id")
    handed = dict(parts.annotate(n=Count("node", distinct=True)).values_list("unit_id", "n"))
    found = [replace(one, handed=handed.pop(one.unit.pk, 0)) for one in loads_by_unit(campaign, counts)
             if one.unit.pk in mine]  # fmt: skip
    rest = Unit.objects.filter(pk__in=handed).order_by("path")
    return found + [UnitLoad(unit, 0, 0, heavy=False, handed=handed[unit.pk]) for unit in rest]


def loads_by_unit(campaign: Campaign, counts: Counts) -> list[UnitLoad]:
    """Every unit that has a duty, lines before territories: two queries."""
    rows = Assignment.objects.filter(LEAD, campaign=campaign).order_by().values("unit_id")
    leads = dict(rows.annotate(n=Count("pk")).values_list("unit_id", "n"))
    units = Unit.objects.filter(pk__in=counts.loads)
    ordered = sorted(units, key=lambda unit: (unit.branch != Branch.LINE, unit.path))
    return [
        UnitLoad(unit, leads.get(unit.pk, 0), counts.loads[unit.pk] - leads.get(unit.pk, 0), unit.pk in counts.heavy)
        for unit in ordered
    ]
