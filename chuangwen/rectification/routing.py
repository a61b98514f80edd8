"""Whose problem it is: problem type x place type x territory -> lead unit. Pure.

Source: practice.md, "a problem is not simply the place keeper's"; 问题归口表.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A routing rule; None matches everything."""

    pk: int
    problem_type: int
    place_type: int | None
    territory: int | None
    lead: int

    def fits(self, problem_type: int, place_type: int | None, territory: int | None) -> bool:
        return (
            self.problem_type == problem_type
            and self.place_type in {None, place_type}
            and self.territory in {None, territory}
        )

    @property
    def exactness(self) -> tuple[bool, bool]:
        """A rule for the territory beats one for the place type: it was made for that spot."""
        return (self.territory is not None, self.place_type is not None)


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
    territory: int | None,
    keeper: int | None,
) -> Route:
    """The most exact rule that fits; without one the keeper, then the territory; else nobody (the office decides)."""
    fitting = [rule for rule in rules if rule.fits(problem_type, place_type, territory)]
    if fitting:
        best = max(fitting, key=lambda rule: (rule.exactness, -rule.pk))
        return Route(best.lead, "rule", best.pk)
    if keeper is not None:
        return Route(keeper, "keeper")
    if territory is not None:
        return Route(territory, "territory")
    return Route(None, "office")
