"""One definition of what cannot be won back, for who lost what and for what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from chuangwen.core import clock
from chuangwen.rectification.models import Problem
from tests.scoring.winning_making import Winning
from tests.support.factories import NOON, make_round

pytestmark = pytest.mark.django_db
NEXT = date(2026, 12, 1)
BEFORE, AFTER = NOON + timedelta(days=5), NOON + timedelta(days=80)
LONG: dict[str, Any] = {"problem_class": "long-term"}


@pytest.fixture
def made() -> Iterator[Winning]:
    with clock.at(NOON):
        found = Winning()
        make_round(found.round.campaign, name="第三轮", starts=NEXT)
        yield found


def lost_for_good(made: Winning, client: Any, problems: dict[str, Problem]) -> tuple[set[str], set[str]]:
    """The problems that each of both pages takes for what cannot be won back: who lost what, what to do next."""
    for one in problems.values():
        made.see("1.1", 0.0, one)
    made.see("1.2", 1.0)
    run = made.score()
    names = {one.number: name for name, one in problems.items()}
    page = client.get(f"/scores/{run.pk}/?by=criterion")
    told = {one.number for line in page.context["losses"] for one in line.hopeless}
    listed = client.get(f"/scores/{run.pk}/next/?tab=apart").context["table"]
    return {names[number] for number in told}, {names[row["row"].problem.number] for row in listed}


def test_both_pages_agree_on_long_term_problems_of_every_standing(made, sign_in):
    problems = {
        "under way": made.problem(state="long-term", due_at=AFTER, **LONG),
        "in time": made.problem(state="long-term", due_at=BEFORE, **LONG),
        "put right, to be verified": made.problem(state="fixed", due_at=AFTER, **LONG),
        "returned": made.problem(state="returned", due_at=AFTER, **LONG),
        "assigned anew": made.problem(state="assigned", due_at=AFTER, **LONG),
        "closed": made.problem(state="closed", due_at=AFTER, **LONG),
        "gone": made.problem(state="gone", due_at=BEFORE),
        "due late, but not long-term": made.problem(due_at=AFTER),
    }
    lost, apart = lost_for_good(made, sign_in(made.leader), problems)
    assert lost == apart == {"under way", "returned", "assigned anew", "gone"}


def test_due_in_the_evening_of_the_day_on_which_the_round_begins_is_in_time_on_both(made, sign_in):
    midnight = clock.midnight(NEXT + timedelta(days=1))
    problems = {
        "evening": made.problem(state="long-term", due_at=midnight - timedelta(minutes=1), **LONG),
        "next day": made.problem(state="long-term", due_at=midnight, **LONG),
    }
    assert lost_for_good(made, sign_in(made.leader), problems) == ({"next day"}, {"next day"})


def test_run_older_than_the_newest_round_looks_ahead_from_today_on_both(made, sign_in):
    make_round(made.round.campaign, name="已经开始的", starts=NOON.date())
    make_round(made.round.campaign, name="取消的", starts=NOON.date() + timedelta(days=1), state="cancelled")
    problems = {
        "before the next": made.problem(state="long-term", due_at=BEFORE, **LONG),
        "after it": made.problem(state="long-term", due_at=AFTER, **LONG),
    }
    assert lost_for_good(made, sign_in(made.leader), problems) == ({"after it"}, {"after it"})


def test_round_that_is_cancelled_is_no_horizon_of_either_page(made, sign_in):
    made.round.campaign.rounds.filter(name="第三轮").update(state="cancelled")
    problems = {"before the assessment": made.problem(state="long-term", due_at=NOON + timedelta(days=30), **LONG)}
    assert lost_for_good(made, sign_in(made.leader), problems) == (set(), set())


def test_page_of_losses_says_until_when_points_can_be_won_back(made, sign_in):
    made.see("1.1", 0.0, made.problem())
    run, client = made.score(), sign_in(made.leader)
    assert "可挽回：到第三轮 12月1日(周二)为止" in client.get(f"/scores/{run.pk}/").content.decode()
    made.round.campaign.rounds.filter(name="第三轮").delete()
    assert "可挽回：到测评 12月21日(周一)为止" in client.get(f"/scores/{run.pk}/").content.decode()
