"""What each step leaves behind: its row in the history, what people are told, and nothing at the problem beside it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core import clock
from chuangwen.core.files.services import Upload
from chuangwen.notifications.models import Notice
from chuangwen.rectification import services
from chuangwen.rectification.enums import PhotoRole, Routed, RuleOrigin
from chuangwen.rectification.models import Dispute, Problem, ProblemMilestone
from chuangwen.rectification.services import LongTermPlan
from chuangwen.workflow.queries import history_of
from tests.rectification.making import NOW, TUESDAY, make_city, photo
from tests.support.factories import make_place, make_problem_type, make_user
from tests.support.leaving import fields

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TODAY = date(2026, 11, 24)
SCAN = Upload("单.pdf", b"%PDF-1.4")
DUE = "2026-11-18T18:00:00+08:00"  # one working day after Tuesday
STEPS = [("设计", TODAY + timedelta(days=20)), ("开工", TODAY + timedelta(days=50))]
PLAN = LongTermPlan("先设围挡", STEPS, cause="管网老化", funding="80万元", coordinator="分管副市长")


def kept(problem):
    """The history in the order in which it was written: action, actor, time, note, for whom, what else."""
    rows = history_of(problem).order_by("pk")
    for row in rows:
        row.data.pop("sha256", None)
    return [(row.action, row.actor_id, row.at, row.note, row.on_behalf, row.data) for row in rows]


def told(person):
    return list(Notice.objects.filter(user=person).order_by("pk").values_list("title", flat=True))


def test_straight_way_is_kept_and_told():
    city = make_city()
    rule = services.save_rule(city.problem_type, None, None, lead=city.line, actor=None)
    finding = city.finding(detail="摊位占了人行道", source_number="Z7", title="占道 ")
    problem, _new = services.report_problem(finding, actor=city.office, photos=[photo(1)])
    services.receive_problem(problem, actor=city.liaison, scans=[SCAN], at=TUESDAY + HOUR)
    services.explain_problem(
        problem, text="已约谈", actor=city.office, on_behalf="李四", photos=[photo(3)], at=TUESDAY + 2 * HOUR
    )
    services.fix_problem(
        problem, measure="劝离", actor=city.office, photos=[photo(2)], scans=[SCAN], at=TUESDAY + 3 * HOUR
    )
    services.return_problem(problem, reason="只拍一角", actor=city.verifier, at=TUESDAY + DAY)
    due = problem.due_at
    services.fix_problem(problem, measure="又劝离", actor=city.liaison, photos=[photo(4)], at=TUESDAY + 25 * HOUR)
    services.explain_problem(problem, text="请复核", actor=city.liaison, at=TUESDAY + 25 * HOUR)
    services.close_problem(problem, actor=city.verifier, note="看过了", on_site=True, at=TUESDAY + 26 * HOUR)
    office, liaison, verifier, line = city.office.pk, city.liaison.pk, city.verifier.pk, str(city.line)
    assert kept(problem) == [
        ("find", office, TUESDAY, "摊位占了人行道", "", {"source": "inspection", "source_number": "Z7", "round": ""}),
        ("assign", None, TUESDAY, "", "", {"lead": line, "by": "rule", "rule": rule.pk, "due": DUE}),
        ("photo", office, TUESDAY, "", "", {"role": "before"}),
        ("receive", liaison, TUESDAY + HOUR, "", "", {}),
        ("photo", liaison, TUESDAY + HOUR, "", "", {"role": "proof"}),
        ("explain", office, TUESDAY + 2 * HOUR, "已约谈", "李四", {}),
        ("photo", office, TUESDAY + 2 * HOUR, "", "", {"role": "proof"}),
        ("photo", office, TUESDAY + 3 * HOUR, "", "", {"role": "after"}),
        ("fix", office, TUESDAY + 3 * HOUR, "劝离", line, {}),
        ("photo", office, TUESDAY + 3 * HOUR, "", "", {"role": "proof"}),
        ("return", verifier, TUESDAY + DAY, "只拍一角", "", {"due": due.isoformat()}),
        ("photo", liaison, TUESDAY + 25 * HOUR, "", "", {"role": "after"}),
        ("fix", liaison, TUESDAY + 25 * HOUR, "又劝离", "", {}),
        ("explain", liaison, TUESDAY + 25 * HOUR, "请复核", "", {}),
        ("close", verifier, TUESDAY + 26 * HOUR, "看过了", "", {"on_site": True}),
    ]
    assert told(city.liaison) == ["新交办：占道", "退回重改：占道", "已销号：占道"]
    assert told(city.street_liaison) == ["新交办：占道"]
    assert told(city.office) == []
    assert problem.returned_times == 1


def test_notice_leads_to_the_problem_and_takes_the_place_of_the_last():
    city = make_city()
    problem = city.problem(place=None, spot="解放路118号")
    services.remind_unit(problem, actor=city.office)
    first, second = Notice.objects.filter(user=city.liaison).order_by("pk")
    assert (second.kind, second.region, second.url, second.body, second.urgent, second.key) == (
        "rectification", city.region, f"/problems/{problem.number}/", "解放路118号", True,
        f"remind-{problem.pk}-2026-11-24",
    )  # fmt: skip
    assert (first.urgent, first.key, first.read_at is None, second.read_at) == (False, "", False, None)
    at_place = city.problem()
    assert Notice.objects.filter(url=f"/problems/{at_place.number}/").first().body == "东关农贸市场"


def test_closing_taken_back_leaves_nothing_of_it():
    city = make_city()
    problem = city.fixed()
    services.close_problem(problem, actor=city.office, on_site=True)
    services.reopen_problem(problem, actor=city.office)
    problem.refresh_from_db()
    assert (problem.closed_at, problem.closed_in_time, problem.verified_on_site) == (None, None, None)
    assert kept(problem)[-1][:2] == ("reopen", city.office.pk)
    assert told(city.liaison)[-1] == "销号已撤回：南门外占道经营"
    services.close_problem(problem, actor=city.office)
    assert (problem.verified_on_site, kept(problem)[-1][3], kept(problem)[-1][5]) == (False, "", {"on_site": False})


def test_office_hands_out_moves_and_reminds():
    city = make_city()
    other = make_user(Role.LIAISON, city.other_line)
    problem = services.report_problem(city.finding(place=None, spot="路边", territory=city.street), actor=None)[0]
    assert kept(problem)[1][5]["by"] == "territory"
    problem = services.report_problem(city.finding(place=None, spot="桥下"), actor=None)[0]
    beside = city.problem(place=make_place(city.street))
    services.assign_problem(problem, lead=city.line, actor=city.office, at=TUESDAY + HOUR)
    assert (problem.assigned_at, problem.routing_rule) == (TUESDAY + HOUR, None)
    rule = services.save_rule(city.problem_type, None, None, lead=city.line, actor=None)
    Problem.objects.filter(pk=problem.pk).update(routed_by=Routed.TERRITORY, routing_rule=rule)
    services.reassign_problem(problem, lead=city.other_line, reason="归交警", actor=city.office, at=TUESDAY + 2 * HOUR)
    due = problem.due_at
    problem.refresh_from_db()
    assert (problem.assigned_at, problem.routed_by, problem.routing_rule) == (TUESDAY + 2 * HOUR, Routed.HAND, None)
    Problem.objects.filter(pk=beside.pk).update(due_at=due)
    untouched, former = fields(beside), problem.due_at.isoformat()
    Problem.objects.filter(pk=problem.pk).update(updated_at=TUESDAY)
    services.change_deadline(problem, due_at=NOW + DAY, reason="下雨", actor=city.office, at=TUESDAY + 3 * HOUR)
    assert problem.due_at == NOW + DAY
    problem.refresh_from_db()
    assert clock.now() - problem.updated_at < timedelta(minutes=1)
    services.remind_unit(problem, actor=city.office)
    office = city.office.pk
    handed = {"lead": str(city.line), "by": "hand", "rule": None, "due": DUE}
    moved = {"from": str(city.line), "to": str(city.other_line), "due": due.isoformat(), "former": city.line.pk}
    deadline = {"from": former, "to": (NOW + DAY).isoformat()}
    assert kept(problem)[1:-1] == [
        ("assign", office, TUESDAY + HOUR, "", "", handed),
        ("reassign", office, TUESDAY + 2 * HOUR, "归交警", "", moved),
        ("deadline", office, TUESDAY + 3 * HOUR, "下雨", "", deadline),
    ]
    assert kept(problem)[-1][:2] == ("remind", office)
    words = problem.title
    assert told(other) == [f"新交办：{words}", f"时限已改：{words}", f"催办：{words}"]
    assert told(city.liaison) == [f"新交办：{words}", f"新交办：{words}", f"已转给别的单位：{words}"]
    assert told(city.office) == [f"待交办：{words}"]
    assert fields(beside) == untouched


def test_deadline_given_by_the_finder_is_kept():
    city = make_city()
    assert city.problem(due_at=NOW).due_at == NOW


def test_objection_and_ruling_are_kept_and_told():
    city = make_city()
    other = make_user(Role.LIAISON, city.other_line)
    problem, beside = city.problem(), city.problem(place=make_place(city.street))
    services.raise_dispute(beside, reason="不归我", actor=city.liaison, at=TUESDAY + HOUR)
    services.receive_problem(problem, actor=city.liaison, at=TUESDAY + HOUR)
    services.raise_dispute(
        problem, reason="不在合同内", actor=city.office, proposed_lead=city.other_line, scans=[SCAN],
        at=TUESDAY + 2 * HOUR,
    )  # fmt: skip
    untouched = fields(beside.disputes.get())
    services.rule_dispute(problem, lead=city.other_line, ruling="归交警", actor=city.office, at=TUESDAY + DAY)
    office, line = city.office.pk, str(city.line)
    ruled = {"lead": str(city.other_line), "due": problem.due_at.isoformat(), "kept": True, "former": city.line.pk}
    assert kept(problem)[4:] == [
        ("dispute", office, TUESDAY + 2 * HOUR, "不在合同内", line, {"proposed": str(city.other_line)}),
        ("photo", office, TUESDAY + 2 * HOUR, "", "", {"role": "proof"}),
        ("rule", office, TUESDAY + DAY, "归交警", "", ruled),
    ]
    assert kept(beside)[-1] == ("dispute", city.liaison.pk, TUESDAY + HOUR, "不归我", "", {"proposed": ""})
    dispute = problem.disputes.get()
    assert (dispute.region, dispute.reason, dispute.raised_at) == (city.region, "不在合同内", TUESDAY + 2 * HOUR)
    assert (dispute.ruled_at, dispute.ruling, dispute.lead) == (TUESDAY + DAY, "归交警", city.other_line)
    assert fields(beside.disputes.get()) == untouched
    assert (problem.received_at, problem.assigned_at) == (None, TUESDAY + DAY)
    words = problem.title
    assert told(city.office)[-1] == f"异议待裁定：{words}"
    assert told(city.street_liaison)[-2:] == [f"请属地先行处置：{words}", f"裁定：{words}"]
    assert told(other) == [f"裁定：{words}"]
    assert told(city.liaison)[-1] == f"已转给别的单位：{words}"
    entry = Entry.objects.filter(action="rectification.rule.save").latest("pk")
    assert (entry.actor_id, entry.data["origin"]) == (str(office), RuleOrigin.RULING)


def test_ruling_that_leaves_the_lead_keeps_its_receipt_and_tells_nobody_of_a_loss():
    city = make_city()
    problem = city.problem()
    services.receive_problem(problem, actor=city.liaison, at=TUESDAY + HOUR)
    services.raise_dispute(problem, reason="不归我", actor=city.liaison, at=TUESDAY + HOUR)
    services.rule_dispute(
        problem, lead=city.line, ruling="归城管", actor=city.office, keep_as_rule=False, at=TUESDAY + 2 * HOUR
    )
    assert (problem.received_at, problem.routing_rule) == (TUESDAY + HOUR, None)
    assert kept(problem)[-1][5]["kept"] is False
    assert told(city.liaison)[-1] == f"裁定：{problem.title}"


@pytest.mark.parametrize(("lead", "day"), [("line", 19), ("other_line", 20)])
def test_ruling_on_the_next_day_gives_back_that_day_or_counts_anew(lead, day):
    city = make_city()
    problem = city.problem()
    services.raise_dispute(problem, reason="不归我", actor=city.liaison, at=TUESDAY + DAY)
    services.rule_dispute(problem, lead=getattr(city, lead), ruling="x", actor=city.office, at=TUESDAY + 2 * DAY)
    assert problem.due_at == datetime(2026, 11, day, 10, tzinfo=UTC)


def test_plan_of_months_begins_on_its_own_day():
    city = make_city()
    problem = city.problem()
    begin = [("设计", TODAY - 2 * DAY)]
    plan = LongTermPlan("先设围挡", begin)
    services.make_long_term(problem, reason="x", plan=plan, actor=city.office, at=NOW - 2 * DAY)
    services.renew_long_term(problem, reason="x", milestones=begin, actor=None, at=NOW - 2 * DAY)
    assert problem.due_at == datetime(2026, 11, 22, 10, tzinfo=UTC)


def test_last_of_two_objections_is_ruled_on():
    city = make_city()
    problem = city.problem()
    services.raise_dispute(problem, reason="不归我", actor=city.liaison, at=TUESDAY + 2 * HOUR)
    earlier = Dispute.objects.create(
        region=city.region, problem=problem, by_unit=city.street, reason="先前", raised_at=TUESDAY, rule_by=NOW
    )
    services.rule_dispute(problem, lead=city.line, ruling="归城管", actor=city.office, keep_as_rule=False)
    earlier.refresh_from_db()
    assert earlier.ruled_at is None


def test_long_way_is_kept_and_told():
    city = make_city()
    leader = make_user(Role.LEADER, city.root)
    problem, beside = city.problem(), city.problem(place=make_place(city.street))
    for one in (problem, beside):
        services.make_long_term(one, reason="要重铺管网", plan=PLAN, actor=city.office, at=NOW - HOUR)
    Problem.objects.filter(pk=problem.pk).update(updated_at=TUESDAY)
    untouched = fields(beside), [fields(step) for step in beside.milestones.all()]
    services.complete_milestone(problem.milestones.all()[0], actor=city.liaison, on=TODAY - DAY)
    new = [("重新开工", TODAY + timedelta(days=30))]
    services.renew_long_term(problem, reason="资金未到", milestones=new, actor=leader, at=NOW - 2 * HOUR)
    due = problem.due_at
    problem.refresh_from_db()
    assert (problem.due_at, clock.now() - problem.updated_at < timedelta(minutes=1)) == (due, True)
    services.end_gone_problem(problem, reason="市场已拆", actor=city.office, at=NOW - HOUR / 2)
    left = [["开工", "2027-01-13"]]
    rows = kept(problem)[3:]
    rows[1] = (*rows[1][:2], None, *rows[1][3:])
    assert rows == [
        ("make_long_term", city.office.pk, NOW - HOUR, "要重铺管网", "", {"until": "2027-01-13", "class": "limited"}),
        ("milestone", city.liaison.pk, None, "设计", "", {"on": "2026-11-23"}),
        ("renew", leader.pk, NOW - 2 * HOUR, "资金未到", "", {"until": "2026-12-24", "not_done": left}),
        ("object_gone", city.office.pk, NOW - HOUR / 2, "市场已拆", "", {}),
    ]
    words = problem.title
    assert told(city.street_liaison)[-2:] == [f"已批准延期：{words}", f"对象已灭失，终止：{words}"]
    assert f"列入长期整改：{words}" in told(city.liaison)
    assert problem.interim_measure == "先设围挡"
    assert (fields(beside), [fields(step) for step in beside.milestones.all()]) == untouched
    assert [step.name for step in ProblemMilestone.objects.filter(problem=problem)] == ["设计", "重新开工"]


def test_double_keeps_who_merged_it_and_when():
    city = make_city()
    problem, into = city.problem(title="同一件"), city.problem(place=make_place(city.street))
    services.merge_problem(problem, into, actor=city.office, at=TUESDAY + HOUR)
    office = city.office.pk
    assert kept(problem)[-1] == ("merge", office, TUESDAY + HOUR, "", "", {"into": into.number})
    assert kept(into)[-1] == ("merged_here", office, TUESDAY + HOUR, "同一件", "", {"from": problem.number})


def test_second_finding_keeps_who_saw_it_where_it_was_reported():
    city = make_city()
    city.problem(place=make_place(city.street))
    city.problem()
    again = city.finding(title="还是占道", source="hotline", source_number="R1", at=TUESDAY + HOUR)
    problem, _new = services.report_problem(again, actor=city.office)
    seen = {"source": "hotline", "source_number": "R1"}
    assert kept(problem)[-1] == ("seen_again", city.office.pk, TUESDAY + HOUR, "还是占道", "", seen)


def test_rules_are_kept_with_their_parts_and_one_ended_alone():
    city = make_city()
    services.save_rule(city.problem_type, city.place_type, city.street, lead=city.line, actor=city.office)
    rule = services.save_rule(city.problem_type, city.place_type, city.street, lead=city.other_line, actor=city.office)
    beside = services.save_rule(city.problem_type, None, None, lead=city.line, actor=None)
    services.end_rule(rule, actor=city.office)
    beside.refresh_from_db()
    first, second, wide, ended = Entry.objects.filter(action__startswith="rectification.rule").order_by("pk")
    parts = {"place_type": "农贸市场", "territory": str(city.street), "origin": "hand"}
    assert first.data == {**parts, "lead": str(city.line), "before": ""}
    assert second.data == {**parts, "lead": str(city.other_line), "before": str(city.line)}
    assert wide.data == {"place_type": "", "territory": "", "origin": "hand", "lead": str(city.line), "before": ""}
    office = str(city.office.pk)
    assert (ended.data, ended.actor_id, ended.object_id) == ({"lead": str(city.other_line)}, office, str(rule.pk))
    assert (second.actor_id, second.object_id) == (office, str(rule.pk))
    assert (rule.region, rule.starts, beside.ends) == (city.region, TODAY, None)


def test_hints_become_rules_beside_those_of_other_regions_and_in_place_of_ended_ones():
    city, elsewhere = make_city(lead_hints=["城管局"]), make_city(lead_hints=["城管局"])
    services.end_rule(services.save_rule(city.problem_type, None, None, lead=city.line, actor=None), actor=None)
    make_problem_type(city.region, lead_hints=["城管局"])
    assert services.rules_from_hints(elsewhere.region, actor=None)[0] == 1
    assert services.rules_from_hints(city.region, actor=city.office) == (2, [])
    entry = Entry.objects.filter(action="rectification.rule.save").latest("pk")
    assert entry.actor_id == str(city.office.pk)
    assert services.rules_from_hints(city.region, actor=None) == (0, [])


def test_photo_given_for_the_record_keeps_what_was_said_of_it():
    city = make_city()
    problem = city.problem(photos=[])
    one = services.add_photo(
        problem, photo(5).data, "前.jpg", role=PhotoRole.BEFORE, actor=city.office, taken_at=TUESDAY, longitude=1.0,
        latitude=2.0, at=TUESDAY + HOUR,
    )  # fmt: skip
    assert (one.taken_at, one.longitude, one.latitude, one.region) == (TUESDAY, 1.0, 2.0, city.region)
    held = one.attachment
    assert (held.name, held.given_by_id, held.region) == ("前.jpg", city.office.pk, city.region)
    assert kept(problem)[-1] == ("photo", city.office.pk, TUESDAY + HOUR, "", "", {"role": "before"})
    assert history_of(problem).latest("pk").data["sha256"] == held.file.sha256
