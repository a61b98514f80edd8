"""One pure function from tables to tables: what a standard and a set of observations score.

It reads like the specification: tables in, the share of every leaf, up the tree and down, who lost what, how
sure, the total. Stage one (sums over observations) runs in a backend; stage two in polars on small tables.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import polars as pl

from chuangwen.scoring.engine.backend import Backend, DuckBackend
from chuangwen.scoring.engine.checks import (
    check_frames,
    check_leads,
    check_observations,
    check_places,
    check_sizes,
)
from chuangwen.scoring.engine.climb import node_table
from chuangwen.scoring.engine.interval import interval_terms, standard_errors, with_strata
from chuangwen.scoring.engine.losses import leaves_by_rows, unit_losses
from chuangwen.scoring.engine.outline import Outline, outline_of
from chuangwen.scoring.engine.scores import LOSSES, NODES, SUBJECTS, Scores, in_form
from chuangwen.scoring.engine.shares import Missing, leaf_shares
from chuangwen.scoring.engine.sums import sums_by_code, sums_by_place, sums_by_unit, tidy
from chuangwen.scoring.engine.tables import Source, observation_file, read_table
from chuangwen.scoring.engine.totals import subject_table
from chuangwen.standards.tree import Standard

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SmallTables:
    """The tables beside the observations, read and checked."""

    places: pl.DataFrame
    frames: pl.DataFrame
    leads: pl.DataFrame


def score(
    standard: Standard,
    observations: Source,
    *,
    places: Source | None = None,
    frames: Source | None = None,
    leads: Source | None = None,
    missing: Missing = "exclude",
    progress: Progress | None = None,
) -> Scores:
    """Score every subject in `observations` against `standard`.

    Each table is a polars, pandas or pyarrow frame, or the path of a .parquet or .csv file, with the
    columns of the specification. `missing`: what a leaf without any row is, unassessed ("exclude") or 0
    ("zero"). `progress` is told in a few words what begins. Raises BadInput, naming table, row and
    value, for tables that cannot be scored, and ValueError for an unknown policy. Nothing is rounded.
    """
    if missing not in get_args(Missing):
        raise ValueError(f"missing is {missing!r}; it must be exclude or zero")
    tell = progress or _silent
    outline = outline_of(standard)
    tell("reading tables")
    tables = _read_small(outline, places, frames, leads)
    with tempfile.TemporaryDirectory(prefix="chuangwen-score-") as name:
        folder = Path(name)
        path = observation_file(observations, folder)
        with DuckBackend(path, folder) as backend:
            return _run(outline, tables, missing, backend, tell)


def _silent(_: str) -> None:
    """Nobody asked for progress."""


def _read_small(outline: Outline, places: Source | None, frames: Source | None, leads: Source | None) -> SmallTables:
    tables = SmallTables(
        places=read_table("places", places).with_columns(pl.col("stratum").fill_null("")),
        frames=read_table("frames", frames).with_columns(pl.col("stratum").fill_null("")),
        leads=read_table("leads", leads),
    )
    check_places(tables.places)
    check_frames(tables.frames)
    check_leads(tables.leads, outline)
    return tables


def _run(outline: Outline, tables: SmallTables, missing: Missing, backend: Backend, tell: Progress) -> Scores:
    tell("first pass: sums by subject and code")
    rows = tidy(backend.observations())
    sums = backend.collect(sums_by_code(rows))
    check_observations(sums, outline, rows, backend)
    tell("the tree: shares, effective and lost points")
    subjects = sums.select("subject").unique()
    nodes = node_table(outline, subjects, leaf_shares(outline, subjects, sums, missing))
    tell("second pass: sums by subject and place")
    terms = backend.table(interval_terms(nodes))
    by_place = with_strata(backend.collect(sums_by_place(rows, terms)), tables.places)
    check_sizes(by_place, tables.frames)
    tell("second pass: sums by subject, leaf and unit")
    keepers = tables.places.select("subject", "place", keeper="unit").drop_nulls()
    leaves = backend.table(leaves_by_rows(nodes))
    by_unit = backend.collect(sums_by_unit(rows, leaves, backend.table(keepers)))
    tell("totals and ranks")
    return Scores(
        subjects=in_form(subject_table(outline, nodes, sums, standard_errors(by_place, tables.frames)), SUBJECTS),
        nodes=in_form(nodes.with_columns(assessed=pl.col("share").is_not_null()), NODES),
        losses=in_form(unit_losses(nodes, by_unit, tables.leads), LOSSES),
    )
