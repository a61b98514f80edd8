"""Keeps the finest parts of a run's losses with it, and compares them when the run is computed again."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chuangwen.organizations.models import Unit
from chuangwen.places.models import Place
from chuangwen.rectification.models import Problem
from chuangwen.scoring.cells import parts_of
from chuangwen.scoring.frozen import Frozen, thaw
from chuangwen.scoring.keeping import KEPT_DIGITS, same, steady
from chuangwen.scoring.models import LeafSum, LossCell, LossProblem, Run
from chuangwen.scoring.trees import section_codes
from chuangwen.standards.models import PlaceType, StandardVersion
from chuangwen.standards.queries import tree_of

if TYPE_CHECKING:
    import polars as pl

CELL = ("unit", "code", "seen_at", "place_type", "district", "standing")
SUMS = ("rows", "n", "met", "unmet", "positive", "weight", "total")


@dataclass(frozen=True, slots=True)
class PartRows:
    """The parts of a run's loss as plain rows: nothing is computed any more while they are kept."""

    cells: list[dict[str, Any]]
    sums: list[dict[str, Any]]


def parts_of_run(version: StandardVersion, frozen: Frozen, nodes: pl.DataFrame) -> PartRows | None:
    """The parts of the loss from the frozen input; None where it was frozen before rows said where they were seen."""
    observations = thaw(frozen.observations)
    if "seen_at" not in observations.columns:
        return None
    parts = parts_of(tree_of(version), nodes, observations, thaw(frozen.places), thaw(frozen.leads))
    return PartRows(parts.cells.rows(named=True), parts.sums.rows(named=True))


def keep_parts(run: Run, parts: PartRows) -> None:
    """Write cells, the problems behind them and the sums of the criteria; within the caller's transaction."""
    known = _keys(run)
    tops = section_codes(tree_of(run.version))
    cells: dict[tuple[str, ...], LossCell] = {}
    hanging: list[tuple[LossCell, int, float]] = []
    for row in parts.cells:
        key = tuple(row[name] for name in CELL)
        if key not in cells:
            cells[key] = _cell(run, row, known, tops)
        cells[key].points += row["points"]
        if problem := known["problem"].get(row["problem"]):
            hanging.append((cells[key], problem, row["points"]))
    for cell in cells.values():
        cell.points = round(cell.points, KEPT_DIGITS)
    LossCell.objects.bulk_create(cells.values())
    LossProblem.objects.bulk_create(
        LossProblem(region=run.region, run=run, cell=cell, problem_id=problem, points=round(points, KEPT_DIGITS))
        for cell, problem, points in hanging
    )
    _keep_sums(run, parts.sums)


def differing_parts(run: Run, parts: PartRows | None) -> list[str]:
    """Which "unit code" (or criterion) is shared among places or held otherwise than the run says.

    A run made before its parts were kept has none, and nothing differs.
    """
    if parts is None:
        return []
    kept: defaultdict[tuple[str, ...], float] = defaultdict(float)
    names = ("unit__code", "code", "place_type__code", "district__code", "standing")
    for *key, points in run.cells.values_list(*names, "points"):
        kept[tuple(value or "" for value in key)] += points
    again: defaultdict[tuple[str, ...], float] = defaultdict(float)
    known = _keys(run)["unit"]
    for row in parts.cells:
        unit = row["unit"] if row["unit"] in known else ""
        again[unit, row["code"], row["place_type"], row["district"], row["standing"]] += row["points"]
    cells = {key[:2] for key in kept.keys() | again.keys() if not same(kept[key], again[key])}
    return [*(f"{unit or '-'} {code}" for unit, code in sorted(cells)), *_differing_sums(run, parts.sums)]


def _keys(run: Run) -> dict[str, dict[str, int]]:
    """Code -> key of what the parts name: four queries."""
    region = run.region_id
    return {
        "unit": dict(Unit.objects.filter(region=region).values_list("code", "pk")),
        "place": dict(Place.objects.filter(region=region).values_list("code", "pk")),
        "place_type": dict(PlaceType.objects.filter(region=region).values_list("code", "pk")),
        "problem": dict(Problem.objects.filter(answers__visit__round=run.round_id).values_list("number", "pk")),
    }


def _cell(run: Run, row: dict[str, Any], known: dict[str, dict[str, int]], tops: dict[str, str]) -> LossCell:
    return LossCell(
        region=run.region, run=run, code=row["code"], section=tops[row["code"]], standing=row["standing"], points=0.0,
        unit_id=known["unit"].get(row["unit"]), place_id=known["place"].get(row["seen_at"]),
        place_type_id=known["place_type"].get(row["place_type"]), district_id=known["unit"].get(row["district"]),
    )  # fmt: skip


def _keep_sums(run: Run, sums: list[dict[str, Any]]) -> None:
    LeafSum.objects.bulk_create(LeafSum(region=run.region, run=run, **row) for row in map(steady, sums))


def _differing_sums(run: Run, sums: list[dict[str, Any]]) -> list[str]:
    kept = {row["code"]: row for row in run.sums.values("code", *SUMS)}
    again = {row["code"]: row for row in sums}
    return sorted(
        code
        for code in kept.keys() | again.keys()
        if code not in kept or code not in again or not all(same(kept[code][n], again[code][n]) for n in SUMS)
    )
