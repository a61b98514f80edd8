"""Files shown in the page: pages of PDF, Word without anything that acts, text; broken files are only refused."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document

from chuangwen.core.files.services import derived_folder, store_bytes
from chuangwen.evidence.previews import MOST_TEXT, page_count, page_picture, plain_text, preview_kind, word_html
from chuangwen.evidence.rendering import clean_html
from tests.evidence.making import PDF, photo

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def docx(text: str) -> bytes:
    paper = Document()
    paper.add_heading("实施方案", 1)
    paper.add_paragraph(text)
    paper.add_table(1, 2).rows[0].cells[0].text = "一季度"
    paper.add_picture(io.BytesIO(photo()))
    target = io.BytesIO()
    paper.save(target)
    return target.getvalue()


def test_pdf_is_shown_page_by_page_and_each_page_is_made_once(settings: Any) -> None:
    stored = store_bytes(PDF)
    assert (preview_kind(stored), page_count(stored)) == ("pdf", 1)
    first = page_picture(stored, 1)
    assert first[:3] == b"\xff\xd8\xff"
    assert (page_picture(stored, 1), page_picture(stored, 2), page_picture(stored, 0)) == (first, b"", b"")
    from django.core.files.storage import default_storage

    assert sorted(default_storage.listdir(derived_folder(stored))[1]) == ["page-1.jpg", "pages"]


def test_word_is_shown_as_plain_html() -> None:
    html = word_html(store_bytes(docx("第一条 <script>alert(1)</script>")))
    assert "<h1>实施方案</h1>" in html
    assert "第一条 &lt;script&gt;" in html
    assert "<td><p>一季度</p></td>" in html
    assert '<img src="data:image/' in html


def test_broken_files_show_nothing_and_stop_nobody() -> None:
    assert page_count(store_bytes(b"%PDF-1.7 broken")) == 0
    whole = docx("x")
    assert word_html(store_bytes(whole.replace(b"word/document.xml", b"word/dokument.xml", 1))) == ""


def test_text_is_shown_in_whatever_encoding() -> None:
    for number, encoding in enumerate(("utf-8", "gb18030")):
        stored = store_bytes(f"会议记录{number}\n\n<b>第二行".encode(encoding))
        assert plain_text(stored) == f"<p>会议记录{number}</p><p>&lt;b&gt;第二行</p>"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "big5"])
def test_text_of_other_offices_is_shown(encoding: str) -> None:
    stored = store_bytes("今天開會，請大家準時參加。\n第二行".encode(encoding))
    assert plain_text(stored) == "<p>今天開會，請大家準時參加。</p><p>第二行</p>"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_long_text_is_cut_between_signs(encoding: str) -> None:
    text = "a" + "会议记录" * (MOST_TEXT // 4)
    assert plain_text(store_bytes(text.encode(encoding))) == f"<p>{text[:MOST_TEXT]}</p>"


def test_text_in_no_known_encoding_is_shown_as_far_as_it_can_be() -> None:
    stored = store_bytes("会议记录".encode("gb18030") * 20_000 + b" \xff\xff end")
    assert plain_text(stored).startswith("<p>会议记录会议")


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ("<p onclick='x()'>甲</p><script>alert(1)</script>", "<p>甲</p>"),
        ("<a href='javascript:alert(1)'>乙</a>", "乙"),
        ("<img src='http://elsewhere/x.png' alt='丙'>", '<img alt="丙">'),
        ("<img src='data:text/html,x'>", "<img>"),
        ("<p style='position:fixed' class='cw-btn'>丁</p><iframe src=x></iframe>", "<p>丁</p>"),
        ("<table><tr><td colspan='2' id='x'>戊</td></tr></table>",
         '<table><tbody><tr><td colspan="2">戊</td></tr></tbody></table>'),
    ],
)  # fmt: skip
def test_nothing_that_acts_or_fetches_is_left_of_html(html: str, left: str) -> None:
    assert clean_html(html) == left
