"""What each step of an import keeps, changes and says, without the pages: rows, words, reports, nothing beside."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
from django.http import Http404
from django.utils import translation

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.imports import Summary, queries, reports, services
from chuangwen.core.imports.importer import LINES_KEPT, Line
from chuangwen.core.imports.jobs import start_import_job
from chuangwen.core.imports.queries import Fault
from chuangwen.core.models import ColumnMapping, Job, RememberedName, WorkbookImport
from chuangwen.core.workbooks.mapping import Field, Match, Option, header_signature
from chuangwen.core.workbooks.names import Candidate
from chuangwen.core.workbooks.rows import UnknownName
from chuangwen.organizations.models import RoleGrant
from tests.core.imports.making import HEADER, ShopImporter, book, shops
from tests.support.factories import DAY, NOON, make_root, make_unit, make_user
from tests.support.refusals import said

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("parsed_here")]
ROWS = [("A1", "老街店", "市城管局", "东关街道、西关街道", 3), ("A2", "新街店", "东关街道", "西关街道", 12)]
AS_FOUND = {"code": 0, "name": 1, "lead": 2, "areas": 3, "number": 4}
DONE = "这个文件已经导入过了。打开导入结果可以看到改了什么。"


@pytest.fixture
def start(importer, office, root, units):
    def begin(data=None, name="店铺.xlsx", **more):
        given = {"region": root.region, "actor": office, "context": {}} | more
        return services.start_import(importer, data or book(*ROWS), name, **given)

    return begin


@pytest.fixture
def mapped(start, importer):
    def begin(*rows):
        task = start(book(*(rows or ROWS)))
        return services.choose_columns(task, importer, AS_FOUND)

    return begin


def sheets(*named, hidden=()):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in named:
        sheet = made.create_sheet(name)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
        for row in rows:
            sheet.append(list(row))
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def stored(task):
    return WorkbookImport.objects.get(pk=task.pk)


def cells(data):
    made = openpyxl.load_workbook(io.BytesIO(data))
    return {
        sheet.title: [[cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows()]
        for sheet in made.worksheets
    }


def test_upload_is_kept_whole(start, office, root, monkeypatch):
    data = book(*ROWS, before=[("店铺表",)])
    task = stored(start(data, "../店铺\u202e.xlsx", context={"campaign": 7}))
    assert (task.region, task.importer, task.context, task.owner_id) == (
        root.region, "shops", {"campaign": 7}, office.pk,
    )  # fmt: skip
    assert (task.name, task.file.size, task.sheet, task.header_rows) == ("店铺.xlsx", len(data), 0, [1])
    assert (task.status, task.mapping, task.summary) == ("uploaded", {}, {})
    monkeypatch.setattr(services, "MAX_FILE_BYTES", len(data))
    assert start(data)
    monkeypatch.setattr(services, "MAX_FILE_BYTES", 3 * 1024 * 1024)
    assert said(start, b"x" * (3 * 1024 * 1024 + 1)) == "文件超过3MB。请去掉图片或把文件拆开后再上传。"


def test_sheet_and_header_are_chosen_for_one_upload_and_mapping_begins_anew(start, mapped, importer):
    beside, task = mapped(), start(sheets(("说明", [("填表说明",)]), ("数据", [("",), HEADER, *ROWS])))
    other = stored(beside)
    no_sheet = "文件里没有这张工作表。请选其中一张。"
    no_header = "所选的行里没有列名。请选写着列名的那一行。"
    assert {said(services.choose_sheet, task, sheet=sheet, header_rows=[0]) for sheet in (-1, 2)} == {no_sheet}
    assert {said(services.choose_sheet, task, sheet=1, header_rows=rows) for rows in ([], [-1], [4])} == {no_header}
    services.choose_sheet(task, sheet=1, header_rows=[1])
    services.choose_columns(task, importer, AS_FOUND)
    with clock.at(NOON + timedelta(days=900)):
        services.choose_sheet(task, sheet=0, header_rows=(0,))
    for one in (task, stored(task)):
        assert (one.sheet, one.header_rows, one.status) == (0, [0], "uploaded")
    assert stored(task).updated_at == NOON + timedelta(days=900)
    assert stored(beside).__dict__ | {"_state": 0} == other.__dict__ | {"_state": 0}


def test_columns_are_kept_for_these_headers_with_why_they_were_chosen(start, importer, root):
    task = start()
    with clock.at(NOON):
        services.choose_columns(task, importer, AS_FOUND | {"lead": None, "areas": 2})
    row = ColumnMapping.objects.get()
    assert (row.region, row.importer, row.signature) == (root.region, "shops", header_signature(HEADER))
    matches = [
        ["code", 0, "exact", 1.0], ["name", 1, "exact", 1.0], ["lead", None, "none", 0.0],
        ["areas", 2, "chosen", 1.0], ["number", 4, "exact", 1.0],
    ]  # fmt: skip
    assert row.mapping == {"signature": header_signature(HEADER), "headers": list(HEADER), "matches": matches}
    assert (stored(task).mapping, task.mapping, stored(task).status) == (row.mapping, row.mapping, "mapped")
    other = start(book(*ROWS, header=("甲", "乙", "丙", "丁", "戊")))
    services.choose_columns(other, importer, AS_FOUND)
    assert ColumnMapping.objects.earliest("pk") == row
    again = start(book(("A9", "店", None, None, 1)))
    proposed = queries.proposed_mapping(again, importer, queries.table_of(again))
    assert [proposed.column_of(key) for key in AS_FOUND] == [0, 1, None, 2, 4]
    services.choose_columns(again, importer, AS_FOUND)
    assert [ColumnMapping.objects.count(), ColumnMapping.objects.get(pk=row.pk).mapping["matches"][2][1]] == [2, 2]


def test_columns_that_cannot_be_are_refused_in_words(start, importer):
    task = start()
    assert said(services.choose_columns, task, importer, AS_FOUND | {"lead": 3}) == (
        "“属地”这一列选了两次。一列只能对应一项。"
    )
    assert said(services.choose_columns, task, importer, {"number": 4}) == (
        "必填项还没有对应的列：编号、名称。请选对应的列，或返回检查工作表和表头行是否选对。"
    )
    assert (stored(task).mapping, ColumnMapping.objects.count()) == ({}, 0)


def test_mapping_of_another_region_or_importer_is_not_proposed(start, importer, root, office):
    headers = ("甲", "乙", "丙", "丁", "戊")
    task = start(book(*ROWS, header=headers))
    services.choose_columns(task, importer, AS_FOUND)
    kept = ColumnMapping.objects.get().mapping
    later = {**kept, "matches": [["code", 4, "chosen", 1.0]]}
    ColumnMapping.objects.create(
        region=make_root().region, importer="shops", signature=kept["signature"], mapping=later
    )
    ColumnMapping.objects.create(region=root.region, importer="others", signature=kept["signature"], mapping=later)
    ColumnMapping.objects.create(region=root.region, importer="shops", signature="other", mapping=later)
    found = queries.kept_mapping(root.region, importer.key, headers)
    assert [found.column_of(key) for key in AS_FOUND] == [0, 1, 2, 3, 4]
    assert queries.kept_mapping(root.region, importer.key, ["x"]).column_of("code") == 4  # the one used last
    assert queries.kept_mapping(make_root().region, importer.key, headers) is None
    ColumnMapping.objects.update(mapping={"broken": 1})
    assert queries.kept_mapping(root.region, importer.key, headers) is None


def test_mapping_of_this_upload_stands_while_its_headers_and_fields_do(mapped, importer, monkeypatch):
    task = mapped()
    ColumnMapping.objects.all().delete()
    task.mapping["matches"][0] = ["code", 4, "chosen", 1.0]
    table = queries.table_of(task)
    assert queries.proposed_mapping(task, importer, table).matches[0] == Match("code", 4, "chosen", 1.0)
    fewer = importer.fields(None, None)[:4]
    monkeypatch.setattr(ShopImporter, "fields", lambda self, region, context: fewer)
    assert queries.proposed_mapping(task, importer, table).matches[0] == Match("code", 0, "exact", 1.0)
    monkeypatch.undo()
    task.mapping["headers"] = ["x"] * 5
    assert queries.proposed_mapping(task, importer, table).matches[0].column == 0


def test_corrected_file_keeps_its_sheet_by_name(mapped, start, importer, office):
    task = start(sheets(("说明", [("填表说明",)]), ("数据", [HEADER, ("A1", None, None, None, 1)])))
    services.choose_sheet(task, sheet=1, header_rows=[0])
    services.choose_columns(task, importer, AS_FOUND)
    beside = stored(mapped())
    data = sheets(("数据", [HEADER, *ROWS]), ("旧数据", [HEADER, *ROWS, *ROWS]))
    assert services.replace_file(task, importer, data, "改.xlsx", actor=office) is True
    row = stored(task)
    assert (row.name, row.sheet, row.header_rows, row.status, row.file.size) == ("改.xlsx", 0, [0], "mapped", len(data))
    fresh = WorkbookImport.objects.latest("pk")
    assert (fresh.status, fresh.owner_id, stored(beside).status) == ("dropped", office.pk, "mapped")
    shorter = sheets(("数据", [("编号", "店名"), ("A1", "好店")]))
    assert services.replace_file(task, importer, shorter, "再改.xlsx", actor=office) is False
    assert (stored(task).status, stored(task).header_rows) == ("uploaded", [0])
    assert services.replace_file(task, importer, shorter, "三改.xlsx", actor=office) is False  # nothing was mapped yet


def test_word_is_remembered_as_what_was_chosen(mapped, importer, office, root, units):
    task = mapped()
    city = units[0]
    unknown = UnknownName("lead", "城 管", ("C2",), (Candidate(city.pk, "市城管局", 0.5),))
    offered = queries.candidates_of(unknown, importer, root.region, {})
    assert next(iter(offered)) == str(city.pk)
    assert offered == {str(unit.pk): (unit.pk, unit.name) for unit in (root, *units)}
    words = "“城 管”不能对应到“火星局”，系统里没有这个名称。请从列表里选一个名称。"
    assert said(services.explain_name, task, importer, unknown, " 火星局 ", actor=office) == words
    make_unit(root, name="东关街道")
    assert "东关街道" in said(services.explain_name, task, importer, unknown, "东关街道", actor=office)  # which of two?
    for choice, pk in ((f" {city.pk} ", city.pk), ("西关街道", units[2].pk)):
        services.explain_name(task, importer, unknown, choice, actor=office)
        row = RememberedName.objects.get()
        assert (row.region, row.realm, row.text, row.value) == (root.region, "shops.lead", "城管", pk)


def test_import_hands_over_the_good_rows_and_keeps_what_it_did(mapped, importer, office, root, monkeypatch):
    rows = ROWS[0], ("A3", None, None, None, 1), ("A4", "店", None, None, 13)
    task, beside = mapped(*rows), mapped(*rows)
    given, write = [], importer.write

    def noted(rows, **told):
        given.append(([row.number for row in rows], told))
        return write(rows, **told)

    monkeypatch.setattr(importer, "write", noted)
    assert said(services.import_rows, task, importer, actor=office, good_only=False) == (
        "有2行要改正，所以一行也没有导入。请改正后重新上传，或勾选“只导入没有问题的行”。"
    )
    with clock.at(NOON + timedelta(days=900)):
        summary = services.import_rows(task, importer, actor=office, good_only=True)
    assert given[0][0] == [2]
    told = given[0][1]
    assert (told["region"], told["actor"], told["context"]) == (root.region, office, {})
    assert (told["source"].name, told["source"].sha256) == ("店铺.xlsx", task.file.sha256)
    kept = {"new": 1, "changed": 0, "unchanged": 0, "lines": [[2, "new", "老街店", "", ""]], "rows": 3, "left_out": 2}
    for one in (task, stored(task)):
        assert (one.status, one.summary) == ("imported", kept)
    assert stored(task).updated_at == NOON + timedelta(days=900)
    assert (summary.to_json(), stored(beside).status, stored(beside).summary) == (
        Summary.from_json(kept).to_json(),
        "mapped",
        {},
    )
    assert Summary.from_json({}) == Summary()
    for act in (services.drop_import, lambda one: services.choose_sheet(one, sheet=0, header_rows=[0])):
        assert said(act, task) == DONE
    task.status = "mapped"
    assert said(services.import_rows, task, importer, actor=office, good_only=True) == DONE
    nothing = mapped(("A3", None, None, None, 1))
    words = "没有可以导入的行。请改正后重新上传。"
    assert said(services.import_rows, nothing, importer, actor=office, good_only=True) == words


def test_first_lines_of_a_summary_are_kept():
    lines = tuple(Line(number, "new", "x", "y", "/z/") for number in range(LINES_KEPT + 1))
    kept = Summary(1, 2, 3, lines).to_json()
    assert Summary.from_json(kept) == Summary(1, 2, 3, lines[:LINES_KEPT])


def test_dropped_and_old_uploads_go_alone(start, mapped, importer, office):
    old, dropped, done, young = start(), start(), mapped(), start()
    services.import_rows(done, importer, actor=office, good_only=True)
    with clock.at(NOON):
        services.drop_import(dropped)
    assert (stored(dropped).status, stored(dropped).updated_at) == ("dropped", NOON)
    assert [stored(one).status for one in (old, done, young)] == ["uploaded", "imported", "uploaded"]
    WorkbookImport.objects.exclude(pk=young.pk).update(updated_at=NOON)
    assert [services.forget_imports(NOON), services.forget_imports(NOON + timedelta(seconds=1))] == [0, 2]
    assert set(WorkbookImport.objects.all()) == {done, young}


def test_faults_stand_in_the_order_of_the_sheet_with_cell_column_and_words(mapped, importer):
    task = mapped(("A1", "店", None, None, 13), ("A2", "店", None, None, "许多"), ("A3", "店", None, None, 13))
    run = queries.dry_run(task, importer)
    assert (run.total, run.bad, run.good, run.summary.new) == (3, 3, (), 0)
    own = [Fault(row, f"E{row}", "数量", "", f"第{row}行“数量”：不能是13。", "refused") for row in (2, 4)]
    assert [run.faults[0], run.faults[2]] == own
    cell = run.faults[1]
    assert (cell.row, cell.address, cell.column, cell.text) == (3, "E3", "数量", "许多")
    assert cell.message.startswith("第3行“数量”")
    with translation.override("en"):
        faults = queries.dry_run(task, importer).faults
    assert [faults[0].message, faults[1].message.isascii()] == ["Row 2, “数量”: 不能是13。", False]
    assert faults[1].message.startswith("Row 3")
    task.mapping["matches"][4] = ["number", None, "none", 0.0]
    assert queries.dry_run(task, importer).faults == ()


def test_fault_of_a_field_without_a_column_names_the_field(mapped, importer, monkeypatch):
    task = mapped(ROWS[0])
    task.mapping["matches"][4] = ["number", None, "none", 0.0]
    fault = queries.RowFault(2, "number", "要有数量。", "lacking")
    monkeypatch.setattr(importer, "check", lambda rows, **_told: [fault])
    assert queries.dry_run(task, importer).faults == (Fault(2, "", "数量", "", "第2行“数量”：要有数量。", "lacking"),)


def test_own_uploads_alone_are_shown_and_opened(start, importer, office, root):
    tasks = [start() for _number in range(4)]
    stranger = make_user(Role.OFFICE, root)
    start(actor=stranger)
    WorkbookImport.objects.filter(pk=start().pk).update(region=make_root().region)
    WorkbookImport.objects.filter(pk=tasks[3].pk).update(status="mapped")
    WorkbookImport.objects.filter(pk=start().pk).update(importer="others")
    assert queries.unfinished_imports(office, importer, root.region) == tasks[:0:-1]
    WorkbookImport.objects.filter(pk=tasks[2].pk).update(importer="others")
    WorkbookImport.objects.filter(pk=tasks[1].pk).update(status="dropped")
    assert queries.own_import(office, importer, tasks[0].uid) == tasks[0]
    for uid in (tasks[1].uid, tasks[2].uid, WorkbookImport.objects.get(owner_id=stranger.pk).uid):
        with pytest.raises(Http404):
            queries.own_import(office, importer, uid)


def test_region_is_the_own_one_else_the_first(root, office, importer):
    other = make_root()
    RoleGrant.objects.create(region=other.region, user=office, role=Role.OFFICE, unit=other, starts=DAY)
    both = sorted([root.region, other.region], key=lambda region: region.pk)
    for own, found in ((root.region, root.region), (other.region, other.region), (make_root().region, both[0])):
        office.region = own
        office.__dict__.pop("_scopes", None)
        assert queries.import_region(office, importer) == found


def test_last_books_are_kept_in_memory_and_large_ones_are_not(start, monkeypatch):
    monkeypatch.setattr(queries, "CACHED_BOOKS", 2)
    queries._books.clear()
    tasks = [start(book((f"A{number}",))) for number in range(3)]
    books = [queries.workbook_of(task) for task in tasks[:2]]
    assert queries.workbook_of(tasks[0]) is books[0]
    queries.workbook_of(tasks[2])
    assert [key[0] for key in queries._books] == [tasks[0].file.sha256, tasks[2].file.sha256]
    monkeypatch.setattr(queries, "CACHED_CELLS", 9)
    queries._books.clear()
    assert queries.workbook_of(tasks[0]) is not queries.workbook_of(tasks[0])
    monkeypatch.setattr(queries, "CACHED_CELLS", 10)
    assert queries.workbook_of(tasks[0]) is queries.workbook_of(tasks[0])


@pytest.mark.parametrize(
    ("hidden", "found"), [((), 1), (("一",), 2), (("一", "二"), 1)], ids=["first", "shown", "all hidden"]
)
def test_sheet_that_names_most_fields_is_likeliest(importer, hidden, found):
    made = sheets(("零", [("编号", "别的")]), ("一", [HEADER]), ("二", [HEADER]), hidden=hidden)
    assert queries.likeliest_sheet(queries.parse_upload("x.xlsx", made), importer.fields(None, None)) == found


def test_sheet_beyond_the_book_is_its_last(start):
    task = start(sheets(("一", [HEADER]), ("二", [HEADER])))
    task.sheet = 9
    assert queries.sheet_of(task, queries.workbook_of(task)).name == "二"


def test_template_asks_for_the_columns_and_says_how(importer):
    fields = (
        Field("code", "编号", kind="code", required=True, help="写全", label_en="code"),
        Field("kind", "类别", kind="choice", options=(Option("a", "甲"), Option("b", "乙"))),
        Field("areas", "属地", kind="name", many=True, help="写全称"),
    )
    found = cells(reports.template_bytes(importer, fields))
    assert found == {
        "店铺表": [["店铺表"], ["编号", "类别", "属地"]],
        "填写说明": [
            ["填写说明"], ["列", "必填", "填写说明"], ["编号", "是", "写全"], ["类别", "", "只能填：甲、乙"],
            ["属地", "", "写全称；一格可填多个，用顿号隔开"],
        ],
    }  # fmt: skip
    with translation.override("en"):
        assert [reports.label_of(field) for field in fields] == ["code", "类别", "属地"]
    assert reports.label_of(fields[0]) == "编号"


def test_faults_make_a_workbook(importer):
    faults = [Fault(0, "", "名称", "", "没有这一列。", "missing"), Fault(3, "E3", "数量", "许多", "不是数。", "number")]
    assert cells(reports.fault_bytes(importer, faults)) == {
        "店铺表：要改正的地方": [
            ["店铺表：要改正的地方"], ["行", "单元格", "列", "内容", "问题和办法"], ["", "名称", "", "没有这一列。"],
            [3, "E3", "数量", "许多", "不是数。"],
        ],
    }  # fmt: skip


def test_long_import_is_handed_over_with_its_choice_and_tells_what_it_did(
    mapped, importer, office, run_jobs, django_capture_on_commit_callbacks
):
    task, beside = mapped(*ROWS, ("A3", None, None, None, 1)), mapped()
    with django_capture_on_commit_callbacks(execute=True):
        job = start_import_job(task, importer, actor=office, good_only=True)
    assert (job.kind, job.title, job.owner_id) == ("import_workbook", "导入店铺：店铺.xlsx", office.pk)
    assert job.params == {"key": "shops", "uid": str(task.uid), "good_only": True}
    assert (stored(task).job, stored(beside).job) == (job, None)
    run_jobs()
    done = Job.objects.get()
    assert (done.status, done.total, done.done, len(shops())) == ("done", 2, 2, 2)
    assert (done.message, done.result_url) == ("新增2，改动0，不变0。", f"/imports/shops/{task.uid}/")
