"""Rows in memory, summed by polars: for the few that one inspection brings."""

from __future__ import annotations

from typing import Any, Self

import polars as pl

from chuangwen.scoring.engine.sums import Lazy, lazy_of
from chuangwen.scoring.engine.tables import Source, read_table


class MemoryBackend:
    """A small table of observations, read and typed at once. Raises BadInput."""

    def __init__(self, observations: Source) -> None:
        self._rows = read_table("observations", observations)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """Nothing is held open."""

    def observations(self) -> Lazy:
        return self.table(self._rows)

    def table(self, frame: pl.DataFrame) -> Lazy:
        return lazy_of(frame.lazy())

    def collect(self, frame: Lazy) -> pl.DataFrame:
        native: Any = frame.to_native()
        found: pl.DataFrame = native.collect()
        return found
