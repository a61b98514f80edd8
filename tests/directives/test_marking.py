"""The text laid out: every character where it was, marks where they belong."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.directives.marking import Mark, heading_starts, paragraphs

TEXT = "在推进会上的讲话\n（2026年11月16日）\n\n一、盯住短板\n　　由市城管局牵头，11月底前完成。还有一句。\r\n尾行"


def shown(text: str, marks: list[Mark]) -> str:
    return "".join(leaf.text for p in paragraphs(text, marks, {}) for run in p.runs for leaf in run.leaves)


def test_forms_of_paragraphs():
    heads = dict(heading_starts(TEXT))
    laid = paragraphs(TEXT, [], heads)
    assert [one.form for one in laid] == ["title", "by", "heading", "text", "text"]
    assert TEXT[laid[3].start :].startswith("由市城管局")


def test_mark_has_its_words_brought_out_at_their_offsets():
    start = TEXT.index("由市")
    mark = Mark(7, start, TEXT.index("还有"), ("市城管局", "11月底前"), 1, "open")
    runs = paragraphs(TEXT, [mark], {})[3].runs
    assert [run.mark and run.mark.key for run in runs] == [7, None]
    assert runs[0].opens
    assert [leaf.text for leaf in runs[0].leaves if leaf.part] == ["市城管局", "11月底前"]
    assert all(TEXT[leaf.start :].startswith(leaf.text) for run in runs for leaf in run.leaves)


def test_mark_over_two_lines_opens_once():
    text = "第一行\n第二行"
    laid = paragraphs(text, [Mark(1, 1, 6)], {})
    opened = [run.opens for one in laid for run in one.runs if run.mark]
    assert opened == [True, False]


def test_overlap_belongs_to_the_mark_that_begins_first():
    runs = paragraphs("一二三四五六", [Mark(1, 0, 4), Mark(2, 2, 6), Mark(3, 1, 3)], {})[0].runs
    assert [(run.mark and run.mark.key, run.leaves[0].text) for run in runs] == [(1, "一二三四"), (2, "五六")]


@pytest.mark.parametrize("text", ["", "\n\n", "　 \ufeff\n"])
def test_nothing_to_show(text):
    assert paragraphs(text, [Mark(1, 0, 3)], {}) == []


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet="甲乙丙，。\n 　", max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=5),
)
def test_no_character_is_lost_or_doubled(text, spans):
    marks = [Mark(number, min(a, b), max(a, b), ("甲",)) for number, (a, b) in enumerate(spans)]
    lines = [line.strip(" 　") for line in text.split("\n")]
    assert shown(text, marks) == "".join(lines)
