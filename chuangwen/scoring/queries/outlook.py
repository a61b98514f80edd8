"""What the total becomes: with what was closed since the run, and with the first k of the problems that are left.

Thousands of problems are read as plain rows: what they are called is looked up for those that are shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from django.db.models import TextField
from django.db.models.functions import Cast

from chuangwen.rectification.enums import ProblemState
from chuangwen.scoring.efforts import Effort
from chuangwen.scoring.models import ProblemGain, Run
from chuangwen.scoring.queries.efforts import efforts_of
from chuangwen.scoring.queries.missed import as_supposed, supposed_totals, together
from chuangwen.scoring.queries.next_up import (
    FREE,
    LEAST_EFFORT,
    closed_condition,
    free_condition,
    open_condition,
)
from chuangwen.scoring.queries.winning import Horizon

if TYPE_CHECKING:
    from chuangwen.scoring.engine.what_if import Supposed

STEPS_SHOWN: Final = 6  # points of the curve behind what waits to be verified


@dataclass(frozen=True, slots=True)
class Candidate:
    """A problem that could be put right before the horizon, or waits to be verified (`free`), and who leads it."""

    problem_id: int
    lead_id: int
    points: float
    effort: Effort
    missed: Supposed
    free: bool

    @property
    def person_days(self) -> float:
        return 0.0 if self.free else self.effort.person_days

    @property
    def cost(self) -> float:
        return 0.0 if self.free else self.effort.cost

    @property
    def rank(self) -> float:
        return FREE + self.points if self.free else self.points / max(self.effort.person_days, LEAST_EFFORT)


@dataclass(frozen=True, slots=True)
class Point:
    """The expected total once the first `number` problems of the list are closed, and the person-days until then."""

    number: int
    person_days: float
    total: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """The candidates in their order, and the totals: of the run, with what was closed since, with the first k."""

    candidates: list[Candidate]
    closed: Supposed
    closed_number: int
    total: float
    with_closed: float
    points: list[Point]
    reach: Point | None  # where the campaign's goal is first reached, if it is

    @property
    def free(self) -> list[Candidate]:
        return [one for one in self.candidates if one.free]

    @property
    def with_free(self) -> float:
        return next(point.total for point in self.points if point.number == len(self.free))

    @property
    def with_all(self) -> float:
        return self.points[-1].total


def candidates_of(run: Run, horizon: Horizon) -> list[Candidate]:
    """All that can be won back before the horizon: what waits to be verified first, then by points for each day.

    What many problems hold back alike is read once and shared.
    """
    wanted = free_condition("problem__") | open_condition(horizon, "problem__")
    rows = ProblemGain.objects.filter(wanted, run=run).annotate(held=Cast("missed", TextField()))
    facts = rows.values_list(
        "problem_id", "problem__lead_id", "points", "problem__problem_type_id", "held", "problem__state"
    )
    efforts, unknown = efforts_of(run.region_id), Effort(1.0, 1, 0.0)
    read = lru_cache(maxsize=None)(lambda held: as_supposed(json.loads(held)))
    found = [
        Candidate(pk, lead, points, efforts.get(kind, unknown), read(held), state == ProblemState.FIXED)
        for pk, lead, points, kind, held, state in facts.iterator()
    ]
    return sorted(found, key=lambda one: (-one.rank, one.problem_id))


def outlook_of(run: Run, horizon: Horizon) -> Outlook:
    """The ranked candidates and the expected totals. What is shown for a k is exact; between two k nothing is said."""
    candidates = candidates_of(run, horizon)
    closed = _closed(run)
    supposed = together(closed)
    numbers = _numbers(sum(one.free for one in candidates), len(candidates))
    total, with_closed, *totals = supposed_totals(run, [{}, supposed, *_firsts(supposed, candidates, numbers)])
    days = _days(candidates)
    points = [Point(number, days[number], found) for number, found in zip(numbers, totals, strict=True)]
    reach = _reach(run, supposed, candidates, points)
    return Outlook(candidates, supposed, len(closed), total, with_closed, points, reach)


def _closed(run: Run) -> list[Supposed]:
    kept = ProblemGain.objects.filter(closed_condition("problem__"), run=run).values_list("missed", flat=True)
    return [as_supposed(one) for one in kept]


def _numbers(free: int, every: int) -> list[int]:
    """The k that are shown: 0, what waits to be verified, and even steps to the last."""
    step = max(1.0, (every - free) / STEPS_SHOWN)
    steps = {free + round(step * number) for number in range(1, STEPS_SHOWN + 1)}
    return sorted({0, free, every} | {number for number in steps if number < every})


def _days(candidates: Sequence[Candidate]) -> list[float]:
    """The person-days of the first none, one, two ... of them."""
    found = [0.0]
    for one in candidates:
        found.append(found[-1] + one.person_days)
    return found


def _firsts(base: Supposed, candidates: Sequence[Candidate], numbers: Sequence[int]) -> Iterator[Supposed]:
    """For each of the rising `numbers`: `base` together with what the first so many hold back."""
    before = 0
    for number in numbers:
        base = together([base, *(one.missed for one in candidates[before:number])])
        before = number
        yield base


def _reach(run: Run, supposed: Supposed, candidates: Sequence[Candidate], points: Sequence[Point]) -> Point | None:
    """The first k at which the goal is reached, found between the two shown points around it."""
    goal = run.round.campaign.target
    after = next((n for n, point in enumerate(points) if goal is not None and point.total >= goal), None)
    if after is None or goal is None:
        return None
    low, high = (points[after - 1].number if after else 0), points[after]
    days = _days(candidates)
    while high.number - low > 1:
        step = max(1, (high.number - low) // 16)
        numbers = list(range(low + step, high.number, step))
        totals = supposed_totals(run, list(_firsts(supposed, candidates, numbers)))
        reached = [(number, total) for number, total in zip(numbers, totals, strict=True) if total >= goal]
        if reached:
            number, total = reached[0]
            high = Point(number, days[number], total)
        low = max([low, *(number for number in numbers if number < high.number)])
    return high
