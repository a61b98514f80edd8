"""The 点位信息表 through the wizard: new, changed, unchanged, every kind of fault."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwen.audit.models import Entry
from chuangwen.core.imports.importer import importer_or_404
from chuangwen.core.imports.queries import dry_run
from chuangwen.core.imports.services import import_rows
from chuangwen.core.models import WorkbookImport
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.models import UnitAlias
from chuangwen.organizations.services import hold_post, name_post
from chuangwen.places.models import Place
from tests.places.making import book, row
from tests.support.factories import make_place_type, make_unit, make_user


@pytest.fixture
def browser(sign_in, office):
    return sign_in(office)


def upload(browser, data, name="点位.xlsx"):
    """The upload after sheet and columns were taken as proposed."""
    browser.post("/imports/places/", {"file": SimpleUploadedFile(name, data)})
    task = WorkbookImport.objects.select_related("region", "file").latest("pk")
    base = f"/imports/places/{task.uid}/"
    browser.post(f"{base}sheet/", {"sheet": task.sheet, "header": task.header_rows[0]})
    form = browser.get(f"{base}columns/").context["form"]
    browser.post(f"{base}columns/", {key: form[key].initial for key in form.fields})
    task.refresh_from_db()
    return task


def check(browser, *rows, **kwargs):
    return dry_run(upload(browser, book(*rows, **kwargs)), importer_or_404("places"))


def bring_in(browser, office, *rows, **kwargs):
    task = upload(browser, book(*rows, **kwargs))
    return import_rows(task, importer_or_404("places"), actor=office, good_only=False)


def test_import_takes_every_column(browser, office, city):
    leader = name_post(city.root, PostKind.CHARGE, "副市长", actor=None)
    hold_post(leader, make_user(name="刘明"), actor=None)
    summary = bring_in(browser, office, row(包联领导="刘明"))
    place = Place.objects.get()
    assert (summary.new, summary.changed, summary.unchanged) == (1, 0, 0)
    assert (place.code, place.place_type, place.name, place.address) == (
        "NM-01", city.market, "东关农贸市场", "东关路1号",
    )  # fmt: skip
    assert (place.contact, place.phone, place.hours, place.length, place.batch) == (
        "王师傅", "0730-8812345", "6:00—19:00", 420, "2026年第一批",
    )  # fmt: skip
    assert (place.territory, place.department, place.keeper, place.leader) == (
        city.east,
        city.trade,
        city.order,
        leader,
    )
    assert (place.longitude, place.latitude, place.state, place.declared) == (113.24466, 29.85747, "open", True)


def test_import_twice_changes_nothing(browser, office):
    bring_in(browser, office, row())
    before = Place.objects.values().get()
    assert bring_in(browser, office, row()).unchanged == 1
    assert Place.objects.values().get() == before


def test_import_of_the_export_changes_nothing(browser, office, city):
    bring_in(browser, office, row(), row(编号="NM-02", 坐标=None, 主管部门=None, 责任单位=None, 状态="停用"))
    data = browser.get("/places/?tab=all&format=xlsx").content
    run = dry_run(upload(browser, data), importer_or_404("places"))
    assert (run.faults, run.summary.unchanged, run.total) == ((), 2, 2)


def test_changed_row_says_what_changes_and_empty_cells_keep_what_is_there(browser, office, city):
    bring_in(browser, office, row())
    run = check(browser, row(电话="0730-8800000", 责任单位="市商务局", 地址=None, 坐标=None))
    assert [line.text for line in run.summary.lines] == ["电话 0730-8812345→0730-8800000；责任单位 市城管局→市商务局"]
    bring_in(browser, office, row(电话="0730-8800000", 责任单位="市商务局", 地址=None, 坐标=None))
    place = Place.objects.get()
    assert (place.phone, place.keeper, place.address, place.longitude) == (
        "0730-8800000",
        city.trade,
        "东关路1号",
        113.24466,
    )


def test_state_goes_through_its_workflow(browser, office):
    bring_in(browser, office, row(状态="停业整顿"))
    assert Place.objects.get().state == "closed"
    bring_in(browser, office, row(状态="已拆除"))
    place = Place.objects.get()
    assert [change.state for change in place.state_changes.order_by("pk")] == ["closed", "gone"]


def test_import_is_audited_with_its_file(browser, office):
    bring_in(browser, office, row())
    entry = Entry.objects.get(action="places.import")
    assert (entry.data["new"], entry.data["file"], len(entry.data["sha256"])) == (["NM-01"], "点位.xlsx", 64)


def test_ad_hoc_places_are_not_declared(browser, office, city):
    make_place_type(city.region, name_zh="路边摊", ad_hoc=True)
    bring_in(browser, office, row(类型="路边摊"))
    assert Place.objects.get().declared is False


@pytest.mark.parametrize(
    ("changes", "address"),
    [
        ({"编号": None}, "A2"), ({"编号": "a/b"}, "A2"), ({"编号": "map"}, "A2"), ({"类型": "飞船坞"}, "B2"),
        ({"名称": None}, "C2"), ({"名称": "长" * 81}, "C2"), ({"电话": "八八"}, "F2"), ({"属地": None}, "G2"),
        ({"属地": "市城管局"}, "G2"), ({"责任单位": "火星局"}, "I2"), ({"包联领导": "谁"}, "J2"),
        ({"坐标": "这里"}, "L2"), ({"坐标": "2,3"}, "L2"), ({"状态": "很好"}, "O2"),
        ({"责任单位": "市城管局、市商务局"}, "I2"),
    ],
)  # fmt: skip
@pytest.mark.once
def test_fault_is_told_by_its_cell(browser, city, changes, address):
    run = check(browser, row(**changes))
    assert [fault.address for fault in run.faults] == [address]
    assert run.good == ()


def test_code_twice_in_one_workbook_is_told(browser, city):
    run = check(browser, row(), row(名称="又一个"))
    assert [fault.address for fault in run.faults] == ["A3"]


def test_missing_column_is_asked_for(browser, city):
    browser.post(
        "/imports/places/", {"file": SimpleUploadedFile("x.xlsx", book(["NM-01", "市场"], header=["编号", "名称"]))}
    )
    task = WorkbookImport.objects.latest("pk")
    base = f"/imports/places/{task.uid}/"
    form = browser.get(f"{base}columns/").context["form"]
    page = browser.post(f"{base}columns/", {key: form[key].initial for key in form.fields})
    assert page.status_code == 422
    assert "属地" in page.content.decode()


def test_explained_names_become_aliases_of_units_and_types(browser, office, city):
    task = upload(browser, book(row(责任单位="城管执法", 类型="菜市场")))
    run = dry_run(task, importer_or_404("places"))
    said = {"城管执法": city.order.pk, "菜市场": city.market.pk}
    data = {f"pick-{n}": said[one.text] for n, one in enumerate(run.unresolved)}
    browser.post(f"/imports/places/{task.uid}/names/", data)
    assert dry_run(task, importer_or_404("places")).faults == ()
    assert UnitAlias.objects.get().name == "城管执法"
    assert check(browser, row(编号="NM-09", 责任单位="城管执法", 类型="菜市场")).faults == ()


def test_units_of_another_region_are_never_offered(browser, city):
    make_unit(name="外市城管局")
    run = check(browser, row(责任单位="外市城管局"))
    assert "外市城管局" not in {one.label for one in run.unresolved[0].candidates}


def test_writing_costs_the_same_queries_for_one_row_and_three(browser, office, city):
    bring_in(browser, office, row())  # the audit chain and the caches of a first time
    counts = []
    for first, number in ((10, 1), (20, 3)):
        rows = [row(编号=f"NM-{first + n}") for n in range(number)]
        task = upload(browser, book(*rows))
        with CaptureQueriesContext(connection) as queries:
            import_rows(task, importer_or_404("places"), actor=office, good_only=False)
        counts.append(len(queries))
    assert counts[0] == counts[1]
