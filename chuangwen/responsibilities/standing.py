"""Where a leader's instruction stands, told from the states of its tasks. Pure.

An instruction has no state of its own that somebody would have to keep: the units answer their tasks, and that is
the reply. A cancelled task asks nothing of anybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

UNASSIGNED = "unassigned"  # nobody has it yet
RUNNING = "running"  # somebody has not replied yet
ANSWERED = "answered"  # all have replied, not all replies are confirmed
DONE = "done"
WITHDRAWN = "withdrawn"

WAITING_STATES = frozenset({"draft", "issued", "accepted", "objected"})
CLOCK_STATES = WAITING_STATES - {"draft"}  # the unit's time runs
REPLIED_STATE = "reported"
DONE_STATE = "confirmed"
GONE_STATE = "cancelled"


@dataclass(frozen=True, slots=True)
class Part:
    """One task of an instruction: its state and deadline."""

    state: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an instruction stands.

    `key` is one of the five above; `replied` of `asked` units have replied; `due_at` is the earliest deadline of those
    who have not, else the latest of all, None where nobody was asked.
    """

    key: str
    asked: int = 0
    replied: int = 0
    due_at: datetime | None = None
    is_late: bool = False


def standing(parts: Iterable[Part], *, withdrawn: bool, now: datetime, on_letter: bool = False) -> Standing:
    """Sum up the tasks of one instruction. One that stands on a letter is settled where no unit has to act."""
    live = [part for part in parts if part.state != GONE_STATE]
    waiting = [part for part in live if part.state in WAITING_STATES]
    key = WITHDRAWN if withdrawn else DONE if on_letter and not live else _key(live, waiting)
    if not live:
        return Standing(key)
    due = min(part.due_at for part in waiting) if waiting else max(part.due_at for part in live)
    late = any(part.state in CLOCK_STATES and part.due_at < now for part in live) and not withdrawn
    return Standing(key, len(live), len(live) - len(waiting), due, late)


def _key(live: list[Part], waiting: list[Part]) -> str:
    if not live:
        return UNASSIGNED
    if waiting:
        return RUNNING
    return ANSWERED if any(part.state == REPLIED_STATE for part in live) else DONE
