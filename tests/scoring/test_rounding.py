"""Figures of two digits add up to the total as shown, and none is a hundredth off."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chuangwen.scoring.engine import show
from chuangwen.scoring.engine.figures import hundredths
from chuangwen.scoring.rounding import shown_parts

PARTS = st.lists(st.floats(0, 1000, allow_nan=False, allow_subnormal=False), max_size=40)


@given(PARTS)
def test_parts_add_up_to_the_total_as_shown(parts: list[float]) -> None:
    shown, total = shown_parts(parts)
    assert f"{total:.2f}" == show(sum(parts))
    assert sum(round(one * 100) for one in shown) == round(total * 100)
    assert all(abs(one - part) < 0.01 + 1e-8 for one, part in zip(shown, parts, strict=True))
    assert all(one == 0 for one, part in zip(shown, parts, strict=True) if part == 0)


@given(PARTS, st.data())
def test_part_of_a_figure_is_never_shown_larger_than_the_figure(parts: list[float], data: st.DataObject) -> None:
    shown, total = shown_parts(parts)
    some = [part * data.draw(st.sampled_from([0.0, 0.3, 0.999, 1.0])) for part in parts]
    caps = [round(one * 100) for one in shown]
    less, sum_of_less = shown_parts(some, most=caps)
    assert all(round(one * 100) <= cap for one, cap in zip(less, caps, strict=True))
    assert sum(round(one * 100) for one in less) == round(sum_of_less * 100)
    assert sum_of_less <= total
    assert round(sum_of_less * 100) == hundredths(sum(some))
    if some == parts:
        assert (less, sum_of_less) == (shown, total)


def test_the_part_that_lacks_least_of_its_next_hundredth_gets_it() -> None:
    assert shown_parts([1.004, 1.003, 1.003]) == ([1.01, 1.0, 1.0], 3.01)
    assert shown_parts([0.333333333] * 3, 1.0) == ([0.34, 0.33, 0.33], 1.0)
    assert shown_parts([1.003, 1.004, 1.003]) == ([1.0, 1.01, 1.0], 3.01)
    assert shown_parts([5.003, 1.004]) == ([5.0, 1.01], 6.01)  # the size of a part decides nothing
    assert shown_parts([1.005, 2.005]) == ([1.0, 2.01], 3.01)  # unless they lack the same
    assert (hundredths(0.125), hundredths(2.0049999999)) == (13, 201)


def test_total_that_is_given_is_reached_only_by_parts_with_something_behind_their_hundredths() -> None:
    assert shown_parts([1.004, 1.004], 2.02) == ([1.01, 1.01], 2.02)
    assert shown_parts([0.0, 1.0], 1.01) == ([0.0, 1.0], 1.0)


def test_what_caps_take_goes_to_the_greatest_other_with_room() -> None:
    """So the same points come to the same total by unit and by criterion."""
    assert shown_parts([1.004, 1.004, 5.0, 2.0], most=[100, 100, 600, 600]) == ([1.0, 1.0, 5.01, 2.0], 9.01)


def test_part_at_its_cap_leaves_the_hundredth_to_the_next() -> None:
    assert shown_parts([1.006, 1.003], most=[100, 200]) == ([1.0, 1.01], 2.01)
