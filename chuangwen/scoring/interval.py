"""The interval of a total in one plain sentence and as a small picture. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

from chuangwen.scoring.engine import show

LEFT, RIGHT = 10, 310  # of the drawing's axis


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure on the axis: its place and its words."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything the picture needs, in its own coordinates (320 x 74)."""

    ticks: tuple[Mark, ...]
    low: float
    width: float
    point: float
    range_text: str
    goal: Mark | None


def drawing(total: float, low: float, high: float, goal: float | None, scale: float) -> Drawing:
    """The axis spans the interval, the total and the goal, in steps of five."""
    figures = [low, high, total, *([goal] if goal is not None else [])]
    first = max(0, floor((min(figures) - 1) / 5) * 5)
    last = min(ceil(scale / 5) * 5, max(first + 5, ceil((max(figures) + 1) / 5) * 5))

    def x(value: float) -> float:
        return round(LEFT + (value - first) / (last - first) * (RIGHT - LEFT), 1)

    step = 5 * max(1, ceil((last - first) / 25))
    ticks = tuple(Mark(x(value), str(value)) for value in range(first, last + 1, step))
    mark = None if goal is None else Mark(x(goal), f"{goal:g}")
    return Drawing(ticks, x(low), round(x(high) - x(low), 1), x(total), f"{show(low)}—{show(high)}", mark)


def goal_inside(low: float, high: float, goal: float | None) -> bool | None:
    """Whether the goal lies in the interval; None without a goal."""
    return None if goal is None else low <= goal <= high
