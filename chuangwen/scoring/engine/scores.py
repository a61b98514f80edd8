"""What a run gives: three tables of fixed columns, order and types."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import polars as pl

SUBJECTS: dict[str, Any] = {
    "subject": pl.String,
    "total": pl.Float64,
    "se": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "se_partial": pl.Boolean,
    "bonus": pl.Float64,
    "penalty": pl.Float64,
    "vetoed": pl.Boolean,
    "rank": pl.Int64,
}
NODES: dict[str, Any] = {
    "subject": pl.String,
    "code": pl.String,
    "points": pl.Float64,
    "effective": pl.Float64,
    "share": pl.Float64,
    "attained": pl.Float64,
    "lost": pl.Float64,
    "n": pl.Int64,
    "assessed": pl.Boolean,
}
LOSSES: dict[str, Any] = {"subject": pl.String, "unit": pl.String, "code": pl.String, "points": pl.Float64}


@dataclass(frozen=True, slots=True)
class Scores:
    """The result of a run; columns, order and meaning as in the specification, Tables out.

    subjects: a row a subject. nodes: a row a subject and node, the root first with code "".
    losses: subject, unit ("" nobody), leaf, points. Points are those of the standard's scale.
    """

    subjects: pl.DataFrame
    nodes: pl.DataFrame
    losses: pl.DataFrame

    @classmethod
    def of(cls, subjects: pl.DataFrame, nodes: pl.DataFrame, losses: pl.DataFrame) -> Self:
        """The tables with the columns, order and types of the specification."""
        return cls(in_form(subjects, SUBJECTS), in_form(nodes, NODES), in_form(losses, LOSSES))

    def write(self, folder: Path, *, csv: bool = False) -> None:
        """subjects, nodes and losses as .parquet under `folder`, and as .csv beside them if asked."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in (("subjects", self.subjects), ("nodes", self.nodes), ("losses", self.losses)):
            table.write_parquet(folder / f"{name}.parquet")
            if csv:
                _as_examples_say(table).write_csv(folder / f"{name}.csv")


def _as_examples_say(table: pl.DataFrame) -> pl.DataFrame:
    """Yes and no as the specification's examples write them in CSV: True and False."""
    return table.with_columns(
        pl.when(pl.col(column)).then(pl.lit("True")).when(~pl.col(column)).then(pl.lit("False")).alias(column)
        for column, kind in table.schema.items()
        if kind == pl.Boolean
    )


def in_form(table: pl.DataFrame, form: dict[str, Any]) -> pl.DataFrame:
    """The columns of `form`, in its order and types."""
    return table.select(pl.col(column).cast(kind) for column, kind in form.items())
