"""Tables, empty papers and endless ones in a page; a package of a unit with offices below it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.storage import default_storage
from docx import Document

from chuangwen.core.files.services import derived_folder, store_bytes
from chuangwen.evidence.packages import write_package
from chuangwen.evidence.papers import dossiers_of_unit
from chuangwen.evidence.previews import MOST_COLUMNS, MOST_ROWS, html_of, preview_kind, table_html
from chuangwen.evidence.rendering import MOST_HTML, clean_html
from chuangwen.evidence.services import Facts, write_piece
from tests.evidence.making import PDF, Ledger, photo
from tests.support.factories import make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def workbook(*rows: Any) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def paper(*texts: str) -> bytes:
    document = Document()
    for text in texts:
        document.add_paragraph(text)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def test_table_is_shown_as_rows_of_text_and_kept() -> None:
    stored = store_bytes(workbook(["月份", "次数"], ["<b>一月", 3]))
    assert preview_kind(stored) == "table"
    html = html_of(stored)
    rows = "<tr><td>月份</td><td>次数</td></tr><tr><td>&lt;b&gt;一月</td><td>3</td></tr>"
    assert html == f'<table class="cw-table cw-table--as-is"><tbody>{rows}</tbody></table>'
    assert default_storage.listdir(derived_folder(stored))[1] == ["table.html"]
    assert table_html(stored) == html


def test_only_the_beginning_of_a_long_table_is_shown() -> None:
    wide = [f"第{number}列" for number in range(MOST_COLUMNS + 2)]
    html = table_html(store_bytes(workbook(wide, *([number] for number in range(MOST_ROWS)))))
    assert (html.count("<tr>"), "第19列" in html, "第20列" in html) == (MOST_ROWS, True, False)


def test_workbook_that_cannot_be_read_shows_nothing() -> None:
    whole = workbook(["月份"])
    assert table_html(store_bytes(whole.replace(b"xl/workbook.xml", b"xl/warkbook.xml"))) == ""


def test_what_has_no_text_is_shown_as_nothing_and_not_kept() -> None:
    stored = store_bytes(paper())
    assert (preview_kind(stored), html_of(stored)) == ("word", "")
    assert not default_storage.exists(f"{derived_folder(stored)}/word.html")
    assert html_of(store_bytes("甲\n\n乙".encode())) == "<p>甲</p><p>乙</p>"
    assert [html_of(one) for one in (None, store_bytes(PDF), store_bytes(photo()))] == ["", "", ""]
    assert [preview_kind(one) for one in (None, store_bytes(photo()))] == ["", "picture"]


def test_word_too_long_for_a_page_is_refused() -> None:
    text = "x" * (MOST_HTML - len("<p></p>"))
    assert clean_html(f"<p>{text}</p>") == f"<p>{text}</p>"
    with pytest.raises(ValueError, match="too long"):
        clean_html(f"<p>{text}x</p>")


def test_offices_below_have_folders_of_their_own_in_the_package(ledger: Ledger, tmp_path: Path) -> None:
    office = make_unit(ledger.unit, name="办公室")
    for unit in (ledger.unit, office):
        write_piece(ledger.dossier("1.1", unit=unit), ["成效"], Facts(title="成效", text="翻番"), actor=ledger.office)
    dossiers = dossiers_of_unit(ledger.campaign, ledger.unit, 2026, ledger.office)
    write_package(tmp_path / "package.zip", ledger.campaign, ledger.unit, 2026, dossiers)
    with zipfile.ZipFile(tmp_path / "package.zip") as archive:
        names = [name for name in archive.namelist() if name.endswith("成效.txt")]
    assert names == ["1.1 志愿服务常态开展/01 成效.txt", "办公室/1.1 志愿服务常态开展/01 成效.txt"]
