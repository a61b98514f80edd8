"""Every column of what is entered, lines of a ledger taken in, and what becomes of problems whose place goes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from chuangwen.accounts.roles import Role
from chuangwen.core.errors import Refusal
from chuangwen.notifications.models import Notice
from chuangwen.organizations.enums import Branch, UnitKind
from chuangwen.rectification import services
from chuangwen.rectification.enums import ProblemState, Routed
from chuangwen.rectification.models import Problem
from chuangwen.rectification.workflow import steps_open_to
from chuangwen.workflow.queries import history_of
from tests.rectification.making import NOW, TUESDAY, make_city, photo
from tests.support.factories import (
    make_campaign,
    make_place,
    make_place_type,
    make_problem_type,
    make_round,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
MORNING = datetime(2026, 11, 19, 16, tzinfo=UTC)  # Friday 20 November, 0:00 in Shanghai
DUE = TUESDAY.replace(day=18, hour=10)


def lines():
    return list(Notice.objects.order_by("pk").values_list("user", "title", "url", "body"))


def test_every_column_of_a_finding_is_kept():
    city = make_city()
    one_round = make_round(make_campaign(city.root))
    community = make_unit(city.street, kind=UnitKind.COMMUNITY, branch=Branch.TERRITORY)
    problem = city.problem(
        title="占" * 300, detail="详情", spot="北" * 200, longitude=0.0, latitude=0.5, territory=community,
        check_code="c9", node_codes=["1.1"], source="media", source_number="M1", round=one_round,
    )  # fmt: skip
    problem.refresh_from_db()
    assert (problem.title, problem.detail, problem.spot) == ("占" * 200, "详情", "北" * 160)
    assert (problem.longitude, problem.latitude, problem.place) == (0.0, 0.5, city.place)
    assert (problem.territory, problem.region, problem.found_by) == (community, city.region, None)
    assert (problem.problem_type, problem.problem_class) == (city.problem_type, "limited")
    assert (problem.found_at, problem.due_at, problem.round) == (TUESDAY, DUE, one_round)
    assert (problem.check_code, problem.node_codes, problem.source) == ("c9", ["1.1"], "media")
    assert history_of(problem).get(action="find").data["round"] == str(one_round)


def test_finding_that_waits_has_its_time_limit_and_its_finder():
    make_city()
    city = make_city()
    problem, _new = services.report_problem(city.finding(place=None, spot="路边"), actor=city.office)
    assert (problem.lead, problem.due_at, problem.found_by) == (city.root, DUE, city.office)
    assert (problem.longitude, problem.latitude, problem.territory, problem.round) == (None, None, None, None)
    late, _new = services.report_problem(city.finding(place=None, spot="路口", due_at=NOW), actor=None)
    assert late.due_at == NOW
    now, _new = services.report_problem(city.finding(place=None, spot="桥下", at=None), actor=None)
    assert abs(now.found_at - NOW) < timedelta(minutes=1)
    campaign = make_campaign(city.root)
    named, _new = services.report_problem(city.finding(place=None, spot="塔下", campaign=campaign), actor=None)
    assert (named.campaign, problem.campaign) == (campaign, None)


def test_rules_are_told_apart_by_kind_of_place_and_territory():
    city = make_city()
    others = [make_unit(city.root) for _number in range(2)]
    rule = services.save_rule(city.problem_type, make_place_type(city.region), None, lead=others[0], actor=None)
    services.save_rule(city.problem_type, None, make_unit(city.root), lead=others[1], actor=None)
    assert services.suggest_route(city.finding()).lead == city.street
    rule = services.save_rule(city.problem_type, city.place_type, None, lead=city.line, actor=None)
    way = services.suggest_route(city.finding())
    assert (way.lead, way.by, way.rule) == (city.line, Routed.RULE, rule)
    assert services.suggest_route(city.finding(place=None, territory=city.street)).by == Routed.TERRITORY
    assert services.suggest_route(make_city().finding(place=None)).by == Routed.OFFICE


def test_lead_takes_problems_on_its_last_day_and_none_after():
    city = make_city()
    services.save_rule(city.problem_type, None, None, lead=city.line, actor=None)
    city.line.valid_to = TODAY
    city.line.save()
    assert services.suggest_route(city.finding()).lead == city.line
    assert city.problem(lead=city.line).lead == city.line
    city.line.valid_to = TODAY - timedelta(days=1)
    city.line.save()
    assert services.suggest_route(city.finding()).lead is None


def test_recurrence_is_of_the_last_closed_and_counts_to_the_minute():
    city = make_city()
    begin = TUESDAY - timedelta(days=60)
    twins = [city.problem(at=begin, place=make_place(city.street)) for _number in range(2)]
    for days, twin in enumerate(twins):
        Problem.objects.filter(pk=twin.pk).update(
            place=city.place, state="closed", closed_at=begin + timedelta(days=days)
        )
    assert city.problem(at=begin - timedelta(days=1)).recurrence_of is None
    Problem.objects.exclude(pk__in=[twin.pk for twin in twins]).delete()
    again = city.problem(at=begin + timedelta(days=31))
    assert again.recurrence_of == twins[1]
    Problem.objects.filter(pk=again.pk).delete()
    assert city.problem(at=begin + timedelta(days=31, minutes=1)).recurrence_of is None


def test_recurrence_is_of_the_same_place_and_kind_and_of_what_was_closed():
    city = make_city()
    others = [
        city.problem(place=make_place(city.street)), city.problem(problem_type=make_problem_type(city.region)),
    ]  # fmt: skip
    Problem.objects.filter(pk__in=[one.pk for one in others]).update(state="closed", closed_at=TUESDAY)
    gone = city.problem()
    services.end_gone_problem(gone, reason="已拆", actor=None, at=TUESDAY)
    assert city.problem().recurrence_of is None


def test_recurrence_begins_at_the_moment_of_closing():
    city = make_city()
    first = city.problem(at=TUESDAY)
    Problem.objects.filter(pk=first.pk).update(state="closed", closed_at=TUESDAY)
    assert city.problem(at=TUESDAY).recurrence_of == first


def test_line_of_a_ledger_stays_its_own_and_nobody_is_told():
    city = make_city()
    open_one = city.problem()
    told = Notice.objects.count()
    services.save_rule(city.problem_type, None, None, lead=city.line, actor=None)
    routed = services.enter_from_ledger(city.finding(due_at=NOW), actor=city.office)
    given = services.enter_from_ledger(city.finding(), actor=city.office, lead=city.other_line)
    assert open_one not in {routed, given}
    assert (routed.lead, routed.routed_by, routed.due_at, routed.found_by) == (city.line, Routed.RULE, NOW, city.office)
    assert (given.lead, given.routed_by, given.state) == (city.other_line, Routed.HAND, ProblemState.ASSIGNED)
    other = make_city()
    waiting = services.enter_from_ledger(other.finding(place=None, spot="路边"), actor=None)
    assert (waiting.state, Notice.objects.count()) == (ProblemState.FOUND, told)
    with pytest.raises(Refusal):
        services.enter_from_ledger(city.finding(title=" "), actor=None)


def test_ledger_is_told_once_to_each_unit_and_to_the_office():
    city = make_city()
    led = [services.enter_from_ledger(city.finding(), actor=None, lead=city.line) for _number in range(2)]
    led.append(services.enter_from_ledger(city.finding(place=None, spot="a"), actor=None, lead=city.other_line))
    other = make_user(Role.LIAISON, city.other_line)
    waiting = [services.enter_from_ledger(city.finding(place=None, spot="b"), actor=None) for _number in range(3)]
    services.tell_of_ledger(led, city.region, "台账.xlsx")
    three = [
        (city.liaison.pk, "《台账.xlsx》里有2个新问题", f"/problems/?lead={city.line.pk}", "城管局"),
        (other.pk, "《台账.xlsx》里有1个新问题", f"/problems/?lead={city.other_line.pk}", str(city.other_line)),
        (
            city.street_liaison.pk, "《台账.xlsx》里有2个新问题", f"/problems/?territory={city.street.pk}",
            str(city.street),
        ),
    ]  # fmt: skip
    assert lines() == three
    services.tell_of_ledger(waiting, city.region, "台账.xlsx")
    assert lines()[3:] == [(city.office.pk, "《台账.xlsx》里有3个问题待交办", "/problems/?tab=found", "")]
    assert set(Notice.objects.values_list("region", "kind")) == {(city.region.pk, "rectification")}
    with translation.override("en"):
        services.tell_of_ledger(led + waiting, city.region, "x")
    english = [title for _user, title, _url, _body in lines()[4:]]
    assert english == [
        "2 new problems from “x”", "1 new problem from “x”", "2 new problems from “x”",
        "3 problems to be assigned from “x”",
    ]  # fmt: skip


def test_problems_of_a_place_that_goes_end_with_it_and_no_others():
    city = make_city()
    early = city.problem()
    late = city.problem(problem_type=make_problem_type(city.region), at=NOW)
    moved = city.fixed(problem_type=make_problem_type(city.region), seed=3, at=NOW)
    dawn = city.problem(problem_type=make_problem_type(city.region), at=MORNING)
    elsewhere = city.problem(place=make_place(city.street))
    closed = city.fixed(problem_type=make_problem_type(city.region))
    services.close_problem(closed, actor=city.office)
    day = date(2026, 11, 20)
    services.end_problems_of_gone_place(city.place, actor=city.office, day=day, reason="拆除")
    for one in (early, late, moved, dawn, elsewhere, closed):
        one.refresh_from_db()
    assert {one.state for one in (early, late, moved, dawn)} == {"gone"}
    assert (elsewhere.state, closed.state) == ("assigned", "closed")
    assert (early.closed_at, dawn.closed_at) == (MORNING, MORNING)
    assert all(abs(one.closed_at - NOW) < timedelta(minutes=1) for one in (late, moved))
    step = history_of(early).latest("pk")
    assert (step.actor_id, step.note) == (city.office.pk, "点位已撤销：拆除")
    services.end_problems_of_gone_place(elsewhere.place, actor=None, day=TODAY, reason="")
    elsewhere.refresh_from_db()
    assert abs(elsewhere.closed_at - NOW) < timedelta(minutes=1)
    assert history_of(elsewhere).latest("pk").note == "点位已撤销"


def test_steps_after_one_that_is_not_open_are_still_offered():
    city = make_city()
    late = city.problem(at=TUESDAY - timedelta(days=10), place=make_place(city.street))
    assert {step.action for step in steps_open_to(city.office, late)} == {
        "receive", "fix", "reassign", "make_long_term", "merge", "object_gone",
    }  # fmt: skip
    problem = city.problem()
    services.receive_problem(problem, actor=city.liaison, at=TUESDAY)
    assert [step.action for step in steps_open_to(city.liaison, problem)] == ["fix"]
    services.fix_problem(problem, measure="清了", actor=city.liaison, photos=[photo(2)])
    assert [step.action for step in steps_open_to(city.office, problem)] == [
        "close", "return", "merge", "object_gone",
    ]  # fmt: skip
