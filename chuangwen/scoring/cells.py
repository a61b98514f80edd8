"""A run's lost points in their finest parts: unit, criterion and place, and the problem that stands behind. Pure.

Source: scoring specification, Who lost what. The engine says what a leaf and a unit lost; here the same loss is shared
among the same rows once more, kept apart by where they were seen, so that every way of adding it up is one sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chuangwen.standards.tree import Standard

if TYPE_CHECKING:
    import polars as pl

DRAWN, AD_HOC, NOWHERE = "drawn", "ad-hoc", "none"  # at a place of the draw, at one chosen on the spot, at no place
LEAST = 1e-12  # as in the engine: what is not more is not kept
KEYS = ("unit", "code", "seen_at", "place_type", "district", "standing", "problem")


@dataclass(frozen=True, slots=True)
class Parts:
    """cells: KEYS and points, "" for none of it; sums: what a leaf's rows hold, by code."""

    cells: pl.DataFrame
    sums: pl.DataFrame


def parts_of(
    standard: Standard, nodes: pl.DataFrame, observations: pl.DataFrame, places: pl.DataFrame, leads: pl.DataFrame
) -> Parts:
    """The parts of one subject's loss; `nodes` is the engine's table, the others are the frozen ones."""
    import polars as pl  # noqa: PLC0415 (when needed: no start of the program should wait for it)

    leaves = list(standard.leaves())
    names = pl.Series("code", [leaf.code for leaf in leaves], pl.String)
    mine = observations.filter(pl.col("code").is_in(names.implode()))
    lost = nodes.filter(pl.col("code").is_in(names.implode()), pl.col("lost") > 0).select("code", "lost")
    rows = _rows(mine, places, [leaf.code for leaf in leaves if leaf.falls_on_rows]).join(lost, on="code")
    rows = rows.with_columns(points=pl.col("lost") * pl.col("gap") / pl.col("gap").sum().over("code"))
    others = lost.join(rows.select("code").unique(), on="code", how="anti").rename({"lost": "points"})
    others = others.with_columns(
        *(pl.lit("").alias(key) for key in KEYS if key not in {"code", "unit", "standing"}),
        unit=pl.lit(None, pl.String), standing=pl.lit(NOWHERE),
    )  # fmt: skip
    shared = _to_leads(pl.concat([rows.select(*KEYS, "points"), others.select(*KEYS, "points")]), leads)
    cells = shared.group_by(KEYS).agg(pl.col("points").sum()).filter(pl.col("points") > LEAST).sort(KEYS)
    return Parts(cells, _sums(mine))


def seen_in(observations: pl.DataFrame) -> dict[str, tuple[int, float]]:
    """Code -> at how many places its rows with a value were seen, and sum(w (1 - v)) of those below 1."""
    import polars as pl  # noqa: PLC0415

    rows = observations.filter(pl.col("value").is_not_null())
    missed = (_weight() * (1.0 - pl.col("value"))).filter(pl.col("value") < 1)
    found = rows.group_by("code").agg(places=pl.col("seen_at").drop_nulls().n_unique(), missed=missed.sum())
    return {code: (places, missed) for code, places, missed in found.iter_rows()}


def missed_in(observations: pl.DataFrame) -> pl.DataFrame:
    """problem (its number), code, missed = sum(w (1 - v)), raised = rows with v <= 0, of failing rows."""
    import polars as pl  # noqa: PLC0415

    value = pl.col("value")
    failing = observations.filter(value < 1, pl.col("problem").is_not_null())
    missed = _weight() * (1.0 - value)
    return failing.group_by("problem", "code", maintain_order=True).agg(missed=missed.sum(), raised=(value <= 0).sum())


def _rows(observations: pl.DataFrame, places: pl.DataFrame, codes: list[str]) -> pl.DataFrame:
    """The rows of these leaves that lost something, with gap = w (1 - v), whose they are and where they were seen."""
    import polars as pl  # noqa: PLC0415

    keepers = places.select("place", keeper="unit").unique("place")
    wanted = pl.Series(codes, dtype=pl.String).implode()
    rows = observations.filter(pl.col("code").is_in(wanted)).with_columns(gap=_weight() * (1.0 - pl.col("value")))
    rows = rows.filter(pl.col("gap") > 0).join(keepers, on="place", how="left")
    on_the_spot = pl.when(pl.col("seen_at").is_not_null()).then(pl.lit(AD_HOC)).otherwise(pl.lit(NOWHERE))
    standing = pl.when(pl.col("place").is_not_null()).then(pl.lit(DRAWN)).otherwise(on_the_spot)
    return rows.with_columns(
        *(pl.col(name).fill_null("") for name in ("seen_at", "place_type", "district", "problem")),
        unit=pl.coalesce("unit", "keeper"),
        standing=standing,
    )


def _to_leads(points: pl.DataFrame, leads: pl.DataFrame) -> pl.DataFrame:
    """What has no unit goes to the leaf's leads in equal parts; to nobody ("") where there are none."""
    import polars as pl  # noqa: PLC0415

    owners = leads.filter(pl.col("unit").is_not_null()).select("code", lead="unit").unique()
    owners = owners.with_columns(owners=pl.len().over("code"))
    named = points.filter(pl.col("unit").is_not_null())
    unnamed = points.filter(pl.col("unit").is_null()).join(owners, on="code", how="left")
    unnamed = unnamed.with_columns(
        unit=pl.col("lead").fill_null(""), points=pl.col("points") / pl.col("owners").fill_null(1)
    )
    return pl.concat([named, unnamed.select(named.columns)])


def _weight() -> pl.Expr:
    import polars as pl  # noqa: PLC0415

    return pl.col("weight").fill_null(1.0)


def _sums(observations: pl.DataFrame) -> pl.DataFrame:
    """What each leaf's rows hold: rows, n (with a value), met, unmet, positive, weight = sum(w), total = sum(w v)."""
    import polars as pl  # noqa: PLC0415

    value, weight = pl.col("value"), _weight()
    return (
        observations.group_by("code")
        .agg(
            rows=pl.len(),
            n=value.count(),
            met=(value >= 1).sum(),
            unmet=(value == 0).sum(),
            positive=(value > 0).sum(),
            weight=weight.filter(value.is_not_null()).sum(),
            total=(weight * value).sum(),
        )
        .sort("code")
    )
