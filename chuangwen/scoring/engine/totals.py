"""The total: bonuses, penalties, vetoes and caps on top of the root's share, then the rank.

Source: scoring specification, Up the tree (total, rank) and How sure (low and high).
"""

from __future__ import annotations

import polars as pl

from chuangwen.scoring.engine.figures import SURE
from chuangwen.scoring.engine.outline import Outline


def shown(number: pl.Expr) -> pl.Expr:
    """A number as it is shown: rounded to nine decimals and then half up to two."""
    return _hundredths(number) / 100


def _hundredths(number: pl.Expr) -> pl.Expr:
    billionths = (number * 1e9).round().cast(pl.Int64)
    return (billionths + 5_000_000) // 10_000_000


def subject_table(outline: Outline, nodes: pl.DataFrame, sums: pl.DataFrame, errors: pl.DataFrame) -> pl.DataFrame:
    """One row a subject in the columns of the tables out but for the rank, and its `group`.

    `nodes` is the node table, `sums` the sums by code, `errors` the table of `standard_errors`.
    """
    root = nodes.filter(pl.col("depth") == 0).select("subject", "share")
    groups = sums.group_by("subject").agg(group=pl.col("group_max").max())
    table = root.join(_events(outline, sums), on="subject", how="left").join(errors, on="subject", how="left")
    table = table.join(groups, on="subject").with_columns(
        pl.col("bonus", "penalty").fill_null(0.0),
        pl.col("vetoed", "se_partial").fill_null(value=False),
    )
    reached = outline.scale * pl.col("share") + pl.col("bonus") - pl.col("penalty")
    least = pl.min_horizontal(reached.clip(lower_bound=0.0), "capped", pl.lit(outline.cap, pl.Float64))
    table = table.with_columns(total=pl.when(pl.col("share").is_not_null()).then(least))
    return _bounded(table, outline.scale)


def _events(outline: Outline, sums: pl.DataFrame) -> pl.DataFrame:
    """subject, bonus, penalty, vetoed, capped (lowest cap of a veto that occurred, else null)."""
    held = sums.filter(pl.col("n") > 0).join(outline.events, on="code")
    kind, occurred = pl.col("kind"), pl.col("positive") > 0
    points = pl.min_horizontal("total", "cap")
    return held.group_by("subject").agg(
        bonus=points.filter(kind == "bonus").sum(),
        penalty=points.filter(kind == "penalty").sum(),
        vetoed=((kind == "veto") & occurred).any(),
        capped=pl.col("cap").filter((kind == "cap") & occurred).min(),
    )


def _bounded(table: pl.DataFrame, scale: float) -> pl.DataFrame:
    total, reach = pl.col("total"), SURE * pl.col("se")
    highest = pl.max_horizontal(pl.lit(scale, pl.Float64), total)
    return table.with_columns(low=(total - reach).clip(0.0, highest), high=(total + reach).clip(0.0, highest))


def ranked(table: pl.DataFrame) -> pl.DataFrame:
    """Falling total as shown within the group; equal totals share a rank and the next is skipped."""
    ranked = pl.col("total").is_not_null() & ~pl.col("vetoed")
    score = pl.when(ranked).then(_hundredths(pl.col("total")))
    return table.with_columns(rank=score.rank("min", descending=True).over("group"))
