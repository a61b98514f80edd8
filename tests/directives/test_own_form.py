"""The breakdown table in an authority's own Word form."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document as WordDocument

from chuangwen.core import clock
from chuangwen.directives.services import accept_candidate
from tests.directives.making import Desk, candidate
from tests.support.factories import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def desk():
    with clock.at(NOON):
        yield Desk()


def test_table_fills_the_authoritys_own_form(desk, sign_in):
    page, document = sign_in(desk.office), desk.document()
    address = reverse("directives:table", args=[document.pk])
    accept_candidate(candidate(document, "背街小巷"), revision=1, actor=desk.office)

    def form(*cells: str) -> SimpleUploadedFile:
        paper, held = WordDocument(), io.BytesIO()
        paper.add_paragraph("{{ 标题 }}")
        grid = paper.add_table(rows=3, cols=2)
        for row, words in zip(grid.rows, [("{%tr for 行 in 表 %}", ""), cells, ("{%tr endfor %}", "")], strict=True):
            for cell, text in zip(row.cells, words, strict=True):
                cell.text = text
        paper.save(held)
        return SimpleUploadedFile("本局表样.docx", held.getvalue())

    answer = page.post(address, {"file": form("{{ 行.牵头 }}", "{{ 行.原文 }}")})
    (table,) = WordDocument(io.BytesIO(answer.content)).tables
    row = candidate(document, "背街小巷")
    assert [[cell.text for cell in line.cells] for line in table.rows] == [["市城管局", row.quote]]
    refused = page.post(address, {"file": form("{{ 行.工资 }}", "")})
    assert (refused.status_code, "工资" in refused.content.decode()) == (422, True)
    assert page.post(address, {"file": SimpleUploadedFile("a.docx", b"x")}).status_code == 422
