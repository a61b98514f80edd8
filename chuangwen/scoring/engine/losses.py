"""Who lost what: a leaf's loss on the rows that failed, else on those who own the leaf.

Source: scoring specification, Who lost what. Nothing is lost or doubled: within a subject the points
here and those attained at the root make the scale.
"""

from __future__ import annotations

import polars as pl

_LEAST = 1e-12  # rows of no more points are not shown


def leaves_by_rows(nodes: pl.DataFrame) -> pl.DataFrame:
    """subject, code of the leaves whose loss is shared among their rows; `nodes` is the node table."""
    return nodes.filter("leaf", _by_rows()).select("subject", "code")


def unit_losses(nodes: pl.DataFrame, by_unit: pl.DataFrame, leads: pl.DataFrame) -> pl.DataFrame:
    """subject, unit, code, points in the order of the tables out.

    `by_unit` are the sums by unit of the `leaves_by_rows`; `leads` is subject, code, unit.
    """
    leaves = nodes.filter("leaf", pl.col("lost") > 0)
    rows = leaves.filter(_by_rows()).select("subject", "code", "lost", whole="gap")
    rows = by_unit.join(rows, on=["subject", "code"])
    rows = rows.with_columns(points=pl.col("lost") * pl.col("gap") / pl.col("whole"))
    parts = ["subject", "code", "unit", "points"]
    named = rows.filter(pl.col("unit").is_not_null()).select(parts)
    unnamed = pl.concat(
        [
            rows.filter(pl.col("unit").is_null()).select("subject", "code", "points"),
            leaves.filter(~_by_rows()).select("subject", "code", points="lost"),
        ]
    )
    everything = pl.concat([named, _to_leads(unnamed, leads).select(parts)])
    summed = everything.group_by("subject", "code", "unit").agg(pl.col("points").sum())
    order = nodes.select("subject", "code", "node")
    shown = summed.filter(pl.col("points") > _LEAST).join(order, on=["subject", "code"])
    return shown.sort("subject", "node", "unit").select("subject", "unit", "code", "points")


def _by_rows() -> pl.Expr:
    return pl.col("by_rows") & (pl.col("lost") > 0) & (pl.col("gap").fill_null(0.0) > 0)


def _to_leads(points: pl.DataFrame, leads: pl.DataFrame) -> pl.DataFrame:
    """In equal parts to the leaf's leads; to nobody ("") where there are none."""
    owners = leads.filter(pl.col("unit").is_not_null()).select("subject", "code", "unit").unique()
    owners = owners.with_columns(owners=pl.len().over("subject", "code"))
    shared = points.join(owners, on=["subject", "code"], how="left")
    return shared.with_columns(pl.col("unit").fill_null(""), points=pl.col("points") / pl.col("owners").fill_null(1))
