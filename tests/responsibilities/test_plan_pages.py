"""The pages of a task's plan, its proof, requests for time, roles, waiting, own list and the two ledgers of a post."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chuangwen.core import clock
from chuangwen.organizations.services import hold_post
from chuangwen.responsibilities import services
from chuangwen.responsibilities.models import Task, TaskMilestone
from tests.responsibilities.making import make_city
from tests.responsibilities.test_instructions import picture
from tests.support.factories import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("noon")]


@pytest.fixture
def city():
    made = make_city()
    made.unit("城管局")
    made.unit("住建局")
    return made


@pytest.fixture
def liaison(city):
    return city.liaison(city.units["城管局"])


@pytest.fixture
def task(city, liaison):
    due = NOON + timedelta(days=28)
    made = services.draft_task(
        city.campaign, city.units["城管局"], title="改造路灯", measure="全亮", due_at=due, actor=city.office
    )
    services.issue_task(made, actor=city.office)
    services.accept_task(made, actor=liaison)
    return made


def planned(page, task):
    """The form of the plan as the page proposes it."""
    form = page.get(f"/tasks/{task.pk}/plan/").context["form"]
    return {key: value for key in form.fields if (value := form[key].value()) not in {None, ""}}


def test_unit_saves_the_proposed_plan_and_proves_a_step_in_two_taps(city, liaison, task, sign_in):
    page, url = sign_in(liaison), f"/tasks/{task.pk}/"
    assert "还没有计划" in page.get(url).content.decode()
    typed = planned(page, task)
    assert [typed[f"share_{n}"] for n in range(4)] == [20, 40, 25, 15]
    assert "先摸底、再推进" in page.get(f"{url}plan/").content.decode()
    wrong = page.post(f"{url}plan/", typed | {"share_0": "50", "name_4": "没有日期"})
    assert (wrong.status_code, "请填这个节点的日期和占比" in wrong.content.decode()) == (422, True)
    assert page.post(f"{url}plan/", typed | {"share_0": "50"}).status_code == 422
    assert page.post(f"{url}plan/", typed)["location"] == url
    shown = page.get(url).content.decode()
    assert all(words in shown for words in ("cw-gantt", "摸底建账", "占20%"))
    step = TaskMilestone.objects.order_by("due_on").first()
    assert page.get(f"/tasks/steps/{step.pk}/").status_code == 200
    assert page.post(f"/tasks/steps/{step.pk}/", {"proof": "做完了"}).status_code == 422
    photo = SimpleUploadedFile("现场.png", picture(), "image/png")
    assert page.post(f"/tasks/steps/{step.pk}/", {"paper": photo})["location"] == url
    shown = page.get(url).content.decode()
    assert all(words in shown for words in ("20%", "现场.png", "节点完成并佐证"))
    assert "cw-gantt" in page.get(f"{url}paper/").content.decode()
    assert typed["name_0"] not in planned(page, task).values()
    office = sign_in(city.office)
    assert office.get(f"{url}plan/").context["form"].voice
    stranger = sign_in(city.liaison(city.units["住建局"]))
    assert [stranger.get(one).status_code for one in (f"{url}plan/", f"/tasks/steps/{step.pk}/")] == [404, 404]


def test_request_for_time_goes_to_the_office_and_back(city, liaison, task, sign_in):
    page, url, later = sign_in(liaison), f"/tasks/{task.pk}/", str(date(2026, 12, 31))
    assert page.post(f"{url}ask/", {"due": later, "reason": "材料未到"})["location"] == url
    page = sign_in(city.office)
    assert "改造路灯" in page.get("/tasks/?tab=asked").content.decode()
    shown = page.get(url).content.decode()
    assert all(words in shown for words in ("材料未到", "同意延期", "不同意延期"))
    assert page.post(f"{url}deny/", {"reason": "先用库存"}).status_code == 302
    sign_in(liaison).post(f"{url}ask/", {"due": later, "reason": "库存用完"})
    page = sign_in(city.office)
    assert page.get(f"{url}grant/").context["form"]["due"].value() == date(2026, 12, 31)
    assert page.post(f"{url}grant/", {"due": later, "reason": ""}).status_code == 302
    task.refresh_from_db()
    assert clock.local(task.due_at).date() == date(2026, 12, 31)
    told = [str(entry["what"]) for entry in sign_in(liaison).get(url).context["entries"]]
    assert told[:4] == ["调整时限", "申请延期", "期限不变", "申请延期"]


def test_roles_and_waiting_are_set_and_shown(city, liaison, task, sign_in):
    office, url = sign_in(city.office), f"/tasks/{task.pk}/"
    other = services.draft_task(
        city.campaign,
        city.units["住建局"],
        title="先修管网",
        measure="通",
        due_at=NOON + timedelta(days=9),
        actor=city.office,
    )
    services.issue_task(other, actor=city.office)
    assert office.get(f"{url}waits/").status_code == 200
    assert office.post(f"{url}waits/", {"others": other.number}).status_code == 302
    shown = office.get(url).content.decode()
    assert all(words in shown for words in ("先修管网", "还有1项前置任务没有完成"))
    assert office.post(f"/tasks/{other.pk}/waits/", {"others": task.number}).status_code == 422
    assert "先修管网" in office.get(f"{url}waits/").content.decode()
    post = city.units["城管局"].posts.get()
    assert office.post(f"{url}roles/", {"implementer": post.pk, "supervisor": ""}).status_code == 302
    assert "实施：分管领导" in office.get(url).content.decode()


def test_own_list_two_ledgers_and_the_rule_of_plans(city, liaison, task, sign_in):
    page = sign_in(liaison)
    typed = {"title": "年度审计", "measure": "无问题", "due": "2026-12-18", "measures": "自查", "people": "财务科"}
    assert page.post("/tasks/own/", typed | {"book": "business", "people": ""}).status_code == 422
    page.post("/tasks/own/", typed | {"book": "business"})
    own = Task.objects.get(title="年度审计")
    assert (own.unit.name, own.state, own.book) == ("城管局", "accepted", "business")
    post = city.units["城管局"].posts.get()
    hold_post(post, liaison, starts=date(2026, 1, 1), actor=None)
    books = page.get("/tasks/ledgers/")
    assert books.context["post"] == post
    columns = [[row[0].title for row in ledger["tasks"]] for ledger in books.context["ledgers"]]
    assert columns == [["改造路灯"], ["年度审计"]]
    listed = page.get("/tasks/?tab=all&book=business").content.decode()
    assert ("年度审计" in listed, "改造路灯" in listed) == (True, False)
    office = sign_in(city.office)
    assert office.get("/tasks/ledgers/?post=999999").status_code == 200
    assert "摸底建账、列出清单 20" in office.get("/tasks/steps/").content.decode()
    assert office.post("/tasks/steps/", {"steps": "开工\n完工 100"}).status_code == 422
    assert office.post("/tasks/steps/", {"steps": "开工 40\n完工 90"}).status_code == 422
    assert office.post("/tasks/steps/", {"steps": "开工 40\n\n完工，100%"}).status_code == 302
    assert [planned(page, task)[f"name_{n}"] for n in range(2)] == ["开工", "完工"]
