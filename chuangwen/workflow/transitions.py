"""Transitions as data: which step leads from where to where, and who may take it.

Each area declares its own table in its `workflow.py`; services.advance is the only code that
follows it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

Words = str | Promise
# (actor, object) -> why not, in words for the actor; "" where nothing stands in the way
Guard = Callable[[Any, Any], Words]


@dataclass(frozen=True, slots=True)
class Transition:
    """One legal step. `permission` is held over the object; `guards` say what else must be true."""

    action: str
    sources: tuple[str, ...]
    target: str
    label: Words  # what the actor does: "Confirm and close"
    done: Words  # how history tells it: "Closed"
    permission: str = ""
    guards: tuple[Guard, ...] = ()
    icon: str = "arrow-right"
    needs_note: bool = False


@dataclass(frozen=True)
class Workflow:
    """All legal steps of one model's state."""

    transitions: Sequence[Transition]
    field_name: str = "state"
    _by_action: dict[str, Transition] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for transition in self.transitions:
            if transition.action in self._by_action:
                raise ValueError(f"action {transition.action} is declared twice")
            self._by_action[transition.action] = transition

    def __getitem__(self, action: str) -> Transition:
        return self._by_action[action]

    def get(self, action: str) -> Transition | None:
        return self._by_action.get(action)
