"""How sure: the standard error of a total from the spread between the places that were drawn.

Source: scoring specification, How sure. Linearised ratio estimates, summed over places, with a variance for
each stratum and a correction where the register says how many places the stratum holds.
"""

from __future__ import annotations

import polars as pl


def interval_terms(nodes: pl.DataFrame) -> pl.DataFrame:
    """subject, code, share, per of the leaves that have rows with a value.

    per = effective / M where the leaf counts in the interval, else null: effective points are null unless
    every node above is sum or mean. `nodes` is the node table.
    """
    per = pl.when("in_interval").then(pl.col("effective") / pl.col("weight"))
    return nodes.filter("leaf", pl.col("n") > 0).select("subject", "code", "share", per=per)


def with_strata(by_place: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Adds `stratum` to sums by place; "" for a place that is not in `places`."""
    strata = places.select("subject", "place", "stratum")
    joined = by_place.join(strata, on=["subject", "place"], how="left")
    return joined.with_columns(pl.col("stratum").fill_null(""))


def standard_errors(by_place: pl.DataFrame, frames: pl.DataFrame) -> pl.DataFrame:
    """subject, se, se_partial for the subjects that have a place with counted rows.

    `by_place`: subject, place, stratum, z, counted. `frames`: subject, stratum, size.
    """
    drawn = by_place.filter(pl.col("counted") > 0)
    strata = drawn.group_by("subject", "stratum").agg(places=pl.len(), spread=pl.col("z").var())
    strata = strata.join(frames.select("subject", "stratum", "size"), on=["subject", "stratum"], how="left")
    n, size = pl.col("places"), pl.col("size")
    correction = pl.when(size.is_null()).then(1.0).otherwise(1.0 - n / size)
    variance = correction * n * pl.col("spread")  # null, which adds nothing, for a single place
    alone = (n == 1) & (size.is_null() | (size != 1))
    return strata.group_by("subject").agg(se=variance.sum().sqrt(), se_partial=alone.any())
