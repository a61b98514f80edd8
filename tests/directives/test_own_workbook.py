"""The breakdown table in an authority's own Excel form, kept and filled."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from chuangwen.core import clock
from chuangwen.core.models import TableForm
from chuangwen.directives.services import accept_candidate
from tests.directives.making import Desk, candidate
from tests.support.factories import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.once]
FORMS = "/own-forms/task-breakdown/"


@pytest.fixture
def desk():
    with clock.at(NOON):
        yield Desk()


def form() -> SimpleUploadedFile:
    book, held = Workbook(), io.BytesIO()
    sheet = book.active
    sheet.append(["任务分解及工作推进表"])
    sheet.merge_cells("A1:D1")
    sheet.append(["序号", "重点任务", "牵头单位", "依据"])
    for row in ((None,) * 4, ("填表人：",)):
        sheet.append(row)
    sheet["A4"] = "填表人："
    book.save(held)
    return SimpleUploadedFile("省推进表.xlsx", held.getvalue())


def test_kept_form_is_offered_at_the_table_and_filled_with_its_tasks(desk, sign_in):
    page, document = sign_in(desk.office), desk.document()
    address = reverse("directives:table", args=[document.pk])
    accept_candidate(candidate(document, "背街小巷"), revision=1, actor=desk.office)
    row = candidate(document, "背街小巷")

    page.post(FORMS, {"name": "省推进表", "file": form()})
    kept = TableForm.objects.get()
    assert kept.layout["columns"] == {"A": "序号", "B": "任务", "C": "牵头", "D": "原文"}
    assert page.get(f"{address}?form={kept.pk}").status_code == 404  # nobody has looked at it yet
    assert row.quote in page.get(f"{FORMS}{kept.pk}/").content.decode()
    page.post(f"{FORMS}{kept.pk}/use/")

    assert "填“省推进表”" in page.get(address).content.decode()
    sheet = load_workbook(io.BytesIO(page.get(f"{address}?form={kept.pk}").content)).active
    lines = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=3)]
    assert [lines[0][0], *lines[0][2:]] == [1, "市城管局", row.quote]
    assert lines[-1][0] == "填表人："
    page.post(f"{FORMS}{kept.pk}/withdraw/")
    assert page.get(f"{address}?form={kept.pk}").status_code == 404
