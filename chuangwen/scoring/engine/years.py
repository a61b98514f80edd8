"""Several years to one result: the campaign's rule, as data.

Source: scoring specification, Up the tree (Cycle): weights by year such as 15 %, 25 %, 60 %, or only the last
year, or years that must all pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import polars as pl

from chuangwen.scoring.engine.totals import shown

YearRuleKind = Literal["weights", "last", "all"]


@dataclass(frozen=True, slots=True)
class YearRule:
    """How the totals of a cycle's years make its result.

    kind "weights": sum of weight x total, `weights` in the order of `years`. "last": the last of `years`
    alone. "all": every one of `years` must reach `pass_mark`, so the lowest total decides.
    `pass_mark` is compared with the total as shown; null: nothing is said about passing.
    """

    kind: YearRuleKind
    years: tuple[int, ...]
    weights: tuple[float, ...] = ()
    pass_mark: float | None = None

    def __post_init__(self) -> None:
        if self.kind not in get_args(YearRuleKind):
            raise ValueError(f"a year rule is weights, last or all, not {self.kind!r}")
        if not self.years or len(set(self.years)) != len(self.years):
            raise ValueError(f"a year rule needs years, each once, not {self.years}")
        if self.kind == "weights" and len(self.weights) != len(self.years):
            raise ValueError(f"{len(self.years)} years need as many weights, not {len(self.weights)}")
        if self.kind == "all" and self.pass_mark is None:
            raise ValueError("where all years must pass, the rule needs a pass mark")


def combine_years(rule: YearRule, totals: pl.DataFrame) -> pl.DataFrame:
    """subject, total, passed from `totals` (subject, year, total), sorted by subject.

    A subject without a total in a year that the rule asks for has a null result: a year that was not
    assessed is not a zero. passed is null where there is no total or no pass mark.
    """
    asked = rule.years[-1:] if rule.kind == "last" else rule.years
    weights = rule.weights if rule.kind == "weights" else (1.0,) * len(asked)
    types = {"year": pl.Int64, "weight": pl.Float64}
    years = pl.DataFrame(list(zip(asked, weights, strict=True)), schema=types, orient="row")
    held = totals.select("subject", pl.col("year").cast(pl.Int64), "total").filter(pl.col("total").is_not_null())
    if held.select(pl.struct("subject", "year").is_duplicated().any()).item():
        raise ValueError("a subject has two totals for one year; keep one")
    weighted = (pl.col("total") * pl.col("weight")).sort_by("year")
    made = weighted.min() if rule.kind == "all" else weighted.sum()
    results = held.join(years, on="year").group_by("subject").agg(total=pl.when(pl.len() == len(asked)).then(made))
    subjects = totals.select("subject").unique()
    mark = pl.lit(rule.pass_mark, pl.Float64)
    return (
        subjects.join(results, on="subject", how="left")
        .with_columns(passed=shown(pl.col("total")) >= mark)
        .sort("subject")
    )
