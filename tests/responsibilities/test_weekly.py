"""Weekly reports: put together from the ledgers, confirmed in one click, frozen; who is missing; the office's sheet."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.workdays import ZONE
from chuangwen.notifications.models import Notice
from chuangwen.reports.ledgers import work_sheet
from chuangwen.reports.periods import week_of
from chuangwen.responsibilities import services
from chuangwen.responsibilities.jobs import open_weekly_reports
from chuangwen.responsibilities.milestones import Planned
from chuangwen.responsibilities.models import Task, WeekReport
from chuangwen.workflow.queries import history_of
from chuangwen.workflow.services import StaleState
from tests.responsibilities.making import make_city
from tests.responsibilities.test_instructions import picture
from tests.support.factories import make_problem, make_task

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=ZONE)


@pytest.fixture
def city():
    """On Thursday: one late task, one due with a plan, one done, one next week, one objected to; a problem late."""
    with clock.at(at(19)):
        made = make_city()
        unit = made.unit("城管局")
        made.unit("住建局")
        tasks = {
            name: make_task(unit, campaign=made.campaign, title=name, due_at=due, state=state, issued_at=at(2), **more)
            for name, due, state, more in (
                ("补种绿化", at(13), "accepted", {}),
                ("改造路灯", at(20, 18), "accepted", {"measures": "x", "people": "y"}),
                ("清理小广告", at(18, 18), "confirmed", {"finished_at": at(17)}),
                ("整治早市", at(26, 18), "issued", {}),
                ("管网改造", at(30, 18), "objected", {}),
            )
        }
        services.write_plan(
            tasks["改造路灯"],
            steps=[Planned("采购", 50, date(2026, 11, 18)), Planned("安装", 50, date(2026, 11, 20))],
            actor=made.liaison(unit),
        )
        other = make_task(made.units["住建局"], campaign=made.campaign, title="开挖", state="accepted", issued_at=at(2))
        services.set_waits(tasks["整治早市"], others=[other], actor=made.office)
        make_problem(unit, due_at=at(17))
        yield made


@pytest.fixture
def report(city):
    assert open_weekly_reports() == 2
    return WeekReport.objects.get(unit=city.units["城管局"])


def liaison_of(city):
    return city.liaison(city.units["城管局"])


def test_report_is_put_together_from_the_ledgers(city, report):
    assert services.proposed_report(report) == {
        "focus": "改造路灯\n清理小广告\n改造路灯：采购\n改造路灯：安装".replace(
            "改造路灯\n清理小广告", "清理小广告\n改造路灯"
        ),
        "done": "清理小广告",
        "difficulty": "逾期：补种绿化\n1件问题逾期",
        "coordinate": "有异议：管网改造\n整治早市：等待住建局完成“开挖”",
        "following": "整治早市",
        "checked_by": "分管领导",
    }


def test_reports_open_from_thursday_on_once_for_who_had_anything_to_do(city):
    city.unit("园林局")
    with clock.at(at(18)):
        assert open_weekly_reports() == 0
    assert [open_weekly_reports(), open_weekly_reports()] == [2, 0]
    assert set(WeekReport.objects.values_list("unit__name", "monday")) == {("城管局", MONDAY), ("住建局", MONDAY)}


def test_unit_confirms_once_and_what_it_confirmed_stays(city, report):
    liaison = liaison_of(city)
    with pytest.raises(PermissionDenied):
        services.confirm_week(report, actor=city.liaison(city.units["住建局"]))
    with pytest.raises(Refusal):
        services.confirm_week(report, actor=city.office)
    with pytest.raises(Refusal):
        services.confirm_week(report, actor=liaison, changes={"focus": "长" * 2001})
    services.confirm_week(report, actor=liaison, changes={"coordinate": "请住建局周二前开挖"})
    with pytest.raises(StaleState):
        services.confirm_week(WeekReport.objects.get(pk=report.pk), actor=liaison)
    Task.objects.update(title="改名")
    report.refresh_from_db()
    assert (report.state, report.done, report.coordinate) == ("confirmed", "清理小广告", "请住建局周二前开挖")
    assert (report.confirmed_by, report.confirmed_at, report.checked_by) == (liaison, at(19), "分管领导")
    with pytest.raises(Refusal):
        services.remind_week(report, actor=city.office)


def test_office_reminds_once_a_day_and_enters_a_paper_for_a_unit(city, report):
    liaison = liaison_of(city)
    services.remind_week(report, actor=city.office)
    assert Notice.objects.filter(user=liaison, title="请确认本周工作周报").count() == 1
    report.refresh_from_db()
    with pytest.raises(Refusal, match="今天催过了"):
        services.remind_week(report, actor=city.office)
    with pytest.raises(PermissionDenied):
        services.remind_week(report, actor=liaison)
    scan = services.Scan("周报.png", picture())
    services.confirm_week(report, actor=city.office, paper=scan, on_behalf="办公室", at=at(19, 8))
    steps = history_of(report).order_by("pk")
    assert [(step.action, step.on_behalf) for step in steps] == [("remind", ""), ("confirm", "办公室"), ("paper", "")]


def test_offices_sheet_has_what_was_confirmed_and_what_the_tasks_say_of_the_others(city, report):
    services.confirm_week(
        report, actor=liaison_of(city), changes={"following": "整治早市\n复查绿化", "checked_by": "王科长"}
    )
    rows = {row.name: row.values for row in work_sheet(city.campaign, week_of(MONDAY), at(20)).rows}
    assert rows["城管局"] == {
        "focus": "清理小广告；改造路灯；改造路灯：采购；改造路灯：安装",
        "done": "清理小广告",
        "difficulty": "逾期：补种绿化；1件问题逾期",
        "coordinate": "有异议：管网改造；整治早市：等待住建局完成“开挖”",
        "next": "整治早市；复查绿化",
        "checked_by": "王科长",
    }
    assert "住建局" not in rows or rows["住建局"]["done"] == ""


@pytest.mark.once
def test_liaison_confirms_on_the_phone_in_two_taps_and_the_office_sees_who_is_missing(city, report, sign_in):
    page = sign_in(liaison_of(city))
    desk = page.get("/desk/").content.decode()
    assert ("1份周报待确认" in desk, f"/weekly/{report.pk}/" in desk) == (True, True)
    assert "确认办结" not in desk  # the office says that of a task
    form = page.get(f"/weekly/{report.pk}/").context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    assert page.post(f"/weekly/{report.pk}/", typed | {"focus": "长" * 2001}).status_code == 422
    assert page.post(f"/weekly/{report.pk}/", typed)["location"] == f"/weekly/{report.pk}/"
    assert page.post(f"/weekly/{report.pk}/", typed).status_code in {400, 409}
    assert page.get("/weekly/?tab=own").context["listing"].total == 0
    page = sign_in(city.office)
    with clock.at(at(20, 18)):
        assert "1个单位没有确认本周周报" in page.get("/desk/").content.decode()
        missing = page.get("/weekly/").content.decode()
        assert ("住建局" in missing, f"/weekly/{report.pk}/" in missing) == (True, False)
    frozen = page.get(f"/weekly/{report.pk}/").content.decode()
    assert all(words in frozen for words in ("已确认", "清理小广告", "需协调事项"))
    waiting = WeekReport.objects.get(unit=city.units["住建局"])
    scan = SimpleUploadedFile("周报.png", picture(), "image/png")
    sent = {**typed, "on_behalf": "办公室", "at": "", "paper": scan}
    assert page.post(f"/weekly/{waiting.pk}/", sent).status_code == 302
    assert "周报.png" in page.get(f"/weekly/{waiting.pk}/").content.decode()
    assert page.get("/weekly/?tab=all&week=2026-11-16&format=xlsx").status_code == 200
    with CaptureQueriesContext(connection) as few:
        page.get("/weekly/?tab=all")
    for number in range(2):
        WeekReport.objects.create(
            region=city.root.region,
            campaign=city.campaign,
            unit=city.unit(f"单位{number}"),
            monday=MONDAY - timedelta(7),
        )
    with CaptureQueriesContext(connection) as many:
        page.get("/weekly/?tab=all")
    assert len(few) == len(many)
