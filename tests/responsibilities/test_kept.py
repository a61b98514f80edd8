"""What each step of a task leaves behind: columns, history, audit, what people are told; nothing at the task beside."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chuangwen.audit.models import Entry
from chuangwen.core import clock
from chuangwen.notifications.models import Notice
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.services import name_post
from chuangwen.responsibilities import services
from chuangwen.responsibilities.models import Assignment, Collective, SplitCriterion, Task
from chuangwen.responsibilities.services import Cell
from tests.responsibilities.making import City, make_city
from tests.support.factories import NOON, make_campaign, make_root
from tests.support.leaving import fields, kept

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
HOUR = timedelta(hours=1)
LATER = NOON + timedelta(days=10)


@pytest.fixture
def city():
    return make_city()


def told(person):
    return list(Notice.objects.filter(user=person).order_by("pk").values_list("title", "url"))


def drafted(city, unit, **changes):
    values = {"title": "清理背街小巷", "measure": "无暴露垃圾", "due_at": LATER, "actor": city.office}
    return services.draft_task(city.campaign, unit, **values | changes)


def audited(action):
    entry = Entry.objects.filter(action=action).latest("pk")
    return entry.actor_id, entry.chain.region_code, entry.data


def test_every_column_of_a_draft_is_kept(city):
    unit, helper = city.unit("城管局"), city.unit("住建局")
    acting = name_post(unit, PostKind.ACTING, "副局长", actor=None)
    named = name_post(unit, PostKind.FIRST, "局长", actor=None)
    task = drafted(
        city, unit, title=" 清理背街小巷 ", measure=" 无暴露垃圾 ", node=city.node("1.1"), frequency="每" * 100,
        detail="说明", origin="directive", origin_text="某通知", origin_url="/directives/1/", post=named,
        cooperating=[helper],
    )  # fmt: skip
    task.refresh_from_db()
    assert (task.title, task.measure, task.detail, task.frequency) == (
        "清理背街小巷", "无暴露垃圾", "说明", "每" * 80,
    )  # fmt: skip
    assert (task.region, task.campaign, task.unit, task.post) == (city.root.region, city.campaign, unit, named)
    assert (task.node, task.due_at, task.made_by, task.state) == (city.node("1.1"), LATER, city.office, "draft")
    assert (task.origin, task.origin_text, task.origin_url) == ("directive", "某通知", "/directives/1/")
    assert kept(task) == [("draft", city.office.pk, NOON, "", "", {})]
    plain = drafted(city, unit)
    assert (plain.post, plain.node, plain.frequency, plain.detail) == (acting, None, "", "")
    assert (plain.origin, plain.origin_text, plain.origin_url) == ("hand", "", "")
    whole = drafted(city, unit, title="长" * 300, measure="好" * 300)
    assert (whole.title, whole.detail, whole.measure) == ("长" * 300, "", "好" * 300)
    cut = drafted(city, unit, title="长" * 301)
    assert (cut.title, cut.detail) == ("长" * 299 + "…", "长" * 301)


def test_way_of_a_task_is_kept_and_told(city):
    unit = city.unit("城管局")
    liaison, office = city.liaison(unit), city.office
    task, beside = drafted(city, unit), drafted(city, unit, title="旁边")
    for one in (task, beside):
        services.issue_task(one, actor=office, at=NOON - 5 * HOUR)
        services.accept_task(one, actor=office, on_behalf="办公室", at=NOON - 4 * HOUR)
    untouched, said = fields(beside), {"on_behalf": "办公室"}
    Task.objects.filter(pk=task.pk).update(updated_at=NOON - 9 * HOUR)
    services.add_measures(task, measures=" 巡查 ", people=" 科长 ", actor=office, at=NOON - 3 * HOUR, **said)
    assert (task.measures, task.people, fields(task)["updated_at"]) == ("巡查", "科长", NOON)
    services.note_progress(task, note="刚开始", actor=office, at=NOON - 3 * HOUR, **said)
    services.note_progress(task, note="快了", actor=liaison)
    assert task.progress == 0
    services.report_task(task, note="完成", actor=office, at=NOON - 2 * HOUR, **said)
    assert (task.progress, task.finished_at) == (0, NOON - 2 * HOUR)
    services.reopen_task(task, reason="还差一条街", actor=office)
    services.report_task(task, note="都完成", actor=liaison)
    assert (task.finished_at, task.issued_at) == (NOON, NOON - 5 * HOUR)
    services.confirm_task(task, actor=office, note="看过", at=NOON - HOUR)
    assert kept(task) == [
        ("draft", office.pk, NOON, "", "", {}),
        ("issue", office.pk, NOON - 5 * HOUR, "", "", {}),
        ("accept", office.pk, NOON - 4 * HOUR, "", "办公室", {}),
        ("measures", office.pk, NOON - 3 * HOUR, "", "办公室", {}),
        ("progress", office.pk, NOON - 3 * HOUR, "刚开始", "办公室", {}),
        ("progress", liaison.pk, NOON, "快了", "", {}),
        ("report", office.pk, NOON - 2 * HOUR, "完成", "办公室", {}),
        ("reopen", office.pk, NOON, "还差一条街", "", {}),
        ("report", liaison.pk, NOON, "都完成", "", {}),
        ("confirm", office.pk, NOON - HOUR, "看过", "", {}),
    ]
    url, title = f"/tasks/{task.pk}/", task.title
    assert told(liaison) == [
        (f"新任务：{title}", url),
        ("新任务：旁边", f"/tasks/{beside.pk}/"),
        (f"任务退回：{title}", url),
    ]
    assert told(office) == [(f"报告完成：{title}", url)] * 2
    notice = Notice.objects.filter(user=office).first()
    assert (notice.kind, notice.region, notice.read_at) == ("responsibilities", city.root.region, NOON)
    assert fields(beside) == untouched


def test_objection_and_its_end_are_kept_and_told(city):
    old, new = city.unit("城管局"), city.unit("住建局")
    people = [city.liaison(old), city.liaison(new)]
    services.set_share(city.campaign, city.node("1.1"), old, "lead", actor=None)
    services.issue_breakdown(city.campaign, due_at=LATER, measure="不失分", actor=city.office)
    task = Task.objects.get()
    services.object_to_task(task, reason="应由住建", actor=city.office, on_behalf="办公室", at=NOON - HOUR)
    services.uphold_task(task, reason="同意", actor=city.office, unit=new)
    office, url = city.office.pk, f"/tasks/{task.pk}/"
    assert kept(task)[2:] == [
        ("object", office, NOON - HOUR, "应由住建", "办公室", {}),
        ("uphold", office, NOON, "同意", "", {"unit": "住建局", "before": "城管局", "former": old.pk}),
    ]
    assert told(city.office) == [("任务有异议：标准1", url)]
    assert told(people[0]) == [("责任分解给您下发了1项任务", url), ("已转给别的单位：标准1", url)]
    assert told(people[1]) == [("异议已裁定：标准1", url)]
    actor, region, data = audited("responsibilities.breakdown.set")
    assert (actor, region, data["origin"]) == (str(office), city.root.region.code, "hand")
    assert data["cells"] == [[task.node_id, old.pk, ""], [task.node_id, new.pk, "lead"]]


def test_unit_answers_in_its_own_name(city):
    unit = city.unit("城管局")
    liaison = city.liaison(unit)
    task, other = drafted(city, unit), drafted(city, unit)
    for one in (task, other):
        services.issue_task(one, actor=None)
    services.object_to_task(other, reason="不归我", actor=liaison)
    services.accept_task(task, actor=liaison)
    services.add_measures(task, measures="巡查", people="科长", actor=liaison)
    assert [row[4] for row in (*kept(task), *kept(other))] == [""] * 7
    services.report_task(task, note="完成", actor=liaison)
    services.confirm_task(task, actor=city.office)
    assert kept(task)[-1] == ("confirm", city.office.pk, NOON, "", "", {})


def test_decision_for_the_same_unit_changes_neither_post_nor_matrix(city):
    unit = city.unit("城管局")
    liaison = city.liaison(unit)
    first = name_post(unit, PostKind.FIRST, "局长", actor=None)
    name_post(unit, PostKind.ACTING, "副局长", actor=None)
    task = drafted(city, unit, post=first, origin="breakdown", node=city.node("1.1"))
    services.issue_task(task, actor=None)
    services.object_to_task(task, reason="不归我", actor=liaison)
    services.uphold_task(task, reason="归你", actor=city.office)
    assert (task.post, task.unit, city.cells(), kept(task)[-1][5]) == (first, unit, {}, {})
    assert [title for title, _url in told(liaison)][-1] == f"异议已裁定：{task.title}"
    services.object_to_task(task, reason="不归我", actor=liaison)
    moved = drafted(city, unit, origin="breakdown")
    services.issue_task(moved, actor=None)
    services.object_to_task(moved, reason="不归我", actor=liaison)
    services.uphold_task(moved, reason="归住建", actor=city.office, unit=city.unit("住建局"))
    assert city.cells() == {}


def test_dropping_and_moving_are_kept_and_told_and_touch_no_other(city):
    unit = city.unit("城管局")
    liaison = city.liaison(unit)
    task, beside = drafted(city, unit), drafted(city, unit)
    services.issue_task(task, actor=None, tell=False)
    assert (told(liaison), task.issued_at) == ([], NOON)
    untouched = fields(beside)
    Task.objects.filter(pk=task.pk).update(updated_at=NOON - HOUR)
    services.postpone_task(task, due_at=LATER + HOUR, reason="台风", actor=city.office)
    assert (task.due_at, fields(task)["updated_at"], fields(beside)) == (LATER + HOUR, NOON, untouched)
    services.cancel_task(task, reason="口径有变", actor=city.office)
    both = {"from": LATER.isoformat(), "to": (LATER + HOUR).isoformat()}
    assert kept(task)[2:] == [
        ("postpone", city.office.pk, NOON, "台风", "", both),
        ("cancel", city.office.pk, NOON, "口径有变", "", {}),
    ]
    url = f"/tasks/{task.pk}/"
    assert told(liaison) == [(f"时限已改：{task.title}", url), (f"任务撤销：{task.title}", url)]
    lines = Notice.objects.order_by("pk").values_list("kind", "read_at")
    assert list(lines) == [("responsibilities", NOON), ("responsibilities", None)]


def test_breakdown_tells_each_unit_once_and_writes_whole_tasks(city):
    make_campaign()
    one, two = city.unit("城管局"), city.unit("住建局")
    people = [city.liaison(one), city.liaison(two)]
    for code, unit in (("1.1", one), ("1.2", two), ("1.3", two)):
        services.set_share(city.campaign, city.node(code), unit, "lead", actor=None)
    assert services.issue_breakdown(city.campaign, due_at=LATER, measure="不失分", actor=city.office) == 3
    tasks = list(Task.objects.order_by("node__code"))
    assert {(task.measure, task.due_at, task.made_by, task.state) for task in tasks} == {
        ("不失分", LATER, city.office, "issued"),
    }  # fmt: skip
    assert [row[:2] for row in kept(tasks[0])] == [("draft", city.office.pk), ("issue", city.office.pk)]
    assert told(people[0]) == [("责任分解给您下发了1项任务", f"/tasks/{tasks[0].pk}/")]
    assert told(people[1]) == [("责任分解给您下发了2项任务", "/tasks/?tab=accept")]
    assert set(Notice.objects.values_list("region", "kind")) == {(city.root.region.pk, "responsibilities")}


def test_matrix_of_another_campaign_is_left_alone(city):
    unit, office = city.unit("城管局"), city.office
    version = city.campaign.standards.get().version
    beside = City(city.root, make_campaign(city.root, version=version, name="另一个"), office, city.units)
    first, second = city.node("1.1"), city.node("1.2")
    services.set_share(city.campaign, first, unit, "lead", actor=office)
    assert services.set_share(beside.campaign, first, unit, "lead", actor=office) == ""
    assert services.set_share(beside.campaign, first, city.unit("住建局"), "cooperate", actor=office) == ""
    services.mark_split(city.campaign, second, split=True, actor=office)
    services.mark_split(beside.campaign, second, split=True, actor=office)
    assert services.set_share(beside.campaign, second, unit, "lead", actor=office) == ""
    assert services.set_share(city.campaign, first, unit, "", actor=office) == "lead"
    services.mark_split(city.campaign, first, split=False, actor=office)
    assert SplitCriterion.objects.count() == 2
    services.mark_split(city.campaign, second, split=False, actor=office)
    assert beside.cells() == {
        ("1.1", "城管局"): "lead", ("1.1", "住建局"): "cooperate", ("1.2", "城管局"): "lead",
    }  # fmt: skip
    assert [one.campaign for one in SplitCriterion.objects.all()] == [beside.campaign]
    assert audited("responsibilities.breakdown.split") == (
        str(office.pk), city.root.region.code, {"node": "1.2", "split": False},
    )  # fmt: skip
    city.hint("1.1", "城管局"), city.hint("1.2", "各街道")
    city.street("东街道"), city.street("西街道")
    assert services.apply_hints(city.campaign, actor=office).cells == 3
    assert SplitCriterion.objects.filter(campaign=city.campaign).count() == 1
    assert audited("responsibilities.breakdown.split")[0] == str(office.pk)
    marks = Entry.objects.filter(action="responsibilities.breakdown.split").count()
    services.set_shares(
        city.campaign, [Cell(second.pk, one.pk, "") for one in city.units.values()], origin="hand", actor=None
    )
    assert services.apply_hints(city.campaign, actor=office).cells == 2
    assert Entry.objects.filter(action="responsibilities.breakdown.split").count() == marks
    assert audited("responsibilities.breakdown.set")[2]["origin"] == "hint"
    assert audited("responsibilities.breakdown.set")[0] == str(office.pk)


def test_cell_written_again_keeps_its_newest_origin_and_time(city):
    unit, node = city.unit("城管局"), city.node("1.1")
    services.set_shares(city.campaign, [Cell(node.pk, unit.pk, "lead")], origin="hint", actor=None)
    with clock.at(NOON + HOUR):
        services.set_shares(city.campaign, [Cell(node.pk, unit.pk, "cooperate")], origin="workbook", actor=city.office)
    cell = Assignment.objects.get()
    assert (cell.share, cell.origin, cell.region) == ("cooperate", "workbook", city.root.region)
    assert (cell.created_at, cell.updated_at) == (NOON, NOON + HOUR)
    assert audited("responsibilities.breakdown.set") == (
        str(city.office.pk), city.root.region.code, {"origin": "workbook", "cells": [[node.pk, unit.pk, "cooperate"]]},
    )  # fmt: skip


def test_criterion_taken_tells_the_office_and_only_leads_of_it_here_count(city):
    unit, other = city.unit("甲局"), city.unit("乙局")
    liaison = city.liaison(unit)
    beside = make_campaign(city.root, version=city.campaign.standards.get().version, name="另一个")
    services.set_share(beside, city.node("1.1"), other, "lead", actor=None)
    services.set_share(city.campaign, city.node("1.2"), other, "lead", actor=None)
    services.claim_criterion(city.campaign, city.node("1.1"), unit, actor=liaison)
    assert told(city.office) == [("甲局认领牵头：1.1 标准1", "/breakdown/")]
    assert audited("responsibilities.breakdown.set")[0] == str(liaison.pk)
    assert Assignment.objects.get(unit=unit).origin == "hand"
    notice = Notice.objects.get()
    assert (notice.kind, notice.region) == ("responsibilities", city.root.region)


def test_names_and_rules_are_kept_with_who_set_them(city):
    a, b = city.unit("移动公司"), city.unit("电信公司")
    region, office = city.root.region, str(city.office.pk)
    made = services.name_collective(region, " 通信企业 ", [b, a], actor=city.office)
    assert (made.name, made.region, set(made.units.all())) == ("通信企业", region, {a, b})
    data = {"name": "通信企业", "units": sorted([a.pk, b.pk])}
    assert audited("responsibilities.collective.name") == (office, region.code, data)
    services.name_collective(region, "通信企业", [a], actor=None)
    assert list(Collective.objects.get().units.all()) == [a]
    make_root()
    type(region).objects.filter(pk=region.pk).update(settings={"other": 1})
    rule = services.set_overload_rule(region, deviations=10, most=10_000, actor=city.office)
    assert (rule.deviations, rule.most) == (10, 10_000)
    kept_rule = {"deviations": 10, "most": 10_000}
    assert region.settings == {"other": 1, "breakdown": kept_rule}
    assert audited("responsibilities.breakdown.rule") == (office, region.code, {**kept_rule, "before": None})
    region.refresh_from_db()
    assert region.settings == {"other": 1, "breakdown": kept_rule}
    services.set_overload_rule(region, deviations=0, most=0, actor=None)
