"""Breakdown tables are read by their header, from every format that holds tables; each row keeps its place."""

from __future__ import annotations

import io
import time
from datetime import datetime

import docx
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.directives.extraction import Directive, extract
from chuangwen.directives.extraction.tables import table_directives, with_tables
from chuangwen.directives.reading import Document, read_document
from chuangwen.directives.reading.document import Cell, Table

WORD = [
    ["序号", "工作任务", "责任分工", "", "完成时限", "工作目标"],
    ["", "", "牵头单位", "配合单位", "", ""],
    ["1", "整治背街小巷环境。", "县城管局", "县公安局、城关镇", "10月底前", "达到90%"],
    ["2", "规范交通秩序", "县公安局", "", "", ""],
    ["", "", "县交通局", "各乡镇", "11月15日前", "无"],
    ["二、宣传类", "", "", "", "", ""],
    ["3", "刊播公益广告", "县委宣传部", "/", "长期", "每天20条"],
]


def word_table() -> bytes:
    document = docx.Document()
    document.add_heading("任务分解表", 2)
    document.add_paragraph("各单位要在9月底前完成自查。")
    table = document.add_table(len(WORD), 6)
    for row, texts in enumerate(WORD):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    for one, other in (((0, 2), (0, 3)), ((0, 1), (1, 1)), ((3, 1), (4, 1)), ((5, 0), (5, 5))):
        table.cell(*one).merge(table.cell(*other))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def rows(found: list[Directive]) -> list[tuple[object, ...]]:
    return [(one.action, one.lead, one.cooperate, one.deadline, one.targets, one.kind, one.headings) for one in found]


def test_word_table_with_merged_cells_and_a_header_of_two_rows():
    document = read_document("分解表", word_table())
    assert document.styled == ((0, 2),)
    found, spans = table_directives(document)
    assert rows(found) == [
        ("整治背街小巷环境", ("县城管局",), ("县公安局", "城关镇"), "10月底前", ("达到90%",), "deadline", ()),
        ("规范交通秩序", ("县公安局",), (), None, (), "duty", ()),
        ("规范交通秩序", ("县交通局",), ("各乡镇",), "11月15日前", (), "deadline", ()),
        ("刊播公益广告", ("县委宣传部",), (), "长期", ("每天20条",), "target", ("宣传类",)),
    ]
    assert [one.quote for one in found][:3] == [
        "整治背街小巷环境。\t县城管局\t县公安局、城关镇\t10月底前\t达到90%", "规范交通秩序\t县公安局",
        "县交通局\t各乡镇\t11月15日前",
    ]  # fmt: skip
    assert len(spans) == len(WORD)


def test_extract_reads_prose_and_table_of_one_document():
    found = extract(read_document("分解表", word_table()))
    assert [one.action for one in found] == [
        "在9月底前完成自查", "整治背街小巷环境", "规范交通秩序", "规范交通秩序", "刊播公益广告",
    ]  # fmt: skip
    assert [one.start for one in found] == sorted(one.start for one in found)


TABBED = (
    "任务分工\n序号\t任务内容\t责任单位\t时间要求\r\n1\t清理小广告\t城管局、各街道\t月底前\n"
    "2\t修补道路\t住建局\t9月\n\t安装路灯\t\t10月\n"
)


def test_lines_parted_by_tabs_inherit_the_party_of_the_row_above():
    document = Document("甲", TABBED + "说明\n甲\t乙\n丙\t丁\n", "txt")
    found, _ = table_directives(document)
    assert [(one.action, one.lead, one.deadline, one.inherited) for one in found] == [
        ("清理小广告", ("城管局", "各街道"), "月底前", False),
        ("修补道路", ("住建局",), "9月", False),
        ("安装路灯", ("住建局",), "10月", True),
    ]


def test_web_page_table_keeps_rows_whole_and_fills_merged_cells_down():
    page = (
        f"<html><body><p>{'各单位要高度重视。' * 20}</p><table><tr><th>项目</th>"
        "<th>工作内容</th><th>牵头单位</th>"
        "<th>责任单位</th><th>完成时间</th></tr><tr><td rowspan=2>环境</td><td><p>清理垃圾</p><p>见到本色</p></td>"
        "<td>城管局</td><td>住建局 交通局</td>"
        "<td>3月底</td></tr><tr><td>修路</td><td colspan=2>住建局</td><td>4月底</td></tr></table></body></html>"
    )
    found, _ = table_directives(read_document("页面", page.encode()))
    assert [(one.action, one.lead, one.cooperate, one.deadline, one.headings) for one in found] == [
        ("清理垃圾 见到本色", ("城管局",), ("住建局", "交通局"), "3月底", ("环境",)),
        ("修路", ("住建局",), (), "4月底", ("环境",)),
    ]  # fmt: skip


def test_rtf_table_fills_merged_cells_down():
    cells = [["工作任务", "牵头单位", "完成时限"], ["清理河道\\par 垃圾", "水利局", "5月底"], ["修补护栏", "", "6月底"]]

    def row(texts: list[str], merged: bool) -> str:
        shape = "".join(("\\clvmrg" if merged and i == 1 else "") + f"\\cellx{1000 * i}" for i in range(3))
        told = "".join(
            "".join(f"\\u{ord(c)}?" if ord(c) > 127 else c for c in text) + "\\cell " for text in texts
        )  # fmt: skip
        return f"\\trowd {shape}\\pard\\intbl {told}\\row "

    source = "{\\rtf1 " + "".join(row(texts, i == 2) for i, texts in enumerate(cells)) + "\\pard x\\par}"
    document = read_document("表", source.encode())
    found, _ = table_directives(document)
    assert [(one.action, one.lead, one.deadline) for one in found] == [
        ("清理河道 垃圾", ("水利局",), "5月底"), ("修补护栏", ("水利局",), "6月底"),
    ]  # fmt: skip
    assert document.text.endswith("修补护栏\t\t6月底\nx\n")


def test_workbook_is_a_breakdown_table_too():
    stream = io.BytesIO()
    day = datetime(2026, 9, 1)  # noqa: DTZ001
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("分工")
        book.add_worksheet("空")
        sheet.merge_range(0, 0, 0, 3, "文明城市创建任务分解表")
        for row, values in enumerate(
            [["序号", "任务", "牵头单位", "完成时限"], [1, "清理小广告", "城管局", "月底前"]], 1
        ):
            for column, value in enumerate(values):
                sheet.write(row, column, value)
        sheet.write(3, 1, "整治市场")
        sheet.merge_range(3, 2, 4, 2, "市场监管局")
        sheet.write_datetime(3, 3, day, book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write(4, 1, "改造厕所")
    document = read_document("分工.xlsx", stream.getvalue())
    found, _ = table_directives(document)
    assert document.format == "workbook"
    assert [(one.action, one.lead, one.deadline) for one in found] == [
        ("清理小广告", ("城管局",), "月底前"),
        ("整治市场", ("市场监管局",), "2026年9月1日"),
        ("改造厕所", ("市场监管局",), None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "姓名\t电话\t地址\n张三\t123\t县城\n",
        "任务\t备注\n清理垃圾\t无\n",
        "甲\t乙\n",
        "工作任务\t牵头单位\n",
        "牵头单位\t配合单位\n城管局\t住建局\n",
    ],
)
def test_other_tables_are_left_to_the_prose(text):
    document = Document("甲", text, "txt")
    assert table_directives(document)[0] == []
    assert with_tables(document, []) == []


def test_layout_of_a_page_is_no_table():
    prose = "各单位要在月底前完成整改。" * 100
    page = f"<body><table><tr><td>导航</td><td><p>{prose}</p></td></tr><tr><td>甲</td><td>乙</td></tr></table>"
    assert read_document("页", page.encode()).tables == ()


WORDS = [
    "任务",
    "牵头单位",
    "配合单位",
    "完成时限",
    "序号",
    "清理垃圾",
    "城管局、住建局",
    "月底前",
    "\t",
    "\t",
    "\n",
    "",
    "无",
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=60).map("".join), st.booleans())
def test_quotes_are_slices_whatever_the_table(text, told):
    document = Document("甲", text, "txt")
    if told:
        cells = [tuple(Cell(0, min(len(text), 3)) for _ in range(4))]
        document = Document("甲", text, "docx", None, (), (Table(tuple(cells)),))
    for one in extract(document):
        assert one.quote
        assert text[one.start : one.end] == one.quote


@pytest.mark.parametrize("row", ["清理垃圾\t城管局\t月底前\n", "\t\t\n", "甲\t\t\n", "任务\t牵头单位\t完成时限\n"])
def test_time_is_linear_in_rows(row):
    def seconds(count: int) -> float:
        document = Document("甲", "任务\t牵头单位\t完成时限\n" + row * count, "txt")
        begun = time.process_time()
        with_tables(document, [])
        return time.process_time() - begun

    assert seconds(2_400) < 24 * max(seconds(300), 0.03)
