"""The office's own score sheet: rows come in as entered, faults by cell, nothing counts before it is confirmed."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core import clock
from chuangwen.core.files.services import store_bytes
from chuangwen.core.imports import Source
from chuangwen.core.models import Attachment, StoredFile, WorkbookImport
from chuangwen.core.workbooks.rows import ImportRow
from chuangwen.inspections.importers import ResultImporter
from chuangwen.inspections.models import EnteredResult, Observation
from chuangwen.inspections.services.results import confirm_result
from tests.inspections.results_making import Judging, make_judging
from tests.support.factories import DAY, NOON, make_user

pytestmark = pytest.mark.django_db
IMPORTER = ResultImporter()


@pytest.fixture
def judging() -> Any:
    with clock.at(NOON):
        yield make_judging()


def context(judging: Judging) -> dict[str, Any]:
    return {"round": judging.round.pk, "version": judging.version.pk}


def row(judging: Judging, number: int, code: str, value: str, **fields: Any) -> ImportRow:
    values = {
        "criterion": judging.leaf(code).pk, "value": value, "weight": None, "unit": None, "source": "评分表",
        "judged_by": "王评", "judged_on": None,
    }  # fmt: skip
    return ImportRow(number, values | fields)


def take_in(judging: Judging, *rows: ImportRow) -> Any:
    stored = store_bytes("任意内容".encode())
    return IMPORTER.write(
        rows, region=judging.root.region, actor=judging.first, context=context(judging),
        source=Source("评分表.xlsx", stored.sha256),
    )  # fmt: skip


def faults(judging: Judging, *rows: ImportRow) -> list[tuple[int, str]]:
    found = IMPORTER.check(rows, region=judging.root.region, context=context(judging))
    return [(fault.row, fault.field) for fault in found]


def test_rows_come_in_as_entered_with_the_workbook_as_their_paper(judging: Judging) -> None:
    rows = (
        row(judging, 2, "2.1", "b"), row(judging, 3, "2.2", "86.4%", weight=600, unit=judging.bureau.pk),
        row(judging, 4, "2.4", "9", judged_on=date(2026, 11, 2)), row(judging, 5, "2.3", "不适用"),
    )  # fmt: skip
    told = take_in(judging, *rows)
    assert (told.new, told.changed, told.unchanged) == (4, 0, 0)
    assert [(line.name, line.text) for line in told.lines] == [
        ("2.1", "B"), ("2.2 市城管局", "86.4%(600份)"), ("2.4", "9"), ("2.3", "不适用"),
    ]  # fmt: skip
    made = {one.code: one for one in EnteredResult.objects.all()}
    assert {(one.grade, one.value, one.weight, one.state) for one in made.values()} == {
        ("B", 0.75, 1.0, "entered"), ("", 0.864, 600.0, "entered"), ("", 9.0, 1.0, "entered"),
        ("", None, 1.0, "entered"),
    }  # fmt: skip
    assert (made["2.4"].judged_on, made["2.1"].judged_on, made["2.1"].entered_by) == (
        date(2026, 11, 2), DAY, judging.first,
    )  # fmt: skip
    assert not Observation.objects.exists()
    papers = Attachment.objects.filter(owner_type="inspections.enteredresult")
    assert {(one.name, one.file.sha256) for one in papers} == {("评分表.xlsx", StoredFile.objects.get().sha256)}
    entry = Entry.objects.get(action="inspections.enteredresult.import")
    assert (entry.data["new"], entry.data["file"]) == (4, "评分表.xlsx")


def test_the_same_rows_again_change_nothing_and_other_values_correct_with_history(judging: Judging) -> None:
    take_in(judging, row(judging, 2, "2.1", "B"))
    made = EnteredResult.objects.get()
    confirm_result(made, revision=1, actor=judging.second)
    again = take_in(judging, row(judging, 2, "2.1", "B"))
    made.refresh_from_db()
    assert ((again.new, again.changed, again.unchanged), made.state, made.revision) == ((0, 0, 1), "confirmed", 1)
    told = IMPORTER.preview([row(judging, 2, "2.1", "D")], region=judging.root.region, context=context(judging))
    assert [(line.kind, line.text) for line in told.lines] == [("changed", "B → D")]
    assert EnteredResult.objects.get().state == "confirmed"
    take_in(judging, row(judging, 2, "2.1", "D"))
    made.refresh_from_db()
    assert (made.grade, made.state, made.revision, Observation.objects.standing().count()) == ("D", "entered", 2, 0)


def test_every_fault_names_its_row_and_column(judging: Judging) -> None:
    rows = (
        row(judging, 2, "2.1", "C"), row(judging, 3, "2.2", "86.4%"), row(judging, 4, "2.3", "九十"),
        row(judging, 5, "2.4", "1.5"), row(judging, 6, "2.1", "A", judged_on=date(2026, 11, 19)),
        row(judging, 7, "2.1", "A"), row(judging, 8, "2.2", "不适用"),
    )  # fmt: skip
    assert faults(judging, *rows) == [(2, "value"), (3, "weight"), (4, "value"), (5, "value"), (6, "judged_on")]


def test_a_round_that_does_not_run_takes_nothing(judging: Judging) -> None:
    judging.round.__class__.objects.update(state="closed")
    assert faults(judging, row(judging, 2, "2.1", "A")) == [(2, "value")]


def test_criteria_are_known_by_code_words_or_both(judging: Judging) -> None:
    resolve = IMPORTER.resolvers(judging.root.region, context(judging))["criterion"]
    leaf = judging.leaf("2.1").pk
    assert {resolve(text).value for text in ("2.1", "台账齐全", "2.1台账齐全", "2.1 台账齐全")} == {leaf}
    assert resolve("1.1").value is None
    choices = IMPORTER.choices("criterion", judging.root.region, context(judging))
    assert (leaf, "2.1 台账齐全") in choices
    assert len(choices) == 7


@pytest.mark.parametrize(
    "query", ["", "?round=x&standard=1", "?round=1", "?round=999999&standard=1", "?round=" + "9" * 19]
)
def test_the_upload_page_wants_a_round_that_one_may_judge(judging: Judging, sign_in: Any, query: str) -> None:
    assert sign_in(judging.first).get(reverse("core:import", args=["results"]) + query).status_code == 404


def test_the_upload_page_belongs_to_those_who_judge_here(judging: Judging, sign_in: Any) -> None:
    url = reverse("core:import", args=["results"]) + f"?round={judging.round.pk}&standard={judging.version.pk}"
    assert sign_in(judging.first).get(url).status_code == 200
    assert sign_in(make_judging().first).get(url).status_code == 404
    assert sign_in(make_user(Role.LEADER, judging.root)).get(url).status_code == 403
    other = make_judging()
    mixed = reverse("core:import", args=["results"]) + f"?round={judging.round.pk}&standard={other.version.pk}"
    assert sign_in(judging.first).get(mixed).status_code == 404


def test_an_offices_own_workbook_goes_through_the_wizard(judging: Judging, sign_in: Any) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["标准号", "等次", "有效答卷", "责任单位", "材料名", "审核人", "日期"])
    sheet.append(["2.1", "B", None, "市城管局", "12份台账", "王评", "2026-11-10"])
    sheet.append(["群众满意", "81.5%", 600, None, "问卷报告", "王评", "2026-11-11"])
    data = io.BytesIO()
    book.save(data)
    client = sign_in(judging.first)
    upload = reverse("core:import", args=["results"]) + f"?round={judging.round.pk}&standard={judging.version.pk}"
    client.post(upload, {"file": SimpleUploadedFile("评分表.xlsx", data.getvalue())})
    task = WorkbookImport.objects.get()
    base = f"/imports/results/{task.uid}/"
    client.post(base + "sheet/", {"sheet": task.sheet, "header": task.header_rows[0]})
    form = client.get(base + "columns/").context["form"]
    client.post(base + "columns/", {name: form[name].initial for name in form.fields})
    client.post(base + "run/")
    assert f'href="{upload.replace("&", "&amp;")}"' in client.get(base).content.decode()  # another workbook
    made = {one.code: one for one in EnteredResult.objects.select_related("unit")}
    assert {code: (one.grade, one.value, one.weight, str(one.unit or "")) for code, one in made.items()} == {
        "2.1": ("B", 0.75, 1.0, "市城管局"), "2.2": ("", 0.815, 600.0, ""),
    }  # fmt: skip
    assert (made["2.2"].source, made["2.2"].judged_by, made["2.2"].judged_on) == (
        "问卷报告",
        "王评",
        date(2026, 11, 11),
    )
    paper = Attachment.objects.get(owner_type="inspections.enteredresult", owner_id=made["2.1"].pk)
    assert paper.name == "评分表.xlsx"
    assert client.get(reverse("core:file", args=[paper.uid])).status_code == 200
