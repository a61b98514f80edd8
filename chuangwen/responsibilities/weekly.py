"""What higher areas add to a unit's weekly report: problems closed and late stand in their own ledger.

The report is assembled here, below them, so they register what they know when the program starts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from chuangwen.responsibilities.week_days import Week

COLUMNS: Final = ("focus", "done", "difficulty", "coordinate", "following")
Lines = Mapping[int, list[tuple[str, str]]]
Provider = Callable[[Any, Collection[int], Week], Lines]
_providers: list[Provider] = []


def register_week_lines(provider: Provider) -> None:
    """Add what `provider(campaign, unit keys, week)` says: by unit, the column of COLUMNS and a line.

    It says how things stood at `week.till`. A unit of which it says anything has a weekly report.
    """
    if provider not in _providers:
        _providers.append(provider)


def week_lines(campaign: Any, units: Collection[int], week: Week) -> dict[int, list[tuple[str, str]]]:
    """What the higher areas say of these units' week, in the order in which they registered."""
    found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for provider in _providers:
        for unit, lines in provider(campaign, units, week).items():
            found[unit] += lines
    return found
