"""The layout of official papers, in Word and as PDF (GB/T 9704-2012)."""

import io
import re
import zipfile

import pypdf
import pytest
from docx import Document
from docx.shared import Mm
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.reports import paper as measures
from chuangwen.reports import pdf
from chuangwen.reports.paper import Heading, Paper, Table, Text, blocks_of, masthead_pt
from chuangwen.reports.pdf import BREAK, breakable, families, pdf_file, source
from chuangwen.reports.word import word_file

TABLE = Table(["单位", "应办结"], [8, 4], [["市城管局", "12"], ["合计", "12"]], [False, True], "整改情况表")
BODY = "一、总体情况\n本周新交办问题12件。\n（一）做得好的单位\n【表】\n1. 市城管局"


def a_paper(**fields):
    values = {
        "issuer": "云溪市创建办", "number": "云创建办〔2026〕3号", "title": "关于整改情况的通报",
        "addressee": "各责任单位",
        "blocks": list(blocks_of(BODY, TABLE)), "notes": ["统计时段：11月"], "dated": "2026年11月22日",
        "signatory": "王主任", "copy_to": "市委办公室",
    }  # fmt: skip
    return Paper(**values | fields)


def test_lines_are_headings_by_their_numbers():
    kinds = [(type(one).__name__, getattr(one, "level", 0)) for one in blocks_of(BODY, TABLE)]
    assert kinds == [("Heading", 1), ("Text", 0), ("Heading", 2), ("Table", 0), ("Heading", 3)]


@pytest.mark.parametrize("line", ["一、本周新交办问题12件，应办结10件。", "3.5件", "一次", "（一）" + "长" * 50])
def test_sentence_that_begins_with_a_number_is_no_heading(line):
    assert list(blocks_of(line, None)) == [Text(line)]


def test_table_without_a_mark_stands_at_the_end_and_a_mark_without_table_is_nothing():
    assert list(blocks_of("甲", TABLE)) == [Text("甲"), TABLE]
    assert list(blocks_of("甲\n【表】", None)) == [Text("甲")]


def test_name_of_the_issuing_body_stands_on_one_line():
    assert [masthead_pt("云" * n) for n in (4, 20, 60)] == [32, 22.0, 16]


def test_word_file_has_the_margins_grid_and_fonts_of_official_papers():
    document = Document(io.BytesIO(word_file(a_paper())))
    section = document.sections[0]
    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(one.mm) for one in sides] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    grid = section._sectPr.find("{*}docGrid")
    assert [value for key, value in grid.attrib.items() if key.endswith("linePitch")] == ["579"]
    body = next(one for one in document.paragraphs if "12件" in one.text)
    xml = body._p.xml
    assert 'w:eastAsia="仿宋_GB2312"' in xml
    assert '<w:sz w:val="32"/>' in xml
    assert body.paragraph_format.first_line_indent.pt == 32
    fonts = [
        re.search('w:eastAsia="([^"]+)"', one._p.xml)[1] for one in document.paragraphs if re.match("[一（1]", one.text)
    ]
    assert fonts[:3] == ["黑体", "楷体_GB2312", "仿宋_GB2312"]


def test_word_file_numbers_its_pages_outside_and_repeats_the_head_of_a_table():
    document = Document(io.BytesIO(word_file(a_paper())))
    section = document.sections[0]
    for footer in (section.footer, section.even_page_footer):
        assert "".join(run.text for run in footer.paragraphs[0].runs) == "—  —"
        assert "PAGE" in footer._element.xml
    assert section.footer.paragraphs[0].alignment != section.even_page_footer.paragraphs[0].alignment
    table = document.tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [list(TABLE.heads), *TABLE.rows]
    assert "w:tblHeader" in table.rows[0]._tr.xml
    assert abs(sum(cell.width for cell in table.rows[1].cells) - Mm(156)) < Mm(1)


def test_word_file_is_the_same_text_whatever_it_holds():
    hostile = '<w:p/> & {{ 1+1 }} \\ " #eval'
    made = word_file(a_paper(title=hostile, blocks=[Text(hostile), Heading(1, hostile)]))
    assert [one.text for one in Document(io.BytesIO(made)).paragraphs].count(hostile) == 3
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.testzip() is None


def test_pdf_holds_every_text_as_it_is_and_nothing_of_it_is_markup():
    hostile = '#eval("1") \\ *x* $y$ "z" 【'
    made = pdf_file(a_paper(blocks=[Text(hostile), *blocks_of(BODY, TABLE)]))
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages))
    wanted = (hostile, "云创建办〔2026〕3号", "市城管局", "抄送：市委办公室", "统计时段：11月", "—1—")
    assert [one for one in wanted if re.sub(r"\s", "", one) not in text] == []


def test_pdf_is_a4_in_chinese_with_the_fonts_at_hand():
    made = source(a_paper(), frozenset({"Noto Serif SC", "FangSong_GB2312"}))
    assert '#set text(font: ("FangSong_GB2312", "Noto Serif SC",)' in made
    page = pypdf.PdfReader(io.BytesIO(pdf_file(a_paper()))).pages[0]
    assert [round(float(one)) for one in page.mediabox[2:]] == [595, 842]
    assert families()


def test_font_without_chinese_is_told_from_one_with_it(monkeypatch):
    here = pdf._fonts(())
    latin = [one for one in here.fonts() if one.family.startswith(("Liberation", "DejaVu"))]
    if not latin or not families() & {"Noto Serif SC", "Noto Serif CJK SC", "Noto Sans CJK SC"}:
        pytest.skip("this machine has not both kinds of fonts")
    assert [one for one in latin if pdf._has_chinese(one)] == []
    monkeypatch.setattr(pdf, "FACES", {})  # no font is known by its name
    assert pdf.writes_chinese()


def test_draft_says_so_at_its_head():
    document = Document(io.BytesIO(word_file(a_paper(draft="（草稿，未签发）"))))
    assert document.paragraphs[0].text == "（草稿，未签发）"
    assert measures.RED in document.paragraphs[1]._p.xml


def test_same_paper_is_the_same_bytes():
    assert word_file(a_paper()) == word_file(a_paper())
    assert pdf_file(a_paper()) == pdf_file(a_paper())


@settings(max_examples=60)
@given(st.text(alphabet="ab1-/.@市 ", max_size=40))
def test_a_cells_word_can_break_and_nothing_is_added_to_it(text):
    found = breakable(text)
    assert found.replace(BREAK, "") == text
    assert not re.search(r"[a-z0-9]{7}", found)


def test_number_and_day_break_where_a_reader_expects_it():
    assert breakable("R2026-0053") == f"R2026-{BREAK}0053"
    assert breakable("20261102350") == f"2026{BREAK}1102{BREAK}350"
    assert breakable("66.7% 1,200") == "66.7% 1,200"
