"""A run that goes on: rows arrive, and their subject's result is there at once.

What is kept of the observations are their sums by subject, code, place and unit, from which every sum of stage one
follows; rows that arrive are added to them, and stage two runs for the subjects that they touch. One subject's tally
is small (a row for each leaf at each place), which is why this grouping, the trap of a full run, is right here.
Source: scoring specification, Checked against: incremental sums equal a full run.
"""

from __future__ import annotations

import polars as pl

from chuangwen.scoring.engine.checks import check_groups, check_observations
from chuangwen.scoring.engine.memory import MemoryBackend
from chuangwen.scoring.engine.outline import Outline, outline_of
from chuangwen.scoring.engine.scores import Scores
from chuangwen.scoring.engine.shares import Missing
from chuangwen.scoring.engine.stage_two import SmallTables, Tables, read_small, tables_of
from chuangwen.scoring.engine.sums import EXTREMES, SUMS, sums_by, tidy
from chuangwen.scoring.engine.tables import Source
from chuangwen.scoring.engine.totals import ranked
from chuangwen.standards.tree import Standard

_KEY = ("subject", "code", "place", "unit")


class Tally:
    """The sums of some rows by subject, code, place and unit; gives what stage two asks for."""

    def __init__(self, sums: pl.DataFrame) -> None:
        self.sums = sums

    def __add__(self, other: Tally) -> Tally:
        return Tally(_merged(pl.concat([self.sums, other.sums]), *_KEY))

    def by_subject(self) -> dict[str, Tally]:
        """One tally for each subject."""
        parts = self.sums.partition_by("subject", as_dict=True)
        return {str(subject): Tally(sums) for (subject,), sums in parts.items()}

    def by_code(self, _outline: Outline) -> pl.DataFrame:
        return _merged(self.sums, "subject", "code")

    def by_place(self, terms: pl.DataFrame) -> pl.DataFrame:
        rows = self.sums.filter(pl.col("place").is_not_null(), pl.col("n") > 0).join(terms, on=["subject", "code"])
        term = pl.col("per") * (pl.col("total") - pl.col("share") * pl.col("weight"))
        counted = pl.when(pl.col("per").is_not_null()).then("n").otherwise(0)
        return rows.group_by("subject", "place").agg(z=term.sum(), counted=counted.sum())

    def by_unit(self, leaves: pl.DataFrame, keepers: pl.DataFrame) -> pl.DataFrame:
        rows = self.sums.filter(pl.col("gap") > 0).join(leaves, on=["subject", "code"])
        rows = rows.join(keepers, on=["subject", "place"], how="left")
        rows = rows.with_columns(unit=pl.coalesce("unit", "keeper"), points=pl.col("per") * pl.col("gap"))
        return rows.group_by("subject", "node", "unit").agg(pl.col("points").sum())


def _merged(sums: pl.DataFrame, *keys: str) -> pl.DataFrame:
    return sums.group_by(keys).agg(
        pl.col(SUMS).sum(),
        pl.col([f"{name}_min" for name in EXTREMES]).min(),
        pl.col([f"{name}_max" for name in EXTREMES]).max(),
    )


def tally_of(observations: Source, outline: Outline) -> Tally:
    """The tally of a small table of observations, checked as a run's are; raises BadInput."""
    with MemoryBackend(observations) as backend:
        rows = tidy(backend.observations())
        tally = Tally(backend.collect(sums_by(rows, *_KEY)))
        check_observations(tally.by_code(outline), outline, rows, backend)
        return tally


class LiveScores:
    """The scores of a run to which rows are added while it goes on.

    `scores` is always what a full run over all rows so far would give, within the rounding of sums. Parameters and
    errors as `score`.
    """

    def __init__(
        self,
        standard: Standard,
        observations: Source,
        *,
        places: Source | None = None,
        frames: Source | None = None,
        leads: Source | None = None,
        missing: Missing = "exclude",
    ) -> None:
        self._outline, self._missing = outline_of(standard), missing
        self._small = read_small(self._outline, places, frames, leads)
        self._tallies = tally_of(observations, self._outline).by_subject()
        self._tables = self._results(self._tallies)

    @property
    def scores(self) -> Scores:
        """All tables of the run so far."""
        return self._of(self._tables)

    def add(self, observations: Source) -> Scores:
        """Rows that arrive; returns the tables of the subjects they belong to, ranked among all."""
        arrived = tally_of(observations, self._outline).by_subject()
        return self._renew({name: self._tallies[name] + one if name in self._tallies else one
                            for name, one in arrived.items()})  # fmt: skip

    def replace(self, observations: Source) -> Scores:
        """All rows of these subjects anew, where some were corrected or taken back."""
        return self._renew(tally_of(observations, self._outline).by_subject())

    def _renew(self, tallies: dict[str, Tally]) -> Scores:
        fresh = self._results(tallies)
        self._tallies.update(tallies)
        self._tables.update(fresh)
        return self._of(fresh)

    def _results(self, tallies: dict[str, Tally]) -> dict[str, Tables]:
        """The tables of each of these subjects; raises BadInput."""
        if not tallies:
            return {}
        tally = Tally(pl.concat([one.sums for one in tallies.values()]))
        check_groups(tally.by_code(self._outline))
        mine, small = pl.col("subject").is_in(list(tallies)), self._small
        part = SmallTables(small.places.filter(mine), small.frames.filter(mine), small.leads.filter(mine))
        return tables_of(self._outline, part, self._missing, tally).by_subject()

    def _of(self, tables: dict[str, Tables]) -> Scores:
        """The tables out of these subjects, ranked among all."""
        names = sorted(tables)
        subjects = ranked(pl.concat([one.subjects for one in self._tables.values()]))
        return Scores.of(
            subjects.filter(pl.col("subject").is_in(names)).sort("subject"),
            pl.concat([tables[name].nodes for name in names]),
            pl.concat([tables[name].losses for name in names]),
        )
