"""Reads the parties that a standard names beside a criterion: who leads, who cooperates.

Standards name parties loosely: 城管部门 is one unit, 各街道 are many, 属地街道 is whichever street
a place lies in. Pure: names are resolved by the caller.

The rule (customary in published 责任分解表): who is named first leads. A territorial collective
named first leads split by territory (分片牵头), each in its own area. Any other collective only
cooperates: the first party that is one single unit leads, and where there is none a territorial
collective does. What nobody leads then stays a gap, which the office fills.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

# The territory that a place lies in, as the collective of all such territories.
LOCAL = {
    "属地": "各镇街", "属地镇街": "各镇街", "属地街道": "各街道", "属地乡镇": "各乡镇", "属地镇": "各镇",
    "属地乡镇街道": "各乡镇街道", "属地社区": "各社区",
}  # fmt: skip
TERRITORIAL = frozenset({*LOCAL, *LOCAL.values(), "各村"})
# Whoever is in charge of the places that the criterion looks at.
BY_PLACE = frozenset({"各场所主管单位", "场所主管单位", "各场所主管部门", "场所主管部门"})

Resolve = Callable[[str], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a criterion's parties come to: ids of units, and the names that fit none."""

    leads: tuple[int, ...] = ()
    cooperates: tuple[int, ...] = ()
    split: bool = False
    unknown: tuple[str, ...] = ()


def read_hints(parties: Sequence[str], resolve: Resolve) -> Reading:
    """Who leads and who cooperates. `resolve` gives the units that a name means, none if unknown."""
    known = [(name, tuple(resolve(LOCAL.get(name, name)))) for name in parties]
    unknown = tuple(name for name, units in known if not units)
    found = [(name, units) for name, units in known if units]
    leading = _leading(found)
    leads = _once(unit for name, units in found if name in leading for unit in units)
    others = _once(unit for name, units in found if name not in leading for unit in units)
    split = bool(leading) and leading[0] in TERRITORIAL and len(leads) > 1
    return Reading(leads, tuple(unit for unit in others if unit not in leads), split, unknown)


def _leading(found: Sequence[tuple[str, tuple[int, ...]]]) -> list[str]:
    """The names that lead: one single unit, or the territories that stand at the head of the list."""
    territories = [name for name, _units in found if name in TERRITORIAL]
    if territories and found[0][0] == territories[0]:
        head = next((n for n, (name, _units) in enumerate(found) if name not in TERRITORIAL), None)
        return [name for name, _units in found[:head]]
    single = next((name for name, units in found if len(units) == 1), None)
    return [single] if single else territories


def _once(units: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(units))
