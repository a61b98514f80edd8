"""Sums up what several judges say, and counts shares. Pure.

Source: docs/titles.md: several reviewers, a trimmed mean as a setting (去掉一个最高分和一个最低分).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

LEAST_FOR_TRIMMING = 3  # below it nothing would be left after the highest and the lowest are taken away
_CENT = Decimal("0.01")


def mean(scores: Sequence[Decimal], *, trimmed: bool) -> Decimal | None:
    """The mean to two places; trimmed: without one highest and one lowest, from three scores on. None for none."""
    if not scores:
        return None
    kept = sorted(scores)[1:-1] if trimmed and len(scores) >= LEAST_FOR_TRIMMING else list(scores)
    return (sum(kept, Decimal(0)) / len(kept)).quantize(_CENT, ROUND_HALF_UP)


def weighed(points: Mapping[str, Decimal], weights: Mapping[str, Decimal]) -> Decimal:
    """Points of 0 to 100 for each aspect as one figure of 0 to 100. KeyError where an aspect lacks."""
    whole = sum(weights.values(), Decimal(0))
    total = sum((points[key] * weight for key, weight in weights.items()), Decimal(0))
    return (total / whole).quantize(_CENT, ROUND_HALF_UP)


def ranked(scores: Mapping[int, Decimal | None]) -> dict[int, int]:
    """Key -> place, the highest first; equals share a place and the next one is left out (1, 2, 2, 4)."""
    known = sorted((value for value in scores.values() if value is not None), reverse=True)
    return {key: known.index(value) + 1 for key, value in scores.items() if value is not None}


def winners(scores: Mapping[int, Decimal | None], *, places: int, least: Decimal) -> set[int]:
    """Who is among the first `places` with at least `least` points; where equals would exceed it, none of them is."""
    reached = {key: value for key, value in scores.items() if value is not None and value >= least}
    order = ranked(reached)
    return {key for key, place in order.items() if sum(other <= place for other in order.values()) <= places}


def years_unbroken(since: date, today: date) -> int:
    """Whole years from `since` to today; 29 February counts on 1 March where there is none."""
    years = today.year - since.year
    return years - ((today.month, today.day) < (since.month, since.day))


def unbroken_since(spans: Iterable[tuple[date, date | None]], today: date) -> date | None:
    """The first day of the unbroken chain of spans that reaches today; None where none does.

    A span of which the last day is the day before another's first continues it.
    """
    start: date | None = None
    for first, last in sorted(spans, key=lambda span: span[0], reverse=True):
        reaches = last is None or last >= today if start is None else last is None or last >= start - timedelta(days=1)
        if reaches and first <= today:
            start = first
    return start
