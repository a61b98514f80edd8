"""Many tasks at once: given to another unit or post, shifted by working days after a look, reminded of."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core.errors import Refusal
from chuangwen.core.lists import response
from chuangwen.core.models import Job
from chuangwen.core.workdays import ZONE
from chuangwen.notifications.models import Notice
from chuangwen.organizations.models import Post
from chuangwen.responsibilities.models import Assignment, Task
from chuangwen.responsibilities.services import assign_task, remind_of_task, shift_task
from chuangwen.workflow.models import Step
from tests.responsibilities.making import make_city
from tests.support.factories import make_task, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
REASON = "职责调整"


def at(day, hour=18):
    return datetime.combine(date(2026, 11, day), time(hour), ZONE)


@pytest.fixture
def city():
    made = make_city()
    for name in ("城管局", "住建局"):
        made.unit(name)
        made.people = getattr(made, "people", {}) | {name: made.liaison(made.units[name])}
    return made


def task_of(city, name="城管局", **more):
    values = {"campaign": city.campaign, "due_at": at(20), "state": "accepted", "title": "清理", "measures": "天天扫",
              "people": "科长", "progress": 40}  # fmt: skip
    return make_task(city.units[name], **values | more)


def test_task_given_to_another_unit_begins_anew_there_and_takes_its_lead_along(city):
    node, new = city.node("1.1"), city.units["住建局"]
    acting = Post.objects.create(region=new.region, unit=new, kind="acting", title="副局长")
    task = task_of(city, node=node, origin="breakdown")
    task.cooperating.add(new)
    beside = task_of(city, title="旁边的")
    Assignment.objects.create(
        region=new.region, campaign=city.campaign, node=node, unit=task.unit, share="lead", origin="hand"
    )
    assign_task(task, unit=new, reason=REASON, actor=city.office)
    kept = Task.objects.get(pk=task.pk)
    assert (kept.unit, kept.post, kept.state) == (new, acting, "issued")
    assert (kept.measures, kept.people, kept.progress, kept.cooperating.count()) == ("", "", 0, 0)
    assert city.cells() == {("1.1", "住建局"): "lead"}
    step = Step.objects.get(object_id=task.pk, action="assign")
    assert (step.note, step.data["before"], step.data["measures"], step.data["percent"]) == (
        REASON, "城管局", "天天扫", 40,
    )  # fmt: skip
    told = dict(Notice.objects.filter(read_at=None).values_list("user__name", "title"))
    assert told == {city.people["城管局"].name: "已转给别的单位：清理", city.people["住建局"].name: "新任务：清理"}
    assert Task.objects.get(pk=beside.pk).unit == city.units["城管局"]


def test_what_cannot_be_given_on_stays_as_it_is(city):
    old, new = city.units["城管局"], city.units["住建局"]
    task, objected = task_of(city), task_of(city, state="objected")
    for wrong, more in (
        (task, {"unit": make_unit()}), (objected, {"unit": new}), (task, {"unit": new, "reason": " "}),
        (task, {"unit": old}), (task, {"post_kind": "first"}),
    ):  # fmt: skip
        with pytest.raises(Refusal):
            assign_task(wrong, **{"reason": REASON, "actor": city.office} | more)
    with pytest.raises(PermissionDenied):
        assign_task(task, unit=new, reason=REASON, actor=city.people["城管局"])
    first = Post.objects.create(region=old.region, unit=old, kind="first", title="局长")
    assign_task(task, post_kind="first", reason=REASON, actor=city.office)
    with pytest.raises(Refusal):
        assign_task(task, post_kind="first", reason=REASON, actor=city.office)
    draft = task_of(city, state="draft")
    assign_task(draft, unit=new, reason=REASON, actor=city.office)
    kept = {one.pk: (one.unit, one.post, one.state) for one in Task.objects.all()}
    assert kept == {
        task.pk: (old, first, "accepted"), objected.pk: (old, None, "objected"),
        draft.pk: (new, Post.objects.get(unit=new), "draft"),
    }  # fmt: skip
    assert not Notice.objects.exists()


def test_deadlines_shift_by_working_days_at_the_same_hour_and_reminders_are_once_a_day(city):
    task, done = task_of(city), task_of(city, state="confirmed")
    shift_task(task, days=1, reason=REASON, actor=city.office)  # over the weekend
    assert Task.objects.get(pk=task.pk).due_at == at(23)
    for wrong, days in ((task, 0), (task, 121), (task, -9), (done, 1)):
        with pytest.raises(Refusal):
            shift_task(wrong, days=days, reason=REASON, actor=city.office)
    shift_task(task, days=-1, reason=REASON, actor=city.office)
    assert Task.objects.get(pk=task.pk).due_at == at(20)
    Notice.objects.all().delete()
    assert [remind_of_task(task, actor=city.office) for _time in range(2)] == [1, 1]
    assert Notice.objects.get().title == "请抓紧办理：清理"
    with pytest.raises(Refusal):
        remind_of_task(done, actor=city.office)
    lonely = make_task(city.unit("无人局"), campaign=city.campaign, state="issued")
    with pytest.raises(Refusal):
        remind_of_task(lonely, actor=city.office)
    assert not Step.objects.filter(object_id=lonely.pk, action="remind").exists()


def test_list_shows_what_would_become_of_all_that_match_before_it_is_done(
    city, sign_in, run_jobs, monkeypatch, django_capture_on_commit_callbacks
):
    tasks = [task_of(city, title=f"任务{number}") for number in range(3)]
    closed = task_of(city, title="办完的", state="confirmed")
    other = task_of(city, "住建局", title="别的")
    client = sign_in(city.office)
    address = f"/tasks/?tab=all&unit={city.units['城管局'].pk}"
    pressed = {"bulk": "shift", "select_all": "1", "sure": "1", "days": "2", "reason": REASON}
    page = client.post(address, pressed)
    text = page.content.decode()
    assert ("11月20日18:00" in text, "11月24日18:00" in text, "不动：" in text) == (True, True, True)
    assert set(Task.objects.values_list("due_at", flat=True)) == {at(20)}
    # what is typed anew is shown anew
    assert (
        "11月25日18:00" in client.post(address, pressed | {"days": "3", "seen": page.context["seen"]}).content.decode()
    )
    client.post(address, pressed | {"seen": page.context["seen"]})
    due = dict(Task.objects.values_list("pk", "due_at"))
    assert due == {**{one.pk: at(24) for one in tasks}, closed.pk: at(20), other.pk: at(20)}
    assert Entry.objects.filter(action="responsibilities.task.postpone").count() == len(tasks)
    client.post(address, {"bulk": "remind", "select_all": "1"})
    assert Entry.objects.filter(action="responsibilities.task.remind").count() == len(tasks)
    values = {"bulk": "assign", "select_all": "1", "sure": "1", "reason": REASON}
    assert "请选别的单位，或选职务。" in client.post(address, values).content.decode()
    monkeypatch.setattr(response, "DIRECT_BULK", 2)  # more is a job with its progress
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, values | {"unit": str(city.units["住建局"].pk)})
    run_jobs()
    job = Job.objects.get()
    assert (job.done, job.total) == (4, 4)
    assert "办完的" in job.message  # the one that stays, with its reason
    assert Task.objects.filter(unit=city.units["住建局"], state="issued").count() == len(tasks)
    assert Task.objects.get(pk=closed.pk).unit == city.units["城管局"]
    assert Entry.objects.filter(action="responsibilities.task.assign").count() == len(tasks)
    stranger = sign_in(make_user(Role.LIAISON, city.units["城管局"]))
    assert stranger.post(address, pressed).status_code == 403


def test_step_pages_give_one_task_on_and_remind_of_it(city, sign_in):
    task, client = task_of(city), sign_in(city.office)
    page = client.get(f"/tasks/{task.pk}/").content.decode()
    assert ("催办" in page, "转交" in page) == (True, True)
    client.post(f"/tasks/{task.pk}/remind/")
    assert Step.objects.filter(object_id=task.pk, action="remind").exists()
    client.post(f"/tasks/{task.pk}/assign/", {"unit": str(city.units["住建局"].pk), "reason": REASON})
    assert Task.objects.get(pk=task.pk).unit == city.units["住建局"]
    assert "城管局 → 住建局" in client.get(f"/tasks/{task.pk}/").content.decode()
