"""Weekly reports: put together from the ledgers, confirmed in one click, frozen; who is missing; the office's sheet."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.workdays import ZONE
from chuangwen.notifications.models import Digest, Notice
from chuangwen.notifications.services.digests import make_digests
from chuangwen.notifications.services.feeds import make_feed
from chuangwen.rectification.models import Problem
from chuangwen.reports.ledgers import work_sheet
from chuangwen.reports.periods import week_of
from chuangwen.responsibilities import services
from chuangwen.responsibilities.jobs import open_weekly_reports
from chuangwen.responsibilities.milestones import Planned
from chuangwen.responsibilities.models import Task, WeekReport
from chuangwen.responsibilities.queries.weekly import assembled, missing
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
        "focus": "清理小广告\n改造路灯\n改造路灯：采购\n改造路灯：安装\n1件问题到期",
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


def test_people_are_told_when_it_opens_in_the_inbox_the_digest_and_the_calendar(city, client):
    liaison = liaison_of(city)
    assert open_weekly_reports() == 2
    report = WeekReport.objects.get(unit=city.units["城管局"])
    words, url = "请确认11月16日—22日的工作周报", f"/weekly/{report.pk}/"
    notice = Notice.objects.get(user=liaison)
    assert (notice.title, notice.url) == (words, url)
    make_digests(date(2026, 11, 19))
    (line,) = [one for one in Digest.objects.get(user=liaison).lines if one["title"] == words]
    assert (line["due"], line["section"]) == ("2026-11-20T17:30:00+08:00", "news")
    events = Calendar.from_ical(client.get(f"/calendar/{make_feed(liaison)}.ics").content).events
    (event,) = [one for one in events if str(one["summary"]) == words]
    assert (event["dtend"].dt, str(event["url"])[-len(url) :]) == (at(20, 17) + timedelta(minutes=30), url)
    services.confirm_week(report, actor=liaison)
    events = Calendar.from_ical(client.get(f"/calendar/{make_feed(liaison)}.ics").content).events
    assert words not in {str(one["summary"]) for one in events}


def test_unit_that_has_only_problems_gets_a_report_and_one_without_anything_does_not(city):
    make_problem(city.unit("园林局"), due_at=at(26))
    make_problem(city.unit("水务局"), due_at=at(26), state="found")
    make_problem(city.unit("教育局"), due_at=datetime(2026, 12, 20, tzinfo=ZONE))
    open_weekly_reports()
    assert set(WeekReport.objects.values_list("unit__name", flat=True)) == {"城管局", "住建局", "园林局"}
    report = WeekReport.objects.get(unit=city.units["园林局"])
    assert services.proposed_report(report)["following"] == "1件问题到期"


def test_holidays_bring_the_day_forward_and_a_week_without_a_working_day_asks_for_nothing(city):
    Campaign.objects.update(starts=date(2026, 1, 1), ends=date(2027, 12, 31))
    Task.objects.update(issued_at=None)
    for day, opened in ((28, 0), (29, 2), (30, 0)):
        with clock.at(datetime(2026, 9, day, 7, tzinfo=ZONE)):
            assert open_weekly_reports() == opened
    for now, number in (((9, 30, 17), 0), ((9, 30, 18), 2), ((10, 5, 9), 2)):
        with clock.at(datetime(2026, *now, tzinfo=ZONE)):
            assert WeekReport.objects.filter(missing()).count() == number
    for month, day in ((10, 1), (10, 2), (2, 19), (2, 20)):
        with clock.at(datetime(2026, month, day, 7, tzinfo=ZONE)):
            assert open_weekly_reports() == 0
    assert services.open_week(city.campaign, date(2026, 2, 16)) == 0
    with clock.at(datetime(2026, 11, 20, 18, tzinfo=ZONE)):
        assert open_weekly_reports() == 0  # what opens now would be missing at once


def test_missing_stays_until_it_is_confirmed_or_the_unit_is_let_off(city, report, sign_in):
    other = WeekReport.objects.get(unit=city.units["住建局"])
    page = sign_in(city.office)

    def listed(tab):
        return {row.pk for row in page.get(f"/weekly/?{tab}").context["listing"].slice.rows}

    assert (listed("tab=missing"), listed("tab=waiting")) == (set(), {report.pk, other.pk})
    with clock.at(at(24)):  # Tuesday of the next week
        rows = page.get("/weekly/").context["listing"].slice.rows
        assert [row.unit for row in rows] == [city.units["城管局"], city.units["住建局"]]  # in the order of the tree
        items = {one.url: one for one in sign_in(liaison_of(city)).get("/desk/").context["groups"].late}
        assert items[f"/weekly/{report.pk}/"].due == report.due_at  # stands with what is late
        page = sign_in(city.office)
        assert listed("tab=missing") == listed("tab=all&state=missing") == {report.pk, other.pk}
        assert listed("tab=waiting") == listed("tab=all&state=open") == set()
        desk = page.get("/desk/").content.decode()
        assert ("2份周报缺报" in desk, "/weekly/?tab=missing" in desk) == (True, True)
        with pytest.raises(PermissionDenied):
            services.waive_week(report, reason="抽调", actor=liaison_of(city))
        with pytest.raises(Refusal):
            services.waive_week(report, reason=" ", actor=city.office)
        sent = {"bulk": "waive", "id": [report.pk], "sure": "1", "reason": "全员抽调防汛"}
        page.post("/weekly/?tab=missing", sent)
        report.refresh_from_db()
        assert (report.state, listed("tab=missing")) == ("waived", {other.pk})
        with pytest.raises(Refusal, match="已免报"):
            services.remind_week(report, actor=city.office)
        page = sign_in(liaison_of(city))
        text = page.get(f"/weekly/{report.pk}/").content.decode()
        assert ("已免报：全员抽调防汛" in text, "逾期2天" in text) == (True, False)  # who was let off is not late
        services.confirm_week(report, actor=liaison_of(city))
        page = sign_in(city.office)
        assert listed("tab=confirmed") == {report.pk}
        services.confirm_week(other, actor=city.liaison(city.units["住建局"]))
        assert listed("tab=missing") == set()
        assert "周报缺报" not in page.get("/desk/").content.decode()


def test_week_that_is_confirmed_later_holds_the_facts_of_its_own_week(city, report):
    with clock.at(at(22, 23)):
        said = services.proposed_report(report)
    tasks = {task.title: task for task in Task.objects.all()}
    office, liaison = city.office, liaison_of(city)
    with clock.at(at(23)):
        services.ask_postponement(tasks["补种绿化"], due_at=at(30), reason="苗木未到", actor=liaison)
        services.grant_postponement(tasks["补种绿化"], due_at=at(30), reason="同意", actor=office)
        services.report_task(tasks["改造路灯"], note="完成", actor=liaison)
        services.uphold_task(tasks["管网改造"], reason="仍由你局负责", actor=office)
        services.set_waits(tasks["整治早市"], others=[], actor=office)
        services.accept_task(tasks["整治早市"], actor=liaison)
        services.cancel_task(tasks["整治早市"], reason="合并", actor=office)
        Problem.objects.update(state="closed", fixed_at=at(23), closed_at=at(23))
    with clock.at(at(23, 10)):
        late = services.proposed_report(WeekReport.objects.get(pk=report.pk))
        assert late == said
        assert "等待住建局" in said["coordinate"]
        dates = {"due_at": at(27), "issued_at": at(23)}
        new = make_task(city.units["城管局"], campaign=city.campaign, title="新任务", state="accepted", **dates)
        services.ask_postponement(new, due_at=at(30), reason="天气", actor=liaison)
        services.write_plan(tasks["补种绿化"], steps=[Planned("挖坑", 100, date(2026, 11, 24))], actor=liaison)
        assert services.proposed_report(WeekReport.objects.get(pk=report.pk)) == late


def test_office_reminds_once_a_day_and_enters_a_paper_for_a_unit(city, report):
    liaison = liaison_of(city)
    services.remind_week(report, actor=city.office)
    assert Notice.objects.filter(user=liaison, title="请确认11月16日—22日的工作周报").count() == 1
    waits = Notice.objects.filter(user=liaison, url=f"/weekly/{report.pk}/", read_at=None)
    assert waits.count() == 1  # the newest takes the place of what opening the week said
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
    make_task(
        city.units["住建局"], campaign=city.campaign, title="修补路面", due_at=at(18), state="reported",
        finished_at=at(17),
    )  # fmt: skip
    make_problem(city.units["住建局"], due_at=at(17))
    make_task(city.unit("园林局"), campaign=city.campaign, due_at=datetime(2026, 12, 20, tzinfo=ZONE))
    sheet = work_sheet(city.campaign, week_of(MONDAY), at(20))
    rows = {row.name: row.values for row in sheet.rows}
    assert rows["城管局"] == {
        "focus": "清理小广告；改造路灯；改造路灯：采购；改造路灯：安装；1件问题到期",
        "done": "清理小广告",
        "difficulty": "逾期：补种绿化；1件问题逾期",
        "coordinate": "有异议：管网改造；整治早市：等待住建局完成“开挖”",
        "next": "整治早市；复查绿化",
        "checked_by": "王科长",
    }
    with clock.at(at(20)):
        own = assembled(city.campaign, [city.units["住建局"].pk], MONDAY)[city.units["住建局"].pk]
    assert own["done"] == ["修补路面"]
    assert rows["住建局"] == {
        "focus": "；".join(own["focus"]),
        "done": "修补路面",
        "difficulty": "1件问题逾期",
        "coordinate": "",
        "next": "；".join(own["following"]),
        "checked_by": "未确认",
    }
    assert "园林局" not in rows  # nothing of the week to tell
    assert sheet.facts == {"confirmed": 1, "missing": 1, "quiet": 1}


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
        assert "1份周报缺报" in page.get("/desk/").content.decode()
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
            due_at=at(13),
        )
    with CaptureQueriesContext(connection) as many:
        page.get("/weekly/?tab=all")
    assert len(few) == len(many)
