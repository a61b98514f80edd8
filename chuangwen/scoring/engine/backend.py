"""The small door between the sums and the engine that computes them: DuckDB in this process, or a Spark cluster."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal, Protocol, Self

import polars as pl

from chuangwen.scoring.engine.sums import Lazy
from chuangwen.scoring.engine.tables import Source

Engine = Literal["duckdb", "spark"]


class Backend(AbstractContextManager["Backend"], Protocol):
    """What stage one needs of an engine."""

    def __enter__(self) -> Self: ...

    def observations(self) -> Lazy:
        """The rows as stored, with `row` counting from 1."""
        ...

    def table(self, frame: pl.DataFrame) -> Lazy:
        """A small table handed to the engine."""
        ...

    def collect(self, frame: Lazy) -> pl.DataFrame:
        """The result of a pass, a small table handed back."""
        ...


def backend_of(engine: Engine, observations: Source, folder: Path, remote: str) -> Backend:
    """The engine over these observations; `folder` takes what it writes, `remote` is the address of Spark Connect.

    An engine is imported when it is asked for: a laptop has no Spark, and a cluster's driver starts no DuckDB.
    Raises ValueError for an unknown engine.
    """
    if engine == "duckdb":
        from chuangwen.scoring.engine.duck import DuckBackend

        return DuckBackend(observations, folder)
    if engine == "spark":
        from chuangwen.scoring.engine.spark import SparkBackend

        return SparkBackend(observations, folder, remote)
    raise ValueError(f"engine is {engine!r}; it must be duckdb or spark")
