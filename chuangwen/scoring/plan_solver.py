"""Which problems to put right first, under a limit of person-days: an integer programme, solved by HiGHS. Pure.

Objective: points won back. A problem's own points count where the standard's rules are linear in it; where they are
not (bands, tables, the smallest of several), a `Step` says what a set of problems brings together, and at most one
step of a group counts. Limits: person-days in all and of a unit, money. Problems that are alike in all of this are one
number in the programme, how many of them to take: of thousands of problems there are a few hundred sorts. What is
chosen among equals is fixed by order, and the search has no random part: the same question has the same answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import highspy

MOST_SECONDS: Final = 10.0  # of the search; what was found until then is a plan too
GAP: Final = 1e-6  # how far from the best a plan may be, as a share of its points
_TIE: Final = 1e-9  # points for each person-day: of equal plans the cheaper one


@dataclass(frozen=True, slots=True)
class Item:
    """A problem that could be put right: points by itself, person-days, money, and who would do it."""

    points: float
    effort: float
    cost: float = 0.0
    unit: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What the items at these positions bring together beyond their own points; of one group one step counts."""

    group: Hashable
    items: frozenset[int]
    points: float


@dataclass(frozen=True, slots=True)
class Limits:
    """Person-days in all, money (None: no limit), person-days of single units."""

    effort: float
    cost: float | None = None
    units: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The chosen positions, rising; `proven`: no other choice brings more (within GAP)."""

    items: tuple[int, ...]
    proven: bool


def best_choice(items: Sequence[Item], limits: Limits, steps: Collection[Step] = ()) -> Chosen:
    """The items that bring most within the limits. Limits below 0 leave nothing to choose."""
    useful = [step for step in steps if step.points > 0]
    wanted = [n for n, one in enumerate(items) if one.points > 0 or any(n in step.items for step in useful)]
    if not wanted or limits.effort < 0 or (limits.cost is not None and limits.cost < 0):
        return Chosen((), proven=True)
    if not useful and _all_fit([items[n] for n in wanted], limits):
        return Chosen(tuple(wanted), proven=True)
    return _solved(items, wanted, useful, limits)


def _all_fit(items: Collection[Item], limits: Limits) -> bool:
    by_unit: defaultdict[int | None, float] = defaultdict(float)
    for one in items:
        by_unit[one.unit] += one.effort
    if sum(by_unit.values()) > limits.effort or any(by_unit[unit] > most for unit, most in limits.units.items()):
        return False
    return limits.cost is None or sum(one.cost for one in items) <= limits.cost


def _solved(items: Sequence[Item], wanted: list[int], steps: list[Step], limits: Limits) -> Chosen:
    import highspy  # noqa: PLC0415 (when needed: no start of the program should wait for it)

    model = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in (
        ("output_flag", False), ("threads", 1), ("random_seed", 0), ("mip_rel_gap", GAP), ("time_limit", MOST_SECONDS),
    ):  # fmt: skip
        model.setOptionValue(name, value)
    sorts = _sorts(items, wanted, steps, limits.units)
    takes = [_whole(model, len(sort), -items[sort[0]].points + _TIE * items[sort[0]].effort) for sort in sorts]
    firsts = [items[sort[0]] for sort in sorts]
    _limit(model, takes, [one.effort for one in firsts], limits.effort)
    if limits.cost is not None:
        _limit(model, takes, [one.cost for one in firsts], limits.cost)
    for unit, most in limits.units.items():
        _limit(model, takes, [one.effort if one.unit == unit else 0.0 for one in firsts], most)
    marks = _add_steps(model, sorts, takes, steps)
    model.minimize()
    status = model.getModelStatus()
    values = model.getSolution().col_value
    if not values:  # nothing found in time: nothing chosen is always allowed
        return Chosen((), proven=False)
    taken = [n for sort, take in zip(sorts, takes, strict=True) for n in sort[: round(values[take])]]
    # what brings nothing by itself, nor with a step that counts, costs less than the gap and is work for nothing
    helped = {n for step, mark in zip(steps, marks, strict=True) if round(values[mark]) for n in step.items}
    chosen = sorted(n for n in taken if items[n].points > 0 or n in helped)
    return Chosen(tuple(chosen), proven=status == highspy.HighsModelStatus.kOptimal)


def _sorts(
    items: Sequence[Item], wanted: Sequence[int], steps: Sequence[Step], limited: Collection[int]
) -> list[list[int]]:
    """The positions of items that are alike and stand in the same steps, in the order of the first of each sort.

    Who does it tells items apart only where that unit is `limited`.
    """
    within: defaultdict[int, list[int]] = defaultdict(list)
    for place, step in enumerate(steps):
        for n in step.items:
            within[n].append(place)
    sorts: defaultdict[tuple[Hashable, ...], list[int]] = defaultdict(list)
    for n in wanted:
        one = items[n]
        unit = one.unit if one.unit in limited else None
        sorts[one.points, one.effort, one.cost, unit, tuple(within[n])].append(n)
    return list(sorts.values())


def _whole(model: highspy.Highs, most: int, points: float) -> int:
    """A new number 0, 1 ... `most` of the programme; its index."""
    return int(model.addIntegral(lb=0, ub=most, obj=points).index)


def _limit(model: highspy.Highs, takes: Sequence[int], each: Sequence[float], most: float) -> None:
    used = [(take, amount) for take, amount in zip(takes, each, strict=True) if amount > 0]
    if used:
        model.addRow(-inf, most, len(used), [take for take, _amount in used], [amount for _take, amount in used])


def _add_steps(
    model: highspy.Highs, sorts: Sequence[Sequence[int]], takes: Sequence[int], steps: Collection[Step]
) -> list[int]:
    """A step counts once all its items are taken, and only one of its group; returns the index of each in the model."""
    marks: list[int] = []
    groups: defaultdict[Hashable, list[int]] = defaultdict(list)
    for step in steps:
        mark = _whole(model, 1, -step.points)
        marks.append(mark)
        groups[step.group].append(mark)
        for sort, take in zip(sorts, takes, strict=True):
            if sort[0] in step.items:  # a sort stands in a step as a whole
                model.addRow(-inf, 0.0, 2, [mark, take], [float(len(sort)), -1.0])
    for group in groups.values():
        model.addRow(-inf, 1.0, len(group), group, [1.0] * len(group))
    return marks
