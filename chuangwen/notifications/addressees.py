"""Who is reminded: known to a higher area (organizations), which registers itself here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Ask:
    """Whom a matter of this unit, given to this post where one is named, is told to at a stage (enums.Stage)."""

    unit_id: int
    post_id: int | None
    stage: str


class Directory(Protocol):
    """What notifications ask about people; only active accounts are ever answered."""

    def people(self, asks: Collection[Ask]) -> Mapping[Ask, tuple[int, ...]]:
        """The accounts of each ask: a post's A person, else its B person."""

    def office(self, region_id: int) -> tuple[int, ...]:
        """The campaign office's people: who hears of what has nobody above."""

    def units_of(self, user: Any) -> tuple[int, ...]:
        """The units for which the person answers by post or role, without their subtrees."""

    def unit_names(self, ids: Collection[int]) -> Mapping[int, str]:
        """Units as lists call them."""


_directory: list[Directory] = []


def register_directory(directory: Directory) -> None:
    """Called once, when the program starts."""
    _directory[:] = [directory]


def directory() -> Directory:
    return _directory[0]
