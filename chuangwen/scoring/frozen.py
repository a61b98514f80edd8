"""A run's input as tables: what the database holds, written in the columns of the specification.

Pure: takes rows, gives Parquet. The files are the run's frozen input; the engine reads nothing
else, so a result can be computed again by anybody who has them (spec/scoring.md, Command).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

# Columns and what they hold, True for numbers
OBSERVATIONS = {
    "subject": False, "code": False, "place": False, "value": True, "weight": True, "unit": False,
    # What the engine leaves aside and cells.py reads: where the row was seen, and the problem that came of it.
    "seen_at": False, "place_type": False, "district": False, "problem": False,
}  # fmt: skip
PLACES = {"subject": False, "place": False, "stratum": False, "unit": False}
FRAMES = {"subject": False, "stratum": False, "size": True}
LEADS = {"subject": False, "code": False, "unit": False}

SPECIFIED = frozenset({"subject", "code", "place", "value", "weight", "unit", "stratum", "size"})  # spec, Tables in


@dataclass(frozen=True)
class Frozen:
    """The four tables as Parquet bytes, and how many observations there are."""

    observations: bytes
    places: bytes
    frames: bytes
    leads: bytes
    rows: int

    @cached_property
    def seen(self) -> pl.DataFrame:
        """The observations, read once for all that is computed from them."""
        return thaw(self.observations)


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
    import polars as pl  # the engine's library is loaded when a score is computed, not when the program starts  # noqa: PLC0415

    return pl.read_parquet(io.BytesIO(data))


def public_copy(data: bytes, *, units: bool) -> bytes:
    """The same rows with the specification's columns alone; without `units` their column is emptied.

    What the engine leaves aside (where a row was seen, its problem) is for the pages inside.
    """
    import polars as pl  # noqa: PLC0415

    table = thaw(data)
    table = table.select([name for name in table.columns if name in SPECIFIED])
    if not units and "unit" in table.columns:
        table = table.with_columns(pl.lit(None, dtype=pl.String).alias("unit"))
    return _parquet(table)


def _frame(rows: Iterable[tuple[object, ...]], columns: Mapping[str, bool]) -> pl.DataFrame:
    import polars as pl  # noqa: PLC0415

    schema = {name: pl.Float64() if number else pl.String() for name, number in columns.items()}
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", statistics=True)
    return buffer.getvalue()
