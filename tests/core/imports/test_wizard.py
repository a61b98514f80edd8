"""The wizard from upload to result, with workbooks as offices have them."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chuangwen.core.models import ColumnMapping, Job, WorkbookImport
from tests.core.imports.making import HEADER, book, shops

pytestmark = pytest.mark.usefixtures("parsed_here")
ROWS = [("A1", "老街店", "市城管局", "东关街道、西关街道", 3), ("A2", "新街店", "东关街道", "西关街道", 12)]


def units_by_name(units):
    return {unit.name: unit.pk for unit in units}


def test_import_from_upload_to_result(wizard, units):
    assert wizard.upload(book(*ROWS)).url == wizard.at("sheet/")
    assert wizard.choose_sheet().url == wizard.at("columns/")
    assert wizard.choose_columns().url == wizard.at("check/")
    page = wizard.check()
    assert (page.context["run"].summary.new, page.context["run"].faults) == (2, ())
    assert shops() == {}
    assert wizard.run().url == wizard.at("")
    pk = units_by_name(units)
    assert shops() == {
        "A1": ["老街店", pk["市城管局"], [pk["东关街道"], pk["西关街道"]], 3],
        "A2": ["新街店", pk["东关街道"], [pk["西关街道"]], 12],
    }
    result = wizard.client.get(wizard.at(""))
    assert result.status_code == 200
    assert [line.name for line in result.context["summary"].lines] == ["老街店", "新街店"]


def test_import_twice_changes_nothing(wizard):
    wizard.map(book(*ROWS))
    wizard.run()
    before = shops()
    wizard.map(book(*ROWS))
    page = wizard.check()
    assert (page.context["run"].summary.unchanged, page.context["can_import"]) == (2, False)
    wizard.run()
    assert shops() == before


def test_upload_page_shows_columns_and_begun_uploads(wizard):
    wizard.upload(book(*ROWS))
    page = wizard.client.get("/imports/shops/")
    assert [one["label"] for one in page.context["asked"]] == list(HEADER)
    assert [one.name for one in page.context["unfinished"]] == ["店铺.xlsx"]
    wizard.client.post(wizard.at("drop/"))
    assert wizard.client.get("/imports/shops/").context["unfinished"] == []


def test_header_below_title_with_two_rows_is_found(wizard):
    made = openpyxl.Workbook()
    sheet = made.active
    for row in (["云溪市店铺表"], ["编号", "名称", "责任", None, "数量"], [None, None, "牵头", "属地", None], *ROWS):
        sheet.append(list(row))
    for merged in ("A1:E1", "A2:A3", "B2:B3", "C2:D2", "E2:E3"):
        sheet.merge_cells(merged)
    buffer = io.BytesIO()
    made.save(buffer)
    wizard.map(buffer.getvalue())
    assert wizard.task.header_rows == [1, 2]
    assert wizard.check().context["run"].summary.new == 2


def test_csv_in_gbk_is_read(wizard):
    text = '编号,名称,牵头,属地,数量\nA1,老街店,市城管局,"东关街道、西关街道",3\n'
    wizard.map(text.encode("gbk"), name="店铺.csv")
    assert wizard.check().context["run"].summary.new == 1


def test_likeliest_sheet_is_proposed_and_another_can_be_chosen(wizard):
    made = openpyxl.Workbook()
    made.active.title = "说明"
    made.active.append(["填表说明", "请填写"])
    sheet = made.create_sheet("数据")
    for row in (HEADER, *ROWS):
        sheet.append(list(row))
    buffer = io.BytesIO()
    made.save(buffer)
    wizard.upload(buffer.getvalue())
    assert wizard.task.sheet == 1
    page = wizard.client.get(wizard.at("sheet/?sheet=0"))
    assert page.context["preview"]["rows"][0]["cells"][0] == "填表说明"
    assert [row["alone"] for row in page.context["preview"]["rows"]] == [0]
    assert wizard.client.get(wizard.at("sheet/?sheet=9")).context["current"] == 1


def test_mapping_is_kept_for_the_next_workbook(wizard):
    strange = ("甲", "乙", "丙", "丁", "戊")
    wizard.upload(book(*ROWS, header=strange))
    wizard.choose_sheet()
    assert wizard.choose_columns().status_code == 302
    assert ColumnMapping.objects.count() == 1
    wizard.upload(book(*ROWS, header=strange))
    wizard.choose_sheet()
    page = wizard.client.get(wizard.at("columns/"))
    assert [row["field"].initial for row in page.context["columns"]] == ["0", "1", "2", "3", "4"]


def test_unknown_name_is_explained_once_for_all(wizard, units):
    wizard.map(book(("A1", "店", "城管", "东关", 1), ("A2", "店二", "城管", None, 1)))
    page = wizard.check()
    assert [(one["text"], one["places"]) for one in page.context["unknown"]] == [("城管", "C2、C3"), ("东关", "D2")]
    assert units[0].pk in [int(value) for value, _label in page.context["unknown"][0]["candidates"]]
    assert wizard.client.post(wizard.at("names/"), {"pick-0": units[0].pk, "other-1": "东关街道"}).status_code == 302
    assert wizard.check().context["run"].summary.new == 2
    wizard.map(book(("A9", "店九", "城管", "东关", 1)))
    assert wizard.check().context["run"].faults == ()


def test_other_meaning_is_looked_up_among_all_that_the_column_can_mean(wizard, units):
    wizard.map(book(("A1", "店", "城管", None, 1)))
    page = wizard.check().content.decode()
    url = wizard.at("look/lead/")
    assert f'hx-get="{url}?of=other-0"' in page
    found = wizard.client.get(url, {"of": "other-0", "other-0": units[0].name[1:3]}).content.decode()
    assert f'data-label="{units[0].name}"' in found
    assert wizard.client.get(wizard.at("look/nothing/")).status_code == 404


def test_name_that_means_nothing_is_told(wizard):
    wizard.map(book(("A1", "店", "城管", None, 1)))
    page = wizard.client.post(wizard.at("names/"), {"other-0": "火星局"}, follow=True)
    assert "火星局" in page.content.decode()
    assert len(page.context["unknown"]) == 1


def test_faults_are_all_told_by_cell_and_nothing_is_imported(wizard):
    wizard.map(book(("A1", None, None, None, "许多"), ("A1", "店", None, None, 1), ("A3", "好店", None, None, 13)))
    page = wizard.check()
    assert {fault.address for fault in page.context["run"].faults} == {"B2", "E2", "A3", "E4"}
    assert "E4" in page.content.decode()
    assert wizard.run().url == wizard.at("")
    assert shops() == {}


def test_good_rows_only_where_asked_for(wizard):
    wizard.map(book(("A1", None, None, None, 1), ("A2", "好店", None, None, 1)))
    wizard.run(good_only="1")
    assert list(shops()) == ["A2"]
    assert wizard.client.get(wizard.at("")).context["task"].summary["left_out"] == 1


def test_no_good_row_imports_nothing(wizard):
    wizard.map(book(("A1", None, None, None, 1)))
    wizard.run(good_only="1")
    assert (shops(), wizard.task.status) == ({}, "mapped")


def test_faults_as_excel(wizard):
    wizard.map(book(("A1", None, None, None, "许多")))
    answer = wizard.client.get(wizard.at("faults.xlsx"))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {"B2", "E2"} <= set(cells)


def test_corrected_file_keeps_the_mapping(wizard):
    strange = ("甲", "乙", "丙", "丁", "戊")
    wizard.upload(book(("A1", None, None, None, 1), header=strange))
    wizard.choose_sheet()
    wizard.choose_columns()
    assert wizard.again(book(("A1", "好店", None, None, 1), header=strange)).url == wizard.at("check/")
    assert wizard.check().context["run"].faults == ()
    assert WorkbookImport.objects.exclude(status="dropped").count() == 1


def test_corrected_file_with_a_new_title_row_keeps_the_mapping(wizard):
    wizard.map(book(("A1", None, None, None, 1)))
    fixed = book(("A1", "好店", None, None, 1), before=[("店铺表",)])
    assert wizard.again(fixed).url == wizard.at("check/")
    assert wizard.check().context["run"].faults == ()


def test_corrected_file_with_other_columns_is_mapped_anew(wizard):
    wizard.map(book(("A1", None, None, None, 1)))
    other = book(("A1", "好店"), header=("编号", "店名"))
    assert wizard.again(other).url == wizard.at("sheet/")
    assert wizard.task.status == "uploaded"


def test_corrected_file_that_cannot_be_read_leaves_the_first(wizard):
    wizard.map(book(("A1", "店", None, None, 1)))
    before = wizard.task.file_id
    page = wizard.client.post(wizard.at("again/"), {"file": SimpleUploadedFile("x.xlsx", b"%PDF-1.4 x")}, follow=True)
    assert (wizard.task.file_id, page.status_code) == (before, 200)
    assert "PDF" in page.content.decode()


def test_long_workbook_runs_as_a_job(wizard, run_jobs, django_capture_on_commit_callbacks, monkeypatch):
    monkeypatch.setattr("chuangwen.core.imports.views.DIRECT_IMPORT", 1)
    wizard.map(book(*ROWS))
    with django_capture_on_commit_callbacks(execute=True):
        answer = wizard.run()
    job = Job.objects.get()
    assert answer.url == f"/jobs/{job.uid}/"
    assert shops() == {}
    run_jobs()
    job.refresh_from_db()
    assert (job.status, job.result_url, len(shops())) == ("done", wizard.at(""), 2)


def test_template_holds_the_columns_and_comes_back_in(wizard):
    answer = wizard.client.get("/imports/shops/template.xlsx")
    made = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = made.worksheets[0]
    sheet.append(list(ROWS[0]))
    buffer = io.BytesIO()
    made.save(buffer)
    wizard.map(buffer.getvalue())
    assert wizard.check().context["run"].summary.new == 1


@pytest.mark.parametrize("step", ["sheet/", "columns/", "check/"])
def test_steps_of_an_imported_workbook_lead_to_its_result(wizard, step):
    wizard.map(book(*ROWS))
    wizard.run()
    assert wizard.client.get(wizard.at(step)).url == wizard.at("")


def test_way_back_is_named_after_its_list_and_a_lone_title_runs_over_the_sheet(wizard):
    made = openpyxl.Workbook()
    for row in (("二〇二六年店铺名册",), HEADER, *ROWS):
        made.active.append(list(row))
    buffer = io.BytesIO()
    made.save(buffer)
    wizard.upload(buffer.getvalue())
    page = wizard.client.get(wizard.at("sheet/"))
    assert page.context["breadcrumbs"][0]["label"] == "店铺"
    assert [row["alone"] for row in page.context["preview"]["rows"]][:2] == [len(HEADER), 0]
