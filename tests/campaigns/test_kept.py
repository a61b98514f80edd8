"""What is kept of campaigns, rounds and milestones: columns, history, audit, notices, and nothing of those beside."""

from __future__ import annotations

from datetime import date

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.campaigns import services
from chuangwen.campaigns.models import CampaignStandard, Milestone, Round
from chuangwen.core import clock
from chuangwen.notifications.models import Notice
from chuangwen.workflow.queries import history_of
from tests.campaigns.making import ASSESSMENT, plan_of, running_campaign
from tests.support.factories import NOON, make_root, make_user, make_version
from tests.support.leaving import fields

pytestmark = pytest.mark.django_db
LATER = date(2026, 12, 28)
SPAN = {"starts": date(2026, 11, 2), "ends": date(2026, 11, 6)}


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def root():
    return make_root()


@pytest.fixture
def office(root):
    return make_user(Role.OFFICE, root)


def kept(obj):
    return [(row.action, row.actor_id, row.note, row.data) for row in history_of(obj).order_by("pk")]


def test_every_column_of_a_campaign_is_kept(root, office):
    versions = [make_version(root.region), make_version(root.region)]
    plan = plan_of(root, name=" 创城 ", target=95.5, cycle_rule="last", versions=versions)
    campaign = services.create_campaign(plan, actor=office)
    campaign.refresh_from_db()
    assert (campaign.name, campaign.region, campaign.subject, campaign.subject_kind) == (
        "创城", root.region, root, "city",
    )  # fmt: skip
    assert (campaign.title, campaign.target, campaign.cycle_rule) == (plan.title, 95.5, "last")
    assert (campaign.starts, campaign.ends, campaign.assessment_on) == (plan.starts, plan.ends, ASSESSMENT)
    assert set(campaign.standards.values_list("region", flat=True)) == {root.region.pk}
    assert set(campaign.years.values_list("region", flat=True)) == {root.region.pk}
    assert kept(campaign) == [
        ("create", office.pk, "", {"years": {"2024": "0.15", "2025": "0.25", "2026": "0.6"}, "title": "全国文明城市"}),
        ("plan", office.pk, "", {"milestones": 8}),
    ]
    first = campaign.milestones.order_by("pk").first()
    assert (first.region, first.pinned, first.round, first.source[:8]) == (root.region, False, None, "proposed")
    bare = services.create_campaign(plan_of(root, name="另一个"), actor=None, back_plan=False)
    assert (bare.milestones.count(), bare.target, bare.cycle_rule) == (0, None, "weighted")
    assert len(services.fill_back_plan(bare, actor=office)) == 8


def test_title_is_kept_once_with_who_named_it(root, office):
    title = services.keep_title(root.region, "文明标兵", subject="unit", level="city", actor=office)
    services.keep_title(root.region, "文明标兵", subject="unit", level="nation", actor=None)
    elsewhere = services.keep_title(make_root().region, "文明标兵", subject="city", actor=None)
    title.refresh_from_db()
    assert (title.subject, title.level, title.region, elsewhere.level) == ("unit", "city", root.region, "")
    entry, _other = Entry.objects.filter(action="campaigns.title.keep").order_by("pk")
    assert (entry.actor_id, entry.object_id) == (str(office.pk), str(title.pk))
    assert entry.data == {"subject": "unit", "level": "city"}


def test_campaigns_steps_are_kept_with_their_notes(root, office):
    campaign = services.create_campaign(plan_of(root), actor=None)
    services.start_campaign(campaign, actor=office, note="启动会")
    services.end_campaign(campaign, actor=office, note="测评结束")
    services.resume_campaign(campaign, actor=office, note="补测")
    assert kept(campaign)[2:] == [
        ("start", office.pk, "启动会", {}), ("end", office.pk, "测评结束", {}), ("resume", office.pk, "补测", {}),
    ]  # fmt: skip
    plain = services.create_campaign(plan_of(root, name="无话"), actor=None)
    services.start_campaign(plain, actor=None)
    services.end_campaign(plain, actor=None)
    assert [row[2] for row in kept(plain)[2:]] == ["", ""]


def test_standards_come_and_go_in_one_campaign_alone(root, office):
    campaign, beside = running_campaign(root), running_campaign(root, name="旁边")
    untouched = fields(beside.standards.get())
    version = make_version(root.region)
    row = services.add_standard(campaign, version, actor=office)
    assert (row.is_main, row.region) == (False, root.region)
    services.add_standard(campaign, version, actor=office, main=True)
    old = CampaignStandard.objects.get(campaign=campaign, is_main=False)
    services.drop_standard(old, actor=office)
    added = {"version": str(version), "main": False, "new": True}
    assert kept(campaign)[3:] == [
        ("add_standard", office.pk, "", added),
        ("add_standard", office.pk, "", {**added, "main": True, "new": False}),
        ("drop_standard", office.pk, "", {"version": str(old.version)}),
    ]
    assert fields(beside.standards.get()) == untouched
    new_main = services.add_standard(campaign, make_version(root.region), actor=None, main=True)
    assert (new_main.is_main, campaign.standards.filter(is_main=True).count()) == (True, 1)


def test_every_column_of_a_round_is_kept(root, office):
    campaign = running_campaign(root)
    versions = [campaign.standards.get().version, make_version(root.region)]
    services.add_standard(campaign, versions[1], actor=None)
    made = services.plan_round(campaign, name=" 第一轮 ", kind="look-back", unannounced=True, actor=office, **SPAN)
    made.refresh_from_db()
    assert (made.name, made.kind, made.unannounced, made.year) == ("第一轮", "look-back", True, 2026)
    assert (made.region, made.campaign, made.starts, made.ends) == (root.region, campaign, *SPAN.values())
    planned = {"starts": "2026-11-02", "ends": "2026-11-06", "versions": [str(version) for version in versions]}
    assert kept(made) == [("plan", office.pk, "", planned)]
    plain = services.plan_round(campaign, name="b", versions=versions[1:], actor=None, **SPAN)
    assert (plain.kind, plain.unannounced, list(plain.versions.all())) == ("mock", False, versions[1:])


def test_main_standard_stands_first_in_a_round(root):
    campaign = running_campaign(root)
    main = make_version(root.region)
    services.add_standard(campaign, main, actor=None, main=True)
    made = services.plan_round(campaign, name="a", actor=None, **SPAN)
    assert kept(made)[0][3]["versions"][0] == str(main)


def test_change_of_a_round_keeps_what_was_and_leaves_the_others(root, office):
    campaign = running_campaign(root)
    beside = services.plan_round(campaign, name="旁边", actor=None, **SPAN)
    made = services.plan_round(campaign, name="第一轮", actor=None, **SPAN)
    untouched, version = fields(beside), made.versions.get()
    values = {"kind": "mock", "unannounced": True, "versions": [version], "actor": office}
    services.change_round(made, name=" 新名 ", starts=SPAN["starts"], ends=date(2026, 11, 9), **values)
    assert (made.name, made.ends, made.unannounced) == ("新名", date(2026, 11, 9), True)
    assert kept(made)[1:] == [
        (
            "change", office.pk, "",
            {
                "name": ["第一轮", "新名"], "ends": ["2026-11-06", "2026-11-09"], "unannounced": [False, True],
                "versions": [str(version)],
            },
        ),
    ]  # fmt: skip
    assert fields(beside) == untouched
    other = make_version(root.region)
    services.add_standard(campaign, other, actor=None, main=True)
    services.drop_standard(campaign.standards.get(version=version), actor=None)
    services.change_round(made, name="新名", starts=SPAN["starts"], ends=SPAN["ends"], **values)
    assert list(made.versions.all()) == [version]
    services.change_round(made, name="新名", **SPAN, **{**values, "versions": [other]})
    assert list(made.versions.all()) == [other]


def test_rounds_steps_are_kept_with_their_notes(root, office):
    campaign = running_campaign(root)
    first, second, third = (services.plan_round(campaign, name=name, actor=None, **SPAN) for name in ("a", "b", "c"))
    services.start_round(first, actor=office, note="开始")
    services.close_round(first, actor=office, note="收尾")
    services.start_drawn_round(second, actor=office)
    services.close_round(second, actor=None)
    services.cancel_round(third, actor=office, note="改期")
    silent = services.plan_round(campaign, name="d", actor=None, **SPAN)
    services.start_round(silent, actor=None)
    assert kept(silent)[1:] == [("start", None, "", {})]
    assert kept(first)[1:] == [("start", office.pk, "开始", {}), ("close", office.pk, "收尾", {})]
    assert kept(second)[1:] == [("draw", office.pk, "", {}), ("close", None, "", {})]
    assert kept(third)[1:] == [("cancel", office.pk, "改期", {})]


def test_every_column_of_a_milestone_is_kept(root, office):
    campaign = running_campaign(root)
    round_ = services.plan_round(campaign, name="a", actor=None, **SPAN)
    back = services.add_milestone(campaign, name=" 培训 ", offset_workdays=0, round_=round_, actor=office)
    back.refresh_from_db()
    assert (back.name, back.region, back.campaign, back.round) == ("培训", root.region, campaign, round_)
    assert (back.offset_workdays, back.due_on, back.pinned, back.source) == (0, ASSESSMENT, False, "site: ")
    assert kept(back) == [("add", office.pk, "", {"due_on": "2026-12-21"})]
    far = services.add_milestone(campaign, name="远", offset_workdays=2500, actor=None)
    assert far.due_on < date(2017, 12, 31)
    for day in (campaign.starts, campaign.ends):
        assert services.add_milestone(campaign, name="边", due_on=day, actor=None).due_on == day


def test_milestone_edited_finished_reopened_and_removed_keeps_its_story(root, office):
    campaign = running_campaign(root)
    row, beside = campaign.milestones.order_by("pk")[:2]
    services.finish_milestone(beside, actor=None)
    untouched, due, offset = fields(beside), row.due_on.isoformat(), row.offset_workdays
    source = row.source
    services.edit_milestone(row, name=" 新名 ", due_on=date(2026, 12, 1), actor=office)
    row.refresh_from_db()
    assert (row.name, row.due_on, row.pinned, row.offset_workdays) == ("新名", date(2026, 12, 1), True, None)
    name = kept(row)[0][3]["name"][0]
    assert services.edit_milestone(row, name="新名", due_on=date(2026, 12, 1), actor=office) is row
    services.finish_milestone(row, on=date(2026, 11, 17), actor=office)
    assert row.done_on == date(2026, 11, 17)
    services.reopen_milestone(row, actor=office)
    assert (row.done_on, Milestone.objects.get(pk=row.pk).done_on) == (None, None)
    services.finish_milestone(row, actor=office)
    assert row.done_on == date(2026, 11, 18)
    pk = row.pk
    steps = kept(row)
    services.remove_milestone(row, actor=office)
    changed = {
        "name": [name, "新名"], "offset_workdays": [offset, None], "due_on": [due, "2026-12-01"],
        "pinned": [False, True],
    }  # fmt: skip
    assert steps == [
        ("edit", office.pk, "", changed),
        ("finish", office.pk, "", {"done_on": "2026-11-17"}),
        ("reopen", office.pk, "", {}),
        ("finish", office.pk, "", {"done_on": "2026-11-18"}),
    ]
    entry = Entry.objects.get(action="campaigns.milestone.remove")
    assert (entry.actor_id, entry.object_id) == (str(office.pk), str(pk))
    assert {key: entry.data[key] for key in ("due_on", "done_on", "offset")} == {
        "due_on": "2026-12-01", "done_on": "2026-11-18", "offset": None,
    }  # fmt: skip
    assert (fields(beside), source[:8]) == (untouched, "proposed")


def test_assessment_takes_only_its_own_campaign_along_and_tells_the_others(root, office):
    campaign, beside = running_campaign(root), running_campaign(root, name="旁边")
    colleague = make_user(Role.OFFICE, root)
    services.plan_round(beside, name="a", actor=None, **SPAN)
    late = services.plan_round(campaign, name="跨年", starts=date(2026, 12, 28), ends=date(2026, 12, 31), actor=None)
    untouched = fields(beside), list(beside.milestones.values()), list(beside.rounds.values())
    shift = services.shift_assessment(campaign, LATER, expected=ASSESSMENT, actor=office, note="上级通知")
    assert (fields(beside), list(beside.milestones.values()), list(beside.rounds.values())) == untouched
    assert (campaign.ends, campaign.assessment_on, shift.old, shift.new) == (
        date(2026, 12, 31), LATER, ASSESSMENT, LATER,
    )  # fmt: skip
    late.refresh_from_db()
    assert (late.starts, late.year) == (date(2027, 1, 5), 2027)
    assert kept(campaign)[-1] == ("shift", office.pk, "上级通知", {"old": "2026-12-21", "new": "2026-12-28"})
    notice = Notice.objects.get()
    assert (notice.user, notice.kind, notice.region) == (colleague, "campaigns.shift", root.region)
    assert (notice.title, notice.url) == (
        "测评日期由12月21日(周一)调整为12月28日(周一)。",
        f"/campaigns/{campaign.pk}/plan/",
    )
    assert notice.body == f"有{len(shift.moves) - 1}个日期跟着调整。"
    services.shift_assessment(campaign, ASSESSMENT, expected=LATER, actor=None)
    assert Notice.objects.filter(user=office).count() == 1
    assert kept(campaign)[-1][:3] == ("shift", None, "")
    assert Round.objects.get(pk=late.pk).starts == date(2026, 12, 28)
