"""Whatever the text: true quotes, the same answer twice, no failure, time that grows with length only."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.directives.cleaning import clean_text
from chuangwen.directives.extraction import extract
from chuangwen.directives.reading import Document, read_document

OWN = sorted((Path(__file__).parent / "documents").glob("*.txt"))
GIVEN = Path(__file__).parents[3] / "shared" / "documents"
HELD = sorted([*(Path(__file__).parent / "documents").rglob("*.txt"), *GIVEN.glob("*.txt")])
PIECES = [
    *(
        "各单位",
        "县城管局",
        "由",
        "牵头",
        "配合",
        "要",
        "月底前",
        "每周一次",
        "达到30%",
        "对",
        "的",
        "追究责任",
        "负责",
        "会同",
    ),
    *(
        "一是",
        "(一)",
        "二、",
        "。",
        ",",
        ";",
        "、",
        "\n",
        "(",
        ")",
        "“",
        "”",
        "《",
        "x",
        "會(huì)",
        "责任单位:",
        "。。",
        " ",
        "\r\n",
    ),
    *("今年", "10月底前", "从今天起到", "结束", "下周三", "18日", "早晚各", "两次", "隔天", "個", "８月"),
    *("1.", "同时,", "\ufeff", "𠮷", "\x00", "等部门", "完成", "整改", "去年", "了"),
]


def document(text: str) -> Document:
    return Document("甲", text, "txt", "utf-8")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=80))
def test_quotes_are_slices_and_answers_repeat(text):
    directives = extract(document(text))
    assert all(text[each.start : each.end] == each.quote and each.quote for each in directives)
    assert [each.start for each in directives] == sorted(each.start for each in directives)
    assert extract(document(text)) == directives


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_times_stand_at_their_offsets_in_the_clean_text(text):
    cleaned = clean_text(text)
    for each in extract(document(text)):
        for phrase, at in ((each.deadline, each.deadline_at), (each.frequency, each.frequency_at)):
            assert (phrase is None) == (at is None)
            if at is not None:
                signs = zip(cleaned.text, cleaned.starts, cleaned.ends, strict=True)
                assert "".join(sign for sign, start, end in signs if at[0] <= start and end <= at[1]) == phrase


@pytest.mark.parametrize("path", HELD, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_times_are_slices_of_their_documents(path):
    held = read_document(path.name, path.read_bytes())
    for each in extract(held):
        for phrase, at in ((each.deadline, each.deadline_at), (each.frequency, each.frequency_at)):
            assert (held.text[slice(*at)] if at else None) == phrase


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_parties_and_phrases_stand_in_the_document(path):
    text = path.read_bytes().decode()
    for directive in extract(document(text)):
        phrases = [*directive.lead, *directive.cooperate, directive.deadline or "", directive.frequency or ""]
        assert all(phrase in text for phrase in phrases), phrases


ADVERSARIAL = [
    "要",
    "各单位",
    "由",
    "、",
    ",",
    "(",
    "“",
    "月",
    "每",
    "县城管局、",
    "牵头",
    "对",
    "x",
    "一",
    "\n",
    "會(huì)",
    "责任单位:",
    "的",
    "确保",
]


@pytest.mark.parametrize("unit", ADVERSARIAL)
def test_time_is_linear_on_one_repeated_word(unit):
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        begun = time.process_time()
        extract(document(text))
        return time.process_time() - begun

    small, large = seconds(25_000), seconds(200_000)
    assert large < 16 * max(small, 0.05)


def test_a_million_of_one_cue_word():
    begun = time.process_time()
    assert isinstance(extract(document("要" * 1_000_000)), list)
    assert time.process_time() - begun < 60
