"""The office's own workbooks of units and liaisons: merged, misnamed, empty, huge and malicious."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwen.accounts.models import User
from chuangwen.audit.models import Entry
from chuangwen.core.errors import Refusal
from chuangwen.core.imports.importer import Source, importer_or_404
from chuangwen.core.imports.queries import dry_run
from chuangwen.core.imports.services import import_rows
from chuangwen.core.models import WorkbookImport
from chuangwen.core.workbooks.rows import ImportRow
from chuangwen.organizations.enums import Branch, PostKind, UnitKind
from chuangwen.organizations.models import Holding, Post, Unit, UnitAlias
from tests.organizations.making import LONG_AGO, make_city, make_holding, make_post
from tests.support.factories import DAY, make_unit, make_user

UNITS = ("编号", "单位名称", "简称", "上级单位", "类别", "条块", "业务主管")
LIAISONS = ("单位", "A角", "A角手机", "B角", "B角手机", "职务", "起始日期")


def book(header, *rows, before=(), merge=()):
    made = openpyxl.Workbook()
    sheet = made.active
    for row in (*before, header, *rows):
        sheet.append(list(row))
    for cells in merge:
        sheet.merge_cells(cells)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


class Walk:
    """Through the wizard with everything as proposed."""

    def __init__(self, client, city, key):
        self.client, self.city, self.key = client, city, key

    def upload(self, data, name="表.xlsx"):
        answer = self.client.post(f"/imports/{self.key}/", {"file": SimpleUploadedFile(name, data)})
        assert answer.status_code == 302, answer.content.decode()
        task = WorkbookImport.objects.select_related("region", "file").latest("pk")
        base = f"/imports/{self.key}/{task.uid}/"
        self.client.post(f"{base}sheet/", {"sheet": task.sheet, "header": task.header_rows[0]})
        form = self.client.get(f"{base}columns/").context["form"]
        self.client.post(f"{base}columns/", {key: form[key].initial for key in form.fields})
        task.refresh_from_db()
        return task

    def check(self, data):
        return dry_run(self.upload(data), importer_or_404(self.key))

    def faults(self, data):
        return [(fault.address, fault.code) for fault in self.check(data).faults]

    def bring_in(self, data, **options):
        options = {"actor": self.city.office, "good_only": False} | options
        return import_rows(self.upload(data), importer_or_404(self.key), **options)


@pytest.fixture
def units(sign_in, city):
    return Walk(sign_in(city.office), city, "units")


@pytest.fixture
def liaisons(sign_in, city):
    return Walk(sign_in(city.office), city, "liaisons")


def parent_of(code):
    return Unit.objects.get_parent(Unit.objects.get(code=code)).code


def test_units_come_in_with_their_places_in_any_order(units, city):
    data = book(
        UNITS,
        ("C0101", "新村社区", None, "南关街道", "社区", "块", None),
        ("C01", "南关街道", "南关", "云溪市", "街道", "属地", None),
        ("C02", "市水务局", None, None, None, None, "城管局"),
        ("C03", "东关小学", None, "教育局", "学校", "条", None),
    )
    summary = units.bring_in(data)
    assert (summary.new, summary.changed, summary.unchanged) == (4, 0, 0)
    assert [parent_of(code) for code in ("C0101", "C01", "C02", "C03")] == ["C01", "root", "root", "A02"]
    made = Unit.objects.get(code="C01")
    assert (made.short_name, made.kind, made.branch) == ("南关", UnitKind.STREET, Branch.TERRITORY)
    assert Unit.objects.get(code="C02").line_authority == city.urban
    entry = Entry.objects.get(action="organizations.unit.import")
    assert (entry.data["file"], entry.data["new"], entry.data["changed"]) == ("表.xlsx", 4, 0)
    again = units.bring_in(data)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 4)


def test_known_code_changes_the_unit_and_an_empty_cell_says_nothing(units, city):
    run = units.check(book(UNITS, ("A01", "云溪市综合执法局", None, None, None, None, None)))
    (line,) = run.summary.lines
    assert (line.kind, line.text) == ("changed", "云溪市城市管理局→云溪市综合执法局")
    units.bring_in(book(UNITS, ("A01", "云溪市综合执法局", None, None, None, None, None)))
    changed = Unit.objects.get(code="A01")
    assert (changed.name, changed.short_name) == ("云溪市综合执法局", "城管局")
    assert UnitAlias.objects.get().name == "云溪市城市管理局"


def test_title_rows_and_merged_parents_are_read(units):
    data = book(
        UNITS,
        ("C1", "甲社区", None, "东关街道", "社区", "块", None),
        ("C2", "乙社区", None, None, "社区", "块", None),
        before=[("云溪市单位一览表",), ("2026年11月",)],
        merge=("A1:G1", "D4:D5"),
    )
    units.bring_in(data)
    assert (parent_of("C1"), parent_of("C2")) == ("B01", "B01")


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ([(None, "甲局"), ("C1", None)], [("A2", "missing"), ("B3", "missing")]),
        ([("C1", "甲局"), ("C1", "乙局")], [("A3", "duplicate")]),
        ([("C1", "甲局"), ("C2", "甲局")], [("B3", "duplicate")]),
        ([("C1", "长" * 81)], [("B2", "too-long")]),
        ([("C1", "甲局", None, "火星局")], [("D2", "unknown-parent")]),
        ([("C1", "甲局", None, "甲局")], [("D2", "circle")]),
        ([("C1", "甲局", None, "乙局"), ("C2", "乙局", None, "甲局")], [("D2", "circle"), ("D3", "circle")]),
        ([("C1", "甲局", None, None, "城堡")], [("E2", "choice")]),
    ],
)
@pytest.mark.once
def test_faults_of_units_are_named_by_cell_and_nothing_comes_in(units, rows, faults):
    data = book(UNITS, *(row + (None,) * (7 - len(row)) for row in rows))
    before = Unit.objects.count()
    run = units.check(data)
    assert [fault.address for fault in run.faults] == [address for address, _code in faults]
    found = [fault.code for fault in run.faults if fault.code in {"unknown-parent", "circle"}]
    assert found == [code for _address, code in faults if code in {"unknown-parent", "circle"}]
    with pytest.raises(Refusal):
        units.bring_in(data)
    assert Unit.objects.count() == before


def test_parent_that_two_units_are_called_is_refused_before_anything_is_kept(units, city):
    make_unit(city.street, name="和平社区")
    data = book(
        UNITS,
        ("C1", "和平社区", None, None, None, None, None),
        ("C2", "和平小学", None, "和平社区", None, None, None),
    )
    assert [(fault.address, fault.code) for fault in units.check(data).faults] == [("D3", "several")]
    importer, task = importer_or_404("units"), units.upload(data)
    rows = [ImportRow(2, {"code": "C2", "name": "和平小学", "parent": "和平社区"})]
    make_unit(city.root, name="和平社区")
    with pytest.raises(Refusal, match="叫“和平社区”的单位不止一个。请写上级单位的全称。"):
        importer.write(
            rows, region=city.region, actor=city.office, context={}, source=Source(task.name, task.file.sha256)
        )
    assert not Unit.objects.filter(code__in=["C1", "C2"]).exists()


def test_malicious_cells_stay_text(units):
    evil = ("=cmd|' /C calc'!A0", "<script>alert(1)</script>", "'; DROP TABLE x;--", None, None, None, None)
    units.check(book(UNITS, evil))
    units.bring_in(book(UNITS, ("C9", *evil[1:])))
    assert Unit.objects.get(code="C9").name == "<script>alert(1)</script>"
    page = units.client.get("/units/?q=script").content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "空"), (b"\x89PNG\r\n\x1a\n", "图片"), (b"MZ\x90\x00" + b"\x00" * 99, ""), (b"PK\x03\x04broken", "损坏")],
)
@pytest.mark.parametrize("key", ["units", "liaisons"])
@pytest.mark.once
def test_file_that_is_no_workbook_is_refused(units, key, data, words):
    answer = units.client.post(f"/imports/{key}/", {"file": SimpleUploadedFile("表.xlsx", data)})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_dry_run_costs_the_same_whatever_the_rows(units):
    def cost(number):
        rows = [(f"X{i}", f"第{i}局", None, "城管局", None, None, "教育局") for i in range(number)]
        task = units.upload(book(UNITS, *rows))
        with CaptureQueriesContext(connection) as asked:
            assert dry_run(task, importer_or_404("units")).faults == ()
        return len(asked)

    assert cost(1) == cost(40)


def test_liaisons_come_in_and_people_are_added_without_a_password(liaisons, city):
    data = book(
        LIAISONS, ("城管局", "赵敏", "13800000001", "钱进", None, "办公室主任", "2026-11-01"),
        ("东关街道", "孙立", None, None, None, None, None),
    )  # fmt: skip
    summary = liaisons.bring_in(data)
    assert (summary.new, summary.changed) == (2, 0)
    rows = Holding.objects.order_by("pk")
    assert [(row.post.unit, row.user.name, row.slot, row.starts) for row in rows] == [
        (city.urban, "赵敏", "A", date(2026, 11, 1)), (city.urban, "钱进", "B", date(2026, 11, 1)),
        (city.street, "孙立", "A", DAY),
    ]  # fmt: skip
    assert list(Post.objects.order_by("pk").values_list("title", flat=True)) == ["办公室主任", "联络员"]
    person = User.objects.get(name="赵敏")
    assert (person.username, person.phone, person.has_usable_password()) == ("13800000001", "13800000001", False)
    assert User.objects.get(name="孙立").username == f"{city.region.code}-孙立"
    before = (User.objects.count(), Holding.objects.count(), Post.objects.count())
    again = liaisons.bring_in(data)
    assert (again.unchanged, before) == (2, (User.objects.count(), Holding.objects.count(), Post.objects.count()))


def test_liaison_changes_under_another_title_and_the_unit_keeps_one_post(liaisons, city):
    post = make_post(city.urban)
    make_holding(post, make_user(region=city.region, name="赵敏"))
    run = liaisons.check(book(LIAISONS, ("城管局", "钱进", None, None, None, "副局长", None)))
    assert [(line.kind, line.text) for line in run.summary.lines] == [("changed", "A:赵敏→钱进")]
    liaisons.bring_in(book(LIAISONS, ("城管局", "钱进", None, None, None, "副局长", None)))
    assert [(row.title, row.pk) for row in Post.objects.filter(kind=PostKind.LIAISON)] == [("副局长", post.pk)]
    ends = Holding.objects.order_by("pk").values_list("user__name", "ends")
    assert list(ends) == [("赵敏", date(2026, 11, 17)), ("钱进", None)]


def test_alias_explained_once_is_remembered_for_the_next_paper(liaisons, city):
    data = book(LIAISONS, ("城建监察", "赵敏", None, None, None, None, None))
    assert len(liaisons.check(data).unresolved) == 1
    importer = importer_or_404("liaisons")
    importer.remember("unit", "城建监察", city.urban.pk, region=city.region, actor=city.office)
    assert liaisons.check(data).faults == ()
    choices = importer.choices("unit", city.region, {})
    assert (choices[0], len(choices)) == ((city.urban.pk, "城管局"), 4)


@pytest.mark.parametrize(
    ("key", "column"),
    [("liaisons", "unit"), ("units", "line_authority"), ("breakdown", "cooperates"), ("task-table", "cooperating"),
     ("house-rules", "unit"), ("routing-rules", "territory"), ("titles", "unit"), ("places", "keeper")],
)  # fmt: skip
def test_longer_name_than_an_alias_holds_is_kept_as_far_as_it_fits(city, key, column):
    importer_or_404(key).remember(column, "城" * 100, city.urban.pk, region=city.region, actor=city.office)
    assert list(UnitAlias.objects.values_list("name", flat=True)) == ["城" * 80]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ((None, "赵敏"), "A2"),
        (("城管局", None), "B2"),
        (("城管局", "赵敏", "12"), "C2"),
        (("城管局", "赵敏", None, None, None, None, "某日"), "G2"),
        (("各街道", "赵敏"), "A2"),
    ],
)
def test_faults_of_liaisons_are_named_by_cell(liaisons, row, fault):
    make_unit(liaisons.city.root, name="西关街道", kind=UnitKind.STREET)
    run = liaisons.check(book(LIAISONS, row + (None,) * (7 - len(row))))
    assert [each.address for each in run.faults] == [fault]


def test_person_who_could_be_meant_twice_is_asked_for(liaisons, city):
    for phone in ("13800000001", "13800000002"):
        make_user(region=city.region, name="李明", phone=phone)
    run = liaisons.check(book(LIAISONS, ("城管局", "李明", None, "李明", "13800000002", None, None)))
    assert [(fault.address, fault.code) for fault in run.faults] == [("B2", "person")]
    run = liaisons.check(book(LIAISONS, ("城管局", "王芳", "13800000001", None, None, None, None)))
    assert [(fault.address, fault.code) for fault in run.faults] == [("B2", "person")]
    assert "李明" in run.faults[0].message
    liaisons.bring_in(book(LIAISONS, ("城管局", "李明", "13800000002", None, None, None, None)))
    assert Holding.objects.get().user.phone == "13800000002"


def test_namesake_of_another_region_is_not_meant(liaisons, city):
    stranger = make_user(region=make_city("邻市").region, name="赵敏", username="13800000001", phone="13800000001")
    liaisons.bring_in(book(LIAISONS, ("城管局", "赵敏", "13800000001", None, None, None, None)))
    made = Holding.objects.get().user
    assert made != stranger
    assert (made.username, made.region) == ("13800000001-2", city.region)


def test_holder_who_began_too_late_is_a_fault_of_the_row(liaisons, city):
    make_holding(make_post(city.urban), make_user(region=city.region, name="赵敏"), starts=DAY)
    data = book(LIAISONS, ("城管局", "钱进", None, None, None, None, None))
    run = liaisons.check(data)
    assert [(fault.address, fault.code) for fault in run.faults] == [("G2", "too-early")]
    assert "2026-11-18" in run.faults[0].message
    with pytest.raises(Refusal):
        liaisons.bring_in(data)
    make_holding(make_post(city.school), make_user(region=city.region, name="孙立"), starts=LONG_AGO)
    assert liaisons.check(book(LIAISONS, ("教育局", "钱进", None, None, None, None, None))).faults == ()
