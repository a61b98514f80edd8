"""How figures of a run are kept, and when two of them are the same. Pure."""

from __future__ import annotations

import math
from typing import Any

KEPT_DIGITS = 12  # behind the point: the same input gives the same rows, figure by figure
AGREE = 1e-9  # a recomputed figure may differ by less than this (spec/scoring.md, Checked against)


def steady(row: dict[str, Any]) -> dict[str, Any]:
    """A row's figures to KEPT_DIGITS: threads add up in any order, which shows in the sixteenth digit."""
    return {name: round(value, KEPT_DIGITS) if isinstance(value, float) else value for name, value in row.items()}


def same(one: float | None, other: float | None) -> bool:
    """Whether a figure computed again is the one that was kept; none is only the same as none."""
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=0, abs_tol=AGREE)
