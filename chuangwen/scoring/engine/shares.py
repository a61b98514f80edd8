"""Share of a leaf: from its sums to its measure, through its map to a share.

Source: scoring specification, Share of a leaf; standard specification, map.
"""

from __future__ import annotations

from typing import Literal

import polars as pl

from chuangwen.scoring.engine.outline import Outline

Missing = Literal["exclude", "zero"]
NEAR = 1e-9  # how close to a band's min or a met threshold counts as reaching it


def leaf_shares(outline: Outline, subjects: pl.DataFrame, sums: pl.DataFrame, missing: Missing) -> pl.DataFrame:
    """Every leaf of every subject: subject, node, n, weight, gap, share (null: unassessed).

    A leaf without any row is unassessed, or 0 under `zero`; one whose rows are all null, or weigh nothing
    where its measure divides by their weight, is unassessed under both.
    """
    leaves = outline.nodes.filter("leaf").rename({"points": "worth"})
    held = subjects.select("subject").join(leaves, how="cross").join(sums, on=["subject", "code"], how="left")
    held = held.with_columns(pl.col("n").fill_null(0), measured=_measure())
    held = _with_bands(held, outline.bands).with_columns(share=_share())
    if missing == "zero":
        held = held.with_columns(share=pl.when(pl.col("rows").is_null()).then(0.0).otherwise("share"))
    return held.select("subject", "node", "n", "weight", "gap", "share")


def _measure() -> pl.Expr:
    kind, total, weight = pl.col("measure"), pl.col("total"), pl.col("weight")
    return (
        pl.when(pl.col("n") == 0)
        .then(None)
        .when(kind == "count")
        .then(pl.col("positive").cast(pl.Float64))
        .when(kind == "sum")
        .then(total)
        .when(weight > 0)
        .then(total / weight)
    )


def _with_bands(held: pl.DataFrame, bands: pl.DataFrame) -> pl.DataFrame:
    """Adds `band_share`: that of the first band whose min is not above the measure."""
    measured = held.filter(pl.col("map") == "bands").select("subject", "node", "measured")
    reached = measured.join(bands, on="node").filter(
        pl.col("min").is_null() | (pl.col("measured") >= pl.col("min") - NEAR)
    )
    first = reached.group_by("subject", "node").agg(band_share=pl.col("share").sort_by("band").first())
    return held.join(first, on=["subject", "node"], how="left")


def _share() -> pl.Expr:
    kind, x = pl.col("map"), pl.col("measured")
    start = pl.col("start")
    return (
        pl.when(x.is_null())
        .then(None)
        .when(kind == "bands")
        .then(pl.col("band_share"))
        .otherwise(
            pl.when(kind == "linear")
            .then((x - start) / (pl.col("stop") - start))
            .when(kind == "required")
            .then(x / pl.col("required"))
            .when(kind == "deduct")
            .then(1.0 - pl.col("each") * x / pl.col("worth"))
            .otherwise(x)
            .clip(0.0, 1.0)
        )
    )
