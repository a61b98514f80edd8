"""Which unit of today a frozen code means: a unit may be given another code after a run was frozen."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from chuangwen.organizations.models import Unit
from chuangwen.scoring.keeping import same
from chuangwen.scoring.models import Run

if TYPE_CHECKING:
    import polars as pl


def units_of(run: Run, losses: pl.DataFrame) -> dict[str, int]:
    """Frozen code -> key of the unit that it means.

    A code that no unit has today means the unit of the run whose own code is not among the frozen ones and that lost
    the same points at the same criteria: the figures are the run's, only the name is another. Two queries.
    """
    units = dict(Unit.objects.filter(region=run.region_id).values_list("code", "pk"))
    again: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for row in losses.iter_rows(named=True):
        again[row["unit"]][row["code"]] = row["points"]
    kept: defaultdict[int, dict[str, float]] = defaultdict(dict)
    for unit, code, points in run.losses.exclude(unit=None).values_list("unit", "code", "points"):
        kept[unit][code] = points
    left = sorted(kept.keys() - {units[code] for code in again if code in units})
    for code in sorted(code for code in again if code and code not in units):
        found = next((unit for unit in left if _agree(again[code], kept[unit])), None)
        if found is not None:
            units[code] = found
            left.remove(found)
    return units


def _agree(one: dict[str, float], other: dict[str, float]) -> bool:
    return one.keys() == other.keys() and all(same(one[code], other[code]) for code in one)
