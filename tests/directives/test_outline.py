"""Headings of the usual marks become a tree; a passage knows the titles above it."""

from __future__ import annotations

from chuangwen.directives.outline import mark_length, outline_of

TEXT = """讲话
一、压实责任
(一)加强领导。各单位要落实。
一是开好会。月底前开会。
(二)强化督导
二、严格奖惩
结束语"""


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
    assert [mark_length(line) for line in ("3.5万元", "一律拆除", "1.清理", "一要清理")] == [0, 0, 2, 2]
