"""What people read when a campaign, a round or a milestone is refused: what is wrong and the way out, word for word."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from unittest.mock import patch

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from chuangwen.accounts.roles import Role
from chuangwen.campaigns import services, workflow
from chuangwen.campaigns.models import Campaign, CampaignStandard, Round
from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.workflow.services import StaleState
from tests.campaigns.making import ASSESSMENT, plan_of, running_campaign
from tests.support import refusals
from tests.support.factories import NOON, make_root, make_user, make_version

pytestmark = pytest.mark.django_db
SPAN = {"starts": date(2026, 11, 2), "ends": date(2026, 11, 6)}
ENDED = "创建周期已结束。请先重新启用。"

said = partial(refusals.said, error=Refusal, actor=None)


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


def test_words_about_setting_up():
    root = make_root()
    version = make_version(root.region)
    title = services.keep_title(root.region, "全国文明城市", subject="city", actor=None)
    foreign = services.keep_title(make_root().region, "全国文明城市", subject="city", actor=None)
    retired = make_version(root.region, state="retired", title_zh="旧体系")
    services.create_campaign(plan_of(root, name="甲", title=title, versions=[version]), actor=None)

    def refused(**changes):
        values = {"name": "乙", "title": title, "versions": [version]}
        return said(services.create_campaign, plan_of(root, **values | changes))

    assert refused(name=" ") == "周期没有名称。请填上，如“某市创建某称号”。"
    assert refused(name=" 甲 ") == "已有叫“ 甲 ”的创建周期。请换个名称。"
    assert refused(title=foreign) == "这个称号属于其他地区。请选本地区的。"
    assert refused(versions=[]) == "周期没有测评体系。请至少选一个。"
    assert refused(versions=[version, version]) == "同一个测评体系选了两次。请每个只选一次。"
    assert refused(versions=[retired]) == f"“{retired}”没有在本地区发布。请选已发布的版本。"
    assert refused(versions=[make_version(title_zh=version.title_zh)])[-9:] == "请选已发布的版本。"
    backwards = {"starts": date(2026, 12, 31), "years": {2026: 1.0}}
    assert refused(**backwards) == "结束日期不晚于开始日期。请核对两个日期。"
    long = date(2024, 1, 1) + timedelta(days=3661)
    years = dict.fromkeys(range(2024, 2035), 0.0)
    assert refused(ends=long, cycle_rule="last", years=years) == "周期超过十年。请核对年份。"
    outside = "测评日期不在周期内。请选周期内的日期。"
    assert refused(assessment_on=date(2027, 1, 1)) == refused(assessment_on=date(2023, 12, 31)) == outside
    assert refused(years={2024: 0.5, 2025: 0.5}) == "年度和周期对不上。从第一年到最后一年，每年填一次。"
    assert refused(cycle_rule="guess") == "没有这种算法。请从列表里选。"
    unfit = "有权重不在0到100%之间。请改正。"
    assert refused(years={2024: -0.5, 2025: 0.5, 2026: 1}) == unfit
    assert refused(years={2024: 1.5, 2025: 0, 2026: 0}, cycle_rule="last") == unfit
    sums = {2024: 0.25, 2025: 0.25, 2026: 0.25}
    assert refused(years=sums) == "权重合计75%，应为100%。请改其中一年。"
    assert refused(years={**sums, 2026: 0.500002}) == "权重合计100%，应为100%。请改其中一年。"
    assert said(services.keep_title, root.region, "全国文明城市", subject="unit") == (
        "称号“全国文明城市”的适用对象是城市。请换个名称。"
    )


def test_campaign_may_stand_on_its_bounds():
    root = make_root()
    ends = date(2024, 1, 1) + timedelta(days=3660)
    years = dict.fromkeys(range(2024, 2035), 1 / 11)
    services.create_campaign(plan_of(root, ends=ends, years=years, assessment_on=date(2024, 1, 1)), actor=None)
    services.create_campaign(plan_of(root, name="b", assessment_on=date(2026, 12, 31)), actor=None)
    exact = {2024: 0, 2025: 0.0000005, 2026: 1}
    services.create_campaign(plan_of(root, name="c", years=exact), actor=None)
    assert Campaign.objects.count() == 3


def test_words_about_standards():
    campaign = running_campaign()
    version = make_version(campaign.region)
    row = campaign.standards.get()
    assert said(services.drop_standard, row) == "主测评体系不能去掉。请先把另一个设为主测评体系。"
    with patch.object(CampaignStandard.objects, "update_or_create", side_effect=IntegrityError):
        assert said(services.add_standard, campaign, version, error=Conflict) == (
            "另一位同事正在调整测评体系。请看一下再试。"
        )
    with pytest.raises(Refusal, match="没有在本地区发布"):
        services.add_standard(campaign, make_version(), actor=None)
    services.end_campaign(campaign, actor=None)
    assert said(services.add_standard, campaign, version) == ENDED
    assert said(services.plan_round, campaign, name="a", **SPAN) == ENDED
    assert said(services.add_milestone, campaign, name="a", offset_workdays=1) == ENDED


def test_words_about_a_round():
    campaign = running_campaign()
    first = services.plan_round(campaign, name="第一轮", actor=None, **SPAN)

    def refused(**changes):
        return said(services.plan_round, campaign, **{"name": "b", **SPAN} | changes)

    outside = "轮次日期不在创建周期内。请选周期内的日期。"
    assert refused(name=" ") == "轮次没有名称。请填上。"
    assert refused(kind="x") == "没有这种轮次。请从列表里选。"
    assert refused(ends=date(2026, 11, 1)) == "结束日期早于开始日期。请核对两个日期。"
    assert refused(starts=date(2023, 12, 31)) == refused(ends=date(2027, 1, 1)) == outside
    assert refused(name=" 第一轮 ") == "已有叫“ 第一轮 ”的轮次。请换个名称。"
    assert refused(versions=[]) == "这一轮还没有测评体系，请修改并选上。"
    assert refused(versions=[make_version(campaign.region)]) == ("有测评体系不属于这个周期。请先加到周期里。")
    liaison = make_user(Role.OFFICE, make_root())
    for act in (services.plan_round, services.change_round):
        values = {"kind": "mock", "unannounced": False, "versions": list(first.versions.all()), "actor": liaison}
        with pytest.raises(PermissionDenied):
            act(campaign if act is services.plan_round else first, name="b", **SPAN, **values)
    whole = services.plan_round(campaign, name="b", starts=campaign.starts, ends=campaign.ends, actor=None)
    day = services.plan_round(campaign, name="c", starts=ASSESSMENT, ends=ASSESSMENT, actor=None)
    assert (whole.year, day.starts) == (2024, day.ends)
    elsewhere = running_campaign(campaign.subject, name="另一个", title=campaign.title)
    assert services.plan_round(elsewhere, name="第一轮", actor=None, **SPAN).campaign == elsewhere
    values = {"name": "第一轮", "kind": "mock", "unannounced": False, "versions": list(first.versions.all()), **SPAN}
    assert said(services.change_round, first, **{**values, "name": "b"}) == "已有叫“b”的轮次。请换个名称。"
    assert said(services.change_round, first, **{**values, "versions": []}) == ("这一轮还没有测评体系，请修改并选上。")
    stale = Round.objects.get(pk=first.pk)
    services.start_round(first, actor=None)
    assert said(services.change_round, first, **values) == "“第一轮”已经开始，不能再改。请另外安排一轮。"
    with pytest.raises(StaleState, match=r"^“第一轮”刚才"):
        services.change_round(stale, **values, actor=None)
    assert said(services.end_campaign, campaign) == "“第一轮”还在进行，请先结束这一轮。"


def test_words_about_a_milestone():
    campaign = running_campaign()
    row = campaign.milestones.order_by("pk").first()
    other = services.plan_round(running_campaign(), name="x", actor=None, **SPAN)

    def refused(**changes):
        both = [
            said(services.add_milestone, campaign, **{"name": "a"} | changes),
            said(services.edit_milestone, row, **{"name": "a"} | changes),
        ]
        assert both[0] == both[1]
        return both[0]

    either = "工作日数和日期要填一个，且只填一个。另一个请留空。"
    assert refused(name=" ", offset_workdays=1) == "节点没有名称。请填上。"
    assert refused() == refused(offset_workdays=1, due_on=ASSESSMENT) == either
    assert refused(due_on=date(2023, 12, 31)) == refused(due_on=date(2027, 1, 1))
    assert refused(due_on=date(2027, 1, 1)) == "日期不在创建周期内。请选周期内的日期。"
    assert refused(offset_workdays=-1) == refused(offset_workdays=2501) == "工作日数不对。请填0到2500。"
    assert refused(offset_workdays=1, round_=other) == "这个轮次属于另一个周期。请从列表里选。"
    assert said(services.fill_back_plan, campaign) == "这个周期已有倒排工期。请直接修改节点。"
    assert said(services.finish_milestone, row, on=date(2026, 11, 19)) == "这一天还没到。请填今天或以前的日期。"
    assert said(services.reopen_milestone, row, error=Conflict) == f"“{row}”没有标为完成。请看看工期。"
    services.finish_milestone(row, on=date(2026, 11, 18), actor=None)
    assert said(services.finish_milestone, row, error=Conflict) == f"“{row}”已经标为完成。请看看工期。"
    moved = said(services.shift_assessment, campaign, ASSESSMENT, expected=date(2026, 12, 1), error=Conflict)
    assert moved == "另一位同事刚调整过测评日期。请看新的日期，再预览一次。"


def test_words_about_starting_without_a_standard():
    campaign = services.create_campaign(plan_of(), actor=None)
    campaign.standards.update(is_main=False)
    assert said(services.start_campaign, campaign) == "还没有选主测评体系。"
    campaign.standards.update(is_main=True)
    round_ = services.plan_round(campaign, name="a", actor=None, **SPAN)
    assert said(services.start_round, round_) == "创建周期还没启动，请先启动。"
    services.start_campaign(campaign, actor=None)
    round_ = Round.objects.get()
    round_.versions.clear()
    assert said(services.start_round, round_) == "这一轮还没有测评体系，请修改并选上。"


def test_who_keeps_a_round_open_hears_of_whom_and_of_which(monkeypatch):
    heard = []
    monkeypatch.setattr(workflow, "_close_guards", [lambda actor, round_: heard.append((actor, round_)) or ""])
    campaign = running_campaign()
    round_, office = (
        services.plan_round(campaign, name="a", actor=None, **SPAN),
        make_user(Role.OFFICE, campaign.subject),
    )
    services.start_round(round_, actor=None)
    services.close_round(round_, actor=office)
    assert heard == [(office, round_)]


def test_plan_and_standards_are_changed_by_who_may_edit_the_campaign():
    campaign = running_campaign()
    version = make_version(campaign.region)
    beside = services.add_standard(campaign, version, actor=None)
    row = campaign.milestones.first()
    reader = make_user(Role.LEADER, campaign.subject)
    acts = (
        lambda: services.add_standard(campaign, version, main=True, actor=reader),
        lambda: services.drop_standard(beside, actor=reader),
        lambda: services.fill_back_plan(campaign, actor=reader),
        lambda: services.add_milestone(campaign, name="b", offset_workdays=1, actor=reader),
        lambda: services.edit_milestone(row, name="b", offset_workdays=1, actor=reader),
        lambda: services.finish_milestone(row, actor=reader),
        lambda: services.reopen_milestone(row, actor=reader),
        lambda: services.remove_milestone(row, actor=reader),
        lambda: services.shift_assessment(campaign, date(2026, 12, 28), expected=ASSESSMENT, actor=reader),
    )
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()
