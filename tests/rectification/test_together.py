"""Two people at one problem at the same moment: one wins, the other hears clearly, nothing is lost."""

from __future__ import annotations

from functools import partial

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Attachment
from chuangwen.rectification import services
from chuangwen.rectification.enums import OPEN_STATES, PhotoRole, ProblemState
from chuangwen.rectification.models import Dispute, Problem
from chuangwen.workflow.queries import history_of
from chuangwen.workflow.services import StaleState
from tests.rectification.making import City, make_city, photo
from tests.support.factories import make_place, make_user
from tests.support.racing import race, refusals

pytestmark = pytest.mark.django_db(transaction=True)


def fresh(problem: Problem) -> Problem:
    """As another request sees it."""
    return Problem.objects.select_related("region", "problem_type", "lead", "territory", "place").get(pk=problem.pk)


def elsewhere(city: City) -> Problem:
    """A problem of the same type at another place."""
    return city.problem(place=make_place(city.street, place_type=city.place_type))


def test_two_reports_of_one_fix_are_one_fix() -> None:
    city = make_city()
    problem = city.problem()
    colleague = make_user(Role.LIAISON, city.line)
    outcomes = race(
        *(
            partial(services.fix_problem, fresh(problem), measure="清运两车", actor=person, photos=[photo(seed)])
            for person, seed in ((city.liaison, 2), (colleague, 3))
        )
    )
    (late,) = refusals(outcomes)
    assert isinstance(late, StaleState)
    assert problem.title in str(late)
    assert fresh(problem).state == ProblemState.FIXED
    assert history_of(problem).filter(action="fix").count() == 1
    assert problem.photos.filter(role=PhotoRole.AFTER).count() == 1
    assert Attachment.objects.filter(owner_type="rectification.problem", owner_id=problem.pk).count() == 2


def test_of_closing_and_returning_at_once_one_counts() -> None:
    city = make_city()
    problem = city.fixed()
    other = make_user(Role.VERIFIER, city.root)
    outcomes = race(
        partial(services.close_problem, fresh(problem), actor=city.verifier),
        partial(services.return_problem, fresh(problem), reason="油污未清", actor=other),
    )
    (late,) = refusals(outcomes)
    assert isinstance(late, StaleState)
    now = fresh(problem)
    returned = isinstance(outcomes[0], Refusal)
    assert (now.state, now.returned_times, now.closed_at is None) == (
        (ProblemState.RETURNED, 1, True) if returned else (ProblemState.CLOSED, 0, False)
    )
    assert history_of(problem).filter(action__in=["close", "return"]).count() == 1


def test_two_objections_at_once_are_one() -> None:
    city = make_city()
    problem = city.problem(at=None)
    act = partial(services.raise_dispute, reason="属交警管理", actor=city.liaison)
    outcomes = race(*(partial(act, fresh(problem)) for _ in range(2)))
    assert len(refusals(outcomes)) == 1
    assert (Dispute.objects.count(), fresh(problem).state) == (1, ProblemState.DISPUTED)


def test_two_that_are_merged_into_each_other_leave_one_open() -> None:
    """Else both would have left the ledger, and the matter with them."""
    city = make_city()
    for _attempt in range(3):
        one, two = city.problem(), elsewhere(city)
        outcomes = race(
            partial(services.merge_problem, fresh(one), fresh(two), actor=city.office),
            partial(services.merge_problem, fresh(two), fresh(one), actor=city.office),
        )
        assert len(refusals(outcomes)) == 1
        states = sorted(fresh(problem).state for problem in (one, two))
        assert states == [ProblemState.ASSIGNED, ProblemState.MERGED]
        Problem.objects.update(state=ProblemState.GONE)


def test_merging_into_one_that_ended_meanwhile_is_refused() -> None:
    city = make_city()
    one, two = city.problem(), elsewhere(city)
    seen = fresh(two)
    services.end_gone_problem(two, reason="拆迁", actor=city.office)
    with pytest.raises(Refusal):
        services.merge_problem(one, seen, actor=city.office)
    assert fresh(one).state == ProblemState.ASSIGNED


def test_what_is_seen_while_its_problem_is_closed_is_not_lost() -> None:
    """It joins the open problem, or is a new one that counts as a recurrence."""
    city = make_city()
    for attempt in range(3):
        problem = city.fixed(seed=10 + attempt)
        outcomes = race(
            partial(services.close_problem, fresh(problem), actor=city.verifier),
            partial(services.report_problem, city.finding(at=None), actor=city.office, photos=[photo(20 + attempt)]),
        )
        assert refusals(outcomes) == []
        found, is_new = outcomes[1]
        if is_new:
            assert found.recurrence_of == problem
        else:
            assert found == problem
            assert [step.action for step in history_of(problem).order_by("pk")][-2:] in (
                ["photo", "close"], ["seen_again", "photo"],
            )  # fmt: skip
        assert found.photos.filter(role=PhotoRole.BEFORE).count() >= 1
        Problem.objects.filter(state__in=OPEN_STATES).update(state=ProblemState.GONE)
        Problem.objects.filter(state=ProblemState.CLOSED).update(state=ProblemState.GONE)


def test_two_finders_of_one_thing_make_one_problem() -> None:
    city = make_city()
    colleague = make_user(Role.OFFICE, city.root)
    report = partial(services.report_problem, city.finding(), lead=city.line)
    outcomes = race(
        partial(report, actor=city.office, photos=[photo(1)]), partial(report, actor=colleague, photos=[photo(2)])
    )
    assert sorted(is_new for _problem, is_new in outcomes) == [False, True]
    assert Problem.objects.count() == 1
    assert Problem.objects.get().photos.count() == 2
