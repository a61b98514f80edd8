"""What the system knows of how a unit did in a month or quarter: facts that areas register, each with its rows.

Marks go from level to level (逐级考核); nobody fills in what stands in a ledger. Higher areas register what they
know (problems, written reports) when the program starts, since the marks stand below them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet

from chuangwen.core import clock
from chuangwen.core.panels import PanelLine, Words

MONTHS: Final = (1, 3)
MOST_POINTS: Final = 10


@dataclass(frozen=True, slots=True)
class Period:
    """A month or a quarter of the calendar."""

    first: date
    months: int

    @property
    def end(self) -> date:
        """The day after the last one."""
        return _months_on(self.first, self.months)

    @property
    def last(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """From its first moment to the moment after it, in the site's time."""
        return clock.midnight(self.first), clock.midnight(self.end)

    @property
    def before(self) -> Period:
        return Period(_months_on(self.first, -self.months), self.months)

    @property
    def after(self) -> Period:
        return Period(self.end, self.months)

    @property
    def key(self) -> str:
        """As it stands in an address: 2026-10, or 2026Q4."""
        return f"{self.first:%Y-%m}" if self.months == 1 else f"{self.first.year}Q{(self.first.month + 2) // 3}"


def period_of(day: date, months: int) -> Period:
    """The period of `months` in which `day` lies."""
    return Period(date(day.year, (day.month - 1) // months * months + 1, 1), months)


def period_from(key: str, months: int) -> Period | None:
    """The period that a key names, in the rhythm that the region has; None for anything else."""
    try:
        if "Q" in key:
            year, quarter = key.split("Q")
            found = Period(date(int(year), int(quarter) * 3 - 2, 1), 3)
        else:
            found = Period(datetime.strptime(key, "%Y-%m").date(), 1)  # noqa: DTZ007 (a month has no zone)
    except ValueError:
        return None
    return found if found.months == months and 2000 <= found.first.year <= 2099 else None


def _months_on(first: date, months: int) -> date:
    whole = first.year * 12 + first.month - 1 + months
    return date(whole // 12, whole % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is counted: `rows(campaign, from, to)` are the matters, `unit` their unit's key, `line` says one.

    What is counted and what its number opens are the same rows.
    """

    key: str
    order: int
    label: Words
    rows: Callable[[Any, datetime, datetime], QuerySet[Any]]
    line: Callable[[Any], PanelLine]
    unit: str = "unit"
    is_good: bool = False
    is_own_work: bool = False  # of the office's own work, which stands beside the campaign's and is summed apart


_facts: dict[str, Fact] = {}


def register_facts(*several: Fact) -> None:
    """Count these too."""
    _facts.update({one.key: one for one in several})


def facts() -> list[Fact]:
    """All that is counted, in its order."""
    return sorted(_facts.values(), key=lambda one: one.order)
