"""What a directive is proposed to become, by its words: a task, a recurring duty, or a standing rule.

Pure. What names how often is done again and again; what the engine calls a rule or a sanction and names no time
holds at all times; everything else is done once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

Becomes = Literal["task", "duty", "rule"]
ORDER: Final[tuple[Becomes, ...]] = ("task", "duty", "rule")
UNSURE_BELOW: Final = 0.5  # the engine's own word for "rather not": drawn quieter, decided like any other
_RULES: Final = frozenset({"rule", "sanction"})


def proposed(kind: str, *, deadline: str, frequency: str) -> Becomes:
    """What a directive of this kind becomes unless a person says otherwise."""
    if frequency:
        return "duty"
    return "rule" if kind in _RULES and not deadline else "task"


def names_nobody(becomes: str, *, needs_unit: bool, lead: Sequence[object]) -> bool:
    """Whether a person must still say who is meant: a rule that names nobody holds for everybody."""
    return needs_unit and not (becomes == "rule" and not lead)


def following(becomes: str) -> Becomes:
    """The next one in the round, for the key that changes it."""
    place = ORDER.index(becomes) if becomes in ORDER else -1
    return ORDER[(place + 1) % len(ORDER)]
