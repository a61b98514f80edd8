"""Forms of a region on their pages: taken, looked at, used in the exports, replaced, withdrawn."""

from __future__ import annotations

import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.lists import response
from chuangwen.core.models import Job, TableForm
from chuangwen.core.workbook_templates import services
from chuangwen.core.workbook_templates.registry import own_table
from chuangwen.core.workbooks.reading import read_workbook
from chuangwen.organizations.models import Unit
from tests.core.workbook_templates.making import form, opened, saved, texts
from tests.support.factories import NOON, make_problem, make_root, make_unit, make_user

pytestmark = pytest.mark.django_db
KEY = "list-problems"
COLUMNS = {"column-A": "序号", "column-B": "问题", "column-C": "牵头", "column-D": "", "column-E": "时限",
           "column-F": "", "last": "14"}  # fmt: skip


@pytest.fixture
def world():
    with clock.at(NOON):
        root = make_root()
        lead = make_unit(root, name="城市管理局", short_name="城管局")
        for title in ("垃圾未清", "车辆乱停"):
            make_problem(lead=lead, title=title)
        yield make_user(Role.OFFICE, root), lead


@pytest.fixture
def table():
    return own_table(KEY)


def upload(data: bytes | None = None, name: str = "台账.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data or saved(form()[0]))


def in_use(office, table, *, data=None, name="省台账", replaces=None):
    """A form that was taken, mapped and taken into use."""
    made, _looked = services.take_form(
        table, data or saved(form()[0]), "台账.xlsx", name=name, region=office.region, actor=office, replaces=replaces
    )
    services.use_form(made, table, actor=office)
    return made


def test_form_is_taken_mapped_looked_at_and_fills_the_ledger(world, sign_in):
    office, _lead = world
    page = sign_in(office)
    forms = reverse("core:forms", args=[KEY])
    assert "{{问题}}" in page.get(forms).content.decode()
    taken = page.post(forms, {"name": "省 台账", "file": upload()})
    made = TableForm.objects.get()
    assert (taken.url, made.name, made.used_from) == (
        reverse("core:form-columns", args=[KEY, made.pk]),
        "省 台账",
        None,
    )
    assert made.layout == {
        "sheet": "问题清单", "header": [3, 4], "first": 5, "last": 14,
        "columns": {"A": "序号", "B": "问题", "C": "牵头", "E": "时限"},
    }  # fmt: skip
    why = page.get(taken.url).content.decode()
    assert (why.count("没有对应的内容"), "您选的" in why) == (2, False)
    assert "省 台账" not in page.get(reverse("rectification:ledger")).content.decode()
    assert page.post(taken.url, COLUMNS).url == reverse("core:form", args=[KEY, made.pk])
    shown = page.get(reverse("core:form", args=[KEY, made.pk])).content.decode()
    assert all(word in shown for word in ("垃圾未清", "填表人：", "启用"))
    page.post(reverse("core:form-use", args=[KEY, made.pk]))
    ledger = page.get(reverse("rectification:ledger") + "?tab=all").content.decode()
    assert "填“省 台账”" in ledger
    answer = page.get(reverse("rectification:ledger"), {"format": "own", "form": made.pk, "tab": "all"})
    rows = texts(opened(answer.content).active)
    assert sorted((row[1], row[2]) for row in rows[4:6]) == [("垃圾未清", "城管局"), ("车辆乱停", "城管局")]
    assert [row[0] for row in rows[4:6]] == [1, 2]
    assert rows[14][0] == "合计"
    narrowed = page.get(reverse("rectification:ledger"), {"format": "own", "form": made.pk, "tab": "all", "q": "乱停"})
    assert [row[1] for row in texts(opened(narrowed.content).active)[4:6] if row] == ["车辆乱停"]
    actions = list(Entry.objects.filter(action__startswith="core.").values_list("action", flat=True))
    assert sorted(actions) == ["core.list.export", "core.list.export", "core.table_form.take"]


def test_unit_fills_the_form_with_its_own_rows_and_name_and_keeps_none(world, table, sign_in):
    office, lead = world
    make_problem(lead=make_unit(Unit.objects.get_parent(lead)), title="别人的问题")
    made = in_use(office, table, data=_marked())
    liaison = make_user(Role.LIAISON, lead)
    page = sign_in(liaison)
    answer = page.get(reverse("rectification:ledger"), {"format": "own", "form": made.pk, "tab": "all"})
    said = texts(opened(answer.content).active)
    assert said[0] == ["填报单位：城市管理局"]
    assert sorted(row[0] for row in said[1:]) == ["垃圾未清", "车辆乱停"]
    assert "自有Excel表样" not in page.get(reverse("rectification:ledger") + "?tab=all").content.decode()
    assert page.get(reverse("core:forms", args=[KEY])).status_code == 403
    with pytest.raises(PermissionDenied):
        services.withdraw_form(made, table, actor=liaison)
    stranger = sign_in(make_user(Role.OFFICE))
    assert stranger.get(reverse("rectification:ledger"), {"format": "own", "form": made.pk}).status_code == 404
    assert stranger.get(reverse("core:form", args=[KEY, made.pk])).status_code == 404


def _marked() -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.active["A1"], book.active["A2"] = "填报单位：{{填报单位}}", "{{问题}}"
    return saved(book)


def test_fault_is_told_beside_the_file_and_nothing_is_kept(world, sign_in):
    from openpyxl import Workbook

    book = Workbook()
    book.active["B3"] = "{{工资}}"
    answer = sign_in(world[0]).post(reverse("core:forms", args=[KEY]), {"name": "错", "file": upload(saved(book))})
    assert answer.status_code == 422
    assert "这张表没有“工资”。位置：工作表“Sheet”的B3。" in answer.content.decode()
    assert not TableForm.objects.exists()


def test_form_of_more_than_ten_megabytes_is_refused_before_it_is_sent_and_after(world, sign_in):
    page, forms = sign_in(world[0]), reverse("core:forms", args=[KEY])
    assert 'data-max-mb="10"' in page.get(forms).content.decode()
    answer = page.post(forms, {"name": "大", "file": upload(b"PK" + bytes(10 * 1024 * 1024))})
    assert (answer.status_code, dict(answer.context["form"].errors)) == (
        422,
        {"file": ["表样超过10MB，请把里面的图片缩小。"]},
    )


def test_new_form_takes_the_place_of_the_old_one_with_its_columns_only_when_it_is_used(world, table, sign_in):
    office, _lead = world
    first, _looked = services.take_form(
        table, saved(form()[0]), "台账.xlsx", name="省台账", region=office.region, actor=office
    )
    services.choose_columns(first, table, {"B": "点位", "C": "牵头"}, 14, actor=office)
    services.use_form(first, table, actor=office)
    with pytest.raises(Refusal, match="已有名为“省台账”的表样"):
        services.take_form(table, saved(form()[0]), "a.xlsx", name="省台账", region=office.region, actor=office)
    page = sign_in(office)
    page.post(reverse("core:form", args=[KEY, first.pk]), {"file": upload(saved(form(blank=4)[0]))})
    second = TableForm.objects.get(replaces=first)
    assert (second.layout["columns"], second.layout["last"]) == ({"B": "点位", "C": "牵头"}, 8)
    assert TableForm.objects.filter(withdrawn_at__isnull=False).count() == 0
    services.use_form(second, table, actor=office)
    first.refresh_from_db()
    assert first.withdrawn_at is not None
    with pytest.raises(Conflict):
        services.use_form(second, table, actor=office)
    page.post(reverse("core:form-withdraw", args=[KEY, second.pk]))
    assert page.get(reverse("rectification:ledger"), {"format": "own", "form": second.pk}).status_code == 404
    actions = list(Entry.objects.filter(action__startswith="core.table_form").values_list("action", flat=True))
    assert sorted(actions) == ["core.table_form.take", "core.table_form.take", "core.table_form.withdraw"]


def test_sheet_and_header_are_chosen_where_the_guess_was_wrong(world, table, sign_in):
    office, _lead = world
    book, _sheet = form()
    other = book.create_sheet("附表")
    for row, texts_ in ((1, ("说明",)), (2, ("甲", "乙", "丙")), (3, ("子", "丑", "寅"))):
        for column, text in enumerate(texts_, 1):
            other.cell(row, column, text)
    made, _looked = services.take_form(
        table, saved(book), "台账.xlsx", name="省台账", region=office.region, actor=office
    )
    page = sign_in(office)
    address = reverse("core:form-sheet", args=[KEY, made.pk])
    assert "附表" in page.get(address + "?sheet=1").content.decode()
    assert page.get(address + "?sheet=0000009").context["current"] == 0
    assert page.post(address, {"sheet": "9", "header": "1"}).status_code == 422
    assert page.post(address, {"sheet": "1", "header": "99"}).status_code == 422
    page.post(address, {"sheet": "1", "header": "1"})
    made.refresh_from_db()
    assert (made.layout["sheet"], made.layout["first"], made.layout["columns"]) == ("附表", 3, {})
    for wrong, words in (({"last": "2"}, "表格不能到第2行为止：它从第3行开始"), ({"last": "3"}, "表样没有选任何列")):
        answer = page.post(reverse("core:form-columns", args=[KEY, made.pk]),
                           {"column-A": "问题" if wrong["last"] == "2" else "", **wrong})  # fmt: skip
        assert (answer.status_code, words in answer.content.decode()) == (422, True)


def test_example_can_be_taken_as_it_is(world, table, sign_in):
    office, _lead = world
    page = sign_in(office)
    data = page.get(reverse("core:form-example", args=[KEY])).content
    made = in_use(office, table, data=data)
    answer = page.get(reverse("core:form-trial", args=[KEY, made.pk]))
    sheet = read_workbook("a.xlsx", answer.content).sheets[0]
    assert sheet.rows[0][0] == "问题整改"
    assert {row[2] for row in sheet.rows[2:4]} == {"垃圾未清", "车辆乱停"}
    assert page.get(reverse("core:form-file", args=[KEY, made.pk])).content == data


def test_long_list_is_filled_as_a_job(world, table, sign_in, monkeypatch, run_jobs, django_capture_on_commit_callbacks):
    office, _lead = world
    made = in_use(office, table)
    monkeypatch.setattr(response, "DIRECT_EXPORT", 1)
    page = sign_in(office)
    with django_capture_on_commit_callbacks(execute=True):
        answer = page.get(reverse("rectification:ledger"), {"format": "own", "form": made.pk, "tab": "all"})
    job = Job.objects.get()
    assert answer.url == reverse("core:job", args=[job.uid])
    run_jobs()
    data = b"".join(page.get(reverse("core:job-file", args=[job.uid])).streaming_content)
    assert len([row for row in texts(opened(data).active)[4:14] if row]) == 2
    assert io.BytesIO(data).read(2) == b"PK"


def test_list_whose_form_was_withdrawn_before_its_job_ran_says_so(
    world, table, sign_in, monkeypatch, run_jobs, django_capture_on_commit_callbacks
):
    office, _lead = world
    made = in_use(office, table)
    monkeypatch.setattr(response, "DIRECT_EXPORT", 1)
    page = sign_in(office)
    with django_capture_on_commit_callbacks(execute=True):
        page.get(reverse("rectification:ledger"), {"format": "own", "form": made.pk, "tab": "all"})
    services.withdraw_form(made, table, actor=office)
    run_jobs()
    shown = page.get(reverse("core:job", args=[Job.objects.get().uid])).content.decode()
    assert "这份表样已停用。请在列表上方选用现有的表样。" in shown


def test_columns_are_remembered_for_each_head_and_not_by_the_form_that_came_last(world, table):
    office, _lead = world
    county = in_use(office, table, name="县台账")
    services.withdraw_form(county, table, actor=office)
    book, sheet = form()
    sheet["A3"], sheet["E3"] = "编号", "备注"
    cities = []
    for data, columns in (
        (saved(form()[0]), {"B": "点位", "C": "牵头"}),
        (saved(book), {"B": "问题", "C": "属地(块)"}),
    ):
        made, _looked = services.take_form(
            table, data, "台账.xlsx", name=f"市台账{len(cities)}", region=office.region, actor=office
        )
        services.choose_columns(made, table, columns, 14, actor=office)
        services.use_form(made, table, actor=office)
        cities.append(made)
    again, _looked = services.take_form(
        table, saved(form()[0]), "台账.xlsx", name="", region=office.region, actor=office, replaces=cities[0]
    )
    assert again.layout["columns"] == {"B": "点位", "C": "牵头"}


def test_what_is_wrong_with_the_name_stands_beside_the_name(world, table, sign_in):
    office, _lead = world
    in_use(office, table)
    answer = sign_in(office).post(reverse("core:forms", args=[KEY]), {"name": "省台账", "file": upload()})
    assert (answer.status_code, dict(answer.context["form"].errors)) == (
        422,
        {"name": ["已有名为“省台账”的表样。请替换原来的，或换一个名称。"]},
    )


def test_second_of_two_that_replace_the_same_form_is_told_what_to_do(world, table, sign_in):
    office, _lead = world
    first = in_use(office, table)
    one, other = (
        services.take_form(
            table, saved(form(blank=blank)[0]), "a.xlsx", name="", region=office.region, actor=office, replaces=first
        )[0]
        for blank in (3, 4)
    )
    services.use_form(one, table, actor=office)
    page = sign_in(office)
    told = page.post(reverse("core:form-use", args=[KEY, other.pk]), follow=True).content.decode()
    assert "另一份“省台账”刚才已启用。请删除这一份；如果应当用这一份，请用它的文件替换在用的那份。" in told
    assert [form.pk for form in TableForm.objects.filter(used_from__isnull=False, withdrawn_at=None)] == [one.pk]


def test_form_that_asks_for_what_the_table_knows_no_more_can_be_replaced_and_withdrawn(world, table, sign_in):
    office, _lead = world
    made = in_use(office, table, data=_marked())
    TableForm.objects.filter(pk=made.pk).update(table="list-tasks")  # a table without the word 问题
    page, args = sign_in(office), ["list-tasks", made.pk]
    shown = page.get(reverse("core:form", args=args))
    assert (shown.status_code, "这张表没有“问题”。位置：工作表“Sheet”的A2。" in shown.content.decode()) == (200, True)
    assert page.post(reverse("core:form", args=args), {"file": upload()}).status_code == 302
    page.post(reverse("core:form-withdraw", args=args))
    made.refresh_from_db()
    assert made.withdrawn_at is not None


def test_second_form_of_one_name_is_refused_while_the_first_waits_to_be_looked_at(world, table, sign_in):
    office, _lead = world
    data = saved(form()[0])
    first, _looked = services.take_form(table, data, "a.xlsx", name="省台账", region=office.region, actor=office)
    answer = sign_in(office).post(reverse("core:forms", args=[KEY]), {"name": " 省台账 ", "file": upload(data)})
    words = "已有名为“省台账”的表样等待查看。请继续处理那一份，或先放弃它；也可以给这一份换个名称。"
    assert (answer.status_code, dict(answer.context["form"].errors)) == (422, {"name": [words]})
    services.take_form(table, data, "a.xlsx", name="市台账", region=office.region, actor=office)
    services.withdraw_form(first, table, actor=office)
    services.take_form(table, data, "a.xlsx", name="省台账", region=office.region, actor=office)
    assert TableForm.objects.filter(withdrawn_at__isnull=True).count() == 2
