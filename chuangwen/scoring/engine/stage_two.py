"""Stage two: from the sums to the tables out, in the specification's order.

It works on small tables and knows no engine; what it asks of stage one is `Sums`.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from chuangwen.scoring.engine.checks import check_frames, check_leads, check_places, check_sizes
from chuangwen.scoring.engine.climb import node_table
from chuangwen.scoring.engine.interval import interval_terms, standard_errors, with_strata
from chuangwen.scoring.engine.losses import leaves_by_rows, unit_losses
from chuangwen.scoring.engine.outline import Outline
from chuangwen.scoring.engine.passes import Progress, Sums
from chuangwen.scoring.engine.shares import Missing, leaf_shares
from chuangwen.scoring.engine.tables import Source, read_table
from chuangwen.scoring.engine.totals import subject_table


@dataclass(frozen=True, slots=True)
class SmallTables:
    """The tables beside the observations, read and checked."""

    places: pl.DataFrame
    frames: pl.DataFrame
    leads: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables out before they are ranked and brought into form: subjects (with `group`), nodes, losses."""

    subjects: pl.DataFrame
    nodes: pl.DataFrame
    losses: pl.DataFrame

    def by_subject(self) -> dict[str, Tables]:
        """One set of tables for each subject."""
        nodes, losses = (_parts(one) for one in (self.nodes, self.losses))
        none = self.losses.clear()
        return {
            subject: Tables(own, nodes[subject], losses.get(subject, none))
            for subject, own in _parts(self.subjects).items()
        }


def _parts(table: pl.DataFrame) -> dict[str, pl.DataFrame]:
    found = table.partition_by("subject", as_dict=True, maintain_order=True)
    return {str(subject): rows for (subject,), rows in found.items()}


def read_small(outline: Outline, places: Source | None, frames: Source | None, leads: Source | None) -> SmallTables:
    """The tables beside the observations; raises BadInput."""
    tables = SmallTables(
        places=read_table("places", places).with_columns(pl.col("stratum").fill_null("")),
        frames=read_table("frames", frames).with_columns(pl.col("stratum").fill_null("")),
        leads=read_table("leads", leads),
    )
    check_places(tables.places)
    check_frames(tables.frames)
    check_leads(tables.leads, outline)
    return tables


def silent(_step: str) -> None:
    """Nobody asked for progress."""


def tables_of(outline: Outline, small: SmallTables, missing: Missing, stage: Sums, tell: Progress = silent) -> Tables:
    """What the specification makes of the sums; raises BadInput."""
    sums = stage.by_code(outline)
    tell("the tree: shares, effective and lost points")
    subjects = sums.select("subject").unique()
    nodes = node_table(outline, subjects, leaf_shares(outline, subjects, sums, missing))
    by_place = with_strata(stage.by_place(interval_terms(nodes)), small.places)
    check_sizes(by_place, small.frames)
    keepers = small.places.select("subject", "place", keeper="unit").drop_nulls()
    by_unit = stage.by_unit(leaves_by_rows(nodes), keepers)
    tell("totals and ranks")
    return Tables(
        subjects=subject_table(outline, nodes, sums, standard_errors(by_place, small.frames)),
        nodes=nodes.with_columns(assessed=pl.col("share").is_not_null()),
        losses=unit_losses(nodes, by_unit, small.leads),
    )
