"""What each rule of the engine finds and leaves, on sentences made up for the rule."""

from __future__ import annotations

from datetime import date

import pytest

from chuangwen.directives.extraction.deadlines import find_deadline
from chuangwen.directives.extraction.frequencies import find_frequency
from chuangwen.directives.extraction.parties import Parties
from chuangwen.directives.extraction.targets import find_targets
from tests.directives.finding import found, only


@pytest.mark.parametrize(
    ("text", "lead", "cooperate"),
    [
        ("县城管局要清理占道经营。", ["县城管局"], []),
        ("由市教育局牵头,市公安局、市城管局配合,整治校园周边环境。", ["市教育局"], ["市公安局", "市城管局"]),
        ("市卫健委会同市市场监管局开展食品检查。", ["市卫健委"], ["市市场监管局"]),
        ("县水利局负责,沿河各乡镇配合,清理河道垃圾。", ["县水利局"], ["沿河各乡镇"]),
        ("市住房和城乡建设局、市文化和旅游局要制定方案。", ["市住房和城乡建设局", "市文化和旅游局"], []),
        ("东关、西关、南关等街道要清理小广告。", ["东关", "西关", "南关"], []),
        ("各单位“一把手”要亲自检查整改情况。", ["各单位“一把手”"], []),
        ("主要领导亲自抓,分管领导具体抓,建立问题台账。", ["主要领导", "分管领导"], []),
        ("请贵单位于6月15日前修复破损地面。", ["贵单位"], []),
        ("各社区要组织志愿者清扫楼道,做到周周有活动。", ["各社区"], []),
        ("各部门要积极配合市城管局做好拆违工作。", ["市城管局"], ["各部门"]),
        ("公安局牵头负责,联合交通局、城管局开展夜查。", ["公安局"], ["交通局", "城管局"]),
        ("甲信、乙电、移通三大运营商要在月底前整理架空线。", ["甲信", "乙电", "移通"], []),
        ("清河、柳林两个街道要各建一处临时堆放点。", ["清河", "柳林"], []),
        ("市住建局、市城管局、市公安局三家要在周五前拿出图纸。", ["市住建局", "市城管局", "市公安局"], []),
        ("没有结对的文明单位要在月底前完成结对。", ["没有结对的文明单位"], []),
        ("各窗口的负责人要每天检查台账。", ["各窗口的负责人"], []),
        ("县人大、县政协要每季度组织一次视察。", ["县人大", "县政协"], []),
        ("各位楼长要在周五前收齐登记表。", ["各位楼长"], []),
        ("任何单位不得以经费不足为由拒绝整改。", ["任何单位"], []),
        ("城管局和社区要清理占道经营。", ["城管局", "社区"], []),
        ("和社区要清理占道经营。", ["社区"], []),
        ("县教育局同县文明办要组织评选。", ["县教育局", "县文明办"], []),
        ("镇政府跟各村要清理河道垃圾。", ["镇政府", "各村"], []),
        ("和平区、同安区要清理占道经营。", ["和平区", "同安区"], []),
    ],
)
def test_parties_of_a_sentence(text, lead, cooperate):
    directive = only(text)
    assert (list(directive.lead), list(directive.cooperate)) == (lead, cooperate)


def test_parties_of_the_lexicon_are_believed():
    text = "小蓝帽要清理河岸垃圾。"
    assert (found(text), list(only(text, lexicon={"小蓝帽"}).lead)) == ([], ["小蓝帽"])


@pytest.mark.parametrize(
    "name",
    [
        "县城管局",
        "各乡镇",
        "市委组织部",
        "年级组",
        "国有企业",
        "主要负责人",
        "县委督查室",
        "创建办",
        "就业局",
        "经信局",
    ],
)
def test_party_names(name):
    assert Parties().is_party(name)


@pytest.mark.parametrize(
    "name",
    [
        "和社区",
        "与村委会",
        "及各学校",
        "同物业公司",
        "跟派出所",
        "以及学校",
        "并由社区",
        "我们",
        "大家",
        "全部",
        "组织各单位",
        "举办",
        "创建文明单位",
        "加强对各部门",
        "结局",
        "厕所",
        "全县上下",
    ],
)
def test_what_is_no_party(name):
    assert not Parties().is_party(name)


def test_two_parties_in_one_sentence_are_two_directives():
    first, second = found("县妇联要抓好家庭评选、县教育局要抓好校园评选。")
    assert (first.quote, second.quote) == ("县妇联要抓好家庭评选", "县教育局要抓好校园评选")


def test_sentence_that_goes_on_inherits_the_party():
    first, second = found("县城管局要整治门头牌匾。同时,要对破损的宣传栏进行更换。")
    assert (first.inherited, second.inherited, second.lead) == (False, True, ("县城管局",))


def test_inheritance_ends_with_the_paragraph():
    directives = found("县城管局要整治门头牌匾。\n要对破损的宣传栏进行更换。")
    assert [each.lead for each in directives if each.start > 0] in ([], [()])


def test_party_addressed_before_a_list_owns_its_items():
    directives = found("现对各网格员提出如下要求:一是必须每天巡查。二是要每周入户宣传政策。")
    assert [each.lead for each in directives] == [("各网格员",), ("各网格员",)]


def test_deed_of_a_labelled_item_goes_without_its_number():
    text = "2.规范占道经营，11月15日前完成(责任单位:县城管局)。\n3.整治背街小巷。(牵头单位:县城管局)"
    assert [each.action for each in found(text)] == ["规范占道经营,11月15日前完成", "整治背街小巷"]


def test_labelled_parties_complete_the_passage_before():
    directive = only("整治背街小巷环境。(牵头单位:县城管局;配合单位:县公安局、城关镇;完成时限:10月底前)")
    assert (list(directive.lead), list(directive.cooperate), directive.deadline) == (
        ["县城管局"],
        ["县公安局", "城关镇"],
        "10月底前",
    )


@pytest.mark.parametrize(
    "text",
    [
        "去年,县城管局拆除了违建120处。",
        "我们要统一思想,提高认识,增强责任感和使命感。",
        "文明城市是一座城市的金字招牌。",
        "一季度各责任单位整改率达到91%,较上季度上升6个百分点。",
        "大家要深刻领会,抓好落实。",
        "在全县文明单位创建工作推进会上的讲话",
        "县文明办组织开展了评选活动,取得明显成效。",
        "个别单位对整改工作重视不够,问题反复出现。",
    ],
)
def test_past_praise_and_rhetoric_are_left_out(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("各单位要在月底前报送总结。", "deadline"),
        ("各单位要每周召开一次例会。", "frequency"),
        ("公益广告占比要达到30%。", "target"),
        ("对整改不力的,要严肃追究责任。", "sanction"),
        ("要把创建成效作为年终考核的重要依据。", "rule"),
        ("县城管局要清理占道经营。", "duty"),
    ],
)
def test_kind(text, kind):
    assert only(text).kind == kind


@pytest.mark.parametrize(
    ("clause", "phrase"),
    [
        ("各单位于9月5日前将名单报送", "9月5日前"),
        ("x月底前完成整改", "x月底前"),
        ("年内建成三个站点", "年内"),
        ("收到清单后一个月内整改到位", "收到清单后一个月内"),
        ("会后三天内传达", "会后三天内"),
        ("下周一开展督查", "下周一"),
        ("重大节假日前编发提醒", "重大节假日前"),
        ("抓紧修复破损路面", "抓紧"),
        ("验收前三名的村给予奖励", None),
        ("目前进展顺利", None),
        ("做好《每周聚焦》栏目", None),
    ],
)
def test_find_deadline(clause, phrase):
    match = find_deadline(clause)
    assert (match.text if match else None) == phrase


@pytest.mark.parametrize(
    ("clause", "phrase"),
    [
        ("每两月召开一次通报会", "每两月召开一次"),
        ("每季度不少于一场", "每季度不少于一场"),
        ("确保天天有志愿服务", "天天"),
        ("定期组织观看警示教育片", "定期"),
        ("每周五报送进展", "每周五"),
        ("在传统节日组织活动", "在传统节日"),
        ("办好《每周聚焦》", None),
        ("逐步推进", None),
        ("引导孩子好好学习天天向上", None),
        ("下半年要搞一次用工检查", None),
        ("半年要搞一次用工检查", "半年要搞一次"),
        ("从八月一日起值守", None),
        ("7月、9月、10月各一期", None),
        ("三个月开一次", "三个月开一次"),
        ("实行届期制三年一届届满申报", None),
        ("每年一届", "每年一届"),
        ("一年一年评下去", None),
        ("一月一评", "一月一评"),
    ],
)
def test_find_frequency(clause, phrase):
    match = find_frequency(clause)
    assert (match.text if match else None) == phrase


@pytest.mark.parametrize(
    ("clause", "targets"),
    [
        ("参与志愿服务人数要达到30%", ["参与志愿服务人数要达到30%"]),
        ("新建3个停车场、两座公厕", ["新建3个停车场", "两座公厕"]),
        ("确保年内实现垃圾分类全覆盖", ["年内实现垃圾分类全覆盖"]),
        ("抓好三项工作", []),
        ("加强组织领导", []),
    ],
)
def test_find_targets(clause, targets):
    assert find_targets(clause) == targets


def test_due_dates_follow_the_meeting_and_then_means_the_one_before():
    text = "县城管局要在11月底前初见成效。届时县创建办要组织暗访。"
    directives = found(text, meeting_date=date(2026, 10, 8))
    assert [each.due for each in directives] == [date(2026, 11, 30), date(2026, 11, 30)]


def test_quote_is_the_original_and_clean_is_readable():
    text = "各單位(wèi)要在月底前報(bào)送總結(jié)。"
    directive = only(text)
    assert (directive.quote, directive.clean) == ("各單位(wèi)要在月底前報(bào)送總結", "各单位要在月底前报送总结")


def test_headings_above_are_kept():
    assert only("一、压实责任\n(一)严格督查。县创建办要每周督查一次。").headings == ("压实责任", "严格督查")
