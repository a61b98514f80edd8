"""A run's input as tables: what the database holds, written in the columns of the specification.

Pure: takes rows, gives Parquet. The files are the run's frozen input; the engine reads nothing
else, so a result can be computed again by anybody who has them (spec/scoring.md, Command).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

OBSERVATIONS = {
    "subject": pl.String, "code": pl.String, "place": pl.String, "value": pl.Float64, "weight": pl.Float64,
    "unit": pl.String,
}  # fmt: skip
PLACES = {"subject": pl.String, "place": pl.String, "stratum": pl.String, "unit": pl.String}
FRAMES = {"subject": pl.String, "stratum": pl.String, "size": pl.Float64}
LEADS = {"subject": pl.String, "code": pl.String, "unit": pl.String}


@dataclass(frozen=True, slots=True)
class Frozen:
    """The four tables as Parquet bytes, and how many observations there are."""

    observations: bytes
    places: bytes
    frames: bytes
    leads: bytes
    rows: int


def freeze(
    observations: Iterable[tuple[object, ...]],
    places: Iterable[tuple[object, ...]],
    frames: Iterable[tuple[object, ...]],
    leads: Iterable[tuple[object, ...]],
) -> Frozen:
    """Rows in the order of the columns above become Parquet; equal rows give equal bytes."""
    seen = _frame(observations, OBSERVATIONS)
    return Frozen(
        _parquet(seen), _parquet(_frame(places, PLACES)), _parquet(_frame(frames, FRAMES)),
        _parquet(_frame(leads, LEADS)), seen.height,
    )  # fmt: skip


def thaw(data: bytes) -> pl.DataFrame:
    """One frozen table."""
    return pl.read_parquet(io.BytesIO(data))


def _frame(rows: Iterable[tuple[object, ...]], schema: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict(schema), orient="row")


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", statistics=True)
    return buffer.getvalue()
