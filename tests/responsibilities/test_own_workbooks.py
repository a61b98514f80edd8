"""The breakdown of a standard and a unit's sheet in an authority's own Excel form."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from chuangwen.core.models import TableForm
from chuangwen.responsibilities.services import set_share
from tests.responsibilities.making import make_city

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def city():
    return make_city()


def kept(page, key: str, header: list[str]) -> TableForm:
    """A form with this header, taken into use on the pages."""
    book, held = Workbook(), io.BytesIO()
    book.active.append([f"{key}样表"])
    book.active.append(header)
    book.save(held)
    page.post(f"/own-forms/{key}/", {"name": "市样表", "file": SimpleUploadedFile("样表.xlsx", held.getvalue())})
    form = TableForm.objects.get(table=key)
    page.post(f"/own-forms/{key}/{form.pk}/use/")
    return form


def lines(data: bytes) -> list[list[object]]:
    return [list(row) for row in load_workbook(io.BytesIO(data)).active.iter_rows(min_row=3, values_only=True)]


def test_breakdown_and_sheet_fill_the_authoritys_forms(city, sign_in):
    page, unit, helper = sign_in(city.office), city.unit("甲局"), city.unit("乙局")
    set_share(city.campaign, city.node("1.1"), unit, "lead", actor=city.office)
    set_share(city.campaign, city.node("1.1"), helper, "cooperate", actor=city.office)

    matrix = kept(page, "breakdown", ["序号", "指标编号", "测评内容", "责任单位", "配合单位"])
    assert "填“市样表”" in page.get("/breakdown/").content.decode()
    found = lines(page.get(f"{reverse('responsibilities:matrix_workbook')}?form={matrix.pk}").content)
    assert found[0][:2] + found[0][3:] == [1, "1.1", "甲局", "乙局"]
    assert [row[0] for row in found] == list(range(1, len(found) + 1))

    sheet = kept(page, "unit-sheet", ["编号", "测评内容", "责任类型", "牵头单位"])
    address = reverse("responsibilities:sheet", args=[unit.pk])
    assert "填“市样表”" in page.get(address).content.decode()
    (row,) = lines(page.get(f"{address}?form={sheet.pk}").content)
    assert [row[0], *row[2:]] == ["1.1", "牵头", "甲局"]
    assert page.get(f"{address}?form={matrix.pk}").status_code == 404  # another table's form
