"""Corners of the formats that writers other than Word leave behind: read as a reader would see them, or refused."""

from __future__ import annotations

import io
import zipfile

import pytest

from chuangwen.directives.reading import UnreadableDocument
from chuangwen.directives.reading.archive import MAX_PARTS, Archive
from chuangwen.directives.reading.docx import read_docx
from chuangwen.directives.reading.html import read_html
from chuangwen.directives.reading.rtf import read_rtf

NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def packed(**parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", content)
    return stream.getvalue()


def word(body, **parts):
    """The text of a docx with these parts and nothing else."""
    document = f"<w:document {NAMESPACE}>{body}</w:document>"
    return read_docx("通知", packed(document=document, **parts)).finish()[0]


def paragraph(text, number="", level=0, style=""):
    reference = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>' if number else ""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{reference}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def level(at, shape, text):
    return f'<w:lvl w:ilvl="{at}"><w:numFmt w:val="{shape}"/><w:lvlText w:val="{text}"/></w:lvl>'


NUMBERS = f"""<w:numbering {NAMESPACE}>
<w:abstractNum w:abstractNumId="0">{level(0, "chineseCounting", "%1、")}{level(1, "decimal", "%2.")}</w:abstractNum>
<w:abstractNum w:abstractNumId="1">{level(0, "bullet", "•")}</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"/>
</w:numbering>"""
STYLES = f"""<w:styles {NAMESPACE}>
<w:style w:styleId="numbered"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:styleId="plain"/>
</w:styles>"""


def test_docx_deeper_numbers_begin_anew_under_each_heading():
    body = "".join(paragraph(text, "1", at) for text, at in (("甲", 0), ("子", 1), ("丑", 1), ("乙", 0), ("寅", 1)))
    text = word(f"<w:body>{body}</w:body>", numbering=NUMBERS)
    assert text == "一、甲\n1.子\n2.丑\n二、乙\n1.寅\n"


def test_docx_number_by_style_is_shown_and_taken_off_where_the_paragraph_says_none():
    body = (
        paragraph("甲", style="numbered") + paragraph("按", "0", style="numbered") + paragraph("乙", style="numbered")
    )
    text = word(f"<w:body>{body}{paragraph('丙', style='plain')}</w:body>", numbering=NUMBERS, styles=STYLES)
    assert text == "一、甲\n按\n二、乙\n丙\n"


def test_docx_bullets_and_numbers_that_lead_nowhere_show_nothing():
    body = "".join(paragraph("甲", number, at) for number, at in (("2", 0), ("3", 0), ("9", 0), ("1", 7)))
    assert word(f"<w:body>{body}</w:body>", numbering=NUMBERS) == "甲\n" * 4


def test_docx_without_a_body_is_an_empty_text():
    assert word("") == ""


def test_docx_inserted_paragraphs_are_read_and_an_empty_control_is_none():
    body = f"<w:ins>{paragraph('甲')}</w:ins><w:sdt/><w:bookmarkStart/><w:customXml>{paragraph('乙')}</w:customXml>"
    assert word(f"<w:body>{body}</w:body>") == "甲\n乙\n"


def test_docx_table_within_a_cell_stays_in_its_row():
    inner = f"<w:tbl><w:tr><w:tc>{paragraph('内')}</w:tc></w:tr></w:tbl>"
    outer = f"<w:tbl><w:tr><w:tc>{paragraph('外')}{inner}</w:tc><w:tc>{paragraph('右')}</w:tc></w:tr></w:tbl>"
    assert word(f"<w:body>{outer}</w:body>").replace(" ", "") == "外内\t右\n"


def test_docx_text_box_kept_twice_for_old_programs_is_read_once():
    box = f"<w:txbxContent>{paragraph('框')}</w:txbxContent>"
    compatible = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    twice = (
        f"<w:p><w:r><mc:AlternateContent {compatible}><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert word(f"<w:body>{twice}</w:body>").split() == ["框"]


def test_archive_of_too_many_parts_is_refused():
    with pytest.raises(UnreadableDocument, match="文件过多"):
        Archive("通知", packed(**{f"p{number}": "" for number in range(MAX_PARTS + 1)}))


def test_archive_with_a_damaged_part_is_refused():
    data = bytearray(packed(document=f"<w:document {NAMESPACE}><w:body/></w:document>"))
    at = data.index(b"<w:body/>")
    data[at : at + 3] = b"???"  # its checksum tells
    with pytest.raises(UnreadableDocument, match="已损坏"):
        read_docx("通知", bytes(data))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (rb"{\rtf1 a\\b\{c\}d}", "a\\b{c}d"),
        (rb"{\rtf1 a\~b\-c}", "a bc"),
        (rb"{\rtf1\uc2 \u22478 ??x}", "城x"),
        (rb"{\rtf1\uc-3 \u22478 ?x}", "城x"),
        (rb"{\rtf1 a{\*\generator \tab Msftedit;}b}", "ab"),
        (rb"{\rtf1 a{\fonttbl \u22478 ?\'b0\tab x}b}", "ab"),
        (rb"{\rtf1 a}} b", "a b"),
        (rb"{\rtf1\ansicpg65001 \'e5\'9f\'83}", "埃"),
    ],
)
def test_rtf_corner_is_read_as_a_reader_sees_it(source, text):
    assert read_rtf("通知", source).finish()[0].strip() == text


def test_html_that_holds_nothing_is_refused_or_empty():
    with pytest.raises(UnreadableDocument, match="不是完整的网页"):
        read_html("页面", b"<!-- only a remark -->")


def test_html_that_declares_another_encoding_is_read_by_its_bytes():
    page = '<html><head><meta charset="utf-8"></head><body><p>各单位要在月底前完成整治任务。</p></body></html>'
    layout, encoding = read_html("页面", page.encode("gb18030"))
    assert (layout.finish()[0], encoding) == ("各单位要在月底前完成整治任务。\n", "gb18030")


def test_html_lines_are_cut_at_breaks_and_cells_kept_apart():
    page = "<html><body>前<br>后<table><tr><td>甲</td><td>乙</td></tr></table></body></html>"
    assert read_html("页面", page.encode())[0].finish()[0] == "前\n后\n甲\t乙\n"
