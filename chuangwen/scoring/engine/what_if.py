"""What the total would be if rows that failed had been met: many suppositions about one subject at once.

A supposition changes nothing but sums by code, a small table; each becomes a subject of its own, and the rules that
score a run score them all in one go. So a supposed total is the run's own arithmetic, not a copy of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import polars as pl

from chuangwen.scoring.engine.climb import node_table
from chuangwen.scoring.engine.memory import MemoryBackend
from chuangwen.scoring.engine.outline import Outline, outline_of
from chuangwen.scoring.engine.shares import Missing, leaf_shares
from chuangwen.scoring.engine.sums import sums_by_code, tidy
from chuangwen.scoring.engine.tables import Source
from chuangwen.scoring.engine.totals import subject_table
from chuangwen.standards.tree import Standard

AT_ONCE: Final = 500  # suppositions: a table of so many times the standard's nodes
_CHANGES = {"case": pl.String, "code": pl.String, "missed": pl.Float64, "raised": pl.Int64}
_NO_ERRORS = {"subject": pl.String, "se": pl.Float64, "se_partial": pl.Boolean}


class Missed(NamedTuple):
    """What failed rows of a leaf hold back: weight = sum(w (1 - v)), and how many of them are rows with v <= 0."""

    weight: float
    rows: int = 0


Supposed = Mapping[str, Missed]  # by code of the leaf: what is met now


def code_sums(observations: Source) -> pl.DataFrame:
    """The sums by subject and code of a run's observations, which its run has checked."""
    with MemoryBackend(observations) as backend:
        return backend.collect(sums_by_code(tidy(backend.observations())))


def totals_if(
    standard: Standard,
    sums: pl.DataFrame,
    cases: Sequence[Supposed],
    *,
    base: Supposed | None = None,
    missing: Missing = "exclude",
) -> list[float | None]:
    """The total under each supposition, in their order; an empty one gives the run's own total.

    `base` is supposed in every case beside what the case says. `sums` are the `code_sums` of one subject. Only leaves
    of measure rate change: there a row that is met has the value 1; to a count or a mean, "met" says nothing. None:
    without an assessed root there is no total.
    """
    outline = outline_of(standard)
    if base:
        sums = _supposed(outline, sums, ["base"], [base])
    totals: list[float | None] = []
    for first in range(0, len(cases), AT_ONCE):
        totals += _totals(outline, sums, cases[first : first + AT_ONCE], missing)
    return totals


def _totals(outline: Outline, sums: pl.DataFrame, cases: Sequence[Supposed], missing: Missing) -> list[float | None]:
    names = [f"{number:06d}" for number in range(len(cases))]
    supposed = _supposed(outline, sums, names, cases)
    subjects = pl.DataFrame({"subject": names}, schema={"subject": pl.String})
    nodes = node_table(outline, subjects, leaf_shares(outline, subjects, supposed, missing))
    table = subject_table(outline, nodes, supposed, pl.DataFrame(schema=_NO_ERRORS))
    found = dict(table.select("subject", "total").iter_rows())
    return [found.get(name) for name in names]


def _supposed(outline: Outline, sums: pl.DataFrame, names: list[str], cases: Sequence[Supposed]) -> pl.DataFrame:
    """The sums once for each case, with what is met there moved from the gap to the total."""
    rows = [
        (name, code, missed.weight, missed.rows)
        for name, case in zip(names, cases, strict=True)
        for code, missed in case.items()
    ]
    changes = pl.DataFrame(rows, schema=_CHANGES, orient="row")
    changes = changes.filter(pl.col("code").is_in(outline.rate_codes)).rename({"case": "subject"})
    every = pl.DataFrame({"subject": names}, schema={"subject": pl.String}).join(sums.drop("subject"), how="cross")
    every = every.join(changes, on=["subject", "code"], how="left")
    missed = pl.col("missed").fill_null(0.0)
    return every.with_columns(
        total=pl.col("total") + missed,
        gap=(pl.col("gap") - missed).clip(lower_bound=0.0),
        positive=pl.col("positive") + pl.col("raised").fill_null(0),
    ).drop("missed", "raised")
