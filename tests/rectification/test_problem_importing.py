"""The office's own 上级反馈整改台账 through the wizard: each row a problem as if registered by hand, once."""

from __future__ import annotations

import io
import time
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core import clock
from chuangwen.core.imports.importer import importer_or_404
from chuangwen.core.imports.queries import dry_run
from chuangwen.core.imports.services import explain_name, import_rows
from chuangwen.core.models import RememberedName, WorkbookImport
from chuangwen.notifications.models import Notice
from chuangwen.organizations.models import UnitAlias
from chuangwen.rectification.models import Problem
from chuangwen.rectification.services import save_rule
from tests.rectification.making import make_city
from tests.support.factories import make_unit, make_user

pytestmark = pytest.mark.django_db
HEADER = (
    "批次",
    "原文序号",
    "问题",
    "照片",
    "牵头",
    "时限",
    "结果",
    "回复文号",
    "点位",
    "问题类型",
    "属地",
    "发现时间",
)
ROW = ("省一轮", 1, "南门摊位占道", None, "城管局", "2026年11月30日前", "整改中", None, "东关农贸市场", "占道经营",
       None, "2026.11.17")  # fmt: skip


def row(**changes: Any) -> list[Any]:
    return [changes.get(head, value) for head, value in zip(HEADER, ROW, strict=True)]


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def book(*rows: Any, header: Any = HEADER) -> bytes:
    made = openpyxl.Workbook()
    for one in (header, *rows):
        made.active.append(list(one))
    return saved(made)


@pytest.fixture
def city():
    return make_city()


@pytest.fixture
def browser(sign_in, city):
    return sign_in(city.office)


def upload(browser, data, *, query="source=superior", header=None):
    """The upload after sheet and columns were taken as proposed."""
    browser.post(f"/imports/problems/?{query}", {"file": SimpleUploadedFile("省反馈.xlsx", data)})
    task = WorkbookImport.objects.select_related("region", "file").latest("pk")
    base = f"/imports/problems/{task.uid}/"
    rows = task.header_rows
    browser.post(f"{base}sheet/", {"sheet": task.sheet, "header": rows[0], "two_rows": len(rows) == 2})
    form = browser.get(f"{base}columns/").context["form"]
    browser.post(f"{base}columns/", {key: form[key].initial for key in form.fields})
    task.refresh_from_db()
    return task


def check(browser, *rows, **kwargs):
    header = kwargs.pop("header", HEADER)
    return dry_run(upload(browser, book(*rows, header=header), **kwargs), importer_or_404("problems"))


def bring_in(browser, city, data, **kwargs):
    task = upload(browser, data, **kwargs)
    return import_rows(task, importer_or_404("problems"), actor=city.office, good_only=False)


def faults(run):
    return [(fault.address, fault.code) for fault in run.faults]


def test_ledger_with_merged_cells_and_two_header_rows_becomes_problems(browser, city):
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(["云溪市省级测评反馈问题整改台账"])
    sheet.append(["批次", "原文序号", "反馈问题", None, "责任分工", None, "整改时限", "整改情况", None])
    sheet.append([None, None, "问题内容", "问题类型", "牵头单位", "属地", None, "结果", "回复文号"])
    sheet.append(
        [
            "2026年省一轮",
            1,
            "南门摊位占道",
            "占道经营",
            "城管局、市交警大队、东关街道",
            None,
            "11月30日前",
            "已完成",
            "云创〔2026〕8号",
        ]
    )
    sheet.append([None, 2, "路口摊位占道", None, None, "东关街道", "5个工作日", "整改中", None])
    for area in ("A1:I1", "A2:A3", "B2:B3", "C2:D2", "E2:F2", "G2:G3", "H2:I2", "A4:A5", "D4:D5"):
        sheet.merge_cells(area)
    summary = bring_in(browser, city, saved(made))
    assert (summary.new, summary.unchanged) == (2, 0)
    first, second = Problem.objects.order_by("pk")
    assert [first.source_number, second.source_number] == ["2026年省一轮-1", "2026年省一轮-2"]
    assert [(one.source, one.title, one.problem_type) for one in (first, second)] == [
        ("superior", "南门摊位占道", city.problem_type), ("superior", "路口摊位占道", city.problem_type)
    ]  # fmt: skip
    assert (first.lead, first.territory, first.state, first.routed_by) == (city.line, city.street, "assigned", "hand")
    assert f"{clock.local(first.due_at):%m-%d %H:%M}" == "11-30 18:00"
    assert first.detail == "配合：市交警大队\n台账时限：11月30日前\n台账结果（未核查）：已完成"
    assert (first.answer_number, second.answer_number) == ("云创〔2026〕8号", "")
    assert (first.closed_at, first.fixed_at) == (None, None)
    assert (second.territory, second.state, second.routed_by) == (city.street, "assigned", "territory")


def test_row_is_routed_numbered_and_kept_as_by_hand(browser, city):
    save_rule(city.problem_type, None, None, lead=city.other_line, actor=None)
    bring_in(browser, city, book(row(牵头=None, 时限=None, 结果=None)))
    problem = Problem.objects.get()
    assert (problem.number, problem.lead, problem.routed_by) == ("2026-0001", city.other_line, "rule")
    assert (problem.place, problem.territory, problem.found_by) == (city.place, city.street, city.office)
    assert f"{clock.local(problem.found_at):%m-%d %H:%M}" == "11-17 08:30"
    assert f"{clock.local(problem.due_at):%m-%d %H:%M}" == "11-18 18:00"  # a working day, as the type says
    done = Entry.objects.get(action="rectification.problem.import").data
    assert (done["file"], done["new"]) == ("省反馈.xlsx", ["2026-0001"])


def test_pages_lead_from_upload_to_the_new_problems(browser, city):
    save_rule(city.problem_type, None, None, lead=city.other_line, actor=None)
    task = upload(browser, book(row(牵头=None, 时限=None)))
    base = f"/imports/problems/{task.uid}/"
    assert "按归口表" in browser.get(f"{base}check/").content.decode()
    browser.post(f"{base}run/")
    done = browser.get(base).content.decode()
    assert 'href="/problems/2026-0001/"' in done
    assert "市交警大队" in done
    assert 'href="/problems/import/"' in done  # another ledger has another batch


def test_each_unit_is_told_once_for_the_whole_ledger(browser, city):
    rows = [row(原文序号=number, 问题=f"占道{number}") for number in (1, 2, 3)]
    rows.append(row(原文序号=4, 牵头=None, 点位=None))
    bring_in(browser, city, book(*rows))
    told = {(one.user, one.title, one.url) for one in Notice.objects.all()}
    words, waiting = "《省反馈.xlsx》里有3个新问题", "《省反馈.xlsx》里有1个问题待交办"
    assert told == {
        (city.liaison, words, f"/problems/?lead={city.line.pk}"),
        (city.street_liaison, words, f"/problems/?territory={city.street.pk}"),
        (city.office, waiting, "/problems/?tab=found"),
    }
    assert Notice.objects.count() == 3


def test_same_ledger_again_doubles_nothing(browser, city):
    data = book(row(), row(原文序号=2, 问题="北门占道"), row(批次=None, 原文序号=None, 问题="没有序号", 点位=None))
    assert bring_in(browser, city, data).new == 3
    before = list(Problem.objects.order_by("pk").values())
    run = dry_run(upload(browser, data), importer_or_404("problems"))
    assert (run.summary.new, run.summary.unchanged, run.faults) == (0, 3, ())
    again = bring_in(browser, city, data)
    assert (again.new, again.unchanged) == (0, 3)
    assert list(Problem.objects.order_by("pk").values()) == before
    assert Notice.objects.count() == 2  # line and street, from the first time


def test_number_is_recognised_though_the_words_were_corrected(browser, city):
    bring_in(browser, city, book(row()))
    later = bring_in(browser, city, book(row(问题="南门外摊位占道经营"), row(批次="省二轮")))
    assert (later.new, later.unchanged) == (1, 1)


def test_number_that_stands_in_several_rows_is_told_apart_by_the_words(browser, city):
    data = book(row(), row(问题="北门占道"))
    assert bring_in(browser, city, data).new == 2
    more = bring_in(browser, city, book(row(), row(问题="北门占道"), row(问题="西门占道")))
    assert (more.new, more.unchanged) == (1, 2)
    assert faults(check(browser, row(), row())) == [("C3", "twice")]


def test_row_stays_its_own_beside_an_open_problem_and_says_so(browser, city):
    city.problem()
    run = check(browser, row())
    assert [line.text for line in run.summary.lines] == [
        "城管局 · 东关农贸市场 · 到11月30日18:00 · 同点位同类问题2026-0001还没销号"
    ]
    bring_in(browser, city, book(row()))
    assert list(Problem.objects.order_by("pk").values_list("source_number", flat=True)) == ["", "省一轮-1"]


def test_what_the_sheet_does_not_say_comes_from_the_first_step(browser, city):
    header = ("序号", "问题", "责任单位")
    query = f"source=hotline&batch=11月&type={city.problem_type.pk}"
    bring_in(browser, city, book((7, "路面积水", "城管局"), header=header), query=query)
    problem = Problem.objects.get()
    assert (problem.source, problem.source_number, problem.problem_type) == ("hotline", "11月-7", city.problem_type)
    assert (problem.place, problem.spot) == (None, "")
    assert faults(check(browser, (7, "路面积水", "城管局"), header=header)) == [("", "refused")]
    unbatched = check(browser, (7, "积水", "城管局"), header=header, query=f"type={city.problem_type.pk}")
    assert faults(unbatched) == [("A2", "refused")]


def test_source_of_a_row_wins_and_is_read_in_the_offices_words(browser, city):
    header = (*HEADER, "问题来源")
    rows = [
        (*row(原文序号=1), "12345"),
        (*row(原文序号=2), "省级反馈"),
        (*row(原文序号=3), "暗访"),
        (*row(原文序号=4), "梦里"),
    ]
    run = check(browser, *rows, header=header, query="source=media")
    assert [str(one.values["source"]) for one in run.good] == ["hotline", "superior", "inspection"]
    assert [fault.address for fault in run.faults] == ["M5"]


@pytest.mark.parametrize(
    ("changes", "address"),
    [
        ({"问题": None}, "C2"),
        ({"问题类型": None}, "J2"),
        ({"牵头": "没有这个局"}, "E2"),
        ({"牵头": "东关街道、城管局"}, "E2"),
        ({"牵头": "各街道"}, ""),
        ({"时限": "尽快"}, "F2"),
        ({"时限": "2026-11-01"}, "F2"),
        ({"发现时间": "2026-12-24"}, "L2"),
        ({"原文序号": 1.5}, "B2"),
        ({"批次": None}, "B2"),
        ({"批次": "长" * 31}, "A2"),
        ({"问题": "长" * 2001}, "C2"),
    ],
)
@pytest.mark.once
def test_fault_is_told_by_its_cell_and_nothing_comes_in(browser, city, changes, address):
    make_unit(city.root, name="西关街道", kind="street", branch="territory")
    run = check(browser, row(**changes))
    if not address:
        address = "E2"
    assert ([fault.address for fault in run.faults], run.good, Problem.objects.count()) == ([address], (), 0)


def test_long_text_is_cut_in_the_title_and_whole_in_the_detail(browser, city):
    text = "占道" * 150
    bring_in(browser, city, book(row(问题=text, 时限=None, 结果=None)))
    problem = Problem.objects.get()
    assert (problem.title, problem.detail) == (text[:199] + "…", text)


def test_names_are_explained_once(browser, city):
    importer = importer_or_404("problems")
    task = upload(browser, book(row(牵头="城管", 点位="东关农贸市场南门", 问题类型="占道")))
    run = dry_run(task, importer)
    unknown = {one.field: one for one in run.unresolved}
    assert [one.label for one in unknown["place"].candidates] == [
        f"东关农贸市场（{city.place.code}）", "不是名册里的点位，只是具体位置"
    ]  # fmt: skip
    for field, choice in (("place", "0"), ("problem_type", str(city.problem_type.pk)), ("lead", str(city.line.pk))):
        if field in unknown:
            explain_name(task, importer, unknown[field], choice, actor=city.office)
    run = dry_run(task, importer)
    assert (run.faults, run.good[0].values["place"]) == ((), "东关农贸市场南门")
    assert RememberedName.objects.filter(realm="problems.place").count() == 1
    assert "lead" not in unknown or UnitAlias.objects.get().unit == city.line
    import_rows(task, importer, actor=city.office, good_only=False)
    assert Problem.objects.get().spot == "东关农贸市场南门"


def test_empty_sheet_says_so(browser, city):
    run = check(browser)
    assert (run.total, run.good, run.summary.new) == (0, (), 0)


def test_dry_run_costs_the_same_for_one_row_and_three(browser, city):
    def cost(*rows):
        task = upload(browser, book(*rows))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            dry_run(task, importer_or_404("problems"))
        return len(queries)

    assert cost(row()) == cost(*[row(原文序号=number, 问题=f"占道{number}") for number in (1, 2, 3)])


@pytest.mark.once
@pytest.mark.once
def test_twelve_thousand_rows_are_checked_in_seconds(browser, city):
    rows = [row(原文序号=number, 问题=f"占道经营第{number}处", 点位=f"解放路{number}号") for number in range(1, 12_001)]
    task = upload(browser, book(*rows))
    start = time.process_time()
    run = dry_run(task, importer_or_404("problems"))
    assert (run.total, len(run.good), run.summary.new) == (12_000, 12_000, 12_000)
    assert time.process_time() - start < 30  # 2 s measured; a query per row would take far longer


@pytest.mark.parametrize("query", ["source=god", "type=999999", "type=x", "type=²", "batch=" + "长" * 31])
def test_address_that_was_tampered_with_is_not_found(browser, query):
    assert browser.get(f"/imports/problems/?{query}").status_code == 404


def test_type_of_another_city_is_not_found(browser, city):
    assert browser.get(f"/imports/problems/?type={make_city().problem_type.pk}").status_code == 404


def test_way_in_is_open_to_the_office_alone(browser, sign_in, city):
    page = browser.get("/problems/").content.decode()
    assert 'href="/problems/import/"' in page
    begin = browser.get("/problems/import/").content.decode()
    assert "表里写“已完成”不算销号" in begin
    assert "不算销号" in browser.get("/imports/problems/").content.decode()
    for person in (city.liaison, make_user(Role.LEADER, city.root), make_user(Role.INSPECTOR, city.root)):
        other = sign_in(person)
        assert {other.get(url).status_code for url in ("/problems/import/", "/imports/problems/")} <= {403, 404}
    assert 'href="/problems/import/"' not in sign_in(city.liaison).get("/problems/").content.decode()
