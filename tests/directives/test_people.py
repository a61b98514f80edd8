"""People who go by name are parties; who is sent something is none."""

from __future__ import annotations

import pytest

from chuangwen.directives.extraction.parties import Parties
from tests.directives.finding import found, only


@pytest.mark.parametrize(
    "name",
    [
        "老张",
        "小李",
        "孙姐",
        "丁总",
        "陈工",
        "王主任",
        "李所长",
        "周书记",
        "门卫师傅",
        "副大队长孟涛",
        "机关各部室",
        "卖鱼的那三户",
    ],
)
def test_who_goes_by_name_is_a_party(name):
    assert Parties().split(name) == [name]


@pytest.mark.parametrize(
    "words",
    [
        "小区",
        "小康",
        "小时",
        "老城",
        "老路",
        "施工",
        "汇总",
        "校长任组",
        "局长应当",
        "新增三户",
        "书记任双组",
    ],
)
def test_what_only_looks_like_a_nickname_is_none(words):
    assert Parties().split(words) == []


@pytest.mark.parametrize(
    ("text", "lead", "cooperate"),
    [
        ("老张负责带人清理，周三之前清完。", ["老张"], []),
        ("丁总牵头，吴经理配合，把宣传栏换新。", ["丁总"], ["吴经理"]),
        ("赵师傅每天早晚各检查一次电梯。", ["赵师傅"], []),
        ("刘队你们中队早上六点半前要到岗。", ["刘队"], []),
        ("这件事我亲自盯，月底前拿出结果。", ["我"], []),
        ("我们所要在周五前把名单报上来。", ["我们所"], []),
        ("小陈把这个月的照片理好，月底前传到平台。", ["小陈"], []),
        ("排名最后的村，书记要在大会上作检讨。", ["书记"], []),
        ("门前的保洁归环境委员管，每天扫一遍。", ["环境委员"], []),
        ("联络员名单请各科室于10月12日前报院办。", ["各科室"], []),
    ],
)
def test_who_is_told_by_name(text, lead, cooperate):
    directive = only(text)
    assert (list(directive.lead), list(directive.cooperate)) == (lead, cooperate)


def test_nickname_may_stand_behind_what_is_spoken_of():
    subject = Parties().subject("告知书小李今天下午就印出来")
    assert subject is not None
    assert subject.lead == ["小李"]


@pytest.mark.parametrize("text", ["今天我来讲三点意见。", "老张连着熬了两个晚上。", "我负责任地说一句话。"])
def test_what_people_tell_of_themselves_is_no_directive(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "居民不配合的，登记后交街道。",
        "各小区物业要列出清单送市住建局。",
        "城管局对占道经营的，登记后移交街道处理，并列出清单报市创建办。",
        "各街道每周五前将进度转区创建办。",
    ],
)
def test_who_is_sent_something_does_not_lead(text):
    senders = {"各小区物业", "城管局", "各街道"}
    assert {name for each in found(text) for name in each.lead} <= senders


@pytest.mark.parametrize("name", ["市交投集团", "交警大队", "送变电公司", "市转型办", "公交公司", "外交部门", "登记处"])
def test_names_may_hold_what_also_means_to_hand_over(name):
    assert Parties().is_party(name)
