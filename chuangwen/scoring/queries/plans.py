"""A plan under a limit of people and days: which problems first, what it takes, what it brings, what is left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

from chuangwen.core import clock
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.models import Unit
from chuangwen.rectification.models import Problem
from chuangwen.scoring.bound import bound_groups
from chuangwen.scoring.models import Run
from chuangwen.scoring.plan_solver import Item, Limits, Step, best_choice
from chuangwen.scoring.problem_words import won
from chuangwen.scoring.queries.missed import supposed_totals, together
from chuangwen.scoring.queries.outlook import Candidate, Outlook
from chuangwen.scoring.queries.winning import Horizon
from chuangwen.standards.queries import tree_of

if TYPE_CHECKING:
    from chuangwen.scoring.engine.what_if import Missed, Supposed

STEPS_A_GROUP: Final = 40
BETTERED: Final = 10  # problems that are added one by one after the programme, judged by the whole standard
LOOKED_AT: Final = 200
NOTHING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class PlanAsk:
    """The limits of a plan: people, working days, yuan (None: no limit), people of single units by their key."""

    people: int
    days: int
    money: float | None = None
    units: Mapping[int, int] = field(default_factory=dict)

    @property
    def until(self) -> date:
        return default_calendar().add_workdays(clock.today(), self.days)

    @property
    def limits(self) -> Limits:
        own = {unit: float(people * self.days) for unit, people in self.units.items()}
        return Limits(float(self.people * self.days), self.money, own)


@dataclass(frozen=True, slots=True)
class UnitPart:
    """What one unit does in a plan; `points` as each of its problems brings by itself."""

    unit: Unit
    chosen: list[Candidate]
    limit: int | None = None  # people of its own

    @property
    def won(self) -> str:
        return won(self.points)

    @property
    def points(self) -> float:
        return sum(one.points for one in self.chosen)

    @property
    def person_days(self) -> float:
        return sum(one.person_days for one in self.chosen)

    @property
    def cost(self) -> float:
        return sum(one.cost for one in self.chosen)


@dataclass(frozen=True)
class Plan:
    """The chosen problems in their order, what waits to be verified first, and the totals by the engine."""

    ask: PlanAsk
    chosen: list[Candidate]
    before: float  # with what was closed since the run
    expected: float
    proven: bool
    too_long: list[Candidate]
    no_points: list[Candidate]
    no_room: list[Candidate]

    @property
    def gain(self) -> float:
        return self.expected - self.before

    @property
    def free(self) -> list[Candidate]:
        return [one for one in self.chosen if one.free]

    @property
    def worked(self) -> list[Candidate]:
        return [one for one in self.chosen if not one.free]

    @property
    def person_days(self) -> float:
        return sum(one.person_days for one in self.chosen)

    @property
    def cost(self) -> float:
        return sum(one.cost for one in self.chosen)

    @cached_property
    def units(self) -> list[UnitPart]:
        """What is to be worked on by unit, the most points first. One query."""
        parts: defaultdict[int, list[Candidate]] = defaultdict(list)
        for one in self.worked:
            parts[one.lead_id].append(one)
        limits, units = self.ask.units, Unit.objects.in_bulk(parts)
        made = (UnitPart(units[pk], chosen, limits.get(pk)) for pk, chosen in parts.items())
        return sorted(made, key=lambda part: (-part.points, part.unit.pk))


def problems_of(candidates: Iterable[Candidate]) -> list[Problem]:
    """The problems themselves, with place, lead and type, in the order given: one query."""
    keys = [one.problem_id for one in candidates]
    found = Problem.objects.select_related("lead", "place", "problem_type").in_bulk(keys)
    return [found[key] for key in keys]


def usual_ask(outlook: Outlook, horizon: Horizon) -> PlanAsk:
    """(proposed) One person of each unit that leads a problem, each working day until the next round."""
    units = {one.lead_id for one in outlook.candidates if not one.free}
    days = default_calendar().workdays_between(clock.today(), horizon.day)
    return PlanAsk(max(1, len(units)), max(1, days))


def plan_of(run: Run, outlook: Outlook, ask: PlanAsk) -> Plan:
    """The plan that wins most within the limits.

    Exact where the standard is linear. Where bands or tables bind leaves together, the programme chooses among the
    easiest first problems of each such part (Step), then problems are added while the engine's total rises. The
    totals shown are the engine's for all that was chosen, whatever the way to it.
    """
    free = [one for one in outlook.candidates if one.free]
    base = together([outlook.closed, *(one.missed for one in free)])
    days = (ask.until - clock.today()) / timedelta(days=1)
    able = [one for one in outlook.candidates if not one.free and one.effort.least_days <= days]
    picked, proven = _picked(run, base, able, ask.limits)
    picked = _needed(run, base, able, _bettered(run, base, able, picked, ask.limits))
    chosen = [*free, *(able[number] for number in sorted(picked))]
    total = supposed_totals(run, [together([outlook.closed, *(one.missed for one in chosen)])])[0]
    taken = {one.problem_id for one in chosen}
    left = [one for one in able if one.problem_id not in taken]
    return Plan(
        ask, chosen, outlook.with_closed, total, proven,
        too_long=[one for one in outlook.candidates if not one.free and one.effort.least_days > days],
        no_points=[one for one in left if one.points <= NOTHING],
        no_room=[one for one in left if one.points > NOTHING],
    )  # fmt: skip


def _picked(run: Run, base: Supposed, able: Sequence[Candidate], limits: Limits) -> tuple[set[int], bool]:
    """The positions that the programme chooses, and whether no other choice is better by its own count."""
    bound = bound_groups(tree_of(run.version))
    free_of = {id(one.missed): _without(one.missed, bound) for one in able}  # many problems share what they hold back
    simple = [free_of[id(one.missed)] for one in able]
    steps = list(_steps(able, bound))
    now, *totals = supposed_totals(run, [{}, *simple, *(part for _group, _numbers, part in steps)], base)
    items = [
        Item(max(0.0, total - now) if part else 0.0, one.person_days, one.cost, one.lead_id)
        for one, part, total in zip(able, simple, totals[: len(able)], strict=True)
    ]
    made = [
        Step(group, frozenset(numbers), total - now)
        for (group, numbers, _part), total in zip(steps, totals[len(able) :], strict=True)
        if total - now > NOTHING
    ]
    choice = best_choice(items, limits, made)
    return set(choice.items), choice.proven


def _without(held: Supposed, bound: Collection[str]) -> Supposed:
    return {code: missed for code, missed in held.items() if code not in bound}


def _steps(able: Sequence[Candidate], bound: Mapping[str, str]) -> Iterable[tuple[str, list[int], Supposed]]:
    """(group, positions, what they hold back there) of the first so many of each bound part, the easiest first."""
    members: defaultdict[str, list[tuple[float, int, Supposed]]] = defaultdict(list)
    for number, one in enumerate(able):
        parts: defaultdict[str, dict[str, Missed]] = defaultdict(dict)
        for code, missed in one.missed.items():
            if code in bound:
                parts[bound[code]][code] = missed
        for group, part in parts.items():
            weight = sum(missed.weight for missed in part.values())
            members[group].append((one.person_days / max(weight, NOTHING), number, part))
    for group, rows in sorted(members.items()):
        rows.sort(key=lambda row: row[:2])
        jump = max(1, -(-len(rows) // STEPS_A_GROUP))
        for last in sorted({*range(jump, len(rows), jump), len(rows)}):
            first = rows[:last]
            yield group, [number for _ease, number, _part in first], together([part for *_others, part in first])


def _bettered(run: Run, base: Supposed, able: Sequence[Candidate], picked: set[int], limits: Limits) -> set[int]:
    """Adds one problem after another while one fits and the engine's total rises by it."""
    chosen = set(picked)
    for _round in range(BETTERED):
        fits = _fitting(able, chosen, limits)[:LOOKED_AT]
        if not fits:
            break
        held = together([base, *(able[n].missed for n in sorted(chosen))])
        now, *totals = supposed_totals(run, [{}, *(able[n].missed for n in fits)], held)
        best = max(range(len(totals)), key=lambda number: (totals[number], -number))
        if totals[best] - now <= NOTHING:
            break
        chosen.add(fits[best])
    return chosen


def _needed(run: Run, base: Supposed, able: Sequence[Candidate], picked: set[int]) -> set[int]:
    """Without those that bring nothing by themselves and nothing together with the others, the costliest first."""
    chosen = set(picked)

    def total(part: set[int]) -> float:
        return supposed_totals(run, [together([base, *(able[n].missed for n in sorted(part))])])[0]

    doubtful = sorted((n for n in chosen if able[n].points <= NOTHING), key=lambda n: (-able[n].person_days, n))
    whole = total(chosen) if doubtful else 0.0
    for number in doubtful[:LOOKED_AT]:
        less = total(chosen - {number})
        if less >= whole - NOTHING:
            chosen, whole = chosen - {number}, less
    return chosen


def _fitting(able: Sequence[Candidate], chosen: set[int], limits: Limits) -> list[int]:
    """The positions that are not chosen and would fit beside what is."""
    room, money = limits.effort, limits.cost
    own = dict(limits.units)
    for number in chosen:
        one = able[number]
        room -= one.person_days
        money = None if money is None else money - one.cost
        if one.lead_id in own:
            own[one.lead_id] -= one.person_days
    return [
        number
        for number, one in enumerate(able)
        if number not in chosen
        and one.person_days <= min(room, own.get(one.lead_id, room)) + NOTHING
        and (money is None or one.cost <= money + NOTHING)
    ]
