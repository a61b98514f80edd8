"""Completeness of all dossiers of a year, unit by criterion: one page of units, all criteria."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef

from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import scope_of
from chuangwen.core.kept_figures import kept_figure
from chuangwen.evidence.completeness import LACKING, month_states
from chuangwen.evidence.enums import WITH_THE_UNIT, DossierState
from chuangwen.evidence.models import Dossier
from chuangwen.evidence.queries.dossiers import INCOMPLETE, dossiers_of
from chuangwen.evidence.slots import MONTHS
from chuangwen.organizations.models import Unit
from chuangwen.standards.models import Node

PAGE_UNITS = 40  # columns of one page; the next begins after the last one's place in the tree


@dataclass(frozen=True, slots=True)
class Cell:
    """One dossier of the matrix."""

    pk: int
    state: str
    filled: int
    needed: int
    since: date | None
    due_on: date
    months: str = ""

    def is_late(self, today: date) -> bool:
        return self.state in WITH_THE_UNIT and self.due_on < today

    @property
    def look(self) -> str:
        """What the cell shows: the state where the unit has handed it in, else how full it is."""
        if self.state != DossierState.OPEN:
            return self.state
        return "full" if self.filled >= self.needed else "part" if self.filled else "none"


@dataclass(slots=True)
class UnitTotal:
    """How one unit stands over all its dossiers."""

    unit: Unit
    dossiers: int = 0
    complete: int = 0
    late: int = 0
    since: date | None = None  # the longest incomplete one
    lacking: list[int] = field(default_factory=lambda: [0] * MONTHS)  # dossiers without anything of a month, by month


@dataclass(slots=True)
class Section:
    node: Node
    rows: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Totals:
    """Over all units that the person sees."""

    by_state: Counter[str]
    incomplete: int
    units: int

    @property
    def dossiers(self) -> int:
        return sum(self.by_state.values())

    @property
    def complete(self) -> int:
        return self.dossiers - self.incomplete


@dataclass(slots=True)
class Matrix:
    """One page. `cells` by (criterion, unit); `before` and `after`: places in the tree where the next pages begin."""

    year: int
    sections: list[Section]
    columns: list[UnitTotal]
    cells: dict[tuple[int, int], Cell]
    totals: Totals
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """What is wanted: the year, a section, incomplete ones only, and after or before which unit's place."""

    year: int
    section: int = 0
    show: str = "all"  # all | missing | late
    after: str = ""
    before: str = ""
    unit: int = 0
    by_month: bool = False


def matrix_of(campaign: Campaign, view: View, user: Any) -> Matrix:
    """The page of the matrix that `view` asks for: six queries at any size."""
    rows = dossiers_of(campaign, user).filter(year=view.year)
    units, before, after = _page(campaign, rows, view)
    columns = {unit.pk: UnitTotal(unit) for unit in units}
    cells: dict[tuple[int, int], Cell] = {}
    today = clock.today()
    found = rows.filter(unit__in=columns).order_by()
    for node, unit, *fields in found.values_list(
        "node_id", "unit_id", "pk", "state", "slots_filled", "slots_needed", "missing_since", "due_on", "months"
    ):
        cell = cells[node, unit] = Cell(*fields)
        _count(columns[unit], cell, view.year, today)
    return Matrix(
        view.year, _sections(campaign, view, {node for node, _unit in cells}), list(columns.values()), cells,
        totals_of(campaign, rows, user, view.year), before, after,
    )  # fmt: skip


def _count(total: UnitTotal, cell: Cell, year: int, today: date) -> None:
    total.dossiers += 1
    total.late += cell.is_late(today)
    if cell.since is None:
        total.complete += 1
    else:
        total.since = min(cell.since, total.since or cell.since)
    if LACKING in cell.months:
        for number, state in enumerate(month_states(cell.months, year, today)):
            total.lacking[number] += state == "missing"


def _page(campaign: Campaign, rows: Any, view: View) -> tuple[list[Unit], str, str]:
    """The units of the page in the order of the tree, and where the pages before and after begin."""
    wanted = rows.filter(unit=OuterRef("pk"))
    if view.show == "missing":
        wanted = wanted.filter(INCOMPLETE)
    elif view.show == "late":
        wanted = wanted.filter(state__in=WITH_THE_UNIT, due_on__lt=clock.today())
    units = Unit.objects.filter(Exists(wanted), region=campaign.region_id).order_by("path")
    if view.unit and (top := Unit.objects.filter(pk=view.unit, region=campaign.region_id).first()):
        units = units.filter(path__startswith=top.path)
    if view.before:
        found = list(units.filter(path__lt=view.before).order_by("-path")[: PAGE_UNITS + 1])
        more, shown = len(found) > PAGE_UNITS, found[:PAGE_UNITS][::-1]
        return shown, shown[0].path if more else "", shown[-1].path if shown else ""
    found = list(units.filter(path__gt=view.after)[: PAGE_UNITS + 1])
    shown = found[:PAGE_UNITS]
    before = shown[0].path if shown and view.after and units.filter(path__lte=view.after).exists() else ""
    return shown, before, shown[-1].path if len(found) > PAGE_UNITS else ""


def _sections(campaign: Campaign, view: View, used: set[int]) -> list[Section]:
    """The criteria that have a dossier on the page, under the heads of their sections: two queries."""
    order = {one.version_id: (not one.is_main, one.pk) for one in campaign.standards.all()}
    nodes = list(Node.objects.filter(version__in=order).defer("manual", "lead_hints"))
    nodes.sort(key=lambda node: (order[node.version_id], node.position))
    sections: dict[int, Section] = {}
    for node, top in _with_tops(nodes):
        if node.is_leaf and node.pk in used and (not view.section or view.section == top.pk):
            sections.setdefault(top.pk, Section(top)).rows.append(node)
    return list(sections.values())


def _with_tops(nodes: Iterable[Node]) -> Iterator[tuple[Node, Node]]:
    """Each node with the top node above it; nodes come in the standard's order, each before its children."""
    top: Node | None = None
    for node in nodes:
        if node.depth == 1 or top is None:
            top = node
        yield node, top


def totals_of(campaign: Campaign, rows: Any, user: Any, year: int) -> Totals:
    """How the dossiers `rows` stand that `user` sees of a campaign and year; kept for a minute where they are many."""
    if campaign.region_id not in scope_of(user, Dossier.view_permission).regions:
        return _totals(campaign, rows)
    key = "ledger", campaign.pk, year
    return kept_figure(key, lambda: _totals(campaign, rows), lambda found: found.dossiers)


def _totals(campaign: Campaign, rows: Any) -> Totals:
    """Two queries, the rows by an index alone, the units one look each."""
    counted = rows.order_by().values("state").annotate(n=Count("pk"), lacking=Count("pk", filter=INCOMPLETE))
    states = {row["state"]: (row["n"], row["lacking"]) for row in counted}
    units = Unit.objects.filter(Exists(rows.filter(unit=OuterRef("pk"))), region=campaign.region_id).count()
    return Totals(Counter({key: n for key, (n, _m) in states.items()}), sum(m for _n, m in states.values()), units)
