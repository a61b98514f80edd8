"""Every metre of both sides has one unit, none, or several; what is told adds up to the road."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.responsibilities.metres import BOTH, LEFT, RIGHT, Stretch, coverage_of

stretches = st.lists(
    st.builds(
        lambda a, n, side: Stretch(a, a + n, side), st.integers(0, 60), st.integers(1, 40),
        st.sampled_from([BOTH, LEFT, RIGHT]),
    ),
    max_size=7,
)  # fmt: skip


def held(found, metre, side):
    return sum(one.starts <= metre < one.ends and one.lies_on(side) for one in found)


@settings(max_examples=150)
@given(stretches, st.integers(1, 80))
def test_gaps_and_overlaps_say_of_each_metre_and_side_what_is_true(given_to, length):
    found = coverage_of(length, given_to)
    for side in (LEFT, RIGHT):
        for metre in range(length):
            units = held(given_to, metre, side)
            assert held(found.gaps, metre, side) == (units == 0)
            assert held(found.overlaps, metre, side) == (units > 1)
    halves = sum(one.metres * (2 if one.side == BOTH else 1) for one in found.gaps)
    assert found.open_metres == halves / 2
    assert found.is_whole == (halves == 0)
    assert all(one.ends <= length for one in (*found.gaps, *found.overlaps))


def test_neighbouring_metres_of_the_same_sides_are_told_at_once():
    found = coverage_of(500, [Stretch(0, 100), Stretch(100, 200), Stretch(150, 300, LEFT), Stretch(400, 500, RIGHT)])
    assert found.gaps == [Stretch(200, 300, RIGHT), Stretch(300, 400), Stretch(400, 500, LEFT)]
    assert found.overlaps == [Stretch(150, 200, LEFT)]
    assert (found.covered, found.open_metres) == (300, 200)
