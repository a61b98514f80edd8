"""Two runs side by side: what their data and what their standards make of the difference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chuangwen.core.files.services import read
from chuangwen.organizations.models import Unit
from chuangwen.scoring.changes import Carrying, Change, beyond_luck, by_section, carried, carrying, changes, summed
from chuangwen.scoring.engine import BadInput
from chuangwen.scoring.frozen import thaw
from chuangwen.scoring.models import Run
from chuangwen.scoring.queries.losses import lost_by_types, lost_by_units
from chuangwen.standards.models import PlaceType
from chuangwen.standards.queries import tree_of

if TYPE_CHECKING:
    import polars as pl

PLACELESS = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """Total, standard error and points attained by code of one set of rows under one standard."""

    total: float
    se: float | None
    attained: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Side:
    """One line of a table of losses: before and after."""

    name: str
    before: float
    after: float

    @property
    def change(self) -> float:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Met:
    """How much was met at places that both rounds saw, or only one: share of the weight, number of places."""

    places: int
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs and all that a page tells of their difference; every table's rows add up to `total`."""

    earlier: Run
    later: Run
    total: Change
    rows: tuple[Change, ...]  # by criterion
    sections: tuple[Change, ...]
    beside: Change  # bonuses, penalties and caps, so that the sections add up
    carrying: Carrying | None  # None under one version
    luck: tuple[bool, float] | None
    one_sided: int = 0  # criteria that only one of the rounds looked at, under one version

    @property
    def same_standard(self) -> bool:
        return self.carrying is None


def comparison(earlier: Run, later: Run) -> Comparison | None:
    """The comparison of two runs with totals under versions of one standard; None where nothing can be carried over.

    Where standard and policy are the same the earlier run stands for itself; else its frozen rows are judged anew.
    """
    if earlier.version.urn != later.version.urn or earlier.total is None or later.total is None:
        return None
    before, after = _kept(earlier), _kept(later)
    old, new = tree_of(earlier.version), tree_of(later.version)
    same = earlier.version_id == later.version_id
    moving = None if same else carrying(old, new)
    between = before if same and earlier.missing == later.missing else _judged_anew(earlier, later, moving)
    if between is None:
        return None
    rows = changes(old, old if same else new, before.attained, between.attained, after.attained)
    total = Change("", "", "", before.total, between.total, after.total)
    points = summed("", "", rows)
    beside = Change(
        "", "", "", total.before - points.before, total.between - points.between, total.after - points.after
    )
    return Comparison(
        earlier, later, total, tuple(rows), tuple(by_section(new, rows)), beside, moving,
        beyond_luck(total.data, between.se, after.se), one_sided=_seen_by_one(earlier, later) if same else 0,
    )  # fmt: skip


def _seen_by_one(earlier: Run, later: Run) -> int:
    """How many criteria only one of the runs has anything of: two queries."""
    leaves = {leaf.code for leaf in tree_of(later.version).leaves()}
    seen = [set(run.nodes.filter(n__gt=0).values_list("code", flat=True)) & leaves for run in (earlier, later)]
    return len(seen[0] ^ seen[1])


def _kept(run: Run) -> Judged:
    attained = {code: points for code, points in run.nodes.values_list("code", "attained") if points is not None}
    return Judged(float(run.total or 0), run.se, attained)


def _judged_anew(earlier: Run, later: Run, moving: Carrying | None) -> Judged | None:
    """The earlier run's rows under the later one's standard and policy; None where none of them can be judged."""
    from chuangwen.scoring.engine import score  # loads what computes, only where two standards meet  # noqa: PLC0415

    rows = thaw(read(earlier.observations))
    rows = rows if moving is None else carried(rows, moving.codes)
    if rows.is_empty():
        return None
    try:
        scores = score(
            tree_of(later.version), rows, places=thaw(read(earlier.places)), frames=thaw(read(earlier.frames)),
            missing="zero" if later.missing == "zero" else "exclude",
        )  # fmt: skip
    except BadInput:  # a value that the later standard's rule does not know
        return None
    one = scores.subjects.row(0, named=True)
    if one["total"] is None:
        return None
    nodes = scores.nodes.select("code", "attained").drop_nulls()
    return Judged(one["total"], one["se"], dict(nodes.iter_rows()))


def units_before_and_after(earlier: Run, later: Run) -> list[Side]:
    """Points lost by unit in both runs, the greatest change first, nobody's under an empty name: three queries."""
    sums = [lost_by_units(run) for run in (earlier, later)]
    names = {unit.pk: str(unit) for unit in Unit.objects.filter(pk__in={*sums[0], *sums[1]} - {None})}
    return _ordered({key: names.get(key, "") for key in {*sums[0], *sums[1]}}, *sums)


def kinds_before_and_after(earlier: Run, later: Run) -> list[Side]:
    """Points lost by type of place: what was not lost at a place of the draw stands under "". Three queries."""
    sums = [lost_by_types(run) for run in (earlier, later)]
    names = {kind.pk: str(kind) for kind in PlaceType.objects.filter(pk__in={*sums[0], *sums[1]} - {None})}
    return _ordered({key: names.get(key, PLACELESS) for key in {*sums[0], *sums[1]}}, *sums)


def _ordered(names: Mapping[Any, str], before: Mapping[Any, float], after: Mapping[Any, float]) -> list[Side]:
    sides = [Side(name, before.get(key, 0.0), after.get(key, 0.0)) for key, name in names.items()]
    return sorted(sides, key=lambda one: (-abs(one.change), one.name))


def _rated(run: Run) -> pl.DataFrame:
    """The frozen rows that have a value between nought and one, with their weight."""
    import polars as pl  # noqa: PLC0415

    rows = thaw(read(run.observations)).with_columns(pl.col("weight").fill_null(1.0))
    return rows.filter(pl.col("value").is_between(0, 1))


def places_before_and_after(earlier: Run, later: Run) -> dict[str, Met]:
    """How much was met at the places of both rounds, and at those of one draw only: both, before, after."""
    import polars as pl  # noqa: PLC0415

    frames = [_rated(run).filter(pl.col("place").is_not_null()) for run in (earlier, later)]
    first, second = (set(frame["place"].to_list()) for frame in frames)
    return {
        "both": Met(len(first & second), *(_met(frame, first & second) for frame in frames)),
        "before": Met(len(first - second), _met(frames[0], first - second), None),
        "after": Met(len(second - first), None, _met(frames[1], second - first)),
    }


def _met(rows: pl.DataFrame, places: set[str]) -> float | None:
    import polars as pl  # noqa: PLC0415

    seen = rows.filter(pl.col("place").is_in(list(places)))
    weight, met = float(seen["weight"].sum()), float((seen["weight"] * seen["value"]).sum())
    return met / weight if weight else None
