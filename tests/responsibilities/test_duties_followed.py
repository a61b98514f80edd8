"""A duty of a unit that was renamed or merged goes on at its successor; what is missing of weeks is on the agenda."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta

import pytest

from chuangwen.campaigns.services import add_standard, drop_standard
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.panels import AgendaAsk
from chuangwen.core.workdays import ZONE, default_calendar
from chuangwen.notifications.models import Notice
from chuangwen.organizations.services import succeed_units
from chuangwen.responsibilities.agenda import missing_weeks
from chuangwen.responsibilities.frequency import schedule_of
from chuangwen.responsibilities.jobs import follow_units
from chuangwen.responsibilities.models import Task, WeekReport
from chuangwen.responsibilities.services import ask_postponement, following, open_duty, recurring, set_share
from chuangwen.responsibilities.services.following import follow_tasks
from chuangwen.responsibilities.services.recurring import follow_successors, open_occurrences
from chuangwen.responsibilities.week_days import due_of_week
from chuangwen.workflow.queries import history_of
from tests.responsibilities.making import make_city
from tests.support.factories import make_task, make_version

pytestmark = pytest.mark.django_db
MONTHLY = schedule_of("每月25日前")
FIRST = date(2026, 11, 2)
CHANGE = date(2026, 12, 1)


def morning(day):
    return clock.at(datetime.combine(day, datetime.min.time(), ZONE).replace(hour=9))


@pytest.fixture
def city():
    made = make_city()
    made.campaign.ends = date(2027, 12, 31)
    made.campaign.save(update_fields=["ends"])
    for name in ("城管局", "园林局", "城市管理和园林局"):
        made.unit(name)
    return made


def duty_of(city, name, source=""):
    return open_duty(
        city.campaign, city.units[name], title="报送进展", measure="按时", schedule=MONTHLY, actor=city.office,
        source=source, post=city.units[name].posts.get(),
    )  # fmt: skip


def succeed(city, olds, news, kind):
    units = city.units
    succeed_units([units[one] for one in olds], [units[one] for one in news], kind=kind, day=CHANGE, actor=None)


def test_duty_of_a_merged_unit_opens_at_the_successor_with_its_post(city):
    heir = city.units["城市管理和园林局"]
    with morning(FIRST):
        duty = duty_of(city, "城管局")
        succeed(city, ["城管局", "园林局"], ["城市管理和园林局"], "merged")
        assert follow_successors(clock.today()) == 0  # it lasts until the day before
    liaison = city.liaison(heir)
    with morning(CHANGE + timedelta(days=10)):
        follow_units()
        open_occurrences(clock.today())
    duty.refresh_from_db()
    task = duty.tasks.get(occurrence__contains="12")
    assert (duty.unit, duty.post, task.unit, task.post) == (heir, None, heir, heir.posts.get())
    assert [(one.data["before"], one.data["unit"]) for one in history_of(duty) if one.action == "unit"] == [
        ("城管局", "城市管理和园林局")
    ]
    assert Notice.objects.filter(user=liaison, title="承接城管局的定期工作：报送进展").count() == 1


def test_of_merged_units_with_the_same_duty_one_stays(city):
    with morning(FIRST):
        duties = [duty_of(city, name, source="directives.candidate:1") for name in ("城管局", "园林局")]
        succeed(city, ["城管局", "园林局"], ["城市管理和园林局"], "merged")
    with morning(CHANGE):
        assert follow_successors(clock.today()) == 1
        assert follow_successors(clock.today()) == 0
    for duty in duties:
        duty.refresh_from_db()
    assert [(one.unit.name, one.state) for one in duties] == [("城市管理和园林局", "running"), ("园林局", "ended")]
    assert history_of(duties[1]).last().note == "承接单位城市管理和园林局已有同一项定期工作。"


def test_duty_of_a_split_unit_waits_for_a_person_and_opens_nothing(city):
    with morning(FIRST):
        duty = duty_of(city, "城管局")
        before = duty.tasks.count()
        succeed(city, ["城管局"], ["园林局", "城市管理和园林局"], "split")
    with morning(CHANGE + timedelta(days=15)):
        follow_units()
        open_occurrences(clock.today())
    duty.refresh_from_db()
    assert (duty.unit.name, duty.state, duty.tasks.count()) == ("城管局", "running", before)
    assert duty.opens_on < CHANGE + timedelta(days=15)  # among those not opened


def test_missing_weekly_reports_are_a_point_by_unit_since_the_last_meeting(city):
    def week(name, monday, state="open"):
        WeekReport.objects.create(
            region=city.root.region,
            campaign=city.campaign,
            unit=city.units[name],
            monday=monday,
            state=state,
            due_at=due_of_week(monday, default_calendar()),
        )

    with morning(date(2026, 11, 18)):
        assert missing_weeks(AgendaAsk(city.campaign, "regular", date(2026, 11, 20))) is None
        for monday in (date(2026, 8, 3), date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)):
            week("城管局", monday)
        week("园林局", date(2026, 11, 9))
        week("城市管理和园林局", date(2026, 11, 9), "confirmed")
        told = missing_weeks(AgendaAsk(city.campaign, "regular", date(2026, 11, 20)))
        assert (told.title, told.count) == ("2个单位缺报工作周报", 2)  # of this week nothing is missing on Wednesday
        assert [(one.text, one.end) for one in told.lines] == [("城管局", "缺2周"), ("园林局", "缺1周")]
        since = missing_weeks(AgendaAsk(city.campaign, "regular", date(2026, 11, 20), since=date(2026, 11, 10)))
        assert [(one.text, one.end) for one in since.lines] == [("城管局", "缺1周"), ("园林局", "缺1周")]


def task_at(city, name, title="清理小广告", **fields):
    values = {
        "state": "accepted",
        "measures": "天天清",
        "people": "一中队",
        "due_at": morning_of(CHANGE + timedelta(30)),
    }
    return make_task(city.units[name], campaign=city.campaign, title=title, **values | fields)


def morning_of(day):
    return datetime.combine(day, datetime.min.time(), ZONE).replace(hour=9)


def test_open_tasks_of_merged_units_go_on_at_the_successor_as_they_stand_and_it_is_told_once(city):
    heir, node = city.units["城市管理和园林局"], city.node("1.1")
    liaison = city.liaison(heir)
    with morning(FIRST):
        set_share(city.campaign, node, city.units["城管局"], "lead", actor=city.office)
        first = task_at(city, "城管局", node=node, origin="breakdown")
        second, draft = (
            task_at(city, "城管局", "修剪绿篱", state="objected"),
            task_at(city, "城管局", "草稿", state="draft"),
        )
        done = task_at(city, "城管局", "办完的", state="confirmed")
        helped = task_at(city, "园林局", "两家一起")
        helped.cooperating.add(city.units["城管局"])
        succeed(city, ["城管局", "园林局"], ["城市管理和园林局"], "merged")
        assert follow_tasks(clock.today()) == 0  # they last until the day before
    with morning(CHANGE):
        assert follow_tasks(clock.today()) == 4
        assert follow_tasks(clock.today()) == 0
    kept = {one.title: (one.unit.name, one.state, one.measures) for one in Task.objects.exclude(pk=done.pk)}
    assert kept == {
        "清理小广告": (heir.name, "accepted", "天天清"), "修剪绿篱": (heir.name, "objected", "天天清"),
        "草稿": (heir.name, "draft", "天天清"), "两家一起": (heir.name, "accepted", "天天清"),
    }  # fmt: skip
    assert Task.objects.get(pk=done.pk).unit == city.units["城管局"]
    assert Task.objects.get(pk=first.pk).post == heir.posts.get()
    assert city.cells() == {("1.1", heir.name): "lead"}
    assert not helped.cooperating.exists()
    step = history_of(second).last()
    assert (step.action, step.data["before"], step.data["unit"]) == ("follow", "城管局", heir.name)
    assert history_of(draft).filter(action="follow").exists()
    titles = Notice.objects.filter(user=liaison).values_list("title", flat=True)
    assert sorted(titles) == ["承接园林局的1项任务", "承接城管局的2项任务"]


def test_unit_whose_tasks_cannot_go_on_keeps_no_other_units_waiting(city, monkeypatch, caplog):
    with morning(FIRST):
        task_at(city, "城管局")
        helped = task_at(city, "城管局", "一起的")
        task_at(city, "园林局", "修剪绿篱")
        succeed(city, ["城管局", "园林局"], ["城市管理和园林局"], "merged")

    def refuse(task, old, *_others):
        if old.name == "城管局" and task.pk == helped.pk:
            raise Refusal("broken")

    monkeypatch.setattr(following, "take_lead_along", refuse)
    fails = pytest.raises(RuntimeError, match=r"^tasks of units that ended failed for: 城管局$")
    with morning(CHANGE), caplog.at_level(logging.CRITICAL), fails:
        follow_tasks(clock.today())
    kept = dict(Task.objects.values_list("title", "unit__name"))
    assert kept == {"清理小广告": "城管局", "一起的": "城管局", "修剪绿篱": "城市管理和园林局"}


def test_duty_that_cannot_go_on_keeps_no_other_and_no_task_waiting(city, monkeypatch, caplog):
    with morning(FIRST):
        duties = [duty_of(city, name) for name in ("城管局", "园林局")]
        task = task_at(city, "城管局")
        succeed(city, ["城管局", "园林局"], ["城市管理和园林局"], "merged")

    def refuse(duty, *_others):
        if duty.pk == duties[0].pk:
            raise Refusal("broken")

    monkeypatch.setattr(recurring, "tell_unit_of_duty", refuse)
    fails = pytest.raises(RuntimeError, match=r"for: follow_successors$")
    with morning(CHANGE), caplog.at_level(logging.CRITICAL), fails:
        follow_units()
    for one in (*duties, task):
        one.refresh_from_db()
    assert [one.unit.name for one in (*duties, task)] == ["城管局", "城市管理和园林局", "城市管理和园林局"]


def test_task_of_a_standard_that_counts_no_longer_goes_on_without_the_matrix(city):
    other = make_version(city.root.region, leaves=1)
    row = add_standard(city.campaign, other, actor=None)
    with morning(FIRST):
        set_share(city.campaign, city.node_of(other, "1.1"), city.units["城管局"], "lead", actor=city.office)
        task = task_at(city, "城管局", node=city.node_of(other, "1.1"), origin="breakdown")
        drop_standard(row, actor=None)
        succeed(city, ["城管局", "园林局"], ["城市管理和园林局"], "merged")
    with morning(CHANGE):
        assert follow_tasks(clock.today()) == 1
    task.refresh_from_db()
    assert task.unit.name == "城市管理和园林局"
    assert city.cells() == {("1.1", "城管局"): "lead"}


def test_tasks_of_a_split_unit_stand_on_the_offices_desk_and_are_given_away_together(city, sign_in):
    with morning(FIRST):
        tasks = [task_at(city, "城管局", title, state=state) for title, state in (
            ("清理小广告", "accepted"), ("修剪绿篱", "objected"), ("加时的", "accepted"))]  # fmt: skip
        ask_postponement(
            tasks[2],
            due_at=tasks[2].due_at + timedelta(days=5),
            reason="缺人",
            actor=city.liaison(city.units["城管局"]),
        )
        succeed(city, ["城管局"], ["园林局", "城市管理和园林局"], "split")
    with morning(CHANGE):
        assert follow_tasks(clock.today()) == 0
        client, url = sign_in(city.office), "/tasks/?tab=ownerless"
        assert "3项任务的责任单位已撤销" in client.get("/desk/").content.decode()
        assert client.get(url).content.decode().count("data-row") >= 3
        sent = {"bulk": "assign", "select_all": "1", "sure": "1", "unit": city.units["园林局"].pk, "reason": "机构改革"}
        client.post(url, sent)
        assert set(Task.objects.values_list("unit__name", flat=True)) == {"园林局"}
        assert not Task.objects.filter(state="objected").exists()
        assert "责任单位已撤销" not in client.get("/desk/").content.decode()
