"""Names of parties, and texts that are alike."""

from __future__ import annotations

import pytest

from chuangwen.directives.addressees import Addressees, Party, full_width, is_vague, lacks_unit, unit_ids
from chuangwen.directives.likeness import grams, likeness, most_alike
from chuangwen.organizations.naming import index_of

ROWS = [
    (1, "云溪市城市管理局", "市城管局", "government"),
    (2, "云溪市教育局", "市教育局", "government"),
    (3, "东关街道办事处", "东关街道", "street"),
    (4, "西门街道办事处", "西门街道", "street"),
]
KNOWN = Addressees(index_of(ROWS, {1: ["城管局"]}, everybody=(1, 2, 3, 4)))


@pytest.mark.parametrize(
    ("name", "units"),
    [
        ("市城管局", (1,)),
        ("城管局", (1,)),
        ("各街道", (3, 4)),
        ("各单位", (1, 2, 3, 4)),
        ("各级各部门", (1, 2, 3, 4)),
        ("市直各单位", (1, 2, 3, 4)),
        ("全部单位", (1, 2, 3, 4)),
        ("所有直属单位", (1, 2, 3, 4)),
        ("各单位主要负责人", (1, 2, 3, 4)),
        ("市教育局主要负责人", (2,)),
        ("各街道分管领导", (3, 4)),
        ("相关单位", ()),
        ("市住建局", ()),
        ("", ()),
    ],
)
def test_name_means(name, units):
    assert KNOWN.resolve(name).units == units


def test_all_names_once_in_order():
    assert [party.name for party in KNOWN.resolve_all(["市教育局", " 市城管局 ", "市教育局", ""])] == [
        "市教育局",
        "市城管局",
    ]


def test_likely_units_are_proposed_only_where_the_name_says_something():
    assert KNOWN.proposals("市城管局组")[0] == 1
    assert KNOWN.proposals("相关单位") == ()


@pytest.mark.parametrize(("name", "vague"), [("相关单位", True), ("属地街道", True), ("市城管局", False)])
def test_vague(name, vague):
    assert is_vague(name) is vague


def test_lead_lacks_a_unit_where_nobody_or_a_stranger_leads():
    assert lacks_unit([])
    assert lacks_unit([Party("甲", (1,)).as_json(), Party("相关单位").as_json()])
    assert not lacks_unit([Party("甲", (1,)).as_json()])


def test_units_of_parties_are_told_once():
    assert unit_ids([Party("甲", (1, 2)).as_json(), Party("乙", (2, 3)).as_json()]) == [1, 2, 3]


@pytest.mark.parametrize(
    ("folded", "text"),
    [
        ("清单之外,基层可以不报", "清单之外，基层可以不报"),
        ("清运率95%,每天2次;完成", "清运率95%，每天2次；完成"),
        ("投资1,200万元", "投资1,200万元"),
        ("17:30前", "17:30前"),
        ("为什么?做!", "为什么？做！"),
    ],
)
def test_full_width(folded, text):
    assert full_width(folded) == text


def test_a_title_inside_a_sentence_is_alike():
    assert likeness(grams("飞线充电整治"), grams("相关单位要拿出飞线充电整治的方案")) == 1.0
    assert likeness(grams("飞线"), grams("飞线")) == 0.0  # too short to say anything


def test_most_alike_first_and_none_below_the_floor():
    others = [("a", "背街小巷卫生整治"), ("b", "背街小巷整治"), ("c", "电梯维护保养")]
    assert most_alike("开展背街小巷整治", others) == ["b", "a"]
    assert most_alike("", others) == []


@pytest.mark.parametrize("name", ["市住建委", "市环卫中心", "东关街道办", "市公安局交警支队", "创城办公室"])
def test_name_with_the_form_of_a_units_name_reads_like_one(name):
    assert KNOWN.reads_like_a_unit(name) is True


@pytest.mark.parametrize(
    "name",
    ["社区", "学生", "人员", "单位主要负责人", "老旧社区", "窗口单位", "各社区", "物业公司", "居委会", "网格员",
     "党支部", "服务中心", "局", "办公室", "相关单位", "市民", "学校和社区", "市教育局局长等", ""],
)  # fmt: skip
def test_word_for_many_or_for_a_kind_reads_like_no_unit(name):
    assert KNOWN.reads_like_a_unit(name) is False
