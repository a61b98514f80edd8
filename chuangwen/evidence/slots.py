"""What a material review wants to see for a criterion, as slots to be filled. Pure.

A standard lists evidence slots at its leaves (spec of the standard file, `evidence`). Two slots of one leaf may
carry the same name; each has a key of its own here, so that a piece can be linked to one of them. Three names ask
for parts of one example rather than for three papers: 见人见事见精神 (mechanism 35).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from chuangwen.standards.tree import EvidenceSlot

Part = Literal["", "person", "deed", "spirit"]
PARTS: Final[dict[str, Part]] = {"人": "person", "事": "deed", "精神": "spirit"}
PERSON: Final = "人"
LONGEST_KEY: Final = 60
MONTHS: Final = 12
# What may fill a slot of a kind: a record of an activity is whatever shows it, a table is often a document.
FITTING: Final[dict[str, frozenset[str]]] = {
    "document": frozenset({"document", "record", "table"}),
    "photo": frozenset({"photo"}),
    "statement": frozenset({"statement"}),
    "record": frozenset({"record", "document", "table", "photo", "statement"}),
    "video": frozenset({"video"}),
    "table": frozenset({"table", "document", "record"}),
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot. `key` names it inside its leaf; `part`: which text of an example fills it, "" for any other slot."""

    key: str
    label: str
    kind: str
    least: int = 1
    window_months: int | None = None
    most_chars: int | None = None
    part: Part = ""

    @property
    def is_optional(self) -> bool:
        """Whether the standard would like to see it but does not ask for it."""
        return self.least == 0

    @property
    def every_month(self) -> bool:
        """Whether it wants something of each month of a year: twelve or more of the last twelve months."""
        return self.window_months == MONTHS and self.least >= MONTHS

    @property
    def by_month(self) -> bool:
        """Whether its months are shown: it is about one year, and more than a few days of it."""
        return self.window_months == MONTHS and self.least > 1

    def takes(self, kind: str) -> bool:
        """Whether a piece of this kind may fill it."""
        return kind in FITTING.get(self.kind, frozenset())


def slots_of(evidence: Iterable[EvidenceSlot]) -> tuple[Slot, ...]:
    """The slots of a leaf in the standard's order; the second slot of the same name gets the key "name#2".

    A 事 stands for the deed of an example only beside a 人: alone it is a matter like any other.
    """
    listed = list(evidence)
    about_people = any(one.slot == PERSON and one.kind == "statement" for one in listed)
    seen: Counter[str] = Counter()
    found = []
    for one in listed:
        seen[one.slot] += 1
        key = one.slot if seen[one.slot] == 1 else f"{one.slot}#{seen[one.slot]}"
        part: Part = PARTS.get(one.slot, "") if about_people and one.kind == "statement" else ""
        found.append(Slot(key[-LONGEST_KEY:], one.slot, one.kind, one.min, one.window_months, one.max_chars, part))
    return tuple(found)
