"""Rules, limits and evidence slots in words."""

# ruff: noqa: E501  (a case a line reads best)

from __future__ import annotations

import pytest

from chuangwen.core.sources import source_parts
from chuangwen.standards.tree import Band, EvidenceSlot, Map, Node, TableRow, Text
from chuangwen.standards.wording import number_words, rule_words, slot_words, within_words


def leaf(measure="rate", **rule):
    return Node("1", Text("x"), 4, measure=measure, map=Map(**rule))


BANDS = (Band(0.85, 1, "A"), Band(0.8, 0.66), Band(None, 0))


@pytest.mark.parametrize(
    ("node", "chinese", "english"),
    [
        (leaf(), "按达标率得分", "in proportion to the rate met"),
        (leaf(kind="bands", bands=BANDS), "达标率85%以上得A，80%以上得66%，其余得0%", "the rate met: A from 85%, 66% from 80%, else 0%"),
        (leaf("mean", kind="linear", start=30, stop=0), "平均值30得0分，0得满分，中间按比例", "no points at 30 of the mean, full points at 0, in proportion between"),
        (leaf(kind="linear", start=0.5, stop=1), "达标率50%得0分，100%得满分，中间按比例", "no points at 50% of the rate met, full points at 100%, in proportion between"),
        (leaf("count", kind="required", n=12), "次数达到12得满分，不足按比例", "full points for 12, in proportion below"),
        (leaf("count", kind="deduct", each=0.5), "每1次扣0.5分，扣完为止", "each one costs 0.5, down to no points"),
        (Node("1", Text("x"), children=(leaf(),)), "下级得分相加", "the sum of its parts"),
        (Node("1", Text("x"), aggregate="mean", children=(leaf(),)), "取下级得分率的平均", "the mean share of its parts"),
        (Node("1", Text("x"), aggregate="min", children=(leaf(),)), "取下级得分率的最低", "the lowest share of its parts"),
        (
            Node("1", Text("x"), aggregate="met", table=(TableRow(4, 1, "A"), TableRow(2, 0.5)), children=(leaf(),)),
            "下级达标4条以上得A，达标2条以上得50%，再少不得分",
            "A for 4 parts met, 50% for 2 parts met, else nothing",
        ),
    ],
)  # fmt: skip
def test_rule_in_both_languages(node, chinese, english):
    assert (rule_words(node, chinese=True), rule_words(node, chinese=False)) == (chinese, english)


@pytest.mark.parametrize(
    ("within", "chinese", "english"),
    [
        ("2h", "2个工作小时", "2 working hours"),
        ("1d", "1个工作日", "1 working day"),
        ("24H", "24小时", "24 hours by the clock"),
        ("?", "?", "?"),
    ],
)
def test_within_in_both_languages(within, chinese, english):
    assert (within_words(within, chinese=True), within_words(within, chinese=False)) == (chinese, english)


def test_slot_in_both_languages():
    slot = EvidenceSlot("成效", "statement", 1, 12, 500)
    assert slot_words(slot, chinese=True) == "成效：说明至少1篇，近12个月，500字以内"
    assert slot_words(slot, chinese=False) == "成效: statement, at least 1, of the last 12 months, up to 500 characters"
    assert slot_words(EvidenceSlot("图", "photo", 2), chinese=True) == "图：照片至少2张"


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("customary: a: b", ("customary", "a: b")),
        ("proposed:", ("proposed", "")),
        ("other: x", ("", "other: x")),
        ("", ("", "")),
    ],
)
def test_source_parts(source, parts):
    assert source_parts(source) == parts


@pytest.mark.parametrize(("value", "words"), [(4.0, "4"), (0.5, "0.5"), (13.25, "13.25")])
def test_number_words(value, words):
    assert number_words(value) == words
