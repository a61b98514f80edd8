"""What the tables must satisfy before anything is scored; every fault names table, row and value.

The observations are judged by the extremes that the first pass carries along, so that a good file costs
no pass of its own; only when a fault is known are the rows searched for the first one that has it.
Source: scoring specification, Tables in.
"""

from __future__ import annotations

import math

import narwhals as nw
import polars as pl

from chuangwen.scoring.engine.backend import Backend
from chuangwen.scoring.engine.bad_input import BadInput, Kind, TableName
from chuangwen.scoring.engine.outline import Outline
from chuangwen.scoring.engine.sums import Lazy


def check_observations(sums: pl.DataFrame, outline: Outline, rows: Lazy, backend: Backend) -> None:
    """Refuse rows that no rule can score; `sums` are the sums by code of `rows`."""

    def refuse(is_fault: pl.Expr, column: str, is_row: nw.Expr, fault: str, kind: Kind) -> None:
        if sums.filter(is_fault).height:
            row, value = _first(rows, is_row, column, backend)
            raise BadInput("observations", fault, row=row, column=column, value=value, kind=kind)

    known, rate = outline.known_codes, outline.rate_codes
    code, value, weight = nw.col("code"), nw.col("value"), nw.col("weight")
    refuse(
        pl.col("subject").is_null(),
        "subject",
        nw.col("subject").is_null(),
        "a row needs a subject; fill it in",
        "empty",
    )
    refuse(pl.col("code").is_null(), "code", code.is_null(), "a row needs a code; fill it in", "empty")
    refuse(
        ~pl.col("code").is_in(known),
        "code",
        ~code.is_in(known),
        "is no leaf, veto, bonus or penalty of this standard; correct the code or choose its standard",
        "unknown",
    )
    refuse(
        _not_finite("weight") | (pl.col("weight_min") < 0),
        "weight",
        (weight < 0) | ~weight.is_finite(),
        "must be a finite number not below 0; correct the weight",
        "weight",
    )
    refuse(
        _not_finite("value"),
        "value",
        ~value.is_finite(),
        "must be a finite number; correct it or leave it empty",
        "value",
    )
    refuse(
        pl.col("code").is_in(rate) & ((pl.col("value_min") < 0) | (pl.col("value_max") > 1)),
        "value",
        code.is_in(rate) & ((value < 0) | (value > 1)),
        "must lie between 0 and 1, since the measure of this leaf is rate; correct the value",
        "rate",
    )
    if torn := torn_group(sums):
        subject, group = torn
        stranger = (nw.col("subject") == subject) & (nw.col("group") != group)
        row, cell = _first(rows, stranger, "group", backend)
        raise BadInput("observations", _two_groups(subject, group), row=row, column="group", value=cell, kind="group")


def _first(rows: Lazy, is_row: nw.Expr, column: str, backend: Backend) -> tuple[int, object]:
    """Row number and cell of the first faulty row.

    It is found by a minimum and not by a filter: an engine skips parts of a file whose statistics say
    that no row can pass a filter, and the statistics of Parquet leave NaN out.
    """
    lowest = backend.collect(rows.select(row=nw.when(is_row).then(nw.col("row")).min())).item()
    cells = rows.filter(nw.col("row") == lowest).select(cell=column, faulty=is_row)
    return lowest, backend.collect(cells).filter("faulty")["cell"][0]  # of several files each has a row of that number


def _not_finite(column: str) -> pl.Expr:
    return ~(pl.col(f"{column}_min").is_finite() & pl.col(f"{column}_max").is_finite())


def torn_group(sums: pl.DataFrame) -> tuple[str, str] | None:
    """The first subject that stands in two groups, with the first of these."""
    groups = sums.group_by("subject").agg(pl.col("group_min").min(), pl.col("group_max").max())
    torn = groups.filter(pl.col("group_min") != pl.col("group_max")).sort("subject").head(1)
    return torn.row(0)[:2] if torn.height else None


def check_groups(sums: pl.DataFrame) -> None:
    """Refuse rows that arrive for a subject under another group than those that are there."""
    if torn := torn_group(sums):
        raise BadInput("observations", _two_groups(*torn), column="group", kind="group")


def _two_groups(subject: str, group: str) -> str:
    return f"subject {subject} is in group {group!r} in other rows; a subject has one group"


def check_places(places: pl.DataFrame) -> None:
    """Every row names a subject and a place, and none twice."""
    _refuse_empty("places", places, "subject")
    _refuse_empty("places", places, "place")
    _refuse_twice("places", places, ["subject", "place"])


def check_frames(frames: pl.DataFrame) -> None:
    """Every row names a subject, no stratum twice; a size is finite and not negative."""
    _refuse_empty("frames", frames, "subject")
    _refuse_twice("frames", frames, ["subject", "stratum"])
    bad = frames.filter(~pl.col("size").is_finite() | (pl.col("size") < 0))
    if bad.height:
        row, size = bad.select("row", "size").row(0)
        raise BadInput("frames", "must be a finite number not below 0", row=row, column="size", value=size, kind="size")


def check_leads(leads: pl.DataFrame, outline: Outline) -> None:
    """Every row names a subject and a leaf of the standard."""
    _refuse_empty("leads", leads, "subject")
    _refuse_empty("leads", leads, "code")
    strange = leads.filter(~pl.col("code").is_in(outline.leaf_codes))
    if strange.height:
        row, code = strange.select("row", "code").row(0)
        fault = "is no leaf of this standard; correct the code"
        raise BadInput("leads", fault, row=row, column="code", value=code, kind="unknown")


def check_sizes(observed: pl.DataFrame, frames: pl.DataFrame) -> None:
    """No stratum has more places observed than its frame holds; `observed` has a row for each place."""
    counts = observed.group_by("subject", "stratum").len("places")
    over = frames.join(counts, on=["subject", "stratum"]).filter(pl.col("places") > pl.col("size")).sort("row")
    if over.height:
        row, subject, stratum, size, places = over.row(0)
        shown = int(size) if size == math.floor(size) else size
        fault = f"{places} places of {subject} were observed in stratum {stratum!r}, more than the frame holds"
        fault = f"{fault}; bring register and places into line"
        told = {"stratum": stratum, "places": places, "size": shown}
        raise BadInput("frames", fault, row=row, column="size", value=shown, kind="crowded", told=told)


def _refuse_empty(table: TableName, frame: pl.DataFrame, column: str) -> None:
    empty = frame.filter(pl.col(column).is_null())
    if empty.height:
        raise BadInput(table, f"a row needs a {column}; fill it in", row=empty["row"][0], column=column, kind="empty")


def _refuse_twice(table: TableName, frame: pl.DataFrame, key: list[str]) -> None:
    twice = frame.filter(~pl.struct(key).is_first_distinct())
    if twice.height:
        row, value = twice.select("row", key[-1]).row(0)
        fault = "stands twice for this subject; keep one row"
        raise BadInput(table, fault, row=row, column=key[-1], value=value, kind="twice")
