"""Keeps the finest parts of a run's losses with it, and compares them when the run is computed again."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chuangwen.organizations.models import Unit
from chuangwen.places.models import Place
from chuangwen.scoring.cells import parts_of
from chuangwen.scoring.frozen import Frozen, thaw
from chuangwen.scoring.keeping import KEPT_DIGITS, same, steady
from chuangwen.scoring.models import LeafSum, LossCell, LossProblem, Run
from chuangwen.scoring.queries.seen import problem_keys
from chuangwen.scoring.trees import section_codes
from chuangwen.standards.models import PlaceType, StandardVersion
from chuangwen.standards.queries import tree_of

if TYPE_CHECKING:
    import polars as pl

CELL = ("unit", "code", "seen_at", "place_type", "district", "standing")
KEPT_CELL = ("unit", "code", "place", "place_type", "standing", "section")
SUMS = ("rows", "n", "met", "unmet", "positive", "weight", "total")
Sums = defaultdict[tuple[Any, ...], float]


@dataclass(frozen=True, slots=True)
class PartRows:
    """The parts of a run's loss as plain rows: nothing is computed any more while they are kept."""

    cells: list[dict[str, Any]]
    sums: list[dict[str, Any]]


def parts_of_run(version: StandardVersion, frozen: Frozen, nodes: pl.DataFrame) -> PartRows | None:
    """The parts of the loss from the frozen input; None where it was frozen before rows said where they were seen."""
    observations = frozen.seen
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


def differing_parts(run: Run, parts: PartRows | None, units: dict[str, int]) -> list[str]:
    """Which "unit code" (or criterion) is shared among places or problems, or held otherwise than the run says.

    `units`: frozen code -> key. A run made before its parts were kept has none, and nothing differs.
    """
    if parts is None:
        return []
    known, tops = {**_keys(run), "unit": units}, section_codes(tree_of(run.version))
    told = all(row["district"] in units for row in parts.cells if row["district"])  # else one is called otherwise now
    again: Sums = defaultdict(float)
    hung: Sums = defaultdict(float)
    for row in parts.cells:
        key = _cell_key(row, known, units.get(row["district"]) if told else None, tops[row["code"]])
        again[key] += row["points"]
        if problem := known["problem"].get(row["problem"]):
            hung[*key, problem] += row["points"]
    kept: Sums = defaultdict(float)
    for district, *key, points in run.cells.values_list("district", *KEPT_CELL, "points"):
        kept[*key, district if told else None] += points
    hangs: Sums = defaultdict(float)
    rows = LossProblem.objects.filter(run=run)
    for district, *key, problem, points in rows.values_list(
        "cell__district", *(f"cell__{name}" for name in KEPT_CELL), "problem", "points"
    ):
        hangs[*key, district if told else None, problem] += points
    names = {key: code for code, key in units.items()}
    cells = {key[:2] for key in [*_apart(kept, again), *_apart(hangs, hung)]}
    return [*sorted(f"{names.get(unit, '-')} {code}" for unit, code in cells), *_differing_sums(run, parts.sums)]


def _cell_key(
    row: dict[str, Any], known: dict[str, dict[str, int]], district: int | None, section: str
) -> tuple[Any, ...]:
    """A part by what its cell is kept under: KEPT_CELL and the district."""
    place, kind = known["place"].get(row["seen_at"]), known["place_type"].get(row["place_type"])
    return known["unit"].get(row["unit"]), row["code"], place, kind, row["standing"], section, district


def _apart(one: Sums, other: Sums) -> list[tuple[Any, ...]]:
    return [key for key in one.keys() | other.keys() if not same(one.get(key, 0.0), other.get(key, 0.0))]


def _keys(run: Run) -> dict[str, dict[str, int]]:
    """Code -> key of what the parts name: four queries."""
    region = run.region_id
    return {
        "unit": dict(Unit.objects.filter(region=region).values_list("code", "pk")),
        "place": dict(Place.objects.filter(region=region).values_list("code", "pk")),
        "place_type": dict(PlaceType.objects.filter(region=region).values_list("code", "pk")),
        "problem": problem_keys(run),
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
