"""What is kept and told of a notice from its proposal to its end, field by field; the sheet beside stays as it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.accounts.models import User
from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.organizations.models import ContractedArea, Holding, Post, RoleGrant
from chuangwen.rectification.models import Problem
from chuangwen.supervision.ladder import Given
from chuangwen.supervision.models import JointSigner, NoticeItem, NoticeRule, NoticeStep, PeerNumber, SupervisionNotice
from chuangwen.supervision.queries import notices as reading
from chuangwen.supervision.queries.addressees import addressed, goes_up, signers, signers_at, users_of
from chuangwen.supervision.queries.matters import (
    came_back_after,
    facts_of,
    facts_of_tasks,
    falsified_problems,
    is_pressing,
    rules_in_force,
    running_matters,
    units_with_matters,
)
from chuangwen.supervision.queries.rows import due_of, number_of, page_of_row, target_of, title_of_row, unit_of
from chuangwen.supervision.services import (
    acknowledge_notice,
    answer_notice,
    ask_body,
    drop_notice,
    ensure_defaults,
    propose_by_hand,
    propose_notices,
    return_answer,
    save_rule,
    save_step,
    settle_notice,
    sign_for_body,
    sign_notice,
    switch_off,
    switch_on,
    take_off_body,
    withdraw_notice,
)
from chuangwen.workflow.services import note_step
from tests.supervision.kept import facts, papers, told
from tests.supervision.making import MONDAY, NOW, SCAN, days_later, make_world
from tests.support.factories import DAY, make_unit, make_user
from tests.support.leaving import audited, fields, kept
from tests.support.refusals import said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon"), pytest.mark.once]
HOUR = timedelta(hours=1)


def test_white_sheet_from_the_rules_to_settling_it(world):
    office, colleague, liaison = world.office, world.colleague, world.liaison
    problem, task = world.problem(title="占道"), world.task(title="建册")
    world.problem(lead=world.other, title="积水")
    made, beside = propose_notices(world.region)
    url, rule = f"/notices/{made.number}/", NoticeRule.objects.get(step="white", region=world.region)
    assert told(office) == told(colleague) == [("2张督办单待签发", "", "/notices/?tab=sign", False)]
    items = made.items.values_list("problem", "task", "dossier", "rule", "ground", "found", "due_at", "region")
    assert list(items) == [
        (problem.pk, None, None, rule.pk, "late", 2, MONDAY, world.region.pk),
        (None, task.pk, None, rule.pk, "late", 2, MONDAY, world.region.pk),
    ]  # fmt: skip
    with clock.at(NOW + 2 * HOUR):
        sign_notice(made, actor=office, at=NOW + HOUR)
    assert told(liaison) == [("城管局白单", "城管局", url, False)]
    other = fields(beside)
    with days_later(1):
        acknowledge_notice(made, actor=liaison, scans=[SCAN])
        answer_notice(made, text="已清理", actor=liaison)
        assert told(office) == [("城管局答复了督办单", "城管局", url, False)]
        with clock.at(NOW + timedelta(days=1, hours=5)):
            return_answer(made, reason="缺照片", actor=office, at=NOW + timedelta(days=1, hours=4))
        assert told(liaison) == [("一张督办单的答复被退回", "城管局", url, True)]
        assert made.returned_times == 1
        with clock.at(NOW + timedelta(days=1, hours=6)):
            answer_notice(made, text="补照片", actor=liaison)
            told(office)
            Problem.objects.update(state="fixed")
            type(task).objects.update(state="reported")
            settle_notice(made, actor=office, note="已核", at=NOW + timedelta(days=1, hours=6))
        assert told(liaison) == [("一张督办单已办结", "城管局", url, False)]
    (scan,) = papers(made)
    assert scan[0::2] == (SCAN.name, liaison.pk)
    due = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    assert facts(made) == {
        "region_id": world.region.pk, "number": "2026-0001", "serial": 1, "unit_id": world.unit.pk, "colour": "white",
        "day": date(2026, 11, 18), "state": "settled", "is_urgent": False, "reason": "", "signer": "clerk",
        "addressee": "市城市管理局：联络员和具体责任人", "copy_to": "", "proposed_by_id": None, "proposed_at": NOW,
        "signed_by_id": office.pk, "signed_name": "创建办", "signed_at": NOW + HOUR, "due_at": due,
        "talk_due_on": None, "acknowledged_at": NOW + timedelta(days=1),
        "answered_at": NOW + timedelta(days=1, hours=6), "answer": "补照片",
        "settled_at": NOW + timedelta(days=1, hours=6), "returned_times": 1, "escalated_to_id": None,
    }  # fmt: skip
    later = NOW + timedelta(days=1)
    assert kept(made) == [
        ("propose", None, NOW, "", "", {"matters": ["占道", "建册"], "new": 2}),
        ("sign", office.pk, NOW + HOUR, "", "", {"left_out": [], "scans": [], "to": made.addressee}),
        ("acknowledge", liaison.pk, later, "", "", {"scans": [scan[1]]}),
        ("answer", liaison.pk, later, "已清理", "", {"scans": []}),
        ("return", office.pk, later + 4 * HOUR, "缺照片", "", {"due": clock.local(due).isoformat()}),
        ("answer", liaison.pk, later + 6 * HOUR, "补照片", "", {"scans": []}),
        ("settle", office.pk, later + 6 * HOUR, "已核", "", {}),
    ]
    assert fields(beside) == other


def test_red_sheet_by_hand_from_paper_to_withdrawing_it(world):
    office, colleague, liaison = world.office, world.colleague, world.liaison
    problem, task = world.problem(title="占道"), world.task(title="建册")
    told(office)
    red = propose_by_hand(world.unit, colour="red", problems=[problem], tasks=[task], reason="塌陷", actor=office)
    assert (told(office), told(world.leader)) == ([], [])
    white = propose_by_hand(world.unit, colour="white", problems=[world.problem()], reason="催", actor=colleague)
    assert (red.number, red.is_urgent, white.number, white.is_urgent) == ("2026-0001", True, "2026-0002", False)
    items = red.items.values_list("problem", "task", "rule", "ground", "found", "due_at")
    assert list(items) == [(problem.pk, None, None, "", 0, MONDAY), (None, task.pk, None, "", 0, MONDAY)]
    with clock.at(NOW + HOUR):
        name = f" {'王' * 81}"
        sign_notice(red, actor=office, signed_name=name, scans=[SCAN], at=NOW)
    assert told(liaison) == [("城管局红单", "城管局", f"/notices/{red.number}/", True)]
    assert (red.signed_name, red.serial, red.talk_due_on) == ("王" * 80, 1, date(2026, 11, 25))
    with clock.at(NOW + 2 * HOUR):
        acknowledge_notice(red, actor=colleague, at=NOW + HOUR, scans=[SCAN])
        answer_notice(red, text="已围挡", actor=colleague, at=NOW + HOUR)
        told(liaison)
    (signed, received) = papers(red)
    assert (signed[2], received[2]) == (office.pk, colleague.pk)
    assert kept(red) == [
        ("propose", office.pk, NOW, "塌陷", "", {"matters": ["占道", "建册"]}),
        ("sign", office.pk, NOW, "", "王" * 80, {"left_out": [], "scans": [signed[1]], "to": red.addressee}),
        ("acknowledge", colleague.pk, NOW + HOUR, "", "城管局", {"scans": [received[1]]}),
        ("answer", colleague.pk, NOW + HOUR, "已围挡", "城管局", {"scans": []}),
    ]
    sign_notice(white, actor=office)
    told(liaison)
    row = fields(red)
    withdraw_notice(white, reason="发错单位", actor=office)
    assert told(liaison) == [("一张督办单已撤回", "城管局", f"/notices/{white.number}/", False)]
    assert kept(white)[-1] == ("withdraw", office.pk, NOW, "发错单位", "", {})
    assert (white.state, fields(red)) == ("withdrawn", row)


def test_proposal_by_hand_joins_what_the_rules_proposed_and_takes_from_milder_ones(world):
    first, second, third = (world.problem(title=title) for title in ("甲", "乙", "丙"))
    other = world.problem(lead=world.other, title="丁")
    white, beside = propose_notices(world.region)
    row = fields(beside)
    joined = propose_by_hand(world.unit, colour="white", problems=[first], reason="催办", actor=world.colleague)
    assert (joined.pk, joined.reason, joined.proposed_by, joined.items.count()) == (
        white.pk, "催办", world.colleague, 3,
    )  # fmt: skip
    again = propose_by_hand(world.unit, colour="white", problems=[second], reason="再催", actor=world.office)
    assert (again.reason, again.proposed_by) == ("催办", world.colleague)
    assert kept(again)[-1] == ("propose", world.office.pk, NOW, "再催", "", {"matters": ["乙"]})
    yellow = propose_by_hand(world.unit, colour="yellow", problems=[first], reason="急", actor=world.office)
    assert [one.matter for one in white.items.all()] == [second, third]
    milder = propose_by_hand(world.unit, colour="white", problems=[first], reason="也列", actor=world.office)
    assert ([one.matter for one in milder.items.all()], yellow.items.get().matter) == ([second, third, first], first)
    assert (fields(beside), beside.items.get().problem) == (row, other)
    with clock.at(NOW + HOUR):
        Problem.objects.filter(pk__in=[second.pk, other.pk]).update(state="fixed")
        propose_notices(world.region)
    assert [one.matter for one in white.items.all()] == [third, first]
    assert kept(beside)[-1] == ("drop", None, NOW + HOUR, "已没有所列事项。", "", {})
    drop_notice(yellow, reason="已当面说明", actor=world.office)
    assert kept(yellow)[-1] == ("drop", world.office.pk, NOW, "已当面说明", "", {})


def test_bodies_are_asked_sign_and_are_taken_off(world):
    world.problem()
    (notice,) = propose_notices(world.region)
    body, gone = (make_unit(world.root, name=name) for name in ("督查室", "宣传部"))
    head, liaison, silent = make_user(Role.LEADER, body), make_user(Role.LIAISON, body), make_user(Role.LIAISON, gone)
    one, two = (ask_body(notice, unit=unit, actor=world.office) for unit in (body, gone))
    url = f"/notices/{notice.number}/"
    assert told(head) == told(liaison) == [("督办单待督查室会签", "城管局", url, False)]
    assert told(silent) == [("督办单待宣传部会签", "城管局", url, False)]
    take_off_body(two, actor=world.office)
    with clock.at(NOW + 2 * HOUR):
        sign_for_body(one, actor=world.colleague, signed_name=f" {'李' * 81} ", scans=[SCAN], at=NOW + HOUR)
    (scan,) = papers(notice)
    row = JointSigner.objects.values("region", "notice", "unit", "signed_name", "signed_at", "entered_by").get()
    assert row == {"region": world.region.pk, "notice": notice.pk, "unit": body.pk, "signed_name": "李" * 80,
                   "signed_at": NOW + HOUR, "entered_by": world.colleague.pk}  # fmt: skip
    assert (one.signed_name, one.signed_at, scan[2]) == ("李" * 80, NOW + HOUR, world.colleague.pk)
    data = {"body": "督查室", "scans": [scan[1]]}
    assert kept(notice)[1:] == [
        ("joint-ask", world.office.pk, NOW, "", "", {"body": "督查室"}),
        ("joint-ask", world.office.pk, NOW, "", "", {"body": "宣传部"}),
        ("joint-off", world.office.pk, NOW, "", "", {"body": "宣传部"}),
        ("joint-sign", world.colleague.pk, NOW + HOUR, "", "李" * 81, data),
    ]
    for stranger in (world.liaison, world.leader):
        with pytest.raises(PermissionDenied):
            take_off_body(one, actor=stranger)
    three, four = (ask_body(notice, unit=make_unit(world.root, name=name), actor=world.office) for name in "甲乙")
    sign_for_body(three, actor=make_user(Role.LEADER, three.unit))
    four.refresh_from_db()
    assert (kept(notice)[-1][4], four.signed_at) == ("", None)
    assert said(sign_notice, notice, actor=world.office).startswith("这些单位还没有会签：乙。")
    own = make_user(Role.OFFICE, world.root)
    RoleGrant.objects.create(region=world.region, user=own, role="liaison", unit=world.unit, starts=DAY)
    sign = {"signed_name": "某", "scans": [SCAN]}
    assert said(sign_for_body, four, actor=own, **sign) == "您属于这个单位，请别人来定。"
    drop_notice(notice, reason="不发", actor=world.office)
    waits = "这张督办单现在不等签字。请重新打开，看看现在的情况。"
    for act in (take_off_body, sign_for_body):
        four.notice.refresh_from_db()
        options = sign if act is sign_for_body else {}
        assert said(act, four, actor=world.office, **options) == waits


def test_rules_and_steps_are_kept_with_what_they_were(world):
    theirs, office = make_world(), world.office
    former = NoticeRule.objects.get(region=world.region, step="white")
    beside = NoticeRule.objects.get(region=theirs.region, step="white")
    reminder = NoticeRule.objects.get(region=world.region, step="reminder")
    rows = fields(beside), fields(reminder)
    rule = save_rule(
        world.region, step="white", condition="late", number=90, source="site: 试", actor=office, replaces=former
    )
    assert facts(rule) == {
        "region_id": world.region.pk, "step": "white", "condition": "late", "number": 90, "source": "site: 试",
        "is_on": False, "starts": None, "ends": None, "replaces_id": former.pk, "position": former.position,
    }  # fmt: skip
    data = {"step": "white", "condition": "late", "number": 90, "replaces": former.pk}
    assert audited("supervision.rule.save") == [(str(office.pk), str(rule.pk), data)]
    switch_on(rule, actor=office)
    former.refresh_from_db()
    today = date(2026, 11, 18)
    assert ((rule.is_on, rule.starts, rule.ends), (former.is_on, former.ends)) == ((True, today, None), (False, today))
    switch_off(rule, actor=office)
    assert (rule.is_on, rule.ends) == (False, today)
    for action in ("on", "off"):
        assert audited(f"supervision.rule.{action}") == [(str(office.pk), str(rule.pk), data)]
    falsified = save_rule(world.region, step="yellow", condition="falsified", number=7, source="x", actor=office)
    assert (falsified.number, falsified.position, falsified.replaces) == (0, 99, None)
    assert save_rule(world.region, step="red", condition="late", number=1, source="x", actor=office).number == 1
    again = save_rule(world.region, step="reminder", condition="due-soon", number=2, source="x", actor=office)
    same = "同一级、同一条件已有一条规则在执行。"
    assert said(switch_on, again, actor=office).startswith(same)
    refused = said(save_rule, world.region, step="white", condition="late", number=0, source="x", actor=office)
    assert refused == "数值不在1到90之间。请填这之间的数。"
    with pytest.raises(PermissionDenied):
        switch_on(beside, actor=office)
    ended = "这条规则已停用。选一条现行的。"
    values = {"step": "white", "condition": "late", "number": 1, "source": "x", "actor": office}
    assert said(save_rule, world.region, replaces=beside, **values) == ended
    assert (fields(beside), fields(reminder)) == rows
    step = NoticeStep.objects.get(region=world.region, step="white")
    other = fields(NoticeStep.objects.get(region=theirs.region, step="white"))
    save_step(step, actor=office, signer="director", answer_within="3d", talk_within="5d")
    step.refresh_from_db()
    assert (step.signer, step.answer_within, step.talk_within, step.addressee) == ("director", "3d", "5d", "acting")
    before = {"signer": "clerk", "answer_within": "2d", "talk_within": ""}
    now = {"signer": "director", "answer_within": "3d", "talk_within": "5d"}
    assert audited("supervision.step.save") == [(str(office.pk), str(step.pk), {"before": before, "now": now})]
    assert fields(NoticeStep.objects.get(region=theirs.region, step="white")) == other
    words = said(save_step, step, actor=office, signer="clerk", answer_within="2d", talk_within="五天")
    assert words == "“五天”不是时限。请写成“2个工作日”或“4个工作小时”。"
    for lacking in ({"signer": "", "answer_within": "2d"}, {"signer": "clerk", "answer_within": ""}):
        assert said(save_step, step, actor=office, **lacking) == "督办单要有签发人和答复时限。两项都填。"
    save_step(NoticeStep.objects.get(region=world.region, step="reminder"), actor=office, addressee="acting")


def test_defaults_fill_only_what_is_missing(world):
    theirs = make_world()
    PeerNumber.objects.filter(region=world.region, key="peers").delete()
    NoticeRule.objects.filter(region=world.region).delete()
    steps = {one.pk: one.addressee for one in NoticeStep.objects.filter(region=world.region)}
    assert ensure_defaults(world.region, actor=world.office) == 1
    assert audited("supervision.defaults")[-1] == (str(world.office.pk), "", {"rows": 1})
    assert {one.pk: one.addressee for one in NoticeStep.objects.filter(region=world.region)} == steps
    NoticeStep.objects.filter(region=world.region).delete()
    assert ensure_defaults(world.region, actor=world.office) == 4 + 7
    rules = NoticeRule.objects.filter(region=world.region).values_list("position", "is_on", "starts")
    assert list(rules) == [(number, True, date(2026, 11, 18)) for number in range(7)]
    assert NoticeRule.objects.filter(region=theirs.region).count() == 7


def test_who_is_addressed_and_told(world):
    unit, region = world.unit, world.region
    step = {one.step: one for one in NoticeStep.objects.all()}
    post = lambda kind, title, of=unit: Post.objects.create(region=region, unit=of, kind=kind, title=title)  # noqa: E731

    def holding(one, **fields):
        user = make_user()
        Holding.objects.create(region=region, post=one, user=user, **{"starts": DAY - timedelta(days=9)} | fields)
        return user.pk

    liaison = world.liaison.pk
    nobody = addressed(unit, step["yellow"])
    assert (nobody.to, nobody.copy, nobody.people) == ("市城市管理局：第一责任人", "分管领导", frozenset({liaison}))
    first, acting = post("first", "局长"), post("acting", "副局长")
    post("liaison", "联络员")
    post("acting", "联络员")
    post("first", "外人", world.other)
    head, deputy = holding(first), holding(acting)
    holding(first, starts=DAY - timedelta(days=90), ends=DAY - timedelta(days=80))
    white = addressed(unit, step["white"])
    assert (white.to, white.copy, white.people, white.missing) == (
        "市城市管理局：副局长、联络员", "", frozenset({liaison, deputy}), "",
    )  # fmt: skip
    red = addressed(unit, step["red"])
    assert (red.to, red.copy, red.people) == ("市城市管理局：局长", "督查室", frozenset({liaison, head}))
    leader = post("charge", "副市长", world.root)
    above = holding(leader)
    ContractedArea.objects.create(region=region, leader=leader, unit=unit, starts=DAY - timedelta(days=9))
    yellow = addressed(unit, step["yellow"])
    assert (yellow.copy, yellow.people) == (str(leader), frozenset({liaison, head, above}))
    charge = post("charge", "分管副局长")
    inside = holding(charge)
    yellow = addressed(unit, step["yellow"])
    assert (yellow.copy, yellow.people) == (str(charge), frozenset({liaison, head, inside}))
    type(unit).objects.filter(pk=unit.pk).update(resident=True)
    unit.refresh_from_db()
    assert [goes_up(unit, one) for one in ("reminder", "white", "yellow", "red")] == [False, False, True, True]
    yellow, red = addressed(unit, step["yellow"]), addressed(unit, step["red"])
    assert (yellow.to, yellow.copy) == ("市城市管理局：局长", str(leader))
    assert yellow.people == red.people == frozenset({liaison, head, above})
    assert (red.to, red.copy) == (str(leader), "市城市管理局：局长")
    line = make_unit(world.root, name="省局", kind="vertical")
    theirs = [holding(post(kind, "某", line)) for kind in ("first", "liaison")]
    holding(post("acting", "某", line))
    type(unit).objects.filter(pk=unit.pk).update(line_authority=line)
    unit.refresh_from_db()
    red = addressed(unit, step["red"])
    assert (red.to, red.people) == ("省局", frozenset({liaison, head, *theirs}))
    ContractedArea.objects.all().delete()
    type(unit).objects.filter(pk=unit.pk).update(line_authority=None)
    unit.refresh_from_db()
    lost = addressed(unit, step["red"])
    assert (lost.to, lost.copy, lost.people) == ("市城市管理局：局长", "", frozenset({liaison, head}))
    assert lost.missing == "城管局既没有条线上级，也没有包联领导。"


def test_who_signs_for_a_region_and_for_a_body(world):
    body = make_unit(world.root)
    head = make_user(Role.LEADER, body)
    make_user(Role.LEADER, make_unit(body))
    gone = make_user(Role.LEADER, body)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    past = make_user(Role.LEADER, body)
    RoleGrant.objects.filter(user=past).update(ends=DAY - timedelta(days=1))
    theirs = make_world()
    assert set(signers_at(body)) == {head}
    assert set(signers_at(world.root)) == set()
    assert set(signers(world.region, "supervision.sign_red")) == {world.leader}
    assert set(signers(world.region, "supervision.sign")) == {world.office, world.colleague}
    assert set(signers(theirs.region, "supervision.sign_red")) == {theirs.leader}
    assert set(users_of(frozenset({head.pk, gone.pk}))) == {head}


def test_matters_as_the_ladder_sees_them(world):
    region = world.region
    closed = world.problem(state="closed", closed_at=NOW - timedelta(days=20), is_open=False)
    back = world.problem(recurrence_of=closed, found_at=NOW - timedelta(hours=8), due_at=NOW + timedelta(days=20))
    returned = world.problem(returned_times=1, due_at=NOW + timedelta(days=20), state="returned")
    soon = world.problem(due_at=NOW + timedelta(days=14) - HOUR)
    far = world.problem(due_at=NOW + timedelta(days=14))
    theirs = world.problem(lead=world.other)
    slow = world.problem(problem_class="long-term")
    task, later = world.task(), world.task(due_at=NOW + timedelta(days=14))
    sent_back = world.task(state="issued")
    for _twice in range(2):
        note_step(sent_back, "reopen", actor=None)
    note_step(task, "accept", actor=None)
    units = [world.unit.pk]
    found = {one.row: one.matter for one in running_matters(region, NOW, units=units)}
    assert set(found) == {back, returned, soon, slow, task, sent_back}
    assert {far, later} & set(found) == set()
    assert not found[slow].running
    assert (found[back].came_back_after, found[soon].came_back_after, found[returned].returned) == (20, None, 1)
    assert (found[sent_back].returned, found[task].returned, found[task].running) == (2, 0, True)
    assert (came_back_after(back), came_back_after(closed)) == (20, None)
    assert units_with_matters(region, NOW) == sorted([world.unit.pk, world.other.pk])
    assert falsified_problems(region) == set()
    assert is_pressing(facts_of(Problem.objects.filter(pk=theirs.pk))[0], NOW)
    assert not is_pressing(facts_of(Problem.objects.filter(pk=soon.pk))[0], NOW)
    assert is_pressing(facts_of(Problem.objects.filter(pk=back.pk))[0], NOW)
    assert is_pressing(facts_of(Problem.objects.filter(pk=returned.pk))[0], NOW)
    assert not is_pressing(facts_of(Problem.objects.filter(pk=slow.pk))[0], NOW)
    assert not is_pressing(facts_of(Problem.objects.filter(pk=theirs.pk))[0], MONDAY)
    assert [one.row for one in facts_of_tasks(type(task).objects.filter(unit=world.unit))] == [task, later, sent_back]
    propose_notices(region)
    had = facts_of(Problem.objects.filter(pk=theirs.pk))[0].matter.given
    assert [(one.step, one.day, one.sent) for one in had] == [("white", date(2026, 11, 18), False)]
    assert isinstance(had[0], Given)
    rules = rules_in_force(region)
    assert [(one.step, one.condition, one.number) for one in rules][:2] == [
        ("reminder", "due-soon", 1), ("white", "late", 1),
    ]  # fmt: skip
    make_world()
    assert rules_in_force(region) == rules
    assert [(unit_of(row), due_of(row), number_of(row), title_of_row(row), target_of(row)) for row in (back, task)] == [
        (world.unit, row.due_at, row.number, row.title, {name: row})
        for name, row in (("problem", back), ("task", task))
    ]  # fmt: skip
    assert [page_of_row(row) for row in (back, task)] == [f"/problems/{back.number}/", f"/tasks/{task.pk}/"]


def test_notices_are_read_by_what_waits_for_whom(world):
    office, liaison = world.office, world.liaison
    mine, theirs = world.problem(title="甲"), world.problem(lead=world.other)
    white, other = propose_notices(world.region)
    assert set(reading.to_sign(office)) == {white, other}
    assert [list(reading.to_sign(one)) for one in (world.leader, liaison)] == [[], []]
    red = propose_by_hand(world.unit, colour="red", problems=[mine], reason="急", actor=office)
    assert (set(reading.to_sign(world.leader)), red in reading.to_sign(office)) == ({red}, False)
    sign_notice(other, actor=office)
    sign_notice(red, actor=world.leader)
    foreign = make_world()
    assert (list(reading.to_answer(liaison)), list(reading.to_answer(foreign.liaison))) == ([red], [])
    answered = SupervisionNotice.objects.filter
    assert (answered(reading.late()).count(), list(answered(reading.talks_due()))) == (0, [red])
    with days_later(2):
        assert list(answered(reading.late())) == [red]
    answer_notice(red, text="已围挡", actor=liaison)
    assert (list(reading.to_judge(office)), list(reading.to_judge(liaison))) == ([red], [])
    assert list(reading.to_answer(liaison)) == []
    with days_later(9):
        assert list(answered(reading.late())) == [other]
    assert [one.matter for one in reading.items_of(red)] == [mine]
    with days_later(1):
        yellow = propose_by_hand(world.unit, colour="yellow", problems=[mine], reason="催", actor=office)
    assert list(reading.notices_of("problem", mine.pk)) == [yellow, red]
    assert list(reading.notices_of("problem", theirs.pk)) == [other]
    assert reading.colours_of_unit(world.unit.pk) == {"white": 0, "yellow": 0, "red": 1}
    assert reading.colours_of_unit(world.other.pk) == {"white": 1, "yellow": 0, "red": 0}
    with days_later(365):
        assert reading.colours_of_unit(world.other.pk)["white"] == 1
        assert reading.colours_of_unit(world.other.pk, days=364)["white"] == 0
    withdraw_notice(other, reason="发错", actor=office)
    assert reading.colours_of_unit(world.other.pk)["white"] == 0
    assert (reading.has_ladder(world.region), reading.step_row(world.region, "red").signer) == (True, "deputy")
    NoticeStep.objects.filter(region=world.region).delete()
    assert (reading.has_ladder(world.region), reading.step_row(world.region, "red")) == (False, None)
    assert reading.has_ladder(foreign.region)
    assert NoticeItem.objects.filter(notice=red).count() == 1


def test_reminders_are_one_line_each_with_its_deadline(world):
    problem, task = world.problem(due_at=NOW + timedelta(days=1)), world.task(due_at=NOW + timedelta(days=1))
    world.problem(lead=world.other, due_at=NOW + timedelta(days=1))
    assert propose_notices(world.region) == []
    assert told(world.liaison) == [
        (f"快到期：{problem}", "11月19日12:00到期", f"/problems/{problem.number}/", False),
        (f"快到期：{task}", "11月19日12:00到期", f"/tasks/{task.pk}/", False),
    ]  # fmt: skip
