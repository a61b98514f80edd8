"""What the years still open need: the inverse of the rule by which years make a cycle's result. Pure.

Source: scoring specification, Cycle. For weights 15/25/60, a target of 90 and two years of 88.10 and 87.20 the third
needs (90 - 0.15 x 88.10 - 0.25 x 87.20) / 0.60 = 91.64…, shown as 91.65: the least score of two decimals that does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Literal

from chuangwen.scoring.engine.figures import show

Verdict = Literal["needed", "reached", "unreachable", "over"]
RuleKind = Literal["weights", "last", "all"]


@dataclass(frozen=True, slots=True)
class Rule:
    """How years make the result: `weights` by year (the sum), the `last` year alone, or `all` that must pass."""

    kind: RuleKind
    weights: Mapping[int, float]  # by year; their keys are the years, whatever the kind


@dataclass(frozen=True, slots=True)
class Need:
    """What each year without a score needs, all of them the same; `points` only where there is something to need.

    reached: whatever comes, nothing can take it away. unreachable: not even full marks (or a year that failed
    already, `failed`). over: no year is open; `met` says how it ended. `best` is the most that can still come out.
    """

    verdict: Verdict
    points: float | None = None
    best: float | None = None
    met: bool | None = None
    failed: tuple[int, ...] = ()

    @property
    def shown(self) -> str:
        """The least score of two decimals that is enough without the help of the total's own rounding."""
        return "" if self.points is None else at_least(self.points)


def at_least(points: float) -> str:
    """Two decimals, up to the next hundredth where there is more; nine decimals of noise aside."""
    kept = Decimal(repr(round(points, 9)))
    return str(kept.quantize(Decimal("0.01"), rounding=ROUND_CEILING))


def needed(rule: Rule, held: Mapping[int, float], target: float, scale: float) -> Need:
    """What the years of the rule that are not in `held` need, so that the result reaches `target` points."""
    years = sorted(rule.weights)
    asked = years[-1:] if rule.kind == "last" else years
    missing = [year for year in asked if year not in held]
    if not missing:
        total = result(rule, held)
        return Need("over", best=total, met=total is not None and reaches(total, target))
    if rule.kind == "weights":
        return _weighed(rule, held, missing, target, scale)
    failed = tuple(year for year in asked if year in held and not reaches(held[year], target))
    best = result(rule, {**held, **dict.fromkeys(missing, scale)})
    if failed or target > scale:
        return Need("unreachable", best=best, failed=failed)
    return Need("reached", best=best) if target <= 0 else Need("needed", target, best)


def _weighed(rule: Rule, held: Mapping[int, float], missing: list[int], target: float, scale: float) -> Need:
    have = sum(weight * held[year] for year, weight in rule.weights.items() if year in held)
    rest = sum(rule.weights[year] for year in missing)
    best = have + rest * scale
    if have >= target:
        return Need("reached", best=best)
    if rest <= 0 or (points := (target - have) / rest) > scale:
        return Need("unreachable", best=best)
    return Need("needed", points, best)


def result(rule: Rule, totals: Mapping[int, float]) -> float | None:
    """What these totals make; None while a year that the rule asks for has none.

    As engine/years.py does for a table of subjects; a page of one campaign need not load what computes tables.
    """
    years = sorted(rule.weights)
    asked = years[-1:] if rule.kind == "last" else years
    if not asked or any(year not in totals for year in asked):
        return None
    if rule.kind == "weights":
        return sum(rule.weights[year] * totals[year] for year in asked)
    return min(totals[year] for year in asked)


def reaches(total: float, target: float) -> bool:
    """By the total as shown, as the rule of the years judges."""
    return float(show(total)) >= target
