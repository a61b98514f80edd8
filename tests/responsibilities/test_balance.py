"""Which units carry too much."""

from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.responsibilities.balance import OverloadRule, limit_of, overloaded


def test_limit_is_the_mean_and_so_many_deviations_of_units_with_duties():
    loads = {1: 2, 2: 4, 3: 0}
    assert limit_of(loads, OverloadRule(deviations=2)) == 3 + 2 * 1


def test_unit_above_the_limit_is_overloaded_and_one_at_the_limit_is_not():
    loads = {1: 1, 2: 1, 3: 1, 4: 9}
    assert overloaded(loads, OverloadRule(deviations=1)) == {4}
    assert overloaded({1: 5, 2: 5}, OverloadRule()) == frozenset()


def test_fixed_limit_counts_where_it_is_lower():
    loads = {1: 20, 2: 21, 3: 22}
    assert overloaded(loads, OverloadRule(deviations=10, most=21)) == {3}
    assert limit_of(loads, OverloadRule(deviations=0, most=100)) == 21


def test_nobody_is_overloaded_where_nobody_has_a_duty():
    assert limit_of({1: 0}, OverloadRule(most=3)) == math.inf
    assert overloaded({}, OverloadRule()) == frozenset()


@settings(max_examples=60)
@given(st.dictionaries(st.integers(1, 60), st.integers(0, 90)), st.floats(0, 3))
def test_equal_loads_never_differ_in_verdict(loads, deviations):
    verdict = overloaded(loads, OverloadRule(deviations))
    assert {loads[unit] for unit in verdict}.isdisjoint({n for unit, n in loads.items() if unit not in verdict})
