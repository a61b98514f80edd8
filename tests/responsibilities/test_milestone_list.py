"""The milestones of all tasks: who sees which, what is late, soon, too close; their chart; reminders and calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.panels import AgendaAsk, agenda_sources, due_sources
from chuangwen.notifications.services.reminding import reminders_of
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.services import hold_post, name_post
from chuangwen.responsibilities import services
from chuangwen.responsibilities.models import Task, TaskMilestone
from chuangwen.responsibilities.queries.milestones import Warn, warn_rule
from tests.responsibilities.making import make_city
from tests.responsibilities.test_instructions import picture
from tests.support.factories import NOON, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("noon")]
TODAY = clock.local(NOON).date()


def ahead(days):
    return TODAY + timedelta(days=days)


@pytest.fixture
def city():
    made = make_city()
    made.unit("城管局")
    made.unit("住建局")
    return made


def task_of(city, unit, title, *, steps=(), due=40, node=None, cooperating=()):
    """An accepted task with steps so many days ahead."""
    made = services.draft_task(
        city.campaign, city.units[unit], title=title, measure="全亮", due_at=NOON + timedelta(days=due),
        node=city.node(node) if node else None, cooperating=[city.units[one] for one in cooperating],
        actor=city.office,
    )  # fmt: skip
    services.issue_task(made, actor=city.office)
    services.accept_task(made, actor=city.office, on_behalf="联络员")
    for name, days in steps:
        TaskMilestone.objects.create(
            region=made.region, task=made, name=name, share=100 // len(steps), due_on=ahead(days)
        )
    return Task.objects.get(pk=made.pk)


def shown(page, address):
    return [row["row"].name for row in page.get(address).context["table"]]


def test_list_has_late_soon_and_done_steps_and_says_what_to_warn_of(city, sign_in):
    task_of(city, "城管局", "路灯", steps=[("摸底", -3), ("推进", -1), ("自查", 5), ("报结", 40)], node="1.1")
    other = task_of(city, "住建局", "外墙", steps=[("勘察", 2), ("施工", 30)])
    task_of(city, "住建局", "楼道")
    task_of(city, "住建局", "短事", due=8)
    services.finish_milestone(other.milestones.get(name="勘察"), actor=city.office, on_behalf="联络员",
                              paper=services.Scan("a.png", picture()))  # fmt: skip
    page = sign_in(city.office)
    assert shown(page, "/milestones/?tab=late") == ["摸底", "推进"]
    assert shown(page, "/milestones/?tab=soon") == ["自查"]
    assert shown(page, "/milestones/?tab=week") == ["勘察"]
    assert shown(page, "/milestones/?tab=close") == ["摸底", "推进", "自查", "报结"]
    assert shown(page, "/milestones/?tab=all&sort=-due_on") == ["报结", "施工", "自查", "勘察", "推进", "摸底"]
    late = page.get("/milestones/?tab=late").content.decode()
    assert "节点逾期，与下一节点过密" in late
    assert "有1项任务距时限超过10个工作日" in late
    assert [row["row"].title for row in page.get("/tasks/?tab=unplanned").context["table"]] == ["楼道"]
    criterion = city.node("1.1").pk
    assert shown(page, f"/milestones/?tab=all&criterion={criterion}&from={ahead(-1)}&until={ahead(5)}") == [
        "推进", "自查",
    ]  # fmt: skip
    assert shown(page, f"/milestones/?tab=all&unit={city.units['住建局'].pk}&state=done") == ["勘察"]
    assert shown(page, "/milestones/?tab=all&state=over") == []
    message = page.get("/milestones/?tab=late&format=message").content.decode()
    assert "城管局" in message
    assert "路灯：摸底" in message
    assert page.get("/milestones/?tab=late&format=xlsx")["Content-Type"].endswith("sheet")
    assert "2个节点逾期" in page.get("/desk/").content.decode()
    assert page.post("/milestones/?tab=late", {"id": [TaskMilestone.objects.get(name="摸底").pk], "bulk": "remind"}
                     ).status_code == 302  # fmt: skip
    Task.objects.filter(title="路灯").update(state="reported")
    assert shown(page, "/milestones/?tab=late") == []
    assert shown(page, "/milestones/?tab=all&state=over") == ["摸底", "推进", "自查", "报结"]
    assert "任务已报结" in page.get("/milestones/?tab=all").content.decode()


def test_unit_sees_its_own_and_those_it_helps_with_but_is_told_of_its_own_late_ones(city, sign_in):
    task_of(city, "城管局", "路灯", steps=[("摸底", -3), ("报结", 40)])
    task_of(city, "住建局", "外墙", steps=[("勘察", -2), ("施工", 30)], cooperating=["城管局"])
    task_of(city, "住建局", "楼道", steps=[("清点", -2), ("粉刷", 30)])
    page = sign_in(city.liaison(city.units["城管局"]))
    assert shown(page, "/milestones/") == ["摸底"]
    assert shown(page, "/milestones/?tab=late") == ["摸底", "勘察"]
    assert "1个节点逾期" in page.get("/desk/").content.decode()
    stranger = sign_in(make_user(Role.OFFICE, make_city().root))
    assert shown(stranger, "/milestones/?tab=all") == []
    assert sign_in(make_user(Role.INSPECTOR, city.root)).get("/milestones/").status_code == 403


def test_chart_groups_tasks_and_says_steps_waiting_and_lateness_in_words(city, sign_in):
    first = task_of(city, "城管局", "路灯", steps=[("摸底", -3), ("报结", 40)], node="1.1")
    second = task_of(city, "住建局", "管网", steps=[("开挖", 6), ("回填", 30)])
    services.set_waits(first, others=[second], actor=city.office)
    page = sign_in(city.office)
    answer = page.get("/milestones/chart/")
    groups = answer.context["groups"]
    assert [head for head, _lanes in groups] == ["城管局", "住建局"]
    lane = groups[0][1][0]
    assert [dot.state for dot in lane.dots] == ["late", "ahead"]
    assert lane.waits == "管网（住建局）"
    text = answer.content.decode()
    assert all(words in text for words in ("等待：管网（住建局）", "下一节点：摸底", "摸底（逾期）", "cw-page-wide"))
    assert 'style="' not in text
    by_node = page.get("/milestones/chart/?sort=by_node&paper=a3")
    assert [head for head, _lanes in by_node.context["groups"]] == [
        f"1.1 {city.node('1.1').title_zh}", "未对应测评标准",
    ]  # fmt: skip
    assert "cw-page-a3" in by_node.content.decode()
    assert [head for head, _lanes in page.get("/milestones/chart/?sort=due_at").context["groups"]] == [""]
    asked = page.get(f"/milestones/chart/?from={ahead(0)}&until={ahead(20)}").context["line"]
    assert (asked.first, asked.last) == (ahead(0), ahead(20))
    assert page.get("/milestones/chart/?from=9999-99-99").status_code == 200
    services.cancel_task(second, reason="并入", actor=city.office)
    assert page.get("/milestones/chart/").context["groups"][0][1][0].waits == ""
    assert page.get("/milestones/chart/?format=xlsx")["Content-Type"].endswith("sheet")
    assert page.get("/milestones/chart/?tab=late&q=没有").context["groups"] == []


def test_chart_has_pages_and_costs_no_more_queries_for_more_tasks(city, sign_in, django_assert_max_num_queries):
    for number in range(3):
        task_of(city, "城管局", f"任务{number}", steps=[("摸底", 5), ("报结", 40)])
    page = sign_in(city.office)
    page.get("/milestones/chart/")
    with django_assert_max_num_queries(30) as few:
        page.get("/milestones/chart/")
    rows = [
        Task(campaign=city.campaign, region=city.root.region, unit=city.units["住建局"], number=f"X{number}",
             title=f"多{number}", due_at=NOON + timedelta(days=number), state="accepted")
        for number in range(60)
    ]  # fmt: skip
    Task.objects.bulk_create(rows)
    with django_assert_max_num_queries(len(few)):
        answer = page.get("/milestones/chart/?tab=running")
    listing = answer.context["listing"]
    assert (len(listing.slice.rows), listing.total) == (50, 63)
    assert len(page.get(f"/milestones/chart/{listing.after_url}").context["listing"].slice.rows) == 13


def test_step_stands_in_reminders_and_calendar_but_not_beside_its_tasks_own_deadline(city):
    task_of(city, "城管局", "路灯", steps=[("摸底", 2), ("报结", 40)])
    source = next(one for one in due_sources() if one.kind == "s")
    told = [source.row(one) for one in source.between(source.rows(), None, ahead(60))]
    assert [(row.title, row.due, row.unit_id) for row in told] == [
        ("摸底（路灯）", ahead(2), city.units["城管局"].pk)
    ]  # fmt: skip
    assert source.words(2) == "2个节点"


def test_reminder_before_a_steps_day_reaches_the_liaison_once(city):
    liaison = city.liaison(city.units["城管局"])
    post = name_post(city.units["城管局"], PostKind.LIAISON, "联络员", actor=None)
    hold_post(post, liaison, starts=TODAY, actor=None)
    task_of(city, "城管局", "路灯", steps=[("摸底", 2), ("报结", 40)])
    assert [told.title for told in reminders_of(city.root.region)[liaison.pk]] == ["摸底（路灯）"]


def test_meeting_hears_of_late_steps_of_tasks_that_are_not_late_themselves(city):
    task_of(city, "城管局", "路灯", steps=[("摸底", -3), ("报结", 40)])
    lapsed = task_of(city, "住建局", "外墙", steps=[("勘察", -2)], due=1)
    Task.objects.filter(pk=lapsed.pk).update(due_at=NOON - timedelta(days=1))
    source = next(one for one in agenda_sources("regular") if one.key == "task_steps")
    point = source.found(AgendaAsk(city.campaign, "regular", TODAY))
    assert (str(point.title), point.count, [str(line.text) for line in point.lines]) == (
        "1个任务节点逾期", 1, ["摸底：路灯"],
    )  # fmt: skip
    TaskMilestone.objects.all().delete()
    assert source.found(AgendaAsk(city.campaign, "regular", TODAY)) is None


def test_office_says_when_to_warn(city, sign_in):
    page = sign_in(city.office)
    assert "两个节点不挤在同一个工作日" in page.get("/milestones/warnings/").content.decode()
    typed = {"plan_after": "5", "least_gap": "3", "source": "创建办约定"}
    assert page.post("/milestones/warnings/", typed)["location"] == "/milestones/"
    city.root.region.refresh_from_db()
    assert warn_rule(city.root.region) == Warn(5, 3, "site: 创建办约定")
    assert page.post("/milestones/warnings/", typed | {"least_gap": "0"}).status_code == 422
    with pytest.raises(Refusal, match="数值超出范围"):
        services.set_warn_rule(city.root.region, Warn(0, 1), actor=city.office)
    assert sign_in(city.liaison(city.units["城管局"])).get("/milestones/warnings/").status_code == 403


def test_weekend_deadline_counts_by_the_local_day(city):
    """A deadline in the evening of China is another day in UTC: the step of that day is still not told twice."""
    task = task_of(city, "城管局", "路灯", steps=[("报结", 1)], due=1)
    Task.objects.filter(pk=task.pk).update(due_at=datetime(2026, 11, 20, 17, tzinfo=UTC))
    TaskMilestone.objects.update(due_on=date(2026, 11, 21))
    source = next(one for one in due_sources() if one.kind == "s")
    assert not source.rows().exists()
