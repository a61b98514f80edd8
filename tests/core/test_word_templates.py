"""Word templates of any area: a vocabulary of its own, and faults told with their place and the way out."""

from __future__ import annotations

import io

import pytest
from django.utils import translation
from docx import Document

from chuangwen.core.errors import BadUpload
from chuangwen.core.word_templates.placeholders import Fault, Rows, Vocabulary, check, filled, known, without_times
from chuangwen.core.word_templates.taking import placeholders_in

WORDS = Vocabulary(
    ("单位",), ("事迹",), (Rows("条件", ("名称", "结论")), Rows("图", ("前",), pictures=frozenset({"前"}))),
    {"合计": ("分",)},
)  # fmt: skip


def saved(document):
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def form(*lines, cells=(), header=""):
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    for table in cells:
        rows = document.add_table(rows=0, cols=2)
        for pair in table:
            for cell, text in zip(rows.add_row().cells, pair, strict=True):
                cell.text = text
    document.sections[0].header.paragraphs[0].text = header
    return saved(document)


def test_each_area_names_its_own_words():
    loop = [("{%tr for 行 in 条件 %}", ""), ("{{ 行.名称 }}", "{{ 行.结论 }}"), ("{%tr endfor %}", "")]
    found = check(form("{{ 单位 }}", "{{ 合计.分 }}", cells=[loop]), WORDS)
    assert (found.faults, found.names) == ((), ("单位", "合计.分", "条件", "条件.名称", "条件.结论"))


def test_tables_may_share_the_word_for_a_row():
    loops = [
        [(f"{{%tr for 行 in {name} %}}", ""), (f"{{{{ 行.{word} }}}}", "{{ 行.结论 }}"), ("{%tr endfor %}", "")]
        for name, word in (("条件", "名称"), ("核实", "依据"))
    ]
    words = Vocabulary((), (), (Rows("条件", ("名称", "结论")), Rows("核实", ("依据", "结论"))))
    found = check(form(cells=loops), words)
    assert (found.faults, found.names) == ((), ("条件", "条件.名称", "条件.结论", "核实", "核实.依据", "核实.结论"))


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (form("报{{ 行长 }}"), Fault("unknown", "行长", "报{{ 行长 }}")),
        (form(header="{{ 行长 }}"), Fault("unknown", "行长", "{{ 行长 }}", "header")),
        (
            form(cells=[[("甲", "乙")], [("甲", "乙"), ("丙", "{{ 行长 }}")]]),
            Fault("unknown", "行长", "{{ 行长 }}", "document", (2, 2)),
        ),
        (form("{{ 合计 }}{{ 合计.人 }}"), Fault("unknown", "合计.人", "{{ 合计 }}{{ 合计.人 }}")),
    ],
    ids=["text", "header", "second table", "a record's word"],
)
def test_fault_knows_the_part_the_table_and_the_row(data, fault):
    assert fault in check(data, WORDS).faults


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"text", "这不是Word文件"),
        (form(header="{{ 行长 }}"), "（在页眉里）"),
        (form(cells=[[("甲", "{{ 行长 }}")]]), "位置：“{{ 行长 }}”这一段（第1个表格第1行）"),
        (form("{{ 单位|upper }}"), "{{ 单位|upper }}"),
    ],
)
def test_refusal_says_the_place_and_the_way_out(data, words):
    with translation.override("zh-hans"), pytest.raises(BadUpload) as refused:
        placeholders_in(data, WORDS)
    assert words in str(refused.value)
    assert refused.value.way_out


def test_no_more_than_five_faults_are_told_at_once():
    with translation.override("en"), pytest.raises(BadUpload) as refused:
        placeholders_in(form(*(f"{{{{ 甲{n} }}}}" for n in range(9))), WORDS)
    assert refused.value.message.count("No paper knows") == 5


def test_same_words_are_the_same_bytes():
    data = form("{{ 单位 }}")
    assert filled(data, {"单位": "甲"}) == filled(data, {"单位": "甲"})
    assert without_times(data) == without_times(data)


def test_every_word_of_the_vocabulary_is_listed():
    assert [name for name, _written in known(WORDS)] == [
        "单位", "事迹", "条件", "条件.名称", "条件.结论", "图", "图.前", "合计.分",
    ]  # fmt: skip
