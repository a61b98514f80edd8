"""The straight way from the call to the award, and every way on which something happens in between."""

from __future__ import annotations

from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from chuangwen.core import clock
from tests.honors.making import AWARDED, MET_ON, NOW, noon

# Each step with the day on which it is taken.
WAY = (
    ("apply", NOW), ("submit", NOW), ("settle", NOW), ("review", NOW), ("deliberate", noon(MET_ON)),
    ("notice", noon(MET_ON)), ("award", noon(AWARDED)),
)  # fmt: skip


def stumble(story_of, mishaps, watched):
    """Go the way again and again, with `mishaps` before each step.

    `story_of(fits)` begins a story, `watched(story, step)` takes a step and asserts what must hold. Nothing is left.
    """

    @settings(max_examples=8, phases=[Phase.generate])
    @given(st.tuples(st.booleans(), st.booleans()), st.lists(mishaps, min_size=len(WAY), max_size=len(WAY)))
    def follow(fits, happenings):
        with transaction.atomic():
            with clock.at(NOW):
                story = story_of(fits)
            for (step, moment), happened in zip(WAY, happenings, strict=True):
                for one in [*happened, step]:
                    with clock.at(moment):
                        watched(story, one)
            transaction.set_rollback(True)

    follow()


def go_straight(story, watched):
    """Take every step of the way, with nothing in between."""
    for step, moment in WAY:
        with clock.at(moment):
            watched(story, step)
