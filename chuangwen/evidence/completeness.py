"""What of a dossier is there and what is missing, slot by slot and month by month. Pure.

A slot is filled when as many pieces count for it as the standard asks for. A piece does not count when its day
lies outside the slot's window, when the slot has a window and nobody has said of which day the piece is, or when its
text is longer than the slot allows or empty. The window of a dossier is counted back from the end of its year: 近12个月
of the dossier of 2026 are January to December 2026. A slot that asks for twelve of twelve months is filled only when
each month has its own (mechanism 36, 软件材料全年完整: 缺月即提示).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from chuangwen.evidence.slots import MONTHS, Slot

Why = Literal["", "undated", "outside", "too-long", "no-text"]
GIVEN: Final = "1"
LACKING: Final = "0"  # nothing there, and a slot asks for every month
NOTHING: Final = "-"  # nothing there, and no slot asks for this very month
MonthState = Literal["given", "missing", "ahead", "none"]


@dataclass(frozen=True, slots=True)
class Given:
    """A piece linked to a slot: its day, and how long the text is that fills the slot (None: it is not a text)."""

    slot: str
    on: date | None = None
    chars: int | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """How one slot stands. `months`: whether each month has something, for slots shown by month, else empty."""

    slot: Slot
    counted: int
    not_counted: int
    months: tuple[bool, ...] = ()

    @property
    def missing(self) -> int:
        """How many pieces it still lacks."""
        if self.slot.every_month:
            return max(self.slot.least - self.counted, MONTHS - sum(self.months))
        return max(0, self.slot.least - self.counted)

    @property
    def is_filled(self) -> bool:
        return self.missing <= 0


@dataclass(frozen=True, slots=True)
class Completeness:
    """How a dossier stands. Optional slots are neither needed nor filled."""

    slots: tuple[Filled, ...]

    @property
    def needed(self) -> int:
        return sum(not one.slot.is_optional for one in self.slots)

    @property
    def filled(self) -> int:
        return sum(one.is_filled for one in self.slots if not one.slot.is_optional)

    @property
    def is_complete(self) -> bool:
        return self.filled == self.needed

    @property
    def missing(self) -> tuple[Filled, ...]:
        return tuple(one for one in self.slots if not one.is_filled)

    @property
    def months(self) -> str:
        """Twelve signs (GIVEN, LACKING, NOTHING) over the slots shown by month; "" where none is."""
        strips = [(one.slot.every_month, one.months) for one in self.slots if one.months]
        if not strips:
            return ""
        return "".join(_sign([(asked, months[number]) for asked, months in strips]) for number in range(MONTHS))


def _sign(month: Sequence[tuple[bool, bool]]) -> str:
    """What a month is by the slots (it asks for every month, it has something)."""
    if any(asked and not there for asked, there in month):
        return LACKING
    return GIVEN if any(there for _asked, there in month) else NOTHING


def window_of(slot: Slot, year: int) -> tuple[date, date] | None:
    """The first and last day from which a piece counts for the slot; None where any day does."""
    if not slot.window_months:
        return None
    months = year * MONTHS + MONTHS - slot.window_months
    return date(max(1, months // MONTHS), months % MONTHS + 1, 1), date(year, 12, 31)


def why_not(slot: Slot, given: Given, year: int) -> Why:
    """Why a piece does not count for its slot; "" for one that does."""
    window = window_of(slot, year)
    if window is not None:
        if given.on is None:
            return "undated"
        if not window[0] <= given.on <= window[1]:
            return "outside"
    if given.chars is not None:
        if given.chars == 0:
            return "no-text"
        if slot.most_chars is not None and given.chars > slot.most_chars:
            return "too-long"
    return ""


def completeness_of(slots: Sequence[Slot], given: Iterable[Given], year: int) -> Completeness:
    """How the dossier of `year` stands with these pieces; those linked to a slot that is no more are left out."""
    pieces: dict[str, list[Given]] = {slot.key: [] for slot in slots}
    for one in given:
        if one.slot in pieces:
            pieces[one.slot].append(one)
    return Completeness(tuple(_filled(slot, pieces[slot.key], year) for slot in slots))


def _filled(slot: Slot, given: Sequence[Given], year: int) -> Filled:
    counted = [one for one in given if not why_not(slot, one, year)]
    months: tuple[bool, ...] = ()
    if slot.by_month:
        there = {one.on.month for one in counted if one.on is not None and one.on.year == year}
        months = tuple(month in there for month in range(1, MONTHS + 1))
    return Filled(slot, len(counted), len(given) - len(counted), months)


def month_states(months: str, year: int, today: date) -> tuple[MonthState, ...]:
    """What is known of each month on `today`: given, missing (asked for and over), ahead (asked for), none."""
    if len(months) != MONTHS:
        return ()
    over = 0 if year > today.year else MONTHS if year < today.year else today.month - 1
    return tuple(_state(sign, is_over=number < over) for number, sign in enumerate(months))


def _state(sign: str, *, is_over: bool) -> MonthState:
    if sign == GIVEN:
        return "given"
    if sign == LACKING:
        return "missing" if is_over else "ahead"
    return "none"
