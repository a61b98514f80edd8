"""When two results are the same: every cell, numbers within 1e-9 of each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

Row = Mapping[str, Any]
NEAR = 1e-9


def assert_rows_agree(got: Sequence[Row], wanted: Sequence[Row]) -> None:
    """Same rows in the same order, each with the cells that `wanted` names."""
    assert len(got) == len(wanted)
    for one, other in zip(got, wanted, strict=True):
        for column, cell in other.items():
            assert _same(one[column], cell), f"{column}: {one[column]!r} is not {cell!r} in {other}"


def assert_tables_agree(got: pl.DataFrame, wanted: pl.DataFrame) -> None:
    assert got.columns == wanted.columns
    assert_rows_agree(got.to_dicts(), wanted.to_dicts())


def _same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= NEAR
    return one == other
