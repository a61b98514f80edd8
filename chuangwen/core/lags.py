"""What the areas bring before the quarterly look-back (回头望): registered as panels are, and for the same reason.

Supervision makes the list and may read the areas below it; scoring stands above it and brings its criteria this way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class LagAsk:
    """For which quarter a look-back is made: its campaign, first and last day, and the office's two numbers.

    `moved`: from how many postponements on a task lags; `sample`: which share of closed problems is looked at again,
    in per cent.
    """

    campaign: Any
    first: date
    last: date
    moved: int
    sample: int


@dataclass(frozen=True, slots=True)
class LagRow:
    """A matter of a unit that lags: `key` names it over all areas (t12), `fact` says why it is listed, `since` when it
    began to lag; `matter` is its row where supervision knows it."""

    key: str
    unit_id: int
    title: str
    fact: str
    url: str
    since: date
    matter: Any = None


@dataclass(frozen=True, slots=True)
class LagSource:
    """What an area brings before a quarterly look-back (回头望): matters of one kind, in the order of the list."""

    kind: str
    order: int
    found: Callable[[LagAsk], Iterable[LagRow]]


_lags: dict[str, LagSource] = {}


def register_lag(*sources: LagSource) -> None:
    """Bring what `sources` find before the quarterly look-back."""
    _lags.update({one.kind: one for one in sources})


def lag_sources() -> list[LagSource]:
    """What is brought before a look-back, in the order of its list."""
    return sorted(_lags.values(), key=lambda one: one.order)
