"""Figures of a whole campaign that are the same for all who may see them, and take long to count: kept for a minute.

Each process keeps its own. Only what was counted over very many rows is kept: there one more or less is not seen in
a percentage, and where rows are few each look is exact. Whoever asks has checked that the person sees the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import TypeVar

from chuangwen.core import clock

KEPT_SECONDS = 60
LARGE = 50_000  # rows; to count fewer takes a few milliseconds
MOST = 256  # figures; campaigns and years of one site are far fewer

T = TypeVar("T")
_kept: dict[Hashable, tuple[datetime, object]] = {}


def kept_figure(key: Hashable, count: Callable[[], T], rows: Callable[[T], int]) -> T:
    """What `count` finds, or found within the last minute over at least LARGE rows; `rows` says how many these are."""
    now = clock.now()
    there = _kept.get(key)
    if there is not None and timedelta() <= now - there[0] < timedelta(seconds=KEPT_SECONDS):
        return there[1]  # type: ignore[return-value]
    found = count()
    if rows(found) >= LARGE:
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[key] = now, found
    else:
        _kept.pop(key, None)
    return found
