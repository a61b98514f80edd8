"""Disputes, long-term problems, doubles, objects that are gone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.accounts.roles import Role
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import Upload
from chuangwen.notifications.models import Notice
from chuangwen.rectification import services
from chuangwen.rectification.enums import ProblemClass, ProblemState, Routed, RuleOrigin
from chuangwen.rectification.models import Problem, RoutingRule
from chuangwen.rectification.services import LongTermPlan
from chuangwen.workflow.queries import history_of
from chuangwen.workflow.services import StaleState
from tests.rectification.making import NOW, TUESDAY, make_city
from tests.support.factories import make_place, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
PLAN = LongTermPlan(
    "先设围挡", [("设计", TODAY + timedelta(days=20)), ("开工", TODAY + timedelta(days=50))], cause="管网老化",
    funding="城建资金80万元", coordinator="分管副市长",
)  # fmt: skip


def disputed(city, **fields):
    problem = city.problem(**fields)
    services.raise_dispute(
        problem, reason="不在清扫合同范围", actor=city.liaison, proposed_lead=city.other_line,
        at=TUESDAY + timedelta(hours=1),
    )  # fmt: skip
    return problem


def long_term(city):
    problem = city.problem()
    services.make_long_term(problem, reason="要重铺管网", plan=PLAN, actor=city.office)
    return problem


def test_objection_stops_for_a_ruling_and_calls_the_territory():
    city = make_city()
    problem = disputed(city)
    dispute = problem.disputes.get()
    assert (problem.state, dispute.by_unit, dispute.proposed_lead) == (
        ProblemState.DISPUTED, city.line, city.other_line,
    )  # fmt: skip
    assert dispute.rule_by == datetime(2026, 11, 19, 10, 0, tzinfo=UTC)  # Thursday 18:00: two working days
    assert Notice.objects.filter(user=city.office, title__contains=problem.title).count() == 1
    assert Notice.objects.filter(user=city.street_liaison).count() == 2


def test_objection_of_the_territory_as_lead_calls_nobody_else():
    city = make_city()
    problem = city.problem(lead=city.street)
    services.raise_dispute(problem, reason="不归我", actor=city.street_liaison, at=TUESDAY)
    assert Notice.objects.filter(user=city.street_liaison).count() == 1


def test_objection_comes_within_one_working_day():
    city = make_city()
    problem = city.problem()
    with pytest.raises(Refusal):
        services.raise_dispute(problem, reason="不归我", actor=city.liaison)
    services.raise_dispute(problem, reason="不归我", actor=city.liaison, at=TUESDAY + timedelta(hours=37))
    assert problem.state == ProblemState.DISPUTED


def test_objection_is_raised_once_by_a_unit():
    city = make_city()
    problem = disputed(city)
    services.rule_dispute(problem, lead=city.line, ruling="归城管", actor=city.office, at=TUESDAY + timedelta(hours=2))
    with pytest.raises(Refusal):
        services.raise_dispute(problem, reason="还是不归我", actor=city.liaison, at=TUESDAY + timedelta(hours=3))


def test_objection_without_reason_or_with_a_foreign_lead_is_refused():
    city = make_city()
    problem = city.problem()
    with pytest.raises(Refusal):
        services.raise_dispute(problem, reason=" ", actor=city.liaison, at=TUESDAY)
    with pytest.raises(Refusal):
        services.raise_dispute(problem, reason="不归我", actor=city.liaison, proposed_lead=make_city().line, at=TUESDAY)
    assert problem.disputes.count() == 0


def test_objection_on_paper_keeps_the_scan():
    city = make_city()
    problem = city.problem()
    scan = Upload("异议.pdf", b"%PDF-1.4")
    services.raise_dispute(problem, reason="不归我", actor=city.office, scans=[scan], at=TUESDAY)
    assert problem.photos.filter(role="proof").count() == 1


def test_ruling_for_another_lead_counts_anew_and_becomes_a_rule():
    city = make_city()
    problem = disputed(city)
    moment = TUESDAY + timedelta(days=1)
    services.rule_dispute(problem, lead=city.other_line, ruling="归交警", actor=city.office, at=moment)
    problem.refresh_from_db()
    rule = RoutingRule.objects.get()
    assert (problem.state, problem.lead, problem.routed_by) == (ProblemState.ASSIGNED, city.other_line, Routed.RULING)
    assert (problem.assigned_at, problem.due_at) == (moment, datetime(2026, 11, 19, 10, 0, tzinfo=UTC))
    assert (rule.lead, rule.origin, rule.place_type, rule.territory) == (
        city.other_line, RuleOrigin.RULING, city.place_type, city.street,
    )  # fmt: skip
    assert problem.routing_rule == rule
    assert problem.disputes.get().ruling == "归交警"
    assert Notice.objects.filter(user=city.liaison).count() == 2


def test_ruling_for_the_same_lead_gives_back_the_time_it_took():
    city = make_city()
    problem = disputed(city)
    services.rule_dispute(
        problem, lead=city.line, ruling="归城管", actor=city.office, keep_as_rule=False, at=TUESDAY + timedelta(days=2)
    )
    assert problem.due_at.astimezone(UTC) == datetime(2026, 11, 20, 10, 0, tzinfo=UTC)  # Wednesday and two days
    assert RoutingRule.objects.count() == 0


def test_ruling_without_place_keeps_a_rule_for_every_place():
    city = make_city()
    problem = disputed(city, place=None, spot="路边", territory=city.street)
    services.rule_dispute(problem, lead=city.line, ruling="归城管", actor=city.office)
    assert RoutingRule.objects.get().place_type is None


def test_ruling_needs_an_open_objection_a_reason_and_the_right():
    city = make_city()
    with pytest.raises(Refusal):
        services.rule_dispute(city.problem(), lead=city.line, ruling="归城管", actor=city.office)
    problem = disputed(city, place=make_place(city.street))
    with pytest.raises(Refusal):
        services.rule_dispute(problem, lead=city.line, ruling=" ", actor=city.office)
    with pytest.raises(PermissionDenied):
        services.rule_dispute(problem, lead=city.line, ruling="归城管", actor=city.verifier)
    assert RoutingRule.objects.count() == 0


def test_long_term_keeps_plan_and_steps():
    city = make_city()
    problem = long_term(city)
    problem.refresh_from_db()
    assert (problem.state, problem.problem_class) == (ProblemState.LONG_TERM, ProblemClass.LONG_TERM)
    assert (problem.cause, problem.funding, problem.coordinator) == ("管网老化", "城建资金80万元", "分管副市长")
    assert [step.name for step in problem.milestones.all()] == ["设计", "开工"]
    assert problem.due_at == datetime(2027, 1, 13, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "interim"),
    [
        ([20], " "),
        ([], "先设围挡"),
        ([32], "先设围挡"),
        ([20, 52], "先设围挡"),
        ([-1], "先设围挡"),
        ([30, 60, 91], "先设围挡"),
    ],
)
def test_long_term_plan_that_does_not_hold_is_refused(days, interim):
    city = make_city()
    problem = city.problem()
    steps = [(f"节点{day}", TODAY + timedelta(days=day)) for day in days]
    with pytest.raises(Refusal):
        services.make_long_term(problem, reason="要钱", plan=LongTermPlan(interim, steps), actor=city.office)
    assert (problem.state, problem.milestones.count()) == (ProblemState.ASSIGNED, 0)


def test_long_term_plan_of_exactly_ninety_days_and_a_nameless_step():
    city = make_city()
    steps = [(f"节点{day}", TODAY + timedelta(days=day)) for day in (0, 31, 59, 90)]
    services.make_long_term(city.problem(), reason="要钱", plan=LongTermPlan("围挡", steps), actor=city.office)
    plan = LongTermPlan("围挡", [(" ", TODAY), ("开工", TODAY)])
    with pytest.raises(Refusal):
        services.make_long_term(
            city.problem(place=make_place(city.street)), reason="要钱", plan=plan, actor=city.office
        )


def test_leader_renews_and_the_steps_left_are_kept():
    city = make_city()
    problem = long_term(city)
    leader = make_user(Role.LEADER, city.root)
    services.renew_long_term(
        problem, reason="资金未到", milestones=[("重新设计", TODAY + timedelta(days=10))], actor=leader
    )
    problem.refresh_from_db()
    step = history_of(problem).get(action="renew")
    assert [name for name, _day in step.data["not_done"]] == ["设计", "开工"]
    assert [one.name for one in problem.milestones.all()] == ["重新设计"]
    assert problem.due_at == datetime(2026, 12, 4, 10, 0, tzinfo=UTC)


def test_renewal_is_the_leaders_alone_with_a_reason_and_on_the_list():
    city = make_city()
    problem, leader = long_term(city), make_user(Role.LEADER, city.root)
    steps = [("设计", TODAY + timedelta(days=10))]
    with pytest.raises(PermissionDenied):
        services.renew_long_term(problem, reason="资金未到", milestones=steps, actor=city.office)
    with pytest.raises(Refusal):
        services.renew_long_term(problem, reason=" ", milestones=steps, actor=leader)
    other = city.problem(place=make_place(city.street))
    with pytest.raises(Refusal):
        services.renew_long_term(other, reason="资金未到", milestones=steps, actor=leader)


def test_second_of_two_renewals_finds_it_moved():
    city = make_city()
    problem = long_term(city)
    same = Problem.objects.get(pk=problem.pk)
    steps = [("设计", TODAY + timedelta(days=10))]
    services.renew_long_term(problem, reason="资金未到", milestones=steps, actor=None)
    with pytest.raises(StaleState):
        services.renew_long_term(same, reason="资金未到", milestones=steps, actor=None)


def test_milestone_is_done_once_by_who_answers():
    city = make_city()
    problem = long_term(city)
    step = problem.milestones.all()[0]
    with pytest.raises(PermissionDenied):
        services.complete_milestone(step, actor=city.verifier)
    for _press in range(2):
        services.complete_milestone(step, actor=city.liaison)
    step.refresh_from_db()
    assert step.done_on == TODAY
    assert history_of(problem).filter(action="milestone").count() == 1
    Problem.objects.filter(pk=problem.pk).update(state="fixed")
    step.problem.refresh_from_db()
    with pytest.raises(Refusal):
        services.complete_milestone(step, actor=None, on=TODAY)


def test_double_ends_in_the_other():
    city = make_city()
    problem, into = city.problem(), city.problem(place=make_place(city.street))
    services.merge_problem(problem, into, actor=city.office)
    problem.refresh_from_db()
    assert (problem.state, problem.merged_into) == (ProblemState.MERGED, into)
    assert history_of(into).get(action="merged_here").data["from"] == problem.number


@pytest.mark.parametrize("case", ["itself", "elsewhere", "closed"])
def test_merging_into_what_cannot_take_it_is_refused(case):
    city = make_city()
    problem = city.problem()
    into = problem
    if case == "elsewhere":
        into = make_city().problem()
    if case == "closed":
        into = city.fixed(place=make_place(city.street))
        services.close_problem(into, actor=city.office)
    with pytest.raises(Refusal):
        services.merge_problem(problem, into, actor=city.office)


def test_gone_object_ends_the_problem_uncounted():
    city = make_city()
    problem = city.problem()
    services.end_gone_problem(problem, reason="市场已拆除", actor=city.office, at=NOW - timedelta(hours=1))
    problem.refresh_from_db()
    assert (problem.state, problem.closed_at) == (ProblemState.GONE, NOW - timedelta(hours=1))
    assert problem.closed_in_time is None
