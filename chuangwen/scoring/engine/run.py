"""One pure function from tables to tables: what a standard and a set of observations score.

It reads like the specification: tables in, the share of every leaf, up the tree and down, who lost what, how
sure, the total. Stage one (sums over observations) runs in a backend; stage two in polars on small tables.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import get_args

from chuangwen.scoring.engine.backend import Engine, backend_of
from chuangwen.scoring.engine.outline import outline_of
from chuangwen.scoring.engine.passes import Passes, Progress
from chuangwen.scoring.engine.scores import Scores
from chuangwen.scoring.engine.shares import Missing
from chuangwen.scoring.engine.stage_two import read_small, silent, tables_of
from chuangwen.scoring.engine.tables import Source
from chuangwen.scoring.engine.totals import ranked
from chuangwen.standards.tree import Standard


def score(
    standard: Standard,
    observations: Source,
    *,
    places: Source | None = None,
    frames: Source | None = None,
    leads: Source | None = None,
    missing: Missing = "exclude",
    engine: Engine = "duckdb",
    remote: str = "",
    progress: Progress | None = None,
) -> Scores:
    """Score every subject in `observations` against `standard`.

    Each table is a polars, pandas or pyarrow frame, or the path of a .parquet or .csv file, with the
    columns of the specification. `missing`: what a leaf without any row is, unassessed ("exclude") or 0
    ("zero"). `engine`: what sums the observations, DuckDB in this process or the Spark cluster whose Connect server is
    at `remote`; there observations may also be a folder of Parquet files or an address that the cluster reads.
    `progress` is told in a few words what begins. Raises BadInput, naming table, row and value, for tables that cannot
    be scored, ValueError for an unknown policy or engine, NoSpark where no cluster answers. Nothing is rounded.
    """
    if missing not in get_args(Missing):
        raise ValueError(f"missing is {missing!r}; it must be exclude or zero")
    tell = progress or silent
    outline = outline_of(standard)
    tell("reading tables")
    small = read_small(outline, places, frames, leads)
    with (
        tempfile.TemporaryDirectory(prefix="chuangwen-score-") as name,
        backend_of(engine, observations, Path(name), remote) as backend,
    ):
        tables = tables_of(outline, small, missing, Passes(backend, tell), tell)
    return Scores.of(ranked(tables.subjects).sort("subject"), tables.nodes, tables.losses)
