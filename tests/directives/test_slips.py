"""Reply slips and secrecy marks: the pure parts."""

from __future__ import annotations

from datetime import date

import pytest

from chuangwen.directives.secrecy import grade_of
from chuangwen.directives.slips import (
    CHOICE,
    DAY,
    NUMBER,
    SlipError,
    SlipField,
    answer_words,
    as_data,
    choices_of,
    folded,
    sound_fields,
    sound_values,
    totals,
    usual_fields,
)

SLIP = as_data(
    [
        SlipField("是否参加", CHOICE, ("参加", "请假")),
        SlipField("人数", NUMBER),
        SlipField("到达", DAY),
        SlipField("姓名"),
    ]
)
FULL = {"a1": "参加", "a2": "3", "a3": date(2026, 11, 20), "a4": "王芳"}


def fault(act, *args):
    with pytest.raises(SlipError) as found:
        act(*args)
    return found.value.code, found.value.label


def test_fields_are_cleaned_and_empty_rows_left_out():
    rows = [
        SlipField("  是否  参加 ", CHOICE, ("参加", "参加", " 请假 ")),
        SlipField("  "),
        SlipField("人数", NUMBER, ("1",)),
    ]
    assert sound_fields(rows) == [SlipField("是否 参加", CHOICE, ("参加", "请假")), SlipField("人数", NUMBER)]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([SlipField(f"第{n}项") for n in range(9)], ("many", "")),
        ([SlipField("字" * 31)], ("label", "字" * 31)),
        ([SlipField("人数", "photo")], ("kind", "人数")),
        ([SlipField("人数"), SlipField("人数", NUMBER)], ("double", "人数")),
        ([SlipField("参加", CHOICE, ("是",))], ("choices", "参加")),
        ([SlipField("参加", CHOICE, ("是", "长" * 21))], ("choices", "参加")),
    ],
)
def test_fields_that_make_no_slip_are_named(rows, said):
    assert fault(sound_fields, rows) == said


def test_eight_fields_fit():
    assert len(sound_fields([SlipField(f"第{n}项") for n in range(8)])) == 8


def test_answer_is_kept_as_text_and_told_in_one_line():
    kept = sound_values(SLIP, FULL)
    assert kept == {"a1": "参加", "a2": "3", "a3": "2026-11-20", "a4": "王芳"}
    assert answer_words(SLIP, kept) == "是否参加：参加；人数：3；到达：11月20日；姓名：王芳"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"a4": " "}, ("missing", "姓名")),
        ({"a2": "三"}, ("number", "人数")),
        ({"a2": "-1"}, ("number", "人数")),
        ({"a1": "也许"}, ("choice", "是否参加")),
        ({"a3": "11-20"}, ("day", "到达")),
        ({"a4": "长" * 201}, ("long", "姓名")),
    ],
)
def test_answers_that_do_not_fit_are_named(changed, said):
    assert fault(sound_values, SLIP, FULL | changed) == said


def test_totals_sum_numbers_and_count_choices():
    rows = [sound_values(SLIP, FULL), sound_values(SLIP, FULL | {"a1": "请假", "a2": 0}), {}]
    assert totals(SLIP, rows) == {"a1": "参加 1，请假 1", "a2": "3"}
    assert totals(SLIP, []) == {}


def test_choices_are_parted_as_they_are_typed():
    assert choices_of(" 参加、请假，代会/ ") == ("参加", "请假", "代会")


def test_a_letter_that_calls_to_a_meeting_proposes_its_slip():
    assert [one.label for one in usual_fields("关于召开全省推进会的通知")] == ["是否参加", "参会人员姓名、职务", "人数"]
    assert usual_fields("关于报送工作总结的函") == []


def test_numbers_are_compared_however_brackets_were_typed():
    assert folded("省文明办 [2026] 3号") == folded("省文明办〔2026〕3号") == folded("省文明办（2026）3 号")
    assert folded("省文明办〔2026〕3号") != folded("省文明办〔2026〕4号")


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("机密★1年\n特急\n省文明办文件", "机密"),
        ("000123\n绝 密\n关于", "绝密"),
        ("密级：秘密\n关于", "秘密"),
        ("秘密*5年", "秘密"),
        ("关于保守国家秘密的通知\n各单位要增强机密意识", ""),
        ("商业秘密保护培训", ""),
        ("x" * 1300 + "\n机密★", ""),
    ],
)
def test_marks_of_secrecy_are_found_and_words_about_it_are_not(text, grade):
    assert grade_of(text) == grade


def test_mark_beside_a_title():
    assert grade_of("【秘密】关于调研的函", title=True) == "秘密"
    assert grade_of("关于调研的函（附件：秘密）") == ""
