"""Says which units carry too much of the breakdown.

No source gives a figure, so the rule is a setting of the region and is shown beside its result
(proposed): a unit is overloaded when its duties exceed the mean by more than `deviations`
standard deviations, or exceed `most`. Mean and deviation are taken over units that have a duty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from statistics import fmean, pstdev


@dataclass(frozen=True, slots=True)
class OverloadRule:
    """`most` 0: no fixed limit."""

    deviations: float = 1.5
    most: int = 0


def limit_of(loads: Mapping[int, int], rule: OverloadRule) -> float:
    """The number of duties above which a unit is overloaded; infinite where nobody has any."""
    carried = [load for load in loads.values() if load > 0]
    if not carried:
        return inf
    spread = fmean(carried) + rule.deviations * pstdev(carried)
    return min(spread, rule.most) if rule.most else spread


def overloaded(loads: Mapping[int, int], rule: OverloadRule) -> frozenset[int]:
    """The units above the limit. `loads`: duties by unit id."""
    limit = limit_of(loads, rule)
    return frozenset(unit for unit, load in loads.items() if load > limit)
