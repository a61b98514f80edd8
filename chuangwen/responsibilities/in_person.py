"""What the first responsible of a unit (主要负责人) deploys, commands and inspects in person (“一把手”工程).

Nothing is typed for it: each area registers what its ledger knows when the program starts. Counts are never ranked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from chuangwen.core import clock
from chuangwen.core.panels import PanelLine, Words
from chuangwen.responsibilities.enums import HeadWork
from chuangwen.responsibilities.levels import Period


@dataclass(frozen=True, slots=True)
class Heads:
    """The posts of first responsibles with the key of their unit, how papers call them, and who held them when.

    `terms`: by account (unit, from, until). Who stands in is not the head in person.
    """

    posts: Mapping[int, int]
    titles: Mapping[str, int]
    terms: Mapping[int, tuple[tuple[int, date, date | None], ...]]

    @property
    def units(self) -> frozenset[int]:
        return frozenset(self.posts.values())

    def unit_of(self, user: int | None, day: date) -> int | None:
        """The unit that the person headed on `day`; None for anybody else."""
        for unit, starts, ends in self.terms.get(user or 0, ()):
            if starts <= day and (ends is None or day <= ends):
                return unit
        return None


@dataclass(frozen=True, slots=True)
class Ask:
    """What is looked for: whose acts, in which campaign and period, as far as `user` sees them."""

    campaign: Any
    heads: Heads
    period: Period
    user: Any

    def by_person(
        self, rows: Iterable[Any], person: str, moment: str, line: Callable[[Any], PanelLine]
    ) -> Iterable[Act]:
        """An act for each row that a head did: `person` names the column of the account, `moment` that of the time."""
        for row in rows:
            day = clock.local(getattr(row, moment)).date()
            unit = self.heads.unit_of(getattr(row, person), day)
            if unit is not None:
                yield Act(unit, day, line(row))


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that a unit's first responsible did, on which day, with the line that leads to it."""

    unit: int
    day: date
    line: PanelLine


@dataclass(frozen=True, slots=True)
class ActSource:
    """Acts of one kind out of one ledger; a fixed number of queries, however many units are asked about."""

    key: str
    order: int
    work: HeadWork
    label: Words
    acts: Callable[[Ask], Iterable[Act]]


_sources: dict[str, ActSource] = {}


def register_acts(*several: ActSource) -> None:
    """Look here too."""
    _sources.update({one.key: one for one in several})


def act_sources() -> list[ActSource]:
    """All that is looked at, in its order."""
    return sorted(_sources.values(), key=lambda one: one.order)


def acts_of(ask: Ask) -> dict[int, list[tuple[ActSource, Act]]]:
    """By unit what was done, the latest first."""
    found: defaultdict[int, list[tuple[ActSource, Act]]] = defaultdict(list)
    for source in act_sources():
        for act in source.acts(ask):
            if act.unit in ask.heads.units:
                found[act.unit].append((source, act))
    for acts in found.values():
        acts.sort(key=lambda pair: (pair[1].day, -pair[0].order), reverse=True)
    return dict(found)
