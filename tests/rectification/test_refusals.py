"""What people read when a step is refused: what is wrong and the way out, word for word; and whom a scope keeps out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from chuangwen.accounts.roles import Role
from chuangwen.rectification import services
from chuangwen.rectification.enums import PhotoRole
from chuangwen.rectification.models import Problem
from chuangwen.rectification.services import LongTermPlan
from chuangwen.rectification.workflow import closed_just_now, objection_refused
from chuangwen.workflow.services import StaleState
from tests.rectification.making import NOW, TUESDAY, make_city, photo
from tests.support.factories import make_place, make_unit, make_user
from tests.support.refusals import said

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
TODAY = date(2026, 11, 24)
STEPS = [("设计", TODAY + timedelta(days=20))]
PLAN = LongTermPlan("先设围挡", STEPS)
FUTURE = "时间还没到。请填实际发生的时间。"
REASON = "请简单写明原因。对方会看到。"
AGAIN = "请重新打开，看看现在的情况。"
CLOSED = "这件问题已经了结。如果又出现了，请重新登记。"
LEAD_ONLY = "这里由牵头单位答复。您可以补充说明。"


def test_words_about_a_running_problem():
    city = make_city()
    problem, office, liaison = city.problem(), city.office, city.liaison
    ended = make_unit(city.root, name="旧局", valid_to=date(2026, 11, 23))
    gone = "旧局已经撤销，不能承办。请选承接它职责的单位。"
    assert said(services.reassign_problem, problem, lead=city.line, reason="x", actor=office) == (
        "这件问题已经由城管局牵头。请选别的单位。"
    )
    assert said(services.reassign_problem, problem, lead=ended, reason="x", actor=office) == gone
    assert said(services.raise_dispute, problem, reason="x", proposed_lead=ended, actor=liaison, at=TUESDAY) == gone
    assert said(services.change_deadline, problem, due_at=LATER, reason=" ", actor=office) == REASON
    for due, at in ((NOW - timedelta(days=1), None), (TUESDAY, TUESDAY)):
        assert said(services.change_deadline, problem, due_at=due, reason="x", actor=office, at=at) == (
            "新时限已经过去了。请选晚一点的日期。"
        )
    assert said(services.explain_problem, problem, text=" ", actor=liaison) == "还没有写内容。写下要让对方知道的事。"
    assert said(services.fix_problem, problem, measure="", actor=liaison) == (
        "请写明做了什么。例如：清运垃圾两车，冲洗地面。"
    )
    assert said(services.fix_problem, problem, measure="清了", actor=liaison) == "请补一张整改后的照片。"
    assert said(services.fix_problem, problem, measure="清了", actor=city.street_liaison) == LEAD_ONLY
    assert said(services.receive_problem, problem, actor=liaison, at=LATER) == FUTURE
    assert said(services.receive_problem, problem, actor=liaison, at=TUESDAY - timedelta(minutes=1)) == (
        "时间早于问题发现的时间。请填实际发生的时间。"
    )
    assert said(services.report_problem, city.finding(title=" "), actor=office) == (
        "请用几个字写明是什么问题。例如：大门口垃圾未清。"
    )
    assert said(services.report_problem, city.finding(at=LATER), actor=office) == FUTURE
    assert said(services.rule_dispute, problem, lead=city.line, ruling="x", actor=office) == (
        f"这件问题没有待裁定的异议。{AGAIN}"
    )
    assert said(services.raise_dispute, problem, reason="x", actor=liaison) == (
        "异议要在交办后1个工作日内提出。请与创建办联系。"
    )
    assert said(services.renew_long_term, problem, reason="x", milestones=STEPS, actor=None) == (
        f"只有长期整改的问题才能延期。{AGAIN}"
    )
    assert said(services.merge_problem, problem, problem, actor=office) == "这两件不能合并。请选另一件未销号的问题。"
    assert said(services.save_rule, city.problem_type, None, None, lead=make_city().line, actor=None) == (
        "归口规则只在本地区有效。请重新选择。"
    )
    after = {"role": PhotoRole.AFTER, "actor": city.street_liaison}
    assert said(services.add_photo, problem, photo(2).data, "a.jpg", **after) == LEAD_ONLY
    silent = city.problem(lead=city.other_line, place=make_place(city.street))
    assert said(services.remind_unit, silent, actor=office) == (
        "市交警大队还没有联络员，没法催办。请先在“单位与职务”里指定联络员。"
    )
    services.receive_problem(problem, actor=liaison)
    assert said(services.receive_problem, problem, actor=liaison) == "已经签收过了。"


def test_words_about_one_put_right_and_closed():
    city = make_city()
    problem = city.fixed()
    own = make_user(Role.VERIFIER, city.line)
    fixer = make_user(Role.OFFICE, city.root)
    assert said(services.change_deadline, problem, due_at=LATER, reason="x", actor=None) == (
        "只有整改中的问题才能改时限。"
    )
    assert said(services.remind_unit, problem, actor=None) == "现在是“待复核”，不用催办。"
    assert said(services.close_problem, problem, actor=own) == "复核人不能是整改单位的人。"
    assert said(services.add_photo, problem, photo(5).data, "a.jpg", role=PhotoRole.AFTER, actor=None) == (
        f"现在不需要整改后照片。{AGAIN}"
    )
    services.return_problem(problem, reason="没清净", actor=fixer)
    services.fix_problem(problem, measure="清了", actor=fixer, photos=[photo(6)])
    assert said(services.close_problem, problem, actor=fixer) == "这件是您上报整改的，要由别人复核。"
    services.close_problem(problem, actor=city.office)
    assert said(services.explain_problem, problem, text="x", actor=city.liaison) == CLOSED
    assert said(services.add_photo, problem, photo(7).data, "a.jpg", role=PhotoRole.PROOF, actor=None) == CLOSED
    assert said(services.reopen_problem, problem, actor=city.verifier) == "谁销号，谁才能撤回。"
    with time_machine.travel(NOW + timedelta(minutes=62), tick=False):
        assert said(services.reopen_problem, problem, actor=city.office) == (
            "销号已超过1小时。如果又出现了，请重新登记，会记为回潮。"
        )


def test_words_about_a_plan_of_months():
    city = make_city()
    problem = city.problem()

    def refused(*days, interim="围挡", name="节点"):
        steps = [(name, TODAY + timedelta(days=day)) for day in days]
        return said(services.make_long_term, problem, reason="x", plan=LongTermPlan(interim, steps), actor=city.office)

    assert refused(20, interim=" ") == "请写明临时措施。例如：已设围挡并警示。"
    assert refused(20, name=" ") == "计划里没有节点，或有节点没写名称。每月至少列一个节点。"
    assert refused(-1) == refused(30, 60, 91) == "节点要在今后90天以内。到期后可由领导批准延期。"
    assert refused(32) == "有一个月没有节点。请在中间加一个节点。"
    services.make_long_term(problem, reason="x", plan=PLAN, actor=city.office)
    assert said(services.renew_long_term, problem, reason=" ", milestones=STEPS, actor=None) == REASON
    same = Problem.objects.get(pk=problem.pk)
    services.renew_long_term(problem, reason="x", milestones=[("设计", TODAY)], actor=None)
    with pytest.raises(StaleState, match=f"^“{problem.title}”刚才"):
        services.renew_long_term(same, reason="x", milestones=STEPS, actor=None)
    seen = Problem.objects.get(pk=problem.pk)
    services.fix_problem(problem, measure="清了", actor=None, photos=[photo(2)])
    with pytest.raises(StaleState):  # the deadline is as it was seen, the state is not
        services.renew_long_term(seen, reason="x", milestones=STEPS, actor=None)
    step = problem.milestones.all()[0]
    assert said(services.complete_milestone, step, actor=None) == f"这件问题不在长期整改之列。{AGAIN}"


def test_words_about_a_second_objection_and_a_moved_deadline():
    city = make_city()
    problem = city.problem()
    same = Problem.objects.get(pk=problem.pk)
    services.change_deadline(problem, due_at=LATER, reason="x", actor=city.office)
    with pytest.raises(StaleState, match=f"^“{problem.title}”刚才"):
        services.change_deadline(same, due_at=LATER + timedelta(days=1), reason="x", actor=city.office)
    seen = Problem.objects.get(pk=problem.pk)
    services.raise_dispute(problem, reason="x", actor=city.liaison, at=TUESDAY)
    with pytest.raises(StaleState):
        services.change_deadline(seen, due_at=LATER + timedelta(days=1), reason="x", actor=city.office)
    ended = make_unit(city.root, name="旧局", valid_to=date(2026, 11, 23))
    assert said(services.rule_dispute, problem, lead=ended, ruling="x", actor=city.office) == (
        "旧局已经撤销，不能承办。请选承接它职责的单位。"
    )
    services.rule_dispute(problem, lead=city.line, ruling="x", actor=city.office, at=TUESDAY)
    assert said(services.rule_dispute, problem, lead=city.line, ruling="x", actor=city.office) == (
        f"这件问题没有待裁定的异议。{AGAIN}"
    )
    assert said(services.raise_dispute, problem, reason="x", actor=city.liaison, at=TUESDAY) == (
        "贵单位已提过一次异议，按裁定办理。请与创建办联系。"
    )


def test_right_held_elsewhere_is_no_right_here():
    city, elsewhere = make_city(), make_city()
    leader, liaison = make_user(Role.LEADER, elsewhere.root), make_user(Role.LIAISON, city.other_line)
    problem = city.problem()
    acts = [
        lambda: services.change_deadline(problem, due_at=LATER, reason="x", actor=elsewhere.office),
        lambda: services.remind_unit(problem, actor=elsewhere.office),
        lambda: services.explain_problem(problem, text="x", actor=liaison),
        lambda: services.add_photo(problem, photo(2).data, "a.jpg", role=PhotoRole.PROOF, actor=liaison),
    ]
    services.make_long_term(long := city.problem(place=make_place(city.street)), reason="x", plan=PLAN, actor=None)
    acts += [
        lambda: services.renew_long_term(long, reason="x", milestones=STEPS, actor=leader),
        lambda: services.complete_milestone(long.milestones.all()[0], actor=liaison),
    ]
    for act, permission in zip(acts, ["assign", "assign", "answer", "answer", "renew", "answer"], strict=True):
        with pytest.raises(PermissionDenied, match=f"^rectification.{permission}$"):
            act()


def test_photo_is_refused_by_the_permission_it_needs():
    city = make_city()
    with pytest.raises(PermissionDenied, match=r"^rectification\.report$"):
        services.add_photo(city.problem(), b"", "a.jpg", role=PhotoRole.BEFORE, actor=city.verifier)


def test_closing_is_taken_back_until_the_hour_is_full():
    city = make_city()
    problem = city.fixed()
    with time_machine.travel(NOW, tick=False) as clock:
        services.close_problem(problem, actor=city.office)
        clock.shift(timedelta(minutes=60))
        assert closed_just_now(city.office, problem) == ""
        clock.shift(timedelta(seconds=1))
        assert closed_just_now(city.office, problem) != ""


def test_objection_counts_from_the_finding_where_nobody_was_given_it():
    city = make_city()
    problem = city.problem()
    Problem.objects.filter(pk=problem.pk).update(assigned_at=None)
    problem.refresh_from_db()
    assert objection_refused(problem, TUESDAY + timedelta(hours=37)) == ""
    assert objection_refused(problem, TUESDAY + timedelta(hours=39)) != ""
