"""What cannot be a form is refused with the place and the way out; what points elsewhere is cut off."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from django.utils import translation
from docx import Document
from openpyxl import Workbook

from chuangwen.core.errors import BadUpload
from chuangwen.core.workbook_templates.filling import filled
from chuangwen.core.workbook_templates.moving import Move, copied_formula, moved_formula, moved_ref, translated_formula
from chuangwen.core.workbook_templates.taking import looked_at
from tests.core.workbook_templates.making import WORDS, form, opened, rows_of, saved

AGAIN = "请用Excel或WPS改正后重新上传。"


def with_part(data: bytes, name: str, content: bytes = b"x") -> bytes:
    """The same file with one part more, or another one in its place."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            if one != name:
                new.writestr(one, old.read(one))
        new.writestr(name, content)
    return held.getvalue()


def said(data: bytes) -> str:
    with translation.override("zh-hans"), pytest.raises(BadUpload) as told:
        looked_at("样表.xlsx", data, WORDS)
    return str(told.value)


def marked(**cells: str) -> bytes:
    book = Workbook()
    book.active.title = "清单"
    for cell, text in cells.items():
        book.active[cell] = text
    return saved(book)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"B2": "{{工资}}"}, "这张表没有“工资”。位置：工作表“清单”的B2。请用Excel或WPS改正后重新上传。"),
        ({"B2": "｛｛ 工资 ｝｝元"}, "这张表没有“工资”。位置：工作表“清单”的B2。请用Excel或WPS改正后重新上传。"),
        ({"A1": "{{问题"}, "“{{问题”不是占位符的写法。位置：工作表“清单”的A1。请用Excel或WPS改正后重新上传。"),
        ({"A1": "{{问题.__class__}}"}, "这张表没有“问题.__class__”。位置：工作表“清单”的A1。" + AGAIN),
        ({"A1": '="{{问题}}"&"。"', "A2": "问题"}, "公式“\"{{问题}}\"&\"。\"”里有占位符，请放到单独的单元格里。"
          "位置：工作表“清单”的A1。" + AGAIN),
        ({"A5": "{{问题}}", "B6": "{{时限}}"}, "“{{时限}}”在第二行又用了表格的占位符；表格的占位符须在同一行。"
          "位置：工作表“清单”的B6。" + AGAIN),
    ],
)  # fmt: skip
def test_fault_of_a_placeholder_is_told_with_sheet_and_cell(cells, words):
    assert said(marked(**cells)) == words


def test_row_that_is_merged_with_the_next_cannot_be_repeated():
    book, sheet = form(marks=True)
    sheet.merge_cells("G5:G6")
    assert said(saved(book)) == (
        "要重复的行与其他行合并了，请取消合并。位置：工作表“问题清单”的G5:G6。请用Excel或WPS改正后重新上传。"
    )


def test_row_word_at_the_foot_of_the_page_is_refused_and_a_single_one_filled():
    book, sheet = form(marks=True)
    sheet.oddFooter.left.text = "{{填报单位}}"
    made = opened(filled(saved(book), WORDS, rows_of(1))).active
    assert made.oddFooter.left.text == "云溪市创建办"
    sheet.oddFooter.left.text = "{{问题}}"
    assert said(saved(book)).startswith("“问题”不能放在页眉页脚里。位置：工作表“问题清单”。")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("xl/vbaProject.bin", "表格含有宏或控件。请去掉后存为.xlsx再上传。"),
        ("xl/activeX/activeX1.xml", "表格含有宏或控件。请去掉后存为.xlsx再上传。"),
        ("xl/embeddings/oleObject1.bin", "表格里嵌入了其他文件。请在Excel或WPS里删去、保存后重新上传。"),
        ("xl/connections.xml", "表格从别处取数据。请在Excel的“数据—查询和连接”里删去连接，保存后重新上传。"),
    ],
)
def test_programs_embedded_files_and_connections_are_refused(name, words):
    assert said(with_part(saved(form()[0]), name)) == words


def test_other_kinds_of_files_are_refused_with_the_way_out():
    assert said("序号,问题\n1,垃圾".encode()) == "表样须是.xlsx表格。请用Excel或WPS打开，另存为.xlsx后再上传。"
    held = io.BytesIO()
    Document().save(held)
    assert "这是文档或演示文稿，不是表格" in said(held.getvalue())
    assert "这是PDF，不是表格" in said(b"%PDF-1.7 ")
    assert "文件已损坏或不完整" in said(saved(form()[0])[:3000])


def test_file_that_unfolds_without_end_or_names_things_outside_is_refused():
    data = saved(form()[0])
    bomb = with_part(data, "xl/media/a.xml", b"<a>" + b" " * 60_000_000 + b"</a>")
    assert "大得异常" in said(bomb)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    hostile = b'<!DOCTYPE a [<!ENTITY b "x">]>' + sheet
    assert "文件已损坏或不完整" in said(with_part(data, "xl/worksheets/sheet1.xml", hostile))


def test_formulas_that_point_to_other_workbooks_keep_their_figures_and_point_there_no_more():
    book, sheet = form(marks=True)
    sheet["H1"], sheet["H2"] = "=[1]上月!A1", "=SUM(F5:F5)"
    data = saved(book)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = archive.read("xl/worksheets/sheet1.xml")
        part, found = re.subn(rb"(<f>\[1\][^<]*</f>)(?:<v ?/>|<v></v>)", rb"\1<v>7</v>", part)
        relations = archive.read("xl/_rels/workbook.xml.rels")
        book_part = archive.read("xl/workbook.xml")
    link = (
        b'<Relationship Id="rId99" Target="externalLinks/externalLink1.xml" Type='
        b'"http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink"/></Relationships>'
    )
    reference = (
        b'<externalReferences><externalReference xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships" r:id="rId99"/></externalReferences><definedNames>'
    )
    assert found == 1
    data = with_part(data, "xl/worksheets/sheet1.xml", part)
    data = with_part(data, "xl/_rels/workbook.xml.rels", relations.replace(b"</Relationships>", link))
    data = with_part(data, "xl/workbook.xml", book_part.replace(b"<definedNames>", reference))
    data = with_part(data, "xl/externalLinks/externalLink1.xml", b"<externalLink/>")
    assert looked_at("样表.xlsx", data, WORDS).pointed_out
    made = filled(data, WORDS, rows_of(2))
    assert [opened(made).active[cell].value for cell in ("H1", "H2")] == [7, "=SUM(F5:F6)"]
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert "xl/externalLinks/externalLink1.xml" not in archive.namelist()


MOVE = Move(5, 5, 4)


@pytest.mark.parametrize(
    ("formula", "moved"),
    [
        ("SUM(D5:D5)", "SUM(D5:D8)"), ("D5+D6", "D5+D9"), ("$D$6*A1", "$D$9*A1"), ("SUM(D1:D9)", "SUM(D1:D12)"),
        ("清单!D6+别表!D6", "清单!D9+别表!D6"), ("'清单'!D6", "'清单'!D9"), ('"D6"&D6', '"D6"&D9'),
        ("LOG10(D6)", "LOG10(D9)"), ("SUM(D:D)", "SUM(D:D)"), ("SUM(6:6)", "SUM(9:9)"), ("率D6", "率D6"),
        ("D6.x", "D6.x"),
    ],
)  # fmt: skip
def test_formula_follows_its_rows(formula, moved):
    assert moved_formula(MOVE, formula, "清单", inside=True) == moved


def test_references_and_copies():
    assert [moved_ref(MOVE, ref) for ref in ("A5", "A4", "A6", "A5:B5", "6:6", "x")] == [
        "A5:A8", "A4", "A9", "A5:B8", "9:9", "x",
    ]  # fmt: skip
    assert copied_formula(MOVE, "D5*$E$6+D4", "清单", 5, 7) == "D7*$E$9+D6"
    assert translated_formula("A1+$B2+C$3+SUM(Z9:AA9)", 2, 1) == "B3+$B4+D$3+SUM(AA11:AB11)"


@pytest.mark.parametrize(
    "runs", [("{{标题}}",), ("请填：{", "{标题}", "}"), ("｛｛标题｝｝",)], ids=["whole", "torn", "wide"]
)
def test_placeholder_in_a_text_box_is_told(runs):
    space = "http://schemas.openxmlformats.org/drawingml/2006/main"
    text = "".join(f"<r><t>{run}</t></r>" for run in runs)
    box = f'<wsDr xmlns="{space}"><p>{text}</p></wsDr>'.encode()
    told = said(with_part(marked(A1="{{问题}}"), "xl/drawings/drawing1.xml", box))
    mark = runs[0] if len(runs) == 1 else "{{标题}}"
    assert told == f"“{mark}”在文本框里，文本框不填写，请放到单元格里。请用Excel或WPS改正后重新上传。"
