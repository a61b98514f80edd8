"""Headings become a tree by the order of their styles; a passage knows the titles and parties above it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.directives.cleaning import clean_text
from chuangwen.directives.folding import fold
from chuangwen.directives.ordinals import chinese_value, ordinal_at
from chuangwen.directives.outline import Heading, mark_length, outline_of, outline_of_cleaned
from chuangwen.directives.party_lines import is_label_line, labels_in, party_span

TEXT = """讲话
一、压实责任
(一)加强领导。各单位要落实。
一是开好会。月底前开会。
(二)强化督导
二、严格奖惩
结束语"""

PLAN = """东川区创建全国文明城市任务分工方案
各街道办事处，区直各单位：
为做好创建工作，制定本方案，现通知如下，请认真贯彻执行。
一、任务分工
综合协调组：
1.负责统筹协调。
2.每周召开一次例会
环境整治组（牵头单位：区城管局；成员单位：区住建局）
1.开展背街小巷整治。
区教育局
1．组织学生志愿服务，由校团委和各班主任在每周五下午带队前往社区开展。
2、建设文明校园。
二、重点任务
（一）市容环境（区城管局牵头，区公安局配合）
责任单位：区住建局
完成时限：9月底前
1.清理小广告。
（二）交通秩序
第一，抓路口。一是上岗;二是疏导;三是处罚。
最后，抓宣传。
附件1
说明
东川区创建指挥部办公室
2026年3月1日"""


def marks(headings: tuple[Heading, ...] | list[Heading]) -> list[object]:
    """The tree as nested lists of marks, a name without a mark by its title."""
    return [[each.mark or each.title, *marks(each.children)] for each in headings]


def test_outline_nests_by_the_official_ladder():
    roots = outline_of(TEXT).roots
    assert [(each.mark, each.title) for each in roots] == [("一、", "压实责任"), ("二、", "严格奖惩")]
    assert [each.title for each in roots[0].children] == ["加强领导", "强化督导"]
    assert [each.title for each in roots[0].children[0].children] == ["开好会"]


def test_section_ends_where_the_next_of_its_level_begins():
    first = outline_of(TEXT).roots[0]
    assert TEXT[first.stop :].startswith("二、")


def test_passage_knows_its_headings():
    passages = outline_of(TEXT).passages
    found = {TEXT[each.start : each.end]: each.headings for each in passages}
    assert found["一是开好会。月底前开会。"] == ("压实责任", "加强领导", "开好会")
    assert found["讲话"] == ()


def test_mark_length_of_a_number_that_is_no_heading():
    lines = ("3.5万元", "一律拆除", "3个月内完成。", "三要素", "1.清理", "一要清理", "（一）清理", "1．清理")
    assert [mark_length(line) for line in lines] == [0, 0, 0, 0, 2, 2, 3, 2]


@pytest.mark.parametrize(
    ("line", "style", "value"),
    [
        ("第一部分 总则", "part", 1), ("第十二条为了", "article", 12), ("二十、", "一、", 20), ("(十一)", "(一)", 11),
        ("2.1.3建设", "1.1", 3), ("12)清理", "1)", 12), ("2城管工作。", "1", 2), ("Ⅱ.人员", "I.", 2),
        ("IV、人员", "I.", 4),
        ("B.人员", "A.", 2), ("首先,", "首先", 1), ("最后,", "首先", 0), ("其二,", "其一", 2), ("第三件事,", "第一", 3),
        ("③做", "①", 3), ("⑵做", "⑴", 2), ("㈢做", "㈠", 3), ("任务二:清理", "task", 2), ("附件2", "annex", 2),
    ],
)  # fmt: skip
def test_ordinal_of_a_line(line, style, value):
    found = ordinal_at(line)
    assert found is not None
    assert (found.style, found.value) == (style, value)


def test_numbers_that_are_none():
    assert [chinese_value(each) for each in ("", "十十", "三四", "百", "九十九", "十", "二十")] == [
        0,
        0,
        0,
        0,
        99,
        10,
        20,
    ]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        # the same styles in another order: 第一 stands above 一、 here and below it there
        ("第一，甲\n一、乙\n二、丙\n第二，丁", [["第一，", ["一、"], ["二、"]], ["第二，"]]),
        ("一、甲\n第一，乙\n第二，丙\n二、丁", [["一、", ["第一，"], ["第二，"]], ["二、"]]),
        # a style first met under another one, then above it again
        ("一、甲\n1.乙\n一是丙\n二、丁\n一是戊\n1.己", [["一、", ["1.", ["一是"]]], ["二、", ["一是"], ["1."]]]),
        # one list in mixed marks, ended by a word
        ("首先，甲\n第二，乙\n①丙\n最后，丁", [["首先，"], ["第二，", ["①"]], ["最后，"]]),
        ("1.甲\n2、乙\n(1)丙\n3.丁", [["1."], ["2、", ["(1)"]], ["3."]]),
    ],
)
def test_levels_follow_the_order_of_the_document(text, tree):
    assert marks(outline_of(text).roots) == tree


def test_plan_with_parties_as_headings():
    outline = outline_of(PLAN)
    assert outline.addressed == "各街道办事处，区直各单位"
    assert marks(outline.roots) == [
        ["一、", ["综合协调组", ["1."], ["2."]], ["环境整治组", ["1."]], ["区教育局", ["1．"], ["2、"]]],
        ["二、", ["（一）", ["1."]], ["（二）", ["第一，"], ["最后，"]]],
        ["附件1"],
    ]  # fmt: skip
    said = {
        PLAN[each.start : each.end]: (each.form, each.lead, each.cooperate, each.deadline, each.headings)
        for each in outline.passages
    }
    assert said["2.每周召开一次例会"][1:] == ("综合协调组", "", "", ("任务分工", "综合协调组", "每周召开一次例会"))
    assert said["1.开展背街小巷整治。"][1:4] == ("区城管局", "区住建局", "")
    item = "1．组织学生志愿服务，由校团委和各班主任在每周五下午带队前往社区开展。"
    assert said[item] == ("heading", "区教育局", "", "", ("任务分工", "区教育局"))
    titles = ("重点任务", "市容环境", "清理小广告")
    assert said["1.清理小广告。"] == ("heading", "区城管局", "区公安局、区住建局", "9月底前", titles)
    assert said["责任单位：区住建局"][0] == "labels"
    assert said["东川区创建指挥部办公室"][:2] == ("text", "")


def test_points_inside_a_paragraph_are_headings_of_what_stands_in_them():
    outline = outline_of(PLAN)
    above = outline.above(PLAN.index("疏导"))
    assert [each.title for each in above] == ["重点任务", "交通秩序", "抓路口", "疏导"]
    assert outline.above(len(PLAN) + 5) == ()


def test_styles_of_the_file_are_believed():
    original = "總則\n(一)目標\r\n要實現。\n分工\n(一)市城管局職責\n拆除違建。"
    cleaned = clean_text(original)
    assert cleaned.text != original
    styled = [(original.index(words), 1) for words in ("總則", "分工")] + [(original.index("要實現"), 0)]
    outline = outline_of_cleaned(cleaned, styled)
    assert marks(outline.roots) == [["总则", ["(一)"]], ["分工", ["(一)"]]]
    last = outline.passages[-1]
    assert (last.headings, last.lead) == (("分工", "市城管局职责"), "市城管局")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("综合协调组：", "综合协调组"), ("住房和城乡建设局、城市管理局", "住房和城乡建设局、城市管理局"),
        ("市教育局和市卫健委职责：", "市教育局和市卫健委"), ("城关、固城等乡镇", "城关、固城等乡镇"),
        ("主要领导职责", "主要领导"), ("环境整治组（12人）", "环境整治组"), ("xx局", "xx局"), ("同志们：", None),
        ("加强社区", None), ("文明社区", None), ("老旧小区", None), ("公共场所", None), ("工作要求：", None),
        ("责任单位", None), ("每周召开一次例会", None), ("创建文明单位", None), ("城" * 70 + "局", None),
    ],
)  # fmt: skip
def test_line_of_names(line, name):
    span = party_span(fold(line))
    assert (line[span[0] : span[1]] if span else None) == name


@pytest.mark.parametrize(
    ("line", "found", "nothing_else"),
    [
        ("（牵头单位：市城管局；责任单位：市公安局、各街道；完成时限：10月底前）",
         [("lead", "市城管局"), ("responsible", "市公安局、各街道"), ("deadline", "10月底前")], True),
        ("牵头单位：市城管局，配合单位：市住建局", [("lead", "市城管局"), ("cooperate", "市住建局")], True),
        ("【牵头单位】市住建局【完成时限】9月", [("lead", "市住建局"), ("deadline", "9月")], True),
        ("开展整治。（市城管局牵头，市公安局等配合）", [("lead", "市城管局"), ("cooperate", "市公安局")], False),
        ("落实制度。（各街道按职责分工负责）", [("responsible", "各街道")], False),
        ("做到位（领导高度重视负责）", [], False),
        ("时间：3月12日上午9时", [("other", "3月12日上午9时")], False),
        ("责任单位：；工作频次：每周一次", [("frequency", "每周一次")], True),
        ("牵头领导：张某某", [("leader", "张某某")], True),
    ],
)  # fmt: skip
def test_labels_of_a_line(line, found, nothing_else):
    labels = labels_in(fold(line))
    assert [(each.role, each.value) for each in labels] == found
    assert all(fold(line)[each.start : each.end] == each.value for each in labels)
    assert is_label_line(fold(line), labels) is nothing_else


PIECES = [
    "一、",
    "(一)",
    "1.",
    "一是",
    "第一，",
    "最后，",
    "①",
    "市城管局",
    "责任单位：",
    "：",
    "。",
    "，",
    "\n",
    "甲乙丙",
    "；",
    "（",
    "）",
    "\t",
    " ",
]


def walk(headings: tuple[Heading, ...] | list[Heading], level: int, stop: int) -> None:
    for each in headings:
        assert each.level == level
        assert each.start <= each.end <= each.stop <= stop
        walk(each.children, level + 1, each.stop)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_text_has_an_outline(text):
    outline = outline_of(text, [(0, 1)])
    walk(outline.roots, 1, len(text))
    assert [each.start for each in outline.passages] == sorted(each.start for each in outline.passages)
    for passage in outline.passages:
        assert all(above.start <= passage.end for above in passage.above)
        assert all(passage.start <= point.start < point.stop <= passage.end for point in passage.points)
        assert all(fold(text)[label.start : label.end] == label.value for label in passage.labels)
        assert outline.passage_at(passage.start) is passage


@pytest.mark.parametrize(
    "unit", ["一是", "(", "责任单位:", "市城管局、", "1.\n", "(市局牵头", "。第一,", "市局\n", "【"]
)
def test_time_is_linear_on_hostile_text(unit):
    def seconds(length: int) -> float:
        begun = time.process_time()
        outline_of(unit * (length // len(unit)))
        return time.process_time() - begun

    assert seconds(80_000) < 24 * max(seconds(10_000), 0.02)
