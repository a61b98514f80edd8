"""Each format is read from a real file: built here by an independent writer, or kept from LibreOffice."""

from __future__ import annotations

import base64
import io
import zipfile
from pathlib import Path

import docx
import pytest
import typst
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from chuangwen.directives.ordinals import chinese_number
from chuangwen.directives.reading import UnreadableDocument, read_document

FILES = Path(__file__).parent / "files"
SPEECH = "同志们:\r\n今天召开创建工作推进会。各单位要在11月30日前完成整改,月底前报送总结。\n"
NOTICE = ["关于开展文明创建工作的通知", "各单位:", "县城管局要在11月30日前完成整治。"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_txt_of_any_encoding_keeps_its_text(encoding):
    document = read_document("讲话.txt", SPEECH.encode(encoding))
    assert (document.text, document.format) == (SPEECH, "txt")


def test_txt_in_big5_is_told_from_gb18030():
    text = "同志們:今天召開文明城市創建工作會議,各單位要認真落實,年底前完成任務。"
    document = read_document("a", text.encode("big5"))
    assert (document.text, document.encoding) == (text, "big5hkscs")


def test_txt_with_byte_order_mark_keeps_it_so_that_offsets_match_the_disk():
    assert read_document("a.txt", b"\xef\xbb\xbf" + SPEECH.encode()).text == "\ufeff" + SPEECH


def test_name_decides_nothing():
    assert read_document("报表.docx", SPEECH.encode()).format == "txt"


def _docx(build) -> bytes:
    document = docx.Document()
    build(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_docx_gives_paragraphs_and_table_rows_in_order():
    def build(document):
        document.add_paragraph("各单位:")
        table = document.add_table(2, 2)
        for cell, text in zip(table._cells, ["任务", "牵头单位", "整治占道经营", "县城管局"], strict=True):
            cell.text = text
        document.add_paragraph("特此通知。")

    text = read_document("通知", _docx(build)).text
    assert text == "各单位:\n任务\t牵头单位\n整治占道经营\t县城管局\n特此通知。\n"


def test_docx_automatic_numbers_are_shown():
    def build(document):
        for words in ("强化领导", "狠抓落实"):
            document.add_paragraph(words, style="List Number")

    assert read_document("a", _docx(build)).text == "1.强化领导\n2.狠抓落实\n"


def test_docx_deleted_revision_is_left_out():
    def build(document):
        paragraph = document.add_paragraph("月底前完成")
        deleted, run, text = (OxmlElement(name) for name in ("w:del", "w:r", "w:t"))
        text.text = "年底前完成"
        run.append(text)
        deleted.append(run)
        paragraph._p.append(deleted)
        assert deleted.tag == qn("w:del")

    assert read_document("a", _docx(build)).text == "月底前完成\n"


def test_docx_text_box_tab_break_and_content_control():
    def build(document):
        run = document.add_paragraph().add_run("甲\t乙\n丙")
        box, body, inner, words = (OxmlElement(name) for name in ("w:pict", "w:txbxContent", "w:p", "w:r"))
        text = OxmlElement("w:t")
        text.text = "框内文字"
        words.append(text)
        inner.append(words)
        body.append(inner)
        box.append(body)
        run._r.append(box)
        control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
        content.append(document.add_paragraph("控件文字")._p)
        control.append(content)
        document._body._body.insert(1, control)

    assert read_document("a", _docx(build)).text == "甲\t乙\n丙\n框内文字\n控件文字\n"


@pytest.mark.parametrize(
    ("value", "shown"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (35, "三十五"), (120, "120")]
)
def test_chinese_number(value, shown):
    assert chinese_number(value) == shown


@pytest.mark.parametrize(("name", "format_"), [("notice.doc", "doc"), ("notice.rtf", "rtf")])
def test_old_word_and_rtf_written_by_libreoffice(name, format_):
    document = read_document("上传", (FILES / name).read_bytes())
    lines = [line.rstrip("\t") for line in document.text.splitlines()]
    assert document.format == format_
    assert lines == [*NOTICE, "任务\t牵头单位", "整治占道经营\t县城管局、县公安局", "Abc mixed “引号” 结束。"]


def test_rtf_with_code_page_bytes():
    body = "".join(f"\\'{byte:02x}" for byte in "月底前完成".encode("gbk"))
    data = r"{\rtf1\ansi\ansicpg936{\fonttbl{\f0 SimSun;}}" + body + r"\par }"
    assert read_document("a", data.encode()).text == "月底前完成\n"


def test_pdf_with_text():
    source = '#set text(font: "Noto Serif CJK SC")\nEvery unit reports before 30 November.'
    data = typst.compile(source.encode(), format="pdf")
    document = read_document("a", data)
    assert document.format == "pdf"
    assert "reports before 30 November" in document.text


def test_pdf_scan_says_what_to_do():
    data = typst.compile(b"#rect(width: 5cm, height: 5cm, fill: gray)", format="pdf")
    with pytest.raises(UnreadableDocument, match=r"《扫描》是扫描件，只有图像没有文字层。"):
        read_document("扫描", data)


PAGE = """<!DOCTYPE html><html><head><meta charset="gb2312"><title>讲话</title><script>var 广告 = 1;</script></head>
<body><nav><a href="/">首页</a><a href="/n">新闻</a></nav><div id="main"><h1>推进会讲话</h1>
<p>各单位要高度重视,在月底前把整改情况书面报创建办,逾期不报的予以通报批评。</p>
<p>县城管局要牵头开展市容整治,每周组织一次联合检查,发现问题当场交办并限期整改到位。</p>
<table><tr><td>牵头</td><td>县城管局</td></tr></table></div>
<footer>版权所有</footer></body></html>"""


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_html_gives_the_article_without_the_page_around_it(encoding):
    document = read_document("a", PAGE.encode(encoding))
    assert document.format == "html"
    assert document.text.splitlines() == [
        "推进会讲话",
        "各单位要高度重视,在月底前把整改情况书面报创建办,逾期不报的予以通报批评。",
        "县城管局要牵头开展市容整治,每周组织一次联合检查,发现问题当场交办并限期整改到位。",
        "牵头\t县城管局",
    ]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("各单位要在月底前完成整改任务，报送创建办。".encode("utf-16-le"), "utf-16-le"),
        ("各单位要在月底前完成整改任务，报送创建办。".encode("utf-16-be"), "utf-16-be"),
        ("各单位要完成整改".encode("utf-32"), "utf-32"),
        ("各单位要在月底前完成整改任务，报送创建办。".encode("hz"), "hz"),
        ("各单位要在月底前完成整改任务，报送创建办。".encode() + "略".encode()[:2], "utf-8"),
        ("各单位要在月底前完成整改任务，报送创建办。".encode("gb18030") + b"\xc2", "gb18030"),
    ],
)
def test_txt_of_rare_encodings_and_cut_off_files(data, encoding):
    document = read_document("讲话", data)
    assert document.encoding == encoding
    assert document.text.startswith("各单位要")
    assert document.text.count("\ufffd") <= 1


def test_heading_styles_of_word_and_web_page():
    def build(document):
        document.add_heading("总则", 1)
        document.add_paragraph("各单位要落实。")
        document.add_heading("分工", 2)

    read = read_document("通知", _docx(build))
    assert [(read.text[at : at + 2], level) for at, level in read.styled] == [("总则", 1), ("分工", 2)]
    page = read_document("页", f"<body><h2>总则</h2><p>{'各单位要落实。' * 30}</p></body>".encode())
    assert page.styled == ((0, 2),)


def test_web_archive_and_other_containers():
    mail = (
        b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="x"\n\n--x\n'
        b'Content-Type: text/html; charset="gb2312"\n'
        b"Content-Transfer-Encoding: base64\n\n"
    )
    body = base64.encodebytes("<html><body><p>各单位要在月底前完成。</p></body></html>".encode("gb18030"))
    assert read_document("页", mail + body + b"\n--x--\n").text == "各单位要在月底前完成。\n"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("content.xml", "<a/>")
    with pytest.raises(UnreadableDocument, match=r"是 ODT 文档.*另存为 docx"):
        read_document("甲", packed.getvalue())
