"""The sums over all observations of a run, each a streaming pass in its engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import polars as pl

from chuangwen.scoring.engine.backend import Backend
from chuangwen.scoring.engine.checks import check_observations
from chuangwen.scoring.engine.outline import Outline
from chuangwen.scoring.engine.sums import sums_by_code, sums_by_place, sums_by_unit, tidy

Progress = Callable[[str], None]


class Sums(Protocol):
    """What stage two asks of stage one; the columns are those of the functions in `sums`."""

    def by_code(self, outline: Outline) -> pl.DataFrame:
        """The sums by subject and code, checked; raises BadInput."""
        ...

    def by_place(self, terms: pl.DataFrame) -> pl.DataFrame: ...

    def by_unit(self, leaves: pl.DataFrame, keepers: pl.DataFrame) -> pl.DataFrame: ...


class Passes:
    """Three passes over the rows of an engine; `tell` hears when each begins."""

    def __init__(self, backend: Backend, tell: Progress) -> None:
        self._backend, self._tell = backend, tell
        self._rows = tidy(backend.observations())

    def by_code(self, outline: Outline) -> pl.DataFrame:
        self._tell("first pass: sums by subject and code")
        sums = self._backend.collect(sums_by_code(self._rows))
        check_observations(sums, outline, self._rows, self._backend)
        return sums

    def by_place(self, terms: pl.DataFrame) -> pl.DataFrame:
        self._tell("second pass: sums by subject and place")
        return self._backend.collect(sums_by_place(self._rows, self._backend.table(terms)))

    def by_unit(self, leaves: pl.DataFrame, keepers: pl.DataFrame) -> pl.DataFrame:
        self._tell("second pass: sums by subject, leaf and unit")
        backend = self._backend
        return backend.collect(sums_by_unit(self._rows, backend.table(leaves), backend.table(keepers)))
