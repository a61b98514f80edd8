"""Which of the pieces that are there already likely fill a slot, so that nobody is asked for them twice. Pure.

Source: design.md, Rules that protect people, 2: a fact, file or photo already in the system is offered for reuse.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from chuangwen.evidence.slots import Slot

Reason = Literal["same-criterion", "same-slot", "title", "number", "window"]
SAME_CRITERION: Final = 3.0  # it served the same criterion before, in another year, standard or version
SAME_SLOT: Final = 1.0  # there in a slot of the same name
TITLE: Final = 4.0  # times the share of the criterion's 2-grams that its words hold
NUMBER: Final = 1.0  # it has a document number where the slot asks for documents
WINDOW: Final = 0.5  # its day lies where the slot looks
LEAST: Final = 1.5  # below it a piece is no more likely than any other
LEAST_TITLE: Final = 0.25
_IDLE: Final = frozenset("的和与及等在对为了中个项年月日第、，。；：（）()《》“”· \t")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. `criterion`: addresses (urn#code) of the criterion and of those that it continues."""

    slot: Slot
    criterion: frozenset[str]
    words: str
    window: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A piece that is there. `served`: (address of a criterion, name of the slot) of each dossier that uses it."""

    pk: int
    kind: str
    words: str
    number: str = ""
    on: date | None = None
    served: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Likely:
    """A candidate with how likely it is, and why."""

    pk: int
    score: float
    reasons: tuple[Reason, ...]


def likely(wanted: Wanted, candidates: Iterable[Candidate], most: int = 5) -> list[Likely]:
    """The likeliest pieces first, at most `most`. Only those of a kind that the slot takes, only with a reason."""
    asked = grams(wanted.words)
    found = [
        one for candidate in candidates if wanted.slot.takes(candidate.kind)
        if (one := _judged(wanted, asked, candidate)).score >= LEAST
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.score, -one.pk))[:most]


def grams(text: str) -> frozenset[str]:
    """The pairs of neighbouring signs of a text, without those that stand in every title."""
    signs = "".join(" " if sign in _IDLE else sign.lower() for sign in text)
    return frozenset(pair for word in signs.split() for pair in map("".join, itertools.pairwise(word)))


def _judged(wanted: Wanted, asked: frozenset[str], candidate: Candidate) -> Likely:
    score, reasons = 0.0, list[Reason]()
    slots = {slot for criterion, slot in candidate.served if criterion in wanted.criterion}
    if slots:
        score, reasons = score + SAME_CRITERION, [*reasons, "same-criterion"]
        if wanted.slot.label in slots:
            score, reasons = score + SAME_SLOT, [*reasons, "same-slot"]
    share = len(asked & grams(candidate.words)) / len(asked) if asked else 0.0
    if share >= LEAST_TITLE:
        score, reasons = score + TITLE * share, [*reasons, "title"]
    if not reasons:
        return Likely(candidate.pk, 0.0, ())
    if candidate.number and wanted.slot.kind == "document":
        score, reasons = score + NUMBER, [*reasons, "number"]
    if wanted.window and candidate.on and wanted.window[0] <= candidate.on <= wanted.window[1]:
        score, reasons = score + WINDOW, [*reasons, "window"]
    return Likely(candidate.pk, score, tuple(reasons))
