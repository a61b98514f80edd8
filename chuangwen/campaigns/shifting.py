"""What moves with the assessment date, and how higher areas say what of theirs moves too.

A campaign's own milestones and planned rounds move here. A higher area (deadlines of tasks,
material windows) registers a `Shifter` when the program starts; its moves stand in the same
preview and are made in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise

from chuangwen.campaigns.models import Campaign

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that moves from one day to another. `until` is the last day of what lasts longer than a day."""

    kind: Words
    name: str
    old: date
    new: date
    old_until: date | None = None
    new_until: date | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Stay:
    """One thing that keeps its day, and why."""

    kind: Words
    name: str
    day: date
    why: Words


@dataclass(frozen=True, slots=True)
class Group:
    """What of one kind moves and what of it stays."""

    kind: str
    moves: tuple[Move, ...]
    stays: tuple[Stay, ...]


@dataclass(frozen=True, slots=True)
class Shifter:
    """What an area moves. `preview` changes nothing; `apply` makes the very same moves, inside the transaction.

    `preview` also names what keeps its day, and why: a person decides on the whole of it.
    """

    name: str
    preview: Callable[[Campaign, date, date], Iterable[Move | Stay]]
    apply: Callable[..., None]  # (campaign, old, new, *, actor)


@dataclass(frozen=True, slots=True)
class Shift:
    """All that happens when the assessment moves from `old` to `new`, before it is done."""

    old: date
    new: date
    moves: tuple[Move, ...]
    stays: tuple[Stay, ...]

    @property
    def groups(self) -> list[Group]:
        """Moves and stays by their kind, in the order in which the kinds first stand here."""
        moving: dict[str, list[Move]] = {}
        staying: dict[str, list[Stay]] = {}
        for move in self.moves:
            moving.setdefault(str(move.kind), []).append(move)
        for stay in self.stays:
            staying.setdefault(str(stay.kind), []).append(stay)
        kinds = dict.fromkeys([*moving, *staying])
        return [Group(kind, tuple(moving.get(kind, ())), tuple(staying.get(kind, ()))) for kind in kinds]

    def past(self, today: date) -> tuple[Move, ...]:
        """The moves that would put something before today."""
        return tuple(move for move in self.moves if move.new < today)


_shifters: dict[str, Shifter] = {}


def register_shifter(shifter: Shifter) -> None:
    """Let what `shifter` names move with the assessment date. The same name again replaces it."""
    _shifters[shifter.name] = shifter


def shifters() -> list[Shifter]:
    return [_shifters[name] for name in sorted(_shifters)]


def planned_moves(
    campaign: Any, old: date, new: date, *, step: Callable[[], None] = lambda: None
) -> tuple[list[Move], list[Stay]]:
    """What the higher areas would move, and what of theirs stays; `step` is called for each move found."""
    moves: list[Move] = []
    stays: list[Stay] = []
    for shifter in shifters():
        for one in shifter.preview(campaign, old, new):
            if isinstance(one, Move):
                moves.append(one)
                step()
            else:
                stays.append(one)
    return moves, stays
