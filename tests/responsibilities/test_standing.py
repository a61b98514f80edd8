"""Where an instruction stands, from the states of its tasks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.responsibilities.models import OPEN_TASK_STATES, TaskState
from chuangwen.responsibilities.standing import (
    ANSWERED,
    CLOCK_STATES,
    DONE,
    DONE_STATE,
    GONE_STATE,
    REPLIED_STATE,
    RUNNING,
    UNASSIGNED,
    WAITING_STATES,
    WITHDRAWN,
    Part,
    Standing,
    standing,
)
from tests.support.factories import NOON

STATES = [str(state) for state in TaskState]
parts = st.lists(st.builds(Part, st.sampled_from(STATES), st.integers(-5, 5).map(lambda d: NOON + timedelta(days=d))))


def at(*states, withdrawn=False, due=NOON + timedelta(days=1)):
    return standing([Part(state, due) for state in states], withdrawn=withdrawn, now=NOON)


def test_states_are_those_of_tasks():
    assert WAITING_STATES | {REPLIED_STATE, DONE_STATE, GONE_STATE} == set(STATES)
    assert {str(state) for state in OPEN_TASK_STATES} == CLOCK_STATES


@pytest.mark.parametrize(
    ("states", "key"),
    [
        ((), UNASSIGNED),
        (("cancelled",), UNASSIGNED),
        (("issued",), RUNNING),
        (("reported", "objected"), RUNNING),
        (("reported", "cancelled"), ANSWERED),
        (("confirmed", "reported"), ANSWERED),
        (("confirmed", "cancelled"), DONE),
    ],
)
def test_standing_follows_from_the_tasks(states, key):
    assert at(*states).key == key
    assert at(*states, withdrawn=True).key == WITHDRAWN


def test_deadline_is_the_earliest_that_somebody_still_has_to_keep():
    tomorrow, later = NOON + timedelta(days=1), NOON + timedelta(days=3)
    mixed = [Part("reported", tomorrow), Part("accepted", later)]
    assert standing(mixed, withdrawn=False, now=NOON) == Standing(RUNNING, 2, 1, later)
    done = [Part("confirmed", tomorrow), Part("confirmed", later), Part("cancelled", NOON + timedelta(days=9))]
    assert standing(done, withdrawn=False, now=NOON) == Standing(DONE, 2, 2, later)


def test_late_is_a_unit_past_its_deadline_without_a_reply():
    passed = NOON - timedelta(seconds=1)
    assert [at(state, due=passed).is_late for state in ("issued", "accepted", "objected")] == [True] * 3
    assert [at(state, due=passed).is_late for state in ("draft", "reported", "confirmed", "cancelled")] == [False] * 4
    assert (at("issued", due=NOON).is_late, at("issued", due=passed, withdrawn=True).is_late) == (False, False)


@settings(max_examples=100)
@given(parts, st.booleans())
def test_a_cancelled_task_changes_nothing(given_parts, withdrawn):
    whole = standing(given_parts, withdrawn=withdrawn, now=NOON)
    without = standing([one for one in given_parts if one.state != GONE_STATE], withdrawn=withdrawn, now=NOON)
    assert whole == without
    assert 0 <= whole.replied <= whole.asked
    assert (whole.key == RUNNING) == (whole.replied < whole.asked and not withdrawn)
