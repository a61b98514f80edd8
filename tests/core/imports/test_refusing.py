"""What the wizard refuses: bad files, bad choices, strangers, doing it twice."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwen.accounts.roles import Role
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.imports.queries import dry_run, import_region, own_import
from chuangwen.core.imports.services import drop_import, import_rows
from chuangwen.core.models import StoredFile, WorkbookImport
from chuangwen.core.workbooks.limits import MAX_FILE_BYTES
from tests.core.imports.making import HEADER, book, shops
from tests.support.factories import make_root, make_unit, make_user

GOOD = ("A1", "老街店", "市城管局", "东关街道", 3)


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 300_000_000)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空"),
        (b"   \n", "没有内容"),
        (b"%PDF-1.7 whatever", "PDF"),
        (b"<html><body><table></table></body></html>", "网页"),
        (b"\x89PNG\r\n\x1a\n123", "图片"),
        (b"PK\x03\x04 no archive", "损坏"),
        (b"x" * (MAX_FILE_BYTES + 1), "30MB"),
        (bomb(), "异常"),
    ],
    ids=["empty", "blank", "pdf", "web page", "picture", "broken", "huge", "bomb"],
)
@pytest.mark.once
def test_upload_of_a_bad_file_is_refused_with_a_way_out(wizard, data, words):
    page = wizard.upload(data)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert not WorkbookImport.objects.exists()
    assert not StoredFile.objects.exists()


def test_upload_without_a_file_is_refused(wizard):
    page = wizard.client.post("/imports/shops/")
    assert page.status_code == 422
    assert not WorkbookImport.objects.exists()


def test_upload_with_a_hostile_name_is_kept_under_a_clean_one(wizard):
    wizard.upload(book(GOOD), name="../../etc/<script>\u202eslx.xlsx")
    assert wizard.task.name == "<script>slx.xlsx"
    page = wizard.client.get(wizard.at("sheet/")).content.decode()
    assert "<script>slx" not in page
    assert "&lt;script&gt;slx" in page


def test_cells_are_shown_as_text(wizard):
    wizard.map(book(("A1", "<img src=x onerror=alert(1)>", "<b>谁</b>", None, "=1+")))
    page = wizard.check().content.decode()
    assert "<img src=x" not in page
    assert "<b>谁" not in page


@pytest.mark.parametrize(
    "data", [{}, {"sheet": "x", "header": 0}, {"sheet": 7, "header": 0}, {"sheet": 0, "header": 99}]
)
def test_sheet_that_is_not_there_is_refused(wizard, data):
    wizard.upload(book(GOOD))
    page = wizard.client.post(wizard.at("sheet/"), data)
    assert page.status_code == 422


@pytest.mark.parametrize(
    "chosen",
    [{"name": None}, {"name": 0}, {"number": 99}, {"number": "x"}],
    ids=["missing", "twice", "far", "no number"],
)
def test_columns_that_cannot_be_are_refused(wizard, chosen):
    wizard.upload(book(GOOD))
    wizard.choose_sheet()
    page = wizard.choose_columns(**chosen)
    assert page.status_code == 422
    assert wizard.task.status == "uploaded"


def test_check_before_the_columns_are_chosen_leads_back(wizard):
    wizard.upload(book(GOOD))
    for step in ("check/", "faults.xlsx"):
        assert wizard.client.get(wizard.at(step)).url == wizard.at("")
    for step in ("run/", "names/"):
        assert wizard.client.post(wizard.at(step)).url == wizard.at("")
    assert wizard.client.get(wizard.at("")).url == wizard.at("sheet/")


def test_stranger_to_the_permission_gets_403(wizard, root, sign_in):
    wizard.upload(book(GOOD))
    client = sign_in(make_user(Role.LIAISON, make_unit(root)))
    for step in ("", "sheet/", "columns/", "check/", "faults.xlsx"):
        assert client.get(wizard.at(step)).status_code == 403
    assert client.get("/imports/shops/").status_code == 403
    assert client.get("/imports/shops/template.xlsx").status_code == 403


def test_import_of_somebody_else_is_not_found(wizard, root, sign_in):
    wizard.map(book(GOOD))
    addresses = [wizard.at(step) for step in ("", "sheet/", "columns/", "check/", "faults.xlsx")]
    posts = [wizard.at(step) for step in ("names/", "again/", "run/", "drop/")]
    for other in (make_user(Role.OFFICE, root), make_user(Role.OFFICE, make_root())):
        client = sign_in(other)
        assert {client.get(address).status_code for address in addresses} == {404}
        assert {client.post(address).status_code for address in posts} == {404}
    assert shops() == {}


def test_import_under_another_importers_address_is_not_found(wizard):
    wizard.upload(book(GOOD))
    assert wizard.client.get(wizard.at("").replace("shops", "nothing")).status_code == 404


def test_stranger_is_led_to_sign_in(client, importer, db):
    assert client.get("/imports/shops/").status_code == 302


def test_permission_over_one_unit_is_no_permission_to_import(root, importer):
    user = make_user(Role.OFFICE, make_unit(root))
    with pytest.raises(PermissionDenied):
        import_region(user, importer)


def test_right_withdrawn_meanwhile_stops_the_import(wizard, office, importer):
    wizard.map(book(GOOD))
    office.role_grants.all().delete()
    office.__dict__.pop("_scopes", None)
    with pytest.raises(PermissionDenied):
        own_import(office, importer, wizard.task.uid)


def test_import_runs_once(wizard, office, importer):
    wizard.map(book(GOOD))
    first, second = wizard.task, wizard.task
    import_rows(first, importer, actor=office, good_only=False)
    with pytest.raises(Conflict):
        import_rows(second, importer, actor=office, good_only=False)
    with pytest.raises(Conflict):
        drop_import(first)


def test_import_of_a_file_that_was_replaced_meanwhile_is_refused(wizard, office, importer):
    wizard.map(book(GOOD))
    old = wizard.task
    wizard.again(book(("A2", "新店", None, None, 1)))
    with pytest.raises(Conflict):
        import_rows(old, importer, actor=office, good_only=False)
    assert shops() == {}


def test_refusal_while_writing_undoes_everything(wizard, office, importer):
    wizard.map(book(GOOD, ("A2", "二店", None, None, 1)))
    importer.refuse = True
    with pytest.raises(Refusal):
        import_rows(wizard.task, importer, actor=office, good_only=False)
    assert (shops(), wizard.task.status) == ({}, "mapped")


def test_dry_run_costs_the_same_queries_for_one_row_and_three(wizard, importer):
    counts = []
    for rows in ([GOOD], [GOOD, ("A2", "二", "城管", None, 1), ("A3", "三", "东关街道", None, 1)]):
        wizard.map(book(*rows))
        task = WorkbookImport.objects.select_related("region", "file").get(pk=wizard.task.pk)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            dry_run(task, importer)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_table_without_rows_imports_nothing(wizard):
    wizard.map(book(header=HEADER))
    page = wizard.check()
    assert (page.context["run"].total, page.context["can_import"]) == (0, False)
