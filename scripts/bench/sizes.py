"""How large the city is: the target size of the program times a scale."""

from __future__ import annotations

from dataclasses import dataclass

LINES, STREETS = 119, 20  # of 1,200 units; the root is one more, the rest are communities
ROUNDS = 10
ANSWERS_A_VISIT = 50
SEEN_BY_AN_ANSWER = 2  # observations: one answer counts for more than one criterion


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many rows of each kind."""

    units: int
    places: int
    problems: int
    open_problems: int
    photos: int
    visits_a_round: int
    observations: int
    tasks: int

    @property
    def lines(self) -> int:
        return max(6, LINES * self.units // 1200)

    @property
    def streets(self) -> int:
        return max(2, STREETS * self.units // 1200)

    @property
    def communities(self) -> int:
        return self.units - 1 - self.lines - self.streets


def sizes_at(scale: float) -> Sizes:
    """The target size times `scale`, with floors below which the pages would be empty."""

    def of(target: int, floor: int) -> int:
        return max(floor, round(target * scale))

    visits = of(1000, 10)
    return Sizes(
        units=of(1200, 24),
        places=of(12_000, 60),
        problems=of(200_000, 240),
        open_problems=of(6000, 120),
        photos=of(100_000, 60),
        visits_a_round=visits,
        observations=ROUNDS * visits * ANSWERS_A_VISIT * SEEN_BY_AN_ANSWER,
        tasks=of(4000, 80),
    )
