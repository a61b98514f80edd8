"""Stage one: the sums over the observations, the only work that grows with their number.

Written on lazy narwhals frames, so that a DuckDB relation and a Spark frame run the same lines. Each
function is one streaming pass whose state is small: by subject and leaf, by subject and place, by
subject, leaf and unit; never by subject, leaf and place at once.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw

from chuangwen.scoring.engine.tables import NUMBERS, TEXTS

Lazy = nw.LazyFrame[Any]
SUMS = ("rows", "n", "weight", "total", "gap", "positive")
EXTREMES = ("value", "weight", "group")


def lazy_of(native: Any) -> Lazy:
    """An engine's own frame as the passes take it."""
    frame: Lazy = nw.from_native(native)
    return frame


def tidy(raw: Lazy) -> Lazy:
    """Observations with all their columns, typed: empty text and missing columns null, null weight 1.

    `raw` has some of the columns of the specification and `row`; others are dropped.
    """
    held = raw.collect_schema().names()
    texts = [_text(c) if c in held else nw.lit(None, nw.String).alias(c) for c in TEXTS["observations"]]
    numbers = [
        nw.col(c).cast(nw.Float64) if c in held else nw.lit(None, nw.Float64).alias(c) for c in NUMBERS["observations"]
    ]
    return raw.select("row", *texts, *numbers).with_columns(nw.col("weight").fill_null(1.0))


def _text(column: str) -> nw.Expr:
    text = nw.col(column).cast(nw.String)
    return nw.when(text != "").then(text).alias(column)


def sums_by_code(observations: Lazy) -> Lazy:
    """First pass: one row for each subject and code with the sums of SUMS and the extremes of EXTREMES."""
    return sums_by(observations, "subject", "code")


def sums_by(observations: Lazy, *keys: str) -> Lazy:
    """One row for each combination of `keys`.

    rows: all rows; n: rows with a value; over the latter weight = sum(w), total = sum(w v),
    gap = sum(w (1 - v)), positive = rows with v > 0. The extremes of
    value, weight and group are those of all rows: from them the checks see every fault.
    """
    value, weight = nw.col("value"), nw.col("weight")
    seen = ~value.is_null()
    rows = observations.with_columns(
        seen_weight=nw.when(seen).then(weight),
        weighted=weight * value,
        short=weight * (1.0 - value),
        above=nw.when(value > 0).then(value),
    )
    return rows.group_by(*keys).agg(
        nw.len().alias("rows"),
        value.count().alias("n"),
        nw.col("seen_weight").sum().alias("weight"),
        nw.col("weighted").sum().alias("total"),
        nw.col("short").sum().alias("gap"),
        nw.col("above").count().alias("positive"),
        *(nw.col(name).min().alias(f"{name}_min") for name in EXTREMES),
        *(nw.col(name).max().alias(f"{name}_max") for name in EXTREMES),
    )


def sums_by_place(observations: Lazy, terms: Lazy) -> Lazy:
    """Second pass for the interval: subject, place, z, counted.

    `terms` (subject, code, share, per) are the leaves whose places are wanted; per = effective / M
    for a leaf that counts in the interval, null for another. z = sum(per w (v - share)); counted
    is the number of rows in it, so that a place with counted = 0 was observed but does not count.
    """
    rows = observations.filter(~nw.col("place").is_null(), ~nw.col("value").is_null())
    rows = rows.select("subject", "code", "place", "value", "weight").join(terms, on=["subject", "code"])
    term = nw.col("per") * nw.col("weight") * (nw.col("value") - nw.col("share"))
    return (
        rows.with_columns(term=term)
        .group_by("subject", "place")
        .agg(nw.col("term").sum().alias("z"), nw.col("term").count().alias("counted"))
    )


def sums_by_unit(observations: Lazy, leaves: Lazy, keepers: Lazy) -> Lazy:
    """Second pass for the losses: subject, node, unit (null: neither the row nor its place has one), points.

    `leaves` (subject, code, node, per) are those that share their loss among rows, per = lost / sum(w (1 - v));
    `keepers` (subject, place, keeper) says who keeps a place. points = sum(per w (1 - v)); rows that lost nothing
    are left out.
    """
    rows = observations.with_columns(gap=nw.col("weight") * (1.0 - nw.col("value"))).filter(nw.col("gap") > 0)
    rows = rows.select("subject", "code", "place", "unit", "gap").join(leaves, on=["subject", "code"])
    rows = rows.join(keepers, on=["subject", "place"], how="left")
    rows = rows.with_columns(unit=nw.coalesce("unit", "keeper"), points=nw.col("per") * nw.col("gap"))
    return rows.group_by("subject", "node", "unit").agg(nw.col("points").sum())
