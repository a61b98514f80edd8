"""Cleaning keeps the way back to the original through every step."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.directives.cleaning import clean_text


@pytest.mark.parametrize(
    ("original", "clean"),
    [
        ("一行\r\n二行\r三行", "一行\n二行\n三行"),
        ("\ufeff同\u200b志们", "同志们"),
        ("近年來(lái)創(chuàng)建工作的(de)開展", "近年来创建工作的开展"),
        ("各单位,,要落实。。", "各单位,要落实。"),
        ("各单位要落实,。", "各单位要落实。"),
        ("同 志 们,  大家好 ABC def", "同志们,大家好 ABC def"),
        ("正文。\n来源:网络整理 免责声明:仅限学习\n结束。", "正文。\n\n结束。"),
        ("正文……(某网省略701字,正式会员可完整阅读)……继续", "正文继续"),
        (
            "今天召开推进会,主要任务是对下一阶段创建工作进行安排\n部署,请各单位落实。",
            "今天召开推进会,主要任务是对下一阶段创建工作进行安排部署,请各单位落实。",
        ),
        ("x书记、×年、**市", "x书记、×年、**市"),
        ("手机app(测试)上报", "手机app(测试)上报"),
    ],
)
def test_clean_text(original, clean):
    assert clean_text(original).text == clean


def test_heading_line_is_not_joined_to_its_paragraph():
    text = "一、近些年来文明部局创建活动的主要做法、成效及存在的问题\n机关各部门开展了创建"
    assert clean_text(text).text == text


def test_simplified_text_is_not_touched_by_script_conversion():
    text = "显著成效,乾坤湾景区要抓好整治。" * 3
    assert clean_text(text).text == text


def test_span_of_the_original_covers_what_was_taken_out():
    original = "來(lái)創(chuàng)建。"
    cleaned = clean_text(original)
    start, end = cleaned.original_span(0, 3)
    assert (cleaned.text[0:3], original[start:end]) == ("来创建", "來(lái)創(chuàng)建")


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="创建創来(lái)。,,;\r\n \u3000\ufeffx×*ab……(会员)一、", max_size=120))
def test_offsets_are_ordered_and_inside(original):
    cleaned = clean_text(original)
    assert len(cleaned.starts) == len(cleaned.ends) == len(cleaned.text)
    assert all(0 <= start < end <= len(original) for start, end in zip(cleaned.starts, cleaned.ends, strict=True))
    assert list(cleaned.starts) == sorted(cleaned.starts)
