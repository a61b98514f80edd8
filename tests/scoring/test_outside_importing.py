"""A province's result sheet as it comes: title, merged heads, footnotes; faults by cell, nothing half taken in."""

from __future__ import annotations

import io
from urllib.parse import urlencode

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core import clock
from chuangwen.core.models import Attachment, WorkbookImport
from chuangwen.scoring.models import OutsideResult, OutsideRow
from tests.support.factories import NOON, make_root, make_user

pytestmark = pytest.mark.django_db
HEAD = {
    "year": "2017", "kind": "official", "name": "2017年8月城市公共文明指数测评", "issued_by": "省文明办",
    "issued_on": "2017-09-08", "weight_field": "85", "weight_survey": "15",
}  # fmt: skip
JINING = [
    ("任城区", 96.76, 96.72, 96.75, 2), ("兖州区", 97.60, 91.26, 96.65, 4), ("曲阜市", 95.94, 96.41, 96.01, 5),
    ("泗水县", 96.15, 95.15, 96.00, 6), ("邹城市", 96.02, 87.54, 94.75, 7),
]  # fmt: skip


@pytest.fixture
def office():
    with clock.at(NOON):
        root = make_root(name="曲阜市")
        yield make_user(Role.OFFICE, root)


def sheet(*rows):
    """Title across the top, a line of whom it is from, a head of two rows with merged cells, a note at the end."""
    book = openpyxl.Workbook()
    page = book.active
    page.append(["2017年8月城市公共文明指数测评成绩"])
    page.merge_cells("A1:E1")
    page.append(["印发单位：省文明办", None, None, None, "2017年9月"])
    page.append(["县(市、区)", "分项得分", None, "总成绩", "名次"])
    page.append([None, "实地考察", "问卷调查", None, None])
    page.merge_cells("B3:C3")
    for column in "ADE":
        page.merge_cells(f"{column}3:{column}4")
    for row in rows:
        page.append(list(row))
    page.append(["注：总成绩=实地考察×85%+问卷调查×15%。"])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def through_the_wizard(client, data, address, **columns):
    """Upload, take the proposed sheet, head and columns, and come to the dry run; returns the upload's base address."""
    client.post(address, {"file": SimpleUploadedFile("成绩.xlsx", data)})
    task = WorkbookImport.objects.order_by("-pk").first()
    base = f"/imports/outside/{task.uid}/"
    form = client.get(f"{base}columns/").context["form"]
    client.post(f"{base}columns/", {name: form[name].initial for name in form.fields} | columns)
    return base


def begin(**head):
    return reverse("core:import", args=["outside"]) + "?" + urlencode(HEAD | head)


def test_sheet_comes_in_as_it_is_with_our_own_row_known_by_its_name(office, sign_in):
    client = sign_in(office)
    base = through_the_wizard(client, sheet(*JINING), begin())
    lines = [(line.name, line.kind, line.text) for line in client.get(f"{base}check/").context["lines"]]
    assert lines[:3] == [("任城区", "new", "96.75"), ("兖州区", "new", "96.65"), ("曲阜市", "new", "96.01；本地")]
    client.post(f"{base}run/")
    made = OutsideResult.objects.get()
    assert [(row.subject, row.total, row.parts, row.rank, row.own) for row in made.rows.all()] == [
        (name, total, {"field": field, "survey": survey}, rank, name == "曲阜市")
        for name, field, survey, total, rank in JINING
    ]
    assert (made.name, made.weights, made.entered_by) == (HEAD["name"], {"field": 0.85, "survey": 0.15}, office)
    assert Attachment.objects.get(owner_type="scoring.outsideresult", owner_id=made.pk).name == "成绩.xlsx"
    assert Entry.objects.get(action="scoring.outsideresult.import").data["new"] == 5


def test_total_that_does_not_follow_is_pointed_out_and_taken_in_as_printed(office, sign_in):
    client = sign_in(office)
    base = through_the_wizard(client, sheet(("任城区", 96.76, 96.72, 96.57, 1)), begin())
    assert client.get(f"{base}check/").context["lines"][0].text == "96.57；按各部分计算应为96.75"
    client.post(f"{base}run/")
    page = client.get(f"/scores/outside/{OutsideResult.objects.get().uid}/").content.decode()
    assert "有1个总分与各部分、权重算不上" in page
    assert "按各部分应为96.75" in page


def test_every_fault_names_its_cell_and_nothing_is_half_taken_in(office, sign_in):
    client = sign_in(office)
    rows = [("任城区", 96.76, 96.72, "优", 1), ("兖州区", 97.6, 91.26, 96.65, "第三"), ("", 90, 90, 90, 3), JINING[2]]
    base = through_the_wizard(client, sheet(*rows), begin())
    faults = [(one.address, one.column) for one in client.get(f"{base}check/").context["faults"]]
    assert faults == [("D5", "总分"), ("E6", "名次"), ("A7", "地区")]
    client.post(f"{base}run/")
    assert not OutsideResult.objects.exists()
    client.post(f"{base}run/", {"good_only": "on"})
    assert [row.subject for row in OutsideRow.objects.all()] == ["曲阜市"]


def test_a_person_chooses_the_column_where_the_guess_is_wrong(office, sign_in):
    client = sign_in(office)
    base = through_the_wizard(client, sheet(*JINING), begin(), total="1", field="")
    client.post(f"{base}run/")
    assert [row.total for row in OutsideRow.objects.all()] == [row[1] for row in JINING]


def test_the_same_sheet_again_corrects_what_it_says_otherwise(office, sign_in):
    client = sign_in(office)
    base = through_the_wizard(client, sheet(*JINING), begin())
    client.post(f"{base}run/")
    made = OutsideResult.objects.get()
    again = reverse("core:import", args=["outside"]) + f"?result={made.pk}"
    changed = [(*JINING[0][:3], 96.76, 1), *JINING[1:], ("微山县", 92.03, 98.31, 92.97, 8)]
    base = through_the_wizard(client, sheet(*changed), again)
    lines = client.get(f"{base}check/").context["lines"]
    assert [(line.name, line.kind) for line in lines] == [("任城区", "changed"), ("微山县", "new")]
    client.post(f"{base}run/")
    made.refresh_from_db()
    assert (made.revision, made.rows.count(), made.rows.get(subject="任城区").total) == (2, 6, 96.76)
    assert made.rows.get(own=True).subject == "曲阜市"


def test_sheet_that_is_here_already_cannot_begin_again_as_a_new_one(office, sign_in):
    client = sign_in(office)
    first = through_the_wizard(client, sheet(*JINING), begin())
    second = through_the_wizard(client, sheet(*JINING[:2]), begin())
    client.post(f"{first}run/")
    page = client.post(f"{second}run/", follow=True).content.decode()
    assert "已经录入" in page
    assert OutsideResult.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"year": "x"}, {"weight_field": "80"}, {"issued_on": ""}, {"kind": "none"}])
def test_an_import_begins_only_with_a_sound_head(office, sign_in, wrong):
    assert sign_in(office).get(begin(**wrong)).status_code == 404


def test_empty_sheet_to_fill_in_has_the_columns(office, sign_in):
    client = sign_in(office)
    answer = client.get(begin().replace("/outside/?", "/outside/template.xlsx?"))
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(answer.streaming_content) if answer.streaming else answer.content)
    )
    cells = [cell.value for row in book.worksheets[0].iter_rows() for cell in row if cell.value]
    assert {"地区", "总分", "名次", "网上申报", "实地考察", "问卷调查", "入户调查"} <= {
        str(one).rstrip("*") for one in cells
    }
