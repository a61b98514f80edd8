"""The list of tasks, one task, its steps, its paper; issuing; the start page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.models import Job
from chuangwen.core.panels import counted
from chuangwen.responsibilities import desk
from chuangwen.responsibilities.models import Task, TaskState
from chuangwen.responsibilities.services import (
    accept_task,
    add_measures,
    note_progress,
    object_to_task,
    postpone_task,
    report_task,
    set_share,
    uphold_task,
)
from chuangwen.responsibilities.views import issuing
from tests.responsibilities.making import make_city
from tests.support.factories import make_campaign, make_task, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LIST = "/tasks/"


@pytest.fixture
def city():
    return make_city()


@pytest.fixture
def office(city, client):
    client.force_login(city.office, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def unit(city):
    return city.unit("城管局")


@pytest.fixture
def liaison(city, unit):
    return city.liaison(unit)


@pytest.fixture
def task(city, unit):
    return make_task(
        unit, campaign=city.campaign, measure="不失分", node=city.node("1.1"), due_at=clock.now() + timedelta(days=9)
    )


def step(task, action):
    return reverse("responsibilities:step", args=[task.pk, action])


def page(task):
    return reverse("responsibilities:task", args=[task.pk])


def titles(answer):
    return [row.title for row in answer.context["listing"].slice.rows]


def in_days(days):
    return (clock.today() + timedelta(days=days)).isoformat()


def test_list_shows_first_what_waits_for_the_person(city, office, unit, liaison, task, sign_in):
    reported = make_task(unit, campaign=city.campaign, state=TaskState.REPORTED)
    make_task(city.unit("住建局"), campaign=city.campaign)
    assert titles(office.get(LIST)) == [reported.title]
    answer = sign_in(liaison).get(LIST)
    assert titles(answer) == [task.title]
    assert (answer.context["hero"], [one.action for one in answer.context["hero_steps"]]) == (
        task,
        ["accept", "object"],
    )
    assert titles(sign_in(liaison).get(f"{LIST}?tab=confirm")) == [reported.title]


def test_list_costs_the_same_for_one_task_and_for_three(city, office, unit):
    def cost():
        with CaptureQueriesContext(connection) as seen:
            assert office.get(f"{LIST}?tab=all").status_code == 200
        return len(seen)

    make_task(unit, campaign=city.campaign)
    office.get(LIST)
    before = cost()
    for name in ("住建局", "文旅局"):
        make_task(city.unit(name), campaign=city.campaign, node=city.node("1.2"))
    assert cost() == before


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tab=all&state=issued", 1),
        ("tab=all&origin=breakdown", 0),
        ("tab=all&origin=hand", 1),
        ("tab=late", 0),
        ("tab=week&unit=999", 0),
        ("tab=all&unit=x&section=y", 0),
        ("tab=all&q=任务", 1),
    ],
)
def test_list_is_filtered(office, task, query, found):
    assert len(titles(office.get(f"{LIST}?{query}"))) == found


def test_list_is_filtered_by_section(city, office, task):
    make_task(task.unit, campaign=city.campaign)
    assert titles(office.get(f"{LIST}?tab=all&section={city.node('1').pk}")) == [task.title]


def test_late_and_this_weeks_tasks_have_their_tabs(city, office, unit):
    late = make_task(unit, campaign=city.campaign, due_at=clock.now() - timedelta(hours=1))
    make_task(unit, campaign=city.campaign, due_at=clock.now() - timedelta(hours=1), state=TaskState.CONFIRMED)
    week = make_task(unit, campaign=city.campaign, due_at=clock.now() + timedelta(seconds=1))
    assert titles(office.get(f"{LIST}?tab=late")) == [late.title]
    assert titles(office.get(f"{LIST}?tab=week")) == [week.title]


def test_list_goes_to_paper_excel_and_a_message_with_one_line_a_unit(city, office, unit, task):
    make_task(unit, campaign=city.campaign)
    for form in ("print", "xlsx"):
        assert office.get(f"{LIST}?tab=all&format={form}").status_code == 200
    assert "城管局" in office.get(f"{LIST}?tab=all&format=message").content.decode()


def test_bulk_confirms_and_cancels(city, office, unit):
    reported = make_task(unit, campaign=city.campaign, state=TaskState.REPORTED)
    office.post(LIST, {"bulk": "confirm", "id": [reported.pk]})
    reported.refresh_from_db()
    assert reported.state == TaskState.CONFIRMED
    running = make_task(unit, campaign=city.campaign)
    asked = {"bulk": "cancel", "id": [running.pk]}
    for more in ({}, {"sure": "1", "reason": ""}):
        office.post(f"{LIST}?tab=all", asked | more)
        running.refresh_from_db()
        assert running.state == TaskState.ISSUED
    office.post(f"{LIST}?tab=all", asked | {"sure": "1", "reason": "口径有变"})
    running.refresh_from_db()
    assert running.state == TaskState.CANCELLED


def test_task_page_shows_the_fixings_with_what_is_missing(office, task):
    answer = office.get(page(task))
    assert [(one.key, bool(one.missing)) for one in answer.context["fixings"]] == [
        ("task", False), ("progress", False), ("duty", True), ("measures", True), ("people", True)
    ]  # fmt: skip
    assert {one.action for one in answer.context["on_behalf"]} == {"accept", "object"}
    assert [one.action for one in answer.context["own"]] == ["remind", "postpone", "roles", "waits", "assign", "cancel"]


def test_task_page_tells_every_kind_of_step(city, office, task, liaison):
    accept_task(task, actor=city.office, on_behalf="城管局办公室")
    add_measures(task, measures="每日巡查", people="科长", actor=liaison)
    note_progress(task, note="做了三条街", actor=liaison)
    postpone_task(task, due_at=clock.now() + timedelta(days=30), reason="台风", actor=city.office)
    report_task(task, note="已完成", actor=liaison)
    answer = office.get(page(task))
    words = [str(entry["what"]) for entry in answer.context["entries"]]
    assert words == ["报告完成", "调整时限", "进展情况", "补充措施和人员", "接受任务"]
    assert "代城管局办公室录入" in answer.context["entries"][-1]["who"]
    assert (answer.context["next"]["title"], answer.context["next"]["quote"]) == ("下一步：由您确认", "已完成")


def test_moved_task_tells_from_where_to_where(city, office, task, liaison):
    object_to_task(task, reason="不归我们", actor=liaison)
    assert office.get(page(task)).context["next"]["quote"] == "不归我们"
    uphold_task(task, reason="同意", actor=city.office, unit=city.unit("住建局"))
    assert office.get(page(task)).context["entries"][0]["text"] == "城管局 → 住建局"


@pytest.mark.parametrize("state", list(TaskState))
def test_task_page_opens_in_every_state_for_both_sides(city, office, unit, liaison, state):
    task = make_task(
        unit, campaign=city.campaign, state=state, origin_text="原句", origin_url="/directives/1/", detail="说明"
    )
    assert office.get(page(task)).status_code == 200
    office.force_login(liaison, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert office.get(page(task)).status_code == 200
    assert office.get(reverse("responsibilities:task_paper", args=[task.pk])).status_code == 200


def test_unit_accepts_and_is_told_by_when_measures_are_due(task, liaison, sign_in):
    client = sign_in(liaison)
    assert client.get(step(task, "accept")).status_code == 200
    assert client.post(step(task, "accept")).url == page(task)
    answer = client.get(page(task))
    assert answer.context["next"]["title"] == "下一步：补充措施和人员"
    assert "补充措施和人员" in answer.context["next"]["after"]
    assert client.post(step(task, "measures"), {"measures": "每日巡查", "people": "科长"}).status_code == 302
    assert client.get(page(task)).context["next"]["title"] == "下一步：完成后报告"
    assert client.post(step(task, "progress"), {"note": "过半"}).status_code == 302
    assert client.post(step(task, "report"), {"note": "已完成"}).status_code == 302
    task.refresh_from_db()
    assert task.state == TaskState.REPORTED


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("object", {"reason": ""}),
        ("object", {"reason": "长" * 1001}),
        ("measures", {"measures": "每日巡查", "people": "科长"}),
        ("report", {"note": "<script>alert(1)</script>"}),
        ("progress", {"note": ""}),
    ],
)
def test_refused_step_keeps_what_was_typed(task, liaison, sign_in, action, data):
    answer = sign_in(liaison).post(step(task, action), data)
    assert answer.status_code in {409, 422}
    assert "<script>alert" not in answer.content.decode()
    assert answer.context["form"].data.dict() == data
    task.refresh_from_db()
    assert task.state == TaskState.ISSUED


def test_office_answers_on_behalf_with_the_true_time(city, office, task):
    assert office.post(step(task, "accept"), {"on_behalf": "", "at": ""}).status_code == 422
    later = (clock.local(clock.now()) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    assert office.post(step(task, "accept"), {"on_behalf": "办公室", "at": later}).status_code == 422
    assert office.post(step(task, "accept"), {"on_behalf": "办公室", "at": ""}).status_code == 302


def test_office_decides_confirms_sends_back_moves_and_cancels(city, office, unit, liaison):
    def make(state):
        return make_task(unit, campaign=city.campaign, state=state)

    objected, other = make(TaskState.OBJECTED), city.unit("住建局")
    assert office.get(step(objected, "uphold")).status_code == 200
    assert office.post(step(objected, "uphold"), {"reason": "改由住建", "unit": other.pk}).status_code == 302
    assert Task.objects.get(pk=objected.pk).unit == other
    reported = make(TaskState.REPORTED)
    assert office.post(step(reported, "reopen"), {"reason": "还有两条街"}).status_code == 302
    assert office.post(step(make(TaskState.REPORTED), "confirm"), {"note": ""}).status_code == 302
    issued = make(TaskState.ISSUED)
    assert office.post(step(issued, "postpone"), {"due": in_days(-1), "reason": "台风"}).status_code == 422
    assert office.post(step(issued, "postpone"), {"due": in_days(9), "reason": "台风"}).status_code == 302
    assert office.post(step(issued, "cancel"), {"reason": "口径有变"}).status_code == 302
    assert Task.objects.get(pk=issued.pk).state == TaskState.CANCELLED


def test_step_that_is_not_open_leads_back_and_an_unknown_one_is_not_found(office, task, city):
    assert office.get(step(task, "confirm")).url == page(task)
    assert office.get(step(task, "nonsense")).status_code == 404
    stranger = make_task()
    assert office.get(step(stranger, "accept")).status_code == 404
    assert office.get(page(stranger)).status_code == 404


def test_step_of_a_task_that_moved_on_is_a_conflict(task, liaison, sign_in):
    accept_task(task, actor=liaison)
    assert sign_in(liaison).post(step(task, "accept")).status_code == 409


def test_reader_takes_no_step(city, task, sign_in):
    client = sign_in(make_user(Role.LEADER, city.root))
    assert client.get(page(task)).status_code == 200
    assert client.post(step(task, "accept")).status_code == 403


def test_unit_does_not_move_the_deadline_of_its_own_task(task, liaison, sign_in):
    before = task.due_at
    client = sign_in(liaison)
    assert client.post(step(task, "postpone"), {"due": in_days(30), "reason": "想晚一点"}).status_code == 403
    task.refresh_from_db()
    assert task.due_at == before


def test_new_task_is_issued_or_kept_as_a_draft(city, office, unit):
    address = reverse("responsibilities:new_task")
    assert office.get(f"{address}?unit={unit.pk}").status_code == 200
    data = {"title": "清理小广告", "unit": unit.pk, "measure": "无小广告", "due": in_days(9), "cooperating": []}
    office.post(address, data)
    office.post(address, data | {"draft": "1", "cooperating": [city.unit("住建局").pk]})
    assert sorted(Task.objects.values_list("state", flat=True)) == ["draft", "issued"]
    draft = Task.objects.get(state="draft")
    assert office.post(step(draft, "issue"), {"again": "两家一起清"}).status_code == 302
    assert Task.objects.filter(state="draft").count() == 0


@pytest.mark.parametrize(
    "change",
    [
        {"title": ""},
        {"unit": ""},
        {"unit": "999999"},
        {"due": "yesterday"},
        {"measure": "好" * 301},
        {"title": "长" * 301},
    ],
)
def test_wrong_new_task_is_shown_again(office, unit, change):
    data = {"title": "清理小广告", "unit": unit.pk, "measure": "无小广告", "due": in_days(9)} | change
    assert office.post(reverse("responsibilities:new_task"), data).status_code == 422
    assert Task.objects.count() == 0


def test_new_task_of_spaces_is_refused_by_the_form(office, unit):
    data = {"title": "   ", "unit": unit.pk, "measure": "无小广告", "due": in_days(9)}
    assert office.post(reverse("responsibilities:new_task"), data).status_code == 422


def test_issue_page_shows_what_is_ready_and_issues_the_chosen(city, office, unit):
    for code in ("1.1", "1.2"):
        set_share(city.campaign, city.node(code), unit, "lead", actor=city.office)
    address = reverse("responsibilities:issue")
    answer = office.get(address)
    (section,) = answer.context["sections"]
    assert [units for _box, units in section[1]] == ["城管局", "城管局"]
    data = {"nodes": [city.node("1.2").pk], "due": in_days(9), "measure": "不失分"}
    assert office.post(address, data | {"nodes": []}).status_code == 422
    assert office.post(address, data | {"due": in_days(-1)}).status_code == 422
    assert office.post(address, data).url == LIST
    assert [task.node.code for task in Task.objects.all()] == ["1.2"]


def test_issuing_much_runs_as_a_job(city, office, unit, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(issuing, "AT_ONCE", 0)
    set_share(city.campaign, city.node("1.1"), unit, "lead", actor=city.office)
    data = {"nodes": [city.node("1.1").pk], "due": in_days(9), "measure": "不失分"}
    assert office.post(reverse("responsibilities:issue"), data).url.startswith("/jobs/")
    from chuangwen.responsibilities.jobs import issue_chosen

    class Told:
        words = ""

        def total(self, number):
            self.number = number

        def step(self):
            pass

        def result(self, url, message):
            self.words = message

    told = Told()
    params = Job.objects.get().params
    issue_chosen(told, owner=city.office, **params)
    assert (Task.objects.count(), told.number) == (1, 1)
    issue_chosen(told, owner=city.office, **params)
    assert told.words == "没有要下发的了。"


def lines(user, campaign):
    request = RequestFactory().get("/desk/")
    request.user, request.session = user, {"campaign": campaign.pk}
    return request


def test_desk_tells_the_office_of_gaps_objections_and_reports(city, unit):
    request = lines(city.office, city.campaign)
    assert [str(one.title) for one in counted(desk.desk_lines(request))] == ["3条测评标准还没有牵头单位"]
    other = city.unit("住建局")
    for one in (unit, other):
        set_share(city.campaign, city.node("1.1"), one, "lead", actor=city.office)
    assert str(counted(desk.desk_lines(request))[0].title) == "2条测评标准还没有牵头单位，另有1条多头牵头"
    for code in ("1.2", "1.3"):
        set_share(city.campaign, city.node(code), unit, "lead", actor=city.office)
    assert str(counted(desk.desk_lines(request))[0].title) == "1条测评标准多头牵头"
    set_share(city.campaign, city.node("1.1"), other, "", actor=city.office)
    assert counted(desk.desk_lines(request)) == []
    make_task(unit, campaign=city.campaign, state=TaskState.OBJECTED)
    make_task(unit, campaign=city.campaign, state=TaskState.REPORTED)
    assert [one.count for one in counted(desk.desk_lines(request))] == [1, 1]
    assert (desk.gaps(request).count(), desk.waiting(request).count()) == (0, 2)


def test_desk_tells_a_unit_of_new_due_and_late_tasks(city, unit, liaison):
    make_task(unit, campaign=city.campaign, due_at=clock.now() - timedelta(hours=1), state=TaskState.ACCEPTED)
    make_task(unit, campaign=city.campaign, due_at=clock.now() + timedelta(seconds=5), node=city.node("1.1"))
    make_task(city.unit("住建局"), campaign=city.campaign)
    request = lines(liaison, city.campaign)
    assert sorted(one.group for one in counted(desk.desk_lines(request))) == ["late", "mine", "week"]
    assert (desk.gaps(request).count(), desk.waiting(request).count()) == (0, 2)
    assert list(desk.figures(request)) == []


def test_desk_has_one_figure_for_who_sees_all_and_nothing_without_a_campaign(city, unit):
    make_task(unit, campaign=city.campaign, due_at=clock.now() - timedelta(hours=1))
    (figure,) = counted(desk.figures(lines(city.office, city.campaign)))
    assert (figure.value, figure.tone) == ("1", "bad")
    lonely = lines(make_user(Role.OFFICE), make_campaign())
    assert (list(desk.desk_lines(lonely)), list(desk.figures(lonely))) == ([], [])
    assert (desk.gaps(lonely).count(), desk.waiting(lonely).count()) == (0, 0)
