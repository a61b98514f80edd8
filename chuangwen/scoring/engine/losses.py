"""Who lost what: a leaf's loss on the rows that failed, else on those who own the leaf.

Source: scoring specification, Who lost what. Nothing is lost or doubled: within a subject the points
here and those attained at the root make the scale.
"""

from __future__ import annotations

import polars as pl

_LEAST = 1e-12  # rows of no more points are not shown


def leaves_by_rows(nodes: pl.DataFrame) -> pl.DataFrame:
    """subject, code, node, per of the leaves whose loss is shared among their rows, per = lost / sum(w (1 - v)).

    `nodes` is the node table.
    """
    return nodes.filter("leaf", _by_rows()).select("subject", "code", "node", per=pl.col("lost") / pl.col("gap"))


def unit_losses(nodes: pl.DataFrame, by_unit: pl.DataFrame, leads: pl.DataFrame) -> pl.DataFrame:
    """subject, unit, code, points in the order of the tables out.

    `by_unit` are the sums by unit of the `leaves_by_rows`; `leads` is subject, code, unit.
    """
    whole = nodes.filter("leaf", pl.col("lost") > 0, ~_by_rows()).select("subject", "node", points="lost")
    nameless = by_unit.filter(pl.col("unit").is_null()).select("subject", "node", "points")
    codes = nodes.select("node", "code").unique()
    owned = _to_leads(pl.concat([nameless, whole]), leads.join(codes, on="code"))
    shown = _added(by_unit.filter(pl.col("unit").is_not_null()), owned).filter(pl.col("points") > _LEAST)
    ordered = shown.sort("subject", "node", "unit").join(codes, on="node", how="left", maintain_order="left")
    return ordered.select("subject", "unit", "code", "points")


def _added(rows: pl.DataFrame, owned: pl.DataFrame) -> pl.DataFrame:
    """Both together, a row for each unit and leaf; only the rows that `owned` touches are grouped, the many are not."""
    key = ["subject", "node", "unit"]
    touched = pl.concat([rows.join(owned, on=key, how="semi"), owned.select(rows.columns)])
    return pl.concat([rows.join(owned, on=key, how="anti"), touched.group_by(key).agg(pl.col("points").sum())])


def _by_rows() -> pl.Expr:
    return pl.col("by_rows") & (pl.col("lost") > 0) & (pl.col("gap").fill_null(0.0) > 0)


def _to_leads(points: pl.DataFrame, leads: pl.DataFrame) -> pl.DataFrame:
    """In equal parts to the leaf's leads; to nobody ("") where there are none."""
    owners = leads.filter(pl.col("unit").is_not_null()).select("subject", "node", "unit").unique()
    owners = owners.with_columns(owners=pl.len().over("subject", "node"))
    shared = points.join(owners, on=["subject", "node"], how="left")
    return shared.with_columns(pl.col("unit").fill_null(""), points=pl.col("points") / pl.col("owners").fill_null(1))
