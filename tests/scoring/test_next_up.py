"""What each problem wins back, in which order, and what the total becomes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.rectification.models import Problem
from chuangwen.scoring.models import EffortRate, ProblemGain
from chuangwen.scoring.queries.outlook import outlook_of
from chuangwen.scoring.queries.plans import problems_of
from chuangwen.scoring.queries.winning import horizon_of
from chuangwen.scoring.services import gains
from chuangwen.scoring.services.gains import check_gains, keep_gains
from tests.scoring.winning_making import Winning, every_standing
from tests.support.factories import NOON, make_round, make_unit, make_user

pytestmark = pytest.mark.django_db
EACH = 60 / 13


@pytest.fixture
def made() -> Iterator[Winning]:
    with clock.at(NOON):
        yield Winning()


def test_gain_is_what_the_total_gains_with_every_failing_row_of_the_problem_met(made):
    both, one = made.problem(), made.problem()
    made.see("1.1", 0.0, both)
    made.see("1.1", 0.5, both, weight=2.0)
    made.see("1.2", 0.0, both)
    made.see("1.1", 1.0, one)
    made.see("1.2", 1.0)
    made.see("1.1", 0.0)
    run = made.score()
    # 1.1: 2 of 5 by weight at 60 points; 1.2: half of its rows, half of 40
    assert run.total == pytest.approx(44.0)
    gain = ProblemGain.objects.get(run=run)
    assert (gain.problem, gain.codes) == (both, " 1.1 1.2 ")
    assert gain.points == pytest.approx(60 * 2 / 5 + 20)


def test_a_row_in_bands_wins_nothing_by_itself_but_the_first_k_are_scored_together(made):
    first, second = made.problem(), made.problem()
    for problem in (first, second):
        made.see("1.2", 0.0, problem)
    for _row in range(2):
        made.see("1.2", 1.0)
    made.see("1.1", 1.0)
    run = made.score()
    assert [row.points for row in ProblemGain.objects.filter(run=run)] == [0.0, 0.0]
    found = outlook_of(run, horizon_of(run))
    assert [(point.number, round(point.total, 9)) for point in found.points] == [(0, 80.0), (1, 80.0), (2, 100.0)]


def test_outlook_counts_what_was_closed_and_what_only_waits_first(made):
    problems = every_standing(made)
    run = made.score()
    found = outlook_of(run, horizon_of(run))
    assert problems_of(found.candidates) == [problems["fixed"], problems["open"], problems["paving"]]
    assert found.closed_number == 1
    totals = [found.total, found.with_closed, found.with_free, found.with_all]
    start = 40 + 60 * 6 / 13
    assert totals == pytest.approx([start, start + EACH, start + 2 * EACH, start + 4 * EACH])
    # litter: half a person-day at once; paving: 15 days given, five person-days
    assert [point.person_days for point in found.points] == [0.0, 0.0, 0.5, 5.5]
    assert found.reach is None


def test_goal_is_reached_with_the_first_problem_that_reaches_it(made):
    for _row in range(90):
        made.see("1.1", 1.0)
    for _row in range(90):
        made.see("1.1", 0.0, made.problem())
    made.see("1.2", 1.0)
    run = made.score()
    found = outlook_of(run, horizon_of(run))
    # 40 + 60 x met / 180 reaches 90 with 150 met
    assert found.total == pytest.approx(70.0)
    assert (found.reach.number, found.reach.person_days) == (60, 30.0)
    assert found.reach.total == pytest.approx(90.0)
    assert len(found.points) == 7


def test_what_was_seen_since_a_run_was_frozen_holds_nothing_of_it_back(made):
    before, since = made.problem(), made.problem()
    made.see("1.1", 0.0, before)
    made.see("1.2", 1.0)
    run = made.score()
    made.see("1.1", 0.0, since)  # at the same moment by the clock, as where two transactions meet
    keep_gains(run)
    assert [row.problem for row in ProblemGain.objects.filter(run=run)] == [before]


def test_merged_problem_counts_with_the_one_it_ended_in(made):
    stays, ends = made.problem(), made.problem()
    for problem in (stays, ends):
        made.see("1.1", 0.0, problem)
    made.see("1.2", 1.0)
    run = made.score()
    assert ProblemGain.objects.filter(run=run).count() == 2
    Problem.objects.filter(pk=ends.pk).update(state="merged", merged_into=stays)
    check_gains(run)
    assert [(row.problem, row.points) for row in ProblemGain.objects.filter(run=run)] == [(stays, pytest.approx(60.0))]


def test_gains_are_kept_again_only_where_something_moved_and_of_their_run_alone(made, monkeypatch):
    made.see("1.1", 1.0)
    bare = made.score()
    made.see("1.1", 0.0, made.problem())
    first, second = made.score(), made.score()
    assert [ProblemGain.objects.filter(run=run).count() for run in (bare, first, second)] == [0, 1, 1]
    again = []
    monkeypatch.setattr(gains, "keep_gains", again.append)
    for run in (bare, first, second):
        check_gains(run)
    assert again == []
    ProblemGain.objects.filter(run=first).delete()
    check_gains(first)
    assert again == [first]


def test_horizon_is_the_next_round_else_the_assessment_else_thirty_days(made):
    made.see("1.1", 1.0)
    run = made.score()
    campaign = made.round.campaign
    assert horizon_of(run).day == date(2026, 12, 21)
    make_round(campaign, name="已经开始的", starts=date(2026, 11, 10))
    following = make_round(campaign, name="第三轮", starts=date(2026, 12, 1))
    assert (horizon_of(run).day, horizon_of(run).name) == (date(2026, 12, 1), "第三轮")
    following.delete()
    campaign.assessment_on = clock.today()
    campaign.save()
    run.refresh_from_db()
    assert horizon_of(run).day == clock.today() + timedelta(days=30)


def test_page_ranks_by_points_for_each_person_day_and_keeps_apart_what_does_not_count(made, sign_in):
    problems = every_standing(made)
    run = made.score()
    client = sign_in(made.leader)

    def listed(**query):
        page = client.get(f"/scores/{run.pk}/next/", query)
        return [row["row"].problem for row in page.context["table"]]

    wanted = [problems[name] for name in ("fixed", "open", "paving")]
    assert listed() == wanted
    assert listed(sort="person_days") == wanted
    assert set(listed(tab="apart")) == {problems["disputed"], problems["late"], problems["gone"]}
    assert listed(tab="closed") == [problems["closed"]]
    assert listed(tab="verify") == [problems["fixed"]]
    assert listed(type=made.paving.pk) == [problems["paving"]]
    assert listed(unit=made.street.pk) == [problems["paving"]]
    assert (len(listed(criterion="1.1")), listed(criterion="1.2")) == (3, [])
    page = client.get(f"/scores/{run.pk}/next/").content.decode()
    assert "有异议" not in page
    assert "已整改，复核即可得" in page
    EffortRate.objects.create(region=made.region, problem_type=made.paving, person_days=0.1, least_days=1)
    assert listed() == [problems[name] for name in ("fixed", "paving", "open")]


def test_unit_sees_its_own_problems_and_nothing_of_others(made, sign_in):
    problems = every_standing(made)
    run = made.score()
    stranger = make_unit(made.root)
    liaison = make_user(Role.LIAISON, made.bureau)
    page = sign_in(liaison).get(f"/scores/{run.pk}/own/next/")
    assert [row["row"].problem for row in page.context["table"]] == [problems["fixed"], problems["open"]]
    assert "outlook" not in page.context
    assert sign_in(liaison).get(f"/scores/{run.pk}/next/").status_code == 403
    assert sign_in(make_user(Role.LIAISON, stranger)).get(f"/scores/{run.pk}/own/next/").status_code == 404
    keeper = make_user(Role.LIAISON, made.street)
    own = sign_in(keeper).get(f"/scores/{run.pk}/own/").content.decode()
    assert "下一步先改什么" in own
    assert "路面破损" in own


def test_whole_list_goes_into_a_workbook(made, sign_in):
    every_standing(made)
    run = made.score()
    answer = sign_in(made.leader).get(f"/scores/{run.pk}/next/", {"format": "xlsx"})
    assert answer.status_code == 200
    assert answer["Content-Type"].endswith("sheet")
    printed = sign_in(made.leader).get(f"/scores/{run.pk}/next/", {"format": "print"}).content.decode()
    assert "路口有垃圾" in printed


def test_run_without_a_problem_says_so(made, sign_in):
    made.see("1.1", 1.0)
    run = made.score()
    page = sign_in(made.leader).get(f"/scores/{run.pk}/next/").content.decode()
    assert "这次得分里没有未销号的问题在扣分。" in page
    plan = sign_in(made.leader).get(f"/scores/{run.pk}/plan/").content.decode()
    assert "没有可列入方案的问题" in plan


def test_filters_of_the_own_list_name_nothing_that_only_others_have(made, sign_in):
    made.see("1.1", 0.0, made.problem(made.street, problem_type=made.paving))
    made.see("1.2", 0.0, made.problem())
    run = made.score()
    client = sign_in(make_user(Role.LIAISON, made.bureau))
    form = client.get(f"/scores/{run.pk}/own/next/?format=filters").content.decode()
    assert "1.2 有序" in form
    assert "1.1 整洁" not in form
    assert "垃圾" in form
    assert "破损" not in form
