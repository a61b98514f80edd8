"""What is open at a unit already: told for many at once, answered by one reason, or left out with one click."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.services import name_post
from chuangwen.responsibilities.frequency import schedule_of
from chuangwen.responsibilities.models import Duty, RepeatedRequest, Task
from chuangwen.responsibilities.queries.repeats import Ask, open_alike
from chuangwen.responsibilities.services import (
    Cell,
    Errand,
    assign_task,
    issue_breakdown,
    open_duty,
    pass_on_instruction,
    send_duty,
    set_shares,
    write_instruction,
)
from chuangwen.responsibilities.services.repeating import Again, Repeated
from chuangwen.workflow.queries import history_of
from tests.responsibilities.making import make_city
from tests.support.factories import make_task

pytestmark = pytest.mark.django_db
WORDS = "报送市容整治工作总结"
MONTHLY = schedule_of("每月25日前")


@pytest.fixture
def city():
    made = make_city()
    for name in ("城管局", "住建局"):
        made.unit(name)
    return made


def due():
    return clock.now() + timedelta(days=9)


def reasons():
    return [(one.task.unit.name, one.earlier, one.reason) for one in RepeatedRequest.objects.order_by("pk")]


def lead(city, code, name):
    cells = [Cell(city.node(code).pk, city.units[name].pk, "lead")]
    set_shares(city.campaign, cells, origin="hand", actor=city.office)


def test_open_alike_takes_running_tasks_and_duties_of_the_unit_and_no_more(city, django_assert_num_queries):
    first, second = city.units["城管局"], city.units["住建局"]
    task = make_task(first, campaign=city.campaign, title=WORDS, state="accepted")
    make_task(second, campaign=city.campaign, title=WORDS, state="confirmed")
    open_duty(city.campaign, second, title="每月巡查内河水质", measure="有记录", schedule=MONTHLY, actor=city.office)
    asks = {
        "again": Ask(first.pk, f"请{WORDS}"), "elsewhere": Ask(second.pk, WORDS),
        "duty": Ask(second.pk, "巡查内河水质"), "other": Ask(first.pk, "清理河道漂浮物"),
    }  # fmt: skip
    with django_assert_num_queries(3):
        found = open_alike(city.root.region, asks)
    assert {key: one.title for key, one in found.items()} == {"again": WORDS, "duty": "每月巡查内河水质(2026年11月)"}
    opened = Task.objects.get(duty__isnull=False)
    rest = open_alike(city.root.region, asks, but=[task.pk, opened.pk])  # the duty runs between its tasks too
    assert {key: one.title for key, one in rest.items()} == {"duty": "每月巡查内河水质"}
    with django_assert_num_queries(0):
        assert open_alike(city.root.region, {}) == {}


def test_of_two_criteria_only_the_same_one_is_alike(city):
    unit = city.units["城管局"]
    make_task(unit, campaign=city.campaign, title=WORDS, node=city.node("1.1"))
    asks = {code: Ask(unit.pk, WORDS, city.node(code).pk) for code in ("1.1", "1.2")}
    assert {key: one.ground for key, one in open_alike(city.root.region, asks).items()} == {"1.1": "criterion"}


def test_breakdown_is_issued_with_one_reason_for_all_or_without_them(city):
    lead(city, "1.1", "城管局")
    lead(city, "1.2", "住建局")
    make_task(city.units["城管局"], campaign=city.campaign, title="先前交办", node=city.node("1.1"))
    asked = {"due_at": due(), "measure": "不失分", "actor": city.office}
    with pytest.raises(Repeated) as told:
        issue_breakdown(city.campaign, **asked)
    assert told.value.message == "已经向这个单位要过：“先前交办”。"
    assert Task.objects.count() == 1
    assert issue_breakdown(city.campaign, again=Again(leave_out=True), **asked) == 1
    assert (Task.objects.filter(origin="breakdown").get().unit.name, reasons()) == ("住建局", [])
    assert issue_breakdown(city.campaign, again=Again(" 按新标准重报 "), **asked) == 1
    assert reasons() == [("城管局", "先前交办", "按新标准重报")]


def test_issue_page_asks_only_where_something_is_open_already(city, sign_in):
    lead(city, "1.1", "城管局")
    client, url = sign_in(city.office), reverse("responsibilities:issue")
    assert 'name="again"' not in client.get(url).content.decode()
    make_task(city.units["城管局"], campaign=city.campaign, title="先前交办", node=city.node("1.1"))
    page = client.get(url).content.decode()
    assert ("先前交办" in page, 'name="again"' in page, 'name="leave_out"' in page) == (True, True, True)
    sent = {"nodes": [city.node("1.1").pk], "measure": "不失分", "due": due().date().isoformat()}
    assert client.post(url, sent | {"again": ""}).status_code == 422
    assert client.post(url, sent | {"again": "按新标准重报"}).status_code == 302
    assert reasons() == [("城管局", "先前交办", "按新标准重报")]


def test_duty_like_a_running_one_needs_a_reason_which_stays_with_it(city, sign_in):
    unit = city.units["城管局"]
    open_duty(city.campaign, unit, title=WORDS, measure="有总结", schedule=MONTHLY, actor=None)
    with pytest.raises(Repeated):
        send_duty(city.campaign, unit, title=WORDS, measure="有总结", schedule=MONTHLY, actor=city.office)
    client, url = sign_in(city.office), reverse("responsibilities:new_duty")
    sent = {"title": WORDS, "unit": unit.pk, "measure": "有总结", "schedule": "每季度末"}
    refused = client.post(url, sent)
    assert (refused.status_code, 'name="again"' in refused.content.decode()) == (422, True)
    assert 'name="leave_out"' not in refused.content.decode()
    assert client.post(url, sent | {"again": "季度另报"}).status_code == 302
    duty = Duty.objects.latest("pk")
    assert [(one.action, one.note) for one in history_of(duty)][-1] == ("again", "季度另报")
    assert client.get(reverse("responsibilities:duty", args=[duty.pk])).status_code == 200


def test_instruction_goes_to_the_units_that_do_not_have_it(city, sign_in):
    mayor = name_post(city.root, PostKind.CHARGE, "市长", actor=None)
    make_task(city.units["城管局"], campaign=city.campaign, title=WORDS)
    both = [city.units["城管局"], city.units["住建局"]]
    made = write_instruction(
        city.campaign, mayor, about=WORDS, content="一周内报", medium="spoken", actor=city.office,
        errand=Errand(both, due(), "结果", again=Again(leave_out=True)),
    )  # fmt: skip
    assert [one.unit.name for one in made.tasks.all()] == ["住建局"]
    with pytest.raises(Refusal) as told:
        pass_on_instruction(made, Errand(both[:1], due(), "结果", again=Again(leave_out=True)), actor=city.office)
    assert told.value.message == "所选单位都已有同类事项在办。"
    client, url = sign_in(city.office), reverse("responsibilities:pass_on", args=[made.pk])
    sent = {"leads": [both[0].pk], "due": due().date().isoformat(), "reply": "结果"}
    refused = client.post(url, sent)
    assert (refused.status_code, 'name="leave_out"' in refused.content.decode()) == (422, True)
    assert client.post(url, sent | {"again": "领导要求再报"}).status_code == 302
    assert reasons() == [("城管局", WORDS, "领导要求再报")]


def test_many_tasks_given_to_a_unit_ask_for_one_reason_or_leave_out_what_it_has(city, sign_in):
    old, new = city.units["城管局"], city.units["住建局"]
    make_task(new, campaign=city.campaign, title=WORDS)
    first, second, draft = (
        make_task(old, campaign=city.campaign, title=title, state=state)
        for title, state in ((f"请{WORDS}", "accepted"), ("清理河道漂浮物", "accepted"), (WORDS, "draft"))
    )
    client, url = sign_in(city.office), reverse("responsibilities:tasks") + "?tab=all"
    sent = {"bulk": "assign", "id": [first.pk, second.pk, draft.pk], "sure": "1", "unit": new.pk, "reason": "职责调整"}
    asked = client.post(url, sent)
    page = asked.content.decode()
    assert (asked.status_code, f"住建局已有：{WORDS}" in page, page.count("住建局已有：")) == (400, True, 1)
    assert ('name="again"' in page, 'name="leave_out"' in page) == (True, True)
    assert set(Task.objects.filter(unit=old)) == {first, second, draft}
    assert client.post(url, sent | {"again": ""}).status_code == 400
    client.post(url, sent | {"again": "", "leave_out": "on"})
    assert list(Task.objects.filter(unit=old)) == [first]
    assert reasons() == []
    client.post(url, sent | {"id": [first.pk], "again": "两家各报一份"})
    assert not Task.objects.filter(unit=old).exists()
    assert reasons() == [("住建局", WORDS, "两家各报一份")]


def test_like_tasks_that_come_together_are_no_repeats_of_each_other_also_as_a_job(
    city, sign_in, run_jobs, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr("chuangwen.core.lists.response.DIRECT_BULK", 1)
    old, new = city.units["城管局"], city.units["住建局"]
    for _time in range(2):
        make_task(old, campaign=city.campaign, title=WORDS)
    client, url = sign_in(city.office), reverse("responsibilities:tasks") + f"?tab=all&unit={old.pk}"
    sent = {"bulk": "assign", "select_all": "1", "sure": "1", "unit": new.pk, "reason": "职责调整"}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(url, sent).status_code == 302
    run_jobs()
    assert Task.objects.filter(unit=new).count() == 2
    assert reasons() == []


def test_one_task_given_on_asks_too_and_a_letters_reply_never(city, sign_in):
    old, new = city.units["城管局"], city.units["住建局"]
    make_task(new, campaign=city.campaign, title=WORDS)
    task = make_task(old, campaign=city.campaign, title=WORDS, state="accepted")
    with pytest.raises(Repeated):
        assign_task(task, unit=new, reason="职责调整", actor=city.office)
    with pytest.raises(Refusal, match=f"住建局已有同类事项：“{WORDS}”"):
        assign_task(task, unit=new, reason="职责调整", again=Again(leave_out=True), actor=city.office)
    client, url = sign_in(city.office), reverse("responsibilities:step", args=[task.pk, "assign"])
    refused = client.post(url, {"unit": new.pk, "reason": "职责调整"})
    page = refused.content.decode()
    assert (refused.status_code, 'name="again"' in page, 'name="leave_out"' in page) == (422, True, False)
    assert client.post(url, {"unit": new.pk, "reason": "职责调整", "again": "两家各报"}).status_code == 302
    assert reasons() == [("住建局", WORDS, "两家各报")]
    letter = make_task(old, campaign=city.campaign, title=WORDS, state="accepted", origin="letter")
    assign_task(letter, unit=new, reason="职责调整", actor=city.office)
    assert len(reasons()) == 1
