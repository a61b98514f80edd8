"""What readers of files say in English is said in Chinese, whole."""

from __future__ import annotations

import re

import pytest

from chuangwen.standards.fileformat.problems import chinese_words, place_zh
from tests.standards.marked import HEAD, faults_of
from tests.standards.test_hostile_files import BROKEN_JSON, BROKEN_YAML

ENGLISH = re.compile(r"[a-z]{2,} [a-z]{2,}")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("a value is missing", "缺少值"),
        (", expected", "此处应为 ,"),
        ("expected ',' or ']', but got '<stream end>'", "缺少逗号或 ]"),
        ("found character '\\t' that cannot start any token", "不能以 \\t 开头（文本里有此字符时请加引号）"),
        ("cell ZZZ9", "单元格 ZZZ9"),
        ("2000 rows, 200 columns (ZZ9999)", "2000 行、200 列（ZZ9999）"),
        ("something that nobody has translated", "内容读不懂"),
        ("line 12", "第 12 行"),
        ("nodes!C7", "nodes!C7"),
        (200000, "200000"),
        ("8 MB", "8 MB"),
    ],
)
def test_what_a_reader_says_in_chinese(said, words):
    assert chinese_words(said) == words


@pytest.mark.parametrize(("place", "words"), [("line 5", "第 5 行"), ("file", "整个文件"), ("nodes!C7", "nodes!C7")])
def test_place_in_chinese(place, words):
    assert place_zh(place) == words


MORE_YAML = ("title: 'x", "a: b: c\n", "- [a}\n", 'title: "\\q"\n', "nodes: [a, b\nc: d\n", "? [\n", "a: |9x\n  b\n")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *((text, "a.yaml") for text, _code, _place in BROKEN_YAML.values()),
        *((HEAD + text, "a.yaml") for text in MORE_YAML),
        *((text, "a.json") for text, _place in BROKEN_JSON.values()),
        ("no workbook", "a.xlsx"),
    ],
)
def test_no_english_stands_in_the_chinese_of_a_broken_file(text, name):
    assert [fault.message_zh for fault in faults_of(text, name) if ENGLISH.search(fault.message_zh)] == []
