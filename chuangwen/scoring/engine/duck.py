"""DuckDB embedded: streams one Parquet file, however large.

Results and small tables pass through Parquet files in a folder of the run, without a further library.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import narwhals as nw
import polars as pl

from chuangwen.scoring.engine.bad_input import BadInput
from chuangwen.scoring.engine.sums import Lazy, lazy_of
from chuangwen.scoring.engine.tables import Source, observation_file, unreadable

# What DuckDB says of a file whose pages are damaged; of a query that is wrong it says something else.
_DAMAGE = (duckdb.Error, duckdb.InvalidInputException, duckdb.IOException)


class DuckBackend:
    """DuckDB in this process, over one Parquet file; `folder` takes what it writes."""

    def __init__(self, observations: Source, folder: Path) -> None:
        self._path = observation_file(observations, folder)
        self._folder = folder
        self._files = 0
        self._connection = duckdb.connect(
            config={
                "autoinstall_known_extensions": False,
                "preserve_insertion_order": False,
                "enable_external_file_cache": False,
                "temp_directory": str(folder / "spill"),
            }
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def observations(self) -> Lazy:
        with self._reading():
            rows = self._connection.read_parquet(str(self._path), file_row_number=True)
        return lazy_of(rows).with_columns(row=nw.col("file_row_number") + 1)

    def table(self, frame: pl.DataFrame) -> Lazy:
        path = self._next_file()
        frame.write_parquet(path)
        return lazy_of(self._connection.read_parquet(str(path)))

    def collect(self, frame: Lazy) -> pl.DataFrame:
        path = self._next_file()
        with self._reading():
            frame.to_native().write_parquet(str(path))
        return pl.read_parquet(path)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except duckdb.Error as error:
            if type(error) not in _DAMAGE:
                raise
            raise BadInput("observations", unreadable(self._path, error)) from error

    def _next_file(self) -> Path:
        self._files += 1
        return self._folder / f"{self._files}.parquet"
