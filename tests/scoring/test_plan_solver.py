"""The best choice within limits, against every other choice there is."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.scoring import plan_solver
from chuangwen.scoring.plan_solver import Chosen, Item, Limits, Step, best_choice

pytestmark = pytest.mark.once  # no database has a say in it

HALVES = st.integers(0, 12).map(lambda n: n / 2)
ANY = st.builds(Item, HALVES, HALVES, st.integers(0, 4).map(float), st.sampled_from([1, 2]))
ALIKE = st.sampled_from([Item(1.0, 1.0, 1.0, 1), Item(1.0, 1.0, 1.0, 2), Item(0.0, 0.5, 0.0, 1), Item(3.0, 2.5, 2.0)])
ITEMS = st.lists(ANY, min_size=1, max_size=8) | st.lists(ALIKE, min_size=4, max_size=8)


def brought(items: list[Item], chosen: tuple[int, ...], steps: list[Step]) -> float:
    """Points of a choice: its items', and of each group the best step whose items are all there."""
    best: dict[object, float] = {}
    for step in steps:
        if step.items <= set(chosen):
            best[step.group] = max(best.get(step.group, 0.0), step.points)
    return sum(items[n].points for n in chosen) + sum(best.values())


def allowed(items: list[Item], chosen: tuple[int, ...], limits: Limits) -> bool:
    picked = [items[n] for n in chosen]
    if sum(one.effort for one in picked) > limits.effort:
        return False
    if limits.cost is not None and sum(one.cost for one in picked) > limits.cost:
        return False
    return all(sum(one.effort for one in picked if one.unit == unit) <= most for unit, most in limits.units.items())


def best_of_all(items: list[Item], limits: Limits, steps: list[Step]) -> float:
    every = [chosen for n in range(len(items) + 1) for chosen in combinations(range(len(items)), n)]
    return max(brought(items, chosen, steps) for chosen in every if allowed(items, chosen, limits))


@settings(max_examples=150, deadline=None)
@given(
    ITEMS, HALVES, st.none() | st.integers(0, 8).map(float), st.dictionaries(st.sampled_from([1, 2]), HALVES), st.data()
)
def test_nothing_else_that_is_allowed_brings_more(items, effort, cost, units, data):
    positions = st.frozensets(st.integers(0, len(items) - 1), min_size=1)
    steps = data.draw(st.lists(st.builds(Step, st.sampled_from("ab"), positions, HALVES), max_size=4))
    limits = Limits(effort, cost, units)
    choice = best_choice(items, limits, steps)
    assert allowed(items, choice.items, limits)
    assert choice.proven
    most = brought(items, choice.items, steps)
    assert abs(most - best_of_all(items, limits, steps)) < 1e-4
    less = [tuple(n for n in choice.items if n != left) for left in choice.items]
    assert all(brought(items, one, steps) < most for one in less)  # nothing is done for nothing
    assert best_choice(items, limits, steps) == choice


def test_of_equal_choices_the_cheaper_one_is_taken_and_what_brings_nothing_stays_out():
    items = [Item(1.0, 2.0), Item(1.0, 1.0), Item(0.0, 0.0)]
    assert best_choice(items, Limits(2.0)) == Chosen((1,), proven=True)


def test_everything_that_brings_something_is_taken_where_all_of_it_fits():
    items = [Item(1.0, 2.0, 5.0, 1), Item(0.5, 1.0, 5.0, 2)]
    assert best_choice(items, Limits(3.0, 10.0, {1: 2.0})).items == (0, 1)
    assert best_choice(items, Limits(3.0, 9.0, {1: 2.0})).items == (0,)
    assert best_choice(items, Limits(3.0, 10.0, {1: 1.0})).items == (1,)


def test_a_step_counts_only_with_all_its_items_and_once_a_group():
    items = [Item(0.0, 1.0), Item(0.0, 1.0), Item(1.0, 2.0)]
    both = [Step("a", frozenset({0, 1}), 3.0), Step("a", frozenset({0}), 0.5)]
    assert best_choice(items, Limits(2.0), both).items == (0, 1)
    assert best_choice(items, Limits(1.0), both).items == (0,)
    assert best_choice(items, Limits(3.0), both).items == (0, 1)
    either = [Step("a", frozenset({0}), 2.0), Step("a", frozenset({1}), 1.5)]
    assert best_choice(items[:2], Limits(2.0), either).items == (0,)


def test_nothing_is_spent_on_what_brings_nothing_though_all_of_it_fits():
    assert best_choice([Item(1.0, 1.0), Item(0.0, 0.0)], Limits(5.0)).items == (0,)
    assert best_choice([Item(1.0, 1.0)], Limits(1.0, 0.0)).items == (0,)  # no money, and none is needed


def test_search_that_ran_out_of_time_chooses_nothing_and_says_nothing_is_proven(monkeypatch, capfd):
    items = [Item(1.0, 2.0), Item(1.0, 1.0)]
    assert best_choice(items, Limits(2.0)).proven
    capfd.readouterr()  # a word of welcome, once a process
    monkeypatch.setattr(plan_solver, "MOST_SECONDS", 0.0)
    assert best_choice(items, Limits(2.0)) == Chosen((), proven=False)
    assert capfd.readouterr() == ("", "")


def test_thousands_of_problems_of_a_few_sorts_are_chosen_from_exactly():
    items = [Item(1.0, 1.0, unit=n) if n % 3 else Item(2.5, 2.0, unit=n) for n in range(6000)]
    dearest = [n for n in range(6000) if n % 3 == 0]
    choice = best_choice(items, Limits(4001.0, units={3: 1.0}))  # the dearest but one of a unit without room
    assert choice == Chosen(tuple(sorted([*(n for n in dearest if n != 3), 1, 2, 4])), proven=True)


def test_limits_below_nought_leave_nothing():
    assert best_choice([Item(1.0, 0.0)], Limits(-1.0)) == Chosen((), proven=True)
    assert best_choice([Item(1.0, 0.0)], Limits(1.0, -1.0)) == Chosen((), proven=True)
    assert best_choice([], Limits(1.0)) == Chosen((), proven=True)
