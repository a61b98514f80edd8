"""A Spark cluster through Spark Connect: the same sums as on a laptop, computed where the rows lie.

Only small tables cross the line: leaves and keepers of places go there as Arrow, the sums come back as Arrow. A
Parquet file is read by the cluster at the path that is given, which all of its workers must see; so is a folder of
Parquet files or an object store's address (s3a://…). Any other table is sent there with the call. Nothing of Spark is
started here, and nothing but this module needs its client (the extra `spark`).
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

import polars as pl

from chuangwen.scoring.engine.bad_input import BadInput, NoSpark
from chuangwen.scoring.engine.sums import Lazy, lazy_of
from chuangwen.scoring.engine.tables import Source, check_types, observation_file, unreadable

PORT: Final = 15002  # of a Connect server that was not told another one
PATIENCE: Final = 5.0  # seconds to wait for a server that may not be there
_SQL: Final[dict[Any, str]] = {
    pl.String: "string", pl.Float64: "double", pl.Int64: "bigint", pl.Int32: "int", pl.UInt32: "bigint",
    pl.Boolean: "boolean",
}  # fmt: skip
_UNREAD: Final = {"PATH_NOT_FOUND", "UNABLE_TO_INFER_SCHEMA", "CANNOT_READ_FILE_FOOTER", "FAILED_READ_FILE"}


class SparkBackend:
    """One session of its own on a Spark Connect server; `remote` is its address (sc://host:15002)."""

    def __init__(self, observations: Source, folder: Path, remote: str) -> None:
        self._where = _at_the_cluster(observations)
        self._file = None if self._where else observation_file(observations, folder)
        if self._file is not None and not self._file.is_relative_to(folder):
            self._where, self._file = str(self._file.resolve()), None
        self._session = _session(remote)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.stop()

    def observations(self) -> Lazy:
        if self._file is not None:
            return self.table(pl.read_parquet(self._file).with_row_index("row", offset=1).cast({"row": pl.Int64}))
        from pyspark.sql import functions

        with self._reading():
            rows = self._session.read.parquet(self._where)
            found = lazy_of(rows.withColumn("row", functions.col("_metadata.row_index") + 1))
            check_types("observations", found.collect_schema())
        return found

    def table(self, frame: pl.DataFrame) -> Lazy:
        if frame.height:
            return lazy_of(self._session.createDataFrame(frame.to_arrow()))
        columns = ", ".join(
            f"`{name}` {_SQL[kind]}" for name, kind in frame.schema.items()
        )  # Arrow without rows is refused
        return lazy_of(self._session.createDataFrame([], columns))

    def collect(self, frame: Lazy) -> pl.DataFrame:
        with self._reading():
            found = pl.from_arrow(frame.to_native().toArrow())
        if not isinstance(found, pl.DataFrame):
            raise TypeError("a pass gives a table")
        return found

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """A file that the cluster cannot read is a fault of the observations; anything else stays what it is."""
        from pyspark.errors import PySparkException

        try:
            yield
        except PySparkException as error:
            if not self._where or (error.getCondition() or "").partition(".")[0] not in _UNREAD:
                raise
            raise BadInput("observations", unreadable(self._where, error)) from error


def _at_the_cluster(source: Source) -> str:
    """The address of observations that only the cluster sees, or "": a folder, or one with a scheme (s3a://, hdfs://)."""
    if isinstance(source, Path):
        return str(source.resolve()) if source.is_dir() else ""
    if not isinstance(source, str):
        return ""
    return source if "://" in source else str(Path(source).resolve()) if Path(source).is_dir() else ""


def _session(remote: str) -> Any:
    """A new session; raises NoSpark where the client is not installed or no server answers."""
    address = urlsplit(remote)
    if address.scheme != "sc" or not address.hostname:
        raise NoSpark(f"{remote!r} is no address of Spark Connect; it looks like sc://host:{PORT}")
    try:  # the client itself would try again for minutes
        socket.create_connection((address.hostname, address.port or PORT), PATIENCE).close()
    except OSError as error:
        raise NoSpark(f"no Spark Connect server answers at {remote}; start it or check the address") from error
    try:
        with _no_doctest():
            from pyspark.sql.connect.session import SparkSession
    except ImportError as error:
        raise NoSpark("Spark's client is not installed; install chuangwen[spark]") from error
    return SparkSession.builder.remote(remote).create()


@contextmanager
def _no_doctest() -> Iterator[None]:
    """Give the program a file's name while Spark's client is imported.

    Where Python was started without one (python -c, a worker of tests), the client takes itself to run its own doctests
    and ends the process.
    """
    main = sys.modules["__main__"]
    nameless = getattr(main, "__spec__", None) is None and not hasattr(main, "__file__")
    if nameless:
        main.__file__ = "chuangwen"
    try:
        yield
    finally:
        if nameless:
            del main.__file__
