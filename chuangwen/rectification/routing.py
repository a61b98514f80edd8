"""Whose problem it is: problem type x place type x territory -> lead unit. Pure.

Source: practice.md, "a problem is not simply the place keeper's"; 问题归口表.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A routing rule; None matches everything. A rule for a territory holds in all that lies inside it."""

    pk: int
    problem_type: int
    place_type: int | None
    territory: int | None
    lead: int


@dataclass(frozen=True, slots=True)
class Route:
    """The lead, and by what it was found: rule | keeper | territory | office."""

    lead: int | None
    by: str
    rule: int | None = None


def route(
    rules: Iterable[Rule],
    *,
    problem_type: int,
    place_type: int | None,
    territories: Sequence[int],
    keeper: int | None,
) -> Route:
    """The most exact rule that fits; without one the keeper, then the territory; else nobody (the office decides).

    `territories` is the territory and what it lies in, the nearest first. A rule for a territory
    beats one for the place type, since it was made for that spot; a nearer territory beats a wider
    one; of equals the newer rule wins.
    """
    nearness = {territory: len(territories) - place for place, territory in enumerate(territories)}

    def fits(rule: Rule) -> bool:
        return (
            rule.problem_type == problem_type
            and (rule.place_type is None or rule.place_type == place_type)
            and (rule.territory is None or rule.territory in nearness)
        )

    def exactness(rule: Rule) -> tuple[int, bool, int]:
        near = nearness[rule.territory] if rule.territory is not None else 0
        return near, rule.place_type is not None, rule.pk

    best = max((rule for rule in rules if fits(rule)), key=exactness, default=None)
    if best:
        return Route(best.lead, "rule", best.pk)
    if keeper is not None:
        return Route(keeper, "keeper")
    if territories:
        return Route(territories[0], "territory")
    return Route(None, "office")
