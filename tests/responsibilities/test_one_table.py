"""Business tasks and campaign tasks: given out in one table, judged in one table (一同布置、一同落实、一同考核)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from chuangwen.audit.models import Entry
from chuangwen.core import clock
from chuangwen.core.imports import Source
from chuangwen.core.workbooks.rows import ImportRow
from chuangwen.responsibilities import services
from chuangwen.responsibilities.levels import period_of
from chuangwen.responsibilities.models import LevelMark, RepeatedRequest, Task
from chuangwen.responsibilities.task_importers import TaskImporter
from tests.responsibilities.making import make_city
from tests.support.factories import DAY, make_task, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
IMPORTER = TaskImporter()
OVER = period_of(DAY, 1).before


@pytest.fixture
def city():
    made = make_city()
    for name in ("城管局", "住建局"):
        made.unit(name)
    return made


def rows(city, *told):
    """(task, kind, unit, others) as the wizard gives them."""
    return [
        ImportRow(n, {
            "title": title, "book": book, "unit": city.units[unit].pk, "measure": "有清单有照片",
            "cooperating": tuple(city.units[name].pk for name in others), "due": date(2026, 12, 4),
        })
        for n, (title, book, unit, others) in enumerate(told, 2)
    ]  # fmt: skip


def take_in(city, *told):
    given = {"region": city.root.region, "context": {"campaign": city.campaign.pk}}
    return IMPORTER.write(rows(city, *told), actor=city.office, source=Source("任务表.xlsx", "0" * 64), **given)


TABLE = ("整治背街小巷", "campaign", "城管局", ["住建局"]), ("完成年度绿化投资", "business", "住建局", [])


def test_one_workbook_gives_drafts_of_both_kinds_and_the_same_again_changes_nothing(city):
    summary = take_in(city, *TABLE, ("清洗公交站亭", None, "城管局", []))
    assert [(line.name, line.text) for line in summary.lines] == [
        ("整治背街小巷", "创建任务 · 城管局 · 12月4日(周五)"),
        ("完成年度绿化投资", "业务工作 · 住建局 · 12月4日(周五)"),
        ("清洗公交站亭", "创建任务 · 城管局 · 12月4日(周五)"),
    ]  # fmt: skip
    kept = {one.title: (one.unit.name, one.book, one.state, one.post.title) for one in Task.objects.all()}
    assert kept["整治背街小巷"] == ("城管局", "campaign", "draft", "分管领导")
    assert kept["完成年度绿化投资"] == ("住建局", "business", "draft", "分管领导")
    assert [unit.name for unit in Task.objects.get(title="整治背街小巷").cooperating.all()] == ["住建局"]
    assert Entry.objects.latest("pk").data["new"] == 3
    again = take_in(city, *TABLE, TABLE[0])
    assert (again.new, again.unchanged, Task.objects.count()) == (0, 3, 3)


def test_row_whose_deadline_is_over_is_named(city):
    late = rows(city, TABLE[0])
    late[0].values["due"] = date(2026, 11, 17)
    (fault,) = IMPORTER.check(late, region=city.root.region, context={"campaign": city.campaign.pk})
    assert (fault.row, fault.field, fault.message) == (2, "due", "完成时限11月17日(周二)已过，请填以后的日期。")


def test_drafts_of_both_kinds_are_issued_together_and_what_is_open_already_asks_for_a_reason(city, sign_in):
    take_in(city, *TABLE)
    make_task(city.units["城管局"], campaign=city.campaign, title="集中整治背街小巷", state="accepted")
    client, url = sign_in(city.office), reverse("responsibilities:tasks") + "?tab=all&state=draft"
    page = client.get(url).content.decode()
    assert ("整治背街小巷" in page, "完成年度绿化投资" in page) == (True, True)
    sent = {"bulk": "issue", "select_all": "1", "sure": "1"}
    asked = client.post(url, sent)
    assert (asked.status_code, "城管局已有：集中整治背街小巷" in asked.content.decode()) == (400, True)
    client.post(url, sent | {"again": "", "leave_out": "on"})
    assert dict(Task.objects.filter(origin="workbook").values_list("book", "state")) == {
        "campaign": "draft", "business": "issued"
    }  # fmt: skip
    client.post(url, sent | {"again": "本月再清一遍"})
    assert Task.objects.get(title="整治背街小巷").state == "issued"
    assert RepeatedRequest.objects.get().reason == "本月再清一遍"


def test_task_by_hand_says_in_which_ledger_it_stands(city, sign_in):
    client, url = sign_in(city.office), reverse("responsibilities:new_task")
    sent = {"unit": city.units["住建局"].pk, "measure": "验收", "due": "2026-12-04"}
    client.post(url, sent | {"title": "完成绿化投资", "book": "business"})
    client.post(url, sent | {"title": "整治飞线"})
    assert dict(Task.objects.values_list("title", "book")) == {"完成绿化投资": "business", "整治飞线": "campaign"}


def test_units_are_judged_by_both_ledgers_side_by_side_with_sums_apart(city, sign_in):
    bureau = city.units["城管局"]
    section = make_unit(bureau, name="市容科")
    during = clock.midnight(OVER.first) + timedelta(days=9)
    for unit, book, late in (
        (section, "campaign", False), (section, "business", False), (section, "business", True),
        (bureau, "business", True),
    ):  # fmt: skip
        task = make_task(unit, campaign=city.campaign, book=book)
        finished = during + timedelta(hours=5 if late else -5)
        Task.objects.filter(pk=task.pk).update(state="confirmed", due_at=during, finished_at=finished)
    services.freeze_period(city.campaign, OVER)
    assert LevelMark.objects.get(unit=bureau).facts == {"in_time": 1, "own_in_time": 1, "own_late": 2}
    client = sign_in(city.office)
    table = client.get(reverse("responsibilities:levels") + f"?period={OVER.key}").content.decode()
    assert ('colspan="3">业务工作<' in table, 'scope="colgroup"' in table) == (True, True)
    mark = LevelMark.objects.get(unit=bureau)
    page = client.get(reverse("responsibilities:level_mark", args=[mark.pk])).content.decode()
    assert ("应完成任务1件" in page, "应完成任务3件" in page) == (True, True)
    behind = reverse("responsibilities:level_rows", args=[bureau.pk, "own_late"]) + f"?period={OVER.key}"
    assert client.get(behind).content.decode().count("cw-list__title") == 2


def test_without_own_work_the_table_stays_as_it_was(city, sign_in):
    during = clock.midnight(OVER.first) + timedelta(days=9)
    task = make_task(city.units["城管局"], campaign=city.campaign)
    Task.objects.filter(pk=task.pk).update(state="confirmed", due_at=during, finished_at=during)
    services.freeze_period(city.campaign, OVER)
    page = sign_in(city.office).get(reverse("responsibilities:levels") + f"?period={OVER.key}").content.decode()
    assert "colgroup" not in page
