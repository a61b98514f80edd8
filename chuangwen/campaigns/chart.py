"""The back plan as a drawing: where each milestone and round stands on a line of months.

Pure: dates in, coordinates out. The template draws them as SVG, which prints and needs no script.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

WIDTH: Final = 1040
LABELS: Final = 232  # room for names on the left
RIGHT: Final = 136
TOP: Final = 34
ROW: Final = 32
SPARE_DAYS: Final = 10  # before the first and after the last day
DATE_ROOM: Final = 130  # a date beside its mark needs so much
MOST_TICKS: Final = 14


@dataclass(frozen=True, slots=True)
class Item:
    """What is drawn in one row. `state`: done, late, now, ahead, or a round's state; `words` say its date."""

    name: str
    first: date
    last: date
    state: str
    words: str
    is_round: bool = False
    mark: date | None = None  # of a round: the milestone that belongs to it


@dataclass(frozen=True, slots=True)
class Row:
    item: Item
    y: float
    x: float
    width: float
    text_x: float
    text_left: bool  # the date stands to the left of the mark
    mark_x: float | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    day: date  # the first of a month


@dataclass(frozen=True, slots=True)
class Chart:
    """All coordinates in units of the drawing; None where today lies outside it."""

    height: int
    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    today_x: float | None
    assessment_x: float
    width: int = WIDTH
    labels: int = LABELS
    top: int = TOP


def chart_of(items: Iterable[Item], *, today: date, assessment: date) -> Chart:
    """The drawing of `items`, by their first day; milestones before rounds of the same day."""
    ordered = sorted(items, key=lambda item: (item.first, item.is_round, item.last))
    marks = [item.mark for item in ordered if item.mark]
    first = min([assessment, *marks, *(item.first for item in ordered)]) - timedelta(days=SPARE_DAYS)
    last = max([assessment, *marks, *(item.last for item in ordered)]) + timedelta(days=SPARE_DAYS)
    if first - timedelta(days=31) <= today <= last + timedelta(days=31):
        first, last = min(first, today), max(last, today)
    days = (last - first).days

    def place(day: date) -> float:
        return round(LABELS + (day - first).days / days * (WIDTH - LABELS - RIGHT), 1)

    return Chart(
        height=TOP + ROW * len(ordered) + 22,
        rows=tuple(_row(number, item, place) for number, item in enumerate(ordered)),
        ticks=tuple(Tick(place(day), day) for day in _months(first, last)),
        today_x=place(today) if first <= today <= last else None,
        assessment_x=place(assessment),
    )


def _row(number: int, item: Item, place: Callable[[date], float]) -> Row:
    x = place(item.first)
    width = max(round(place(item.last) - x, 1), 8.0) if item.is_round else 0.0
    mark = place(item.mark) if item.mark else None
    end = max(x + width, mark or 0.0)
    left = end + DATE_ROOM > WIDTH
    return Row(item, TOP + ROW * number + ROW / 2, x, width, min(x, mark or x) - 12 if left else end + 12, left, mark)


def _months(first: date, last: date) -> Sequence[date]:
    """The firsts of months between two days, every third or twelfth where there are many."""
    months = []
    year, month = first.year, first.month
    while date(year, month, 1) <= last:
        if date(year, month, 1) >= first:
            months.append(date(year, month, 1))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    for step in (1, 3, 12):
        shown = [day for day in months if (day.month - 1) % step == 0]
        if len(shown) <= MOST_TICKS:
            return shown
    return months[:: max(1, len(months) // MOST_TICKS)]
