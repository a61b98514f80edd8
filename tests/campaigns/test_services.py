"""Setting up, rounds, milestones: what they do, and every refusal."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.accounts.roles import Role
from chuangwen.campaigns import services, workflow
from chuangwen.campaigns.models import Campaign, CampaignStandard, Milestone, Round
from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.workflow.services import StaleState
from tests.campaigns.making import ASSESSMENT, plan_of, running_campaign
from tests.support.factories import NOON, make_region, make_root, make_user, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


def test_create_lays_out_standards_years_and_the_back_plan():
    root = make_root()
    main, second = make_version(root.region), make_version(root.region)
    campaign = services.create_campaign(plan_of(root, versions=[main, second]), actor=None)
    assert (campaign.state, campaign.shape) == ("preparing", "city")
    assert list(campaign.standards.order_by("pk").values_list("version", "is_main")) == [
        (main.pk, True),
        (second.pk, False),
    ]
    assert list(campaign.years.values_list("year", "weight")) == [(2024, 0.15), (2025, 0.25), (2026, 0.60)]
    plan = list(campaign.milestones.values_list("name", "offset_workdays", "due_on"))
    assert plan[-1] == ("正式测评", 0, ASSESSMENT)
    assert plan[-2] == ("材料封卷", 6, date(2026, 12, 11))
    assert len(plan) == 8


def test_unit_campaign_is_unit_shaped_and_has_its_own_plan():
    root = make_root()
    title = services.keep_title(root.region, "省级文明单位", subject="unit", actor=None)
    campaign = services.create_campaign(plan_of(root, title=title), actor=None)
    assert campaign.shape == "unit"
    assert "第一次自评" in campaign.milestones.values_list("name", flat=True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "  "}, "没有名称"),
        ({"starts": date(2026, 12, 31)}, "结束日期不晚于开始日期"),
        ({"ends": date(2044, 1, 1)}, "超过十年"),
        ({"assessment_on": date(2027, 1, 1)}, "测评日期不在周期内"),
        ({"years": {2026: 1.0}}, "年度和周期对不上"),
        ({"years": {2024: 0.2, 2025: 0.2, 2026: 0.5}}, "权重合计90%"),
        ({"years": {2024: -0.2, 2025: 0.6, 2026: 0.6}}, "不在0到100%之间"),
        ({"cycle_rule": "guess"}, "没有这种算法"),
        ({"versions": []}, "没有测评体系"),
    ],
)
def test_create_refuses_what_does_not_hold_together(changes, words):
    with pytest.raises(Refusal, match=words):
        services.create_campaign(plan_of(**changes), actor=None)
    assert Campaign.objects.count() == 0


def test_weights_need_not_sum_where_they_do_not_count():
    plan = plan_of(years={2024: 0, 2025: 0, 2026: 0}, cycle_rule="last")
    assert services.create_campaign(plan, actor=None).cycle_rule == "last"


def test_create_refuses_a_second_of_the_same_name_and_rows_of_another_region():
    root = make_root()
    services.create_campaign(plan_of(root), actor=None)
    with pytest.raises(Refusal, match="已有叫"):
        services.create_campaign(plan_of(root), actor=None)
    with pytest.raises(Refusal, match="没有在本地区发布"):
        services.create_campaign(plan_of(root, name="b", versions=[make_version()]), actor=None)
    version = make_version(root.region)
    with pytest.raises(Refusal, match="选了两次"):
        services.create_campaign(plan_of(root, name="b", versions=[version, version]), actor=None)
    title = services.keep_title(make_region(), "全国文明城市", subject="city", actor=None)
    with pytest.raises(Refusal, match="其他地区"):
        services.create_campaign(plan_of(root, name="b", title=title), actor=None)
    with pytest.raises(Refusal, match="没有在本地区发布"):
        services.create_campaign(
            plan_of(root, name="b", versions=[make_version(root.region, state="retired")]), actor=None
        )


def test_one_title_is_for_one_kind_of_subject():
    region = make_region()
    first = services.keep_title(region, "文明标兵", subject="unit", actor=None)
    assert services.keep_title(region, "文明标兵", subject="unit", actor=None) == first
    with pytest.raises(Refusal, match="适用对象是单位"):
        services.keep_title(region, "文明标兵", subject="city", actor=None)


def test_another_standard_can_take_the_main_place_and_only_one_has_it():
    campaign = running_campaign()
    version = make_version(campaign.region)
    services.add_standard(campaign, version, actor=None)
    services.add_standard(campaign, version, actor=None, main=True)
    assert list(CampaignStandard.objects.filter(is_main=True).values_list("version", flat=True)) == [version.pk]
    assert campaign.standards.count() == 2
    with pytest.raises(Refusal, match="主测评体系不能去掉"):
        services.drop_standard(CampaignStandard.objects.get(version=version), actor=None)
    services.drop_standard(CampaignStandard.objects.get(is_main=False), actor=None)
    assert campaign.standards.count() == 1


def test_adding_again_keeps_the_main_one():
    campaign = running_campaign()
    main = campaign.standards.get()
    services.add_standard(campaign, main.version, actor=None)
    main.refresh_from_db()
    assert main.is_main


def test_campaign_starts_ends_and_is_taken_up_again():
    campaign = running_campaign()
    with pytest.raises(StaleState):
        services.start_campaign(campaign, actor=None)
    round_ = services.plan_round(campaign, name="a", starts=ASSESSMENT, ends=ASSESSMENT, actor=None)
    services.start_round(round_, actor=None)
    with pytest.raises(Refusal, match="还在进行"):
        services.end_campaign(campaign, actor=None)
    services.close_round(round_, actor=None)
    services.end_campaign(campaign, actor=None)
    with pytest.raises(Refusal, match="已结束"):
        services.plan_round(campaign, name="b", starts=ASSESSMENT, ends=ASSESSMENT, actor=None)
    with pytest.raises(Refusal, match="已结束"):
        services.add_standard(campaign, make_version(campaign.region), actor=None)
    with pytest.raises(Refusal, match="已结束"):
        services.add_milestone(campaign, name="x", offset_workdays=1, actor=None)
    with pytest.raises(Refusal):
        services.resume_campaign(campaign, actor=None)
    services.resume_campaign(campaign, actor=None, note="补测")
    assert Campaign.objects.get().state == "running"


def test_campaign_without_a_standard_does_not_start():
    campaign = services.create_campaign(plan_of(), actor=None)
    CampaignStandard.objects.all().delete()
    with pytest.raises(Refusal, match="还没有选主测评体系"):
        services.start_campaign(campaign, actor=None)


def test_liaison_may_not_start_a_campaign():
    root = make_root()
    campaign = services.create_campaign(plan_of(root), actor=None)
    with pytest.raises(PermissionDenied):
        services.start_campaign(campaign, actor=make_user(Role.LIAISON, root))


def plan(campaign, **changes):
    values = {"name": "第一轮", "starts": date(2026, 11, 2), "ends": date(2026, 11, 6), "actor": None}
    return services.plan_round(campaign, **values | changes)


def test_round_is_planned_under_all_standards_and_pinned():
    campaign = running_campaign()
    round_ = plan(campaign)
    assert (round_.state, round_.year, round_.versions.count()) == ("planned", 2026, 1)
    services.add_standard(campaign, make_version(campaign.region), actor=None, main=True)
    assert round_.versions.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "没有名称"),
        ({"kind": "test"}, "没有这种轮次"),
        ({"ends": date(2026, 11, 1)}, "结束日期早于开始日期"),
        ({"starts": date(2023, 12, 31)}, "不在创建周期内"),
        ({"ends": date(2027, 1, 1)}, "不在创建周期内"),
        ({"versions": []}, "还没有测评体系"),
    ],
)
def test_round_refuses_what_does_not_hold_together(changes, words):
    campaign = running_campaign()
    with pytest.raises(Refusal, match=words):
        plan(campaign, **changes)
    assert Round.objects.count() == 0


def test_round_refuses_a_second_of_the_same_name_and_foreign_standards():
    campaign = running_campaign()
    first = plan(campaign)
    with pytest.raises(Refusal, match="已有叫"):
        plan(campaign)
    with pytest.raises(Refusal, match="不属于这个周期"):
        plan(campaign, name="b", versions=[make_version(campaign.region)])
    services.cancel_round(first, actor=None, note="重新安排")
    assert plan(campaign).name == "第一轮"


def test_round_is_changed_only_before_it_begins():
    campaign = running_campaign()
    round_ = plan(campaign)
    values = {
        "name": "新名", "starts": date(2025, 11, 3), "ends": date(2025, 11, 7), "kind": "look-back",
        "unannounced": True, "versions": list(round_.versions.all()), "actor": None,
    }  # fmt: skip
    services.change_round(round_, **values)
    round_.refresh_from_db()
    assert (round_.name, round_.year, round_.kind, round_.unannounced) == ("新名", 2025, "look-back", True)
    stale = Round.objects.get()
    services.start_round(round_, actor=None)
    with pytest.raises(StaleState):
        services.change_round(stale, **values)
    with pytest.raises(Refusal, match="不能再改"):
        services.change_round(round_, **values)


def test_round_starts_only_in_a_running_campaign_and_closes_once():
    campaign = services.create_campaign(plan_of(), actor=None)
    round_ = plan(campaign)
    with pytest.raises(Refusal, match="还没启动"):
        services.start_round(round_, actor=None)
    services.start_campaign(campaign, actor=None)
    round_ = Round.objects.get()
    services.start_round(round_, actor=None)
    services.close_round(round_, actor=None)
    with pytest.raises(StaleState):
        services.close_round(round_, actor=None)
    with pytest.raises(StaleState):
        services.cancel_round(round_, actor=None, note="x")


def test_round_stays_open_as_long_as_a_higher_area_has_a_reason(monkeypatch):
    monkeypatch.setattr(workflow, "_close_guards", [])
    reasons = ["", "还有3处没查完。"]
    workflow.register_close_guard(lambda _actor, _round: reasons[0])
    workflow.register_close_guard(lambda _actor, _round: reasons[1])
    round_ = plan(running_campaign())
    services.start_round(round_, actor=None)
    with pytest.raises(Refusal, match="还有3处没查完"):
        services.close_round(round_, actor=None)
    reasons[1] = ""
    services.close_round(round_, actor=None)
    assert Round.objects.get().state == "closed"


def test_milestone_is_counted_back_or_fixed():
    campaign = running_campaign()
    back = services.add_milestone(campaign, name="培训", offset_workdays=1, actor=None)
    fixed = services.add_milestone(campaign, name="大会", due_on=date(2026, 6, 1), actor=None)
    assert (back.due_on, back.pinned) == (date(2026, 12, 18), False)
    assert (fixed.due_on, fixed.pinned, fixed.offset_workdays) == (date(2026, 6, 1), True, None)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " ", "offset_workdays": 1}, "没有名称"),
        ({}, "要填一个"),
        ({"offset_workdays": 1, "due_on": date(2026, 6, 1)}, "要填一个"),
        ({"offset_workdays": 2501}, "请填0到2500"),
        ({"offset_workdays": -1}, "请填0到2500"),
        ({"due_on": date(2030, 1, 1)}, "不在创建周期内"),
    ],
)
def test_milestone_refuses_what_is_no_day(changes, words):
    campaign = running_campaign()
    with pytest.raises(Refusal, match=words):
        services.add_milestone(campaign, **{"name": "x", "actor": None} | changes)


def test_milestone_of_another_campaigns_round_is_refused():
    other = plan(running_campaign())
    with pytest.raises(Refusal, match="另一个周期"):
        services.add_milestone(running_campaign(), name="x", offset_workdays=1, round_=other, actor=None)


def test_edited_milestone_is_the_sites_own_and_an_unchanged_one_is_not():
    campaign = running_campaign()
    row = campaign.milestones.get(offset_workdays=6)
    services.edit_milestone(row, name=row.name, offset_workdays=6, actor=None)
    assert row.source.startswith("proposed")
    services.edit_milestone(row, name=row.name, offset_workdays=6, round_=plan(campaign), actor=None)
    assert Milestone.objects.get(pk=row.pk).source.startswith("proposed")
    services.edit_milestone(row, name=row.name, offset_workdays=8, actor=None)
    row.refresh_from_db()
    assert (row.source, row.due_on) == ("site: ", date(2026, 12, 9))


def test_milestone_is_finished_once_and_taken_back():
    row = running_campaign().milestones.first()
    with pytest.raises(Refusal, match="还没到"):
        services.finish_milestone(row, on=date(2026, 11, 19), actor=None)
    services.finish_milestone(row, actor=None)
    assert Milestone.objects.get(pk=row.pk).done_on == date(2026, 11, 18)
    with pytest.raises(Conflict):
        services.finish_milestone(row, actor=None)
    services.reopen_milestone(row, actor=None)
    with pytest.raises(Conflict):
        services.reopen_milestone(row, actor=None)


def test_second_default_plan_is_refused_and_a_removed_milestone_is_gone():
    campaign = running_campaign()
    with pytest.raises(Refusal, match="已有倒排工期"):
        services.fill_back_plan(campaign, actor=None)
    services.remove_milestone(campaign.milestones.first(), actor=None)
    assert campaign.milestones.count() == 7
