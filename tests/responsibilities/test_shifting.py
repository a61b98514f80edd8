"""Deadlines of tasks follow the assessment date: the preview says which and why not, and each unit is told once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.campaigns import services
from chuangwen.campaigns.queries import preview_shift
from chuangwen.core import clock
from chuangwen.notifications.models import Notice
from chuangwen.responsibilities.models import Task
from chuangwen.workflow.models import Step
from tests.support.factories import NOON, make_campaign, make_root, make_task, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
OLD, NEW = date(2026, 12, 21), date(2026, 12, 28)  # five working days later


@pytest.fixture
def campaign() -> Any:
    return make_campaign(make_root())


def evening(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 17, 30, tzinfo=clock.local(NOON).tzinfo)


def shift(campaign: Any, actor: Any = None) -> Any:
    return services.shift_assessment(campaign, NEW, expected=OLD, actor=actor)


def test_open_tasks_keep_their_distance_and_their_hour(campaign: Any) -> None:
    unit = make_unit(campaign.subject)
    tasks = [
        make_task(unit, campaign=campaign, state=state, due_at=evening(12, 9))
        for state in ("draft", "issued", "accepted", "objected")
    ]
    on_the_day = make_task(unit, campaign=campaign, due_at=evening(12, 21))
    shown = preview_shift(campaign, NEW)
    assert Task.objects.get(pk=tasks[0].pk).due_at == evening(12, 9)
    assert shift(campaign) == shown
    assert {Task.objects.get(pk=task.pk).due_at for task in tasks} == {evening(12, 16)}
    assert Task.objects.get(pk=on_the_day.pk).due_at == evening(12, 28)
    moves = [(one.name, one.old, one.new, one.url) for one in shown.moves if str(one.kind) == "任务"]
    assert (tasks[1].title, date(2026, 12, 9), date(2026, 12, 16), f"/tasks/{tasks[1].pk}/") in moves
    assert len(moves) == 5
    assert ("任务", 5, 0) in [(one.kind, len(one.moves), len(one.stays)) for one in shown.groups]


def test_what_stays_is_named_with_its_reason(campaign: Any) -> None:
    unit = make_unit(campaign.subject)
    made = {
        "已报完成": make_task(unit, campaign=campaign, state="reported", due_at=evening(12, 9)),
        "文件定的日期": make_task(unit, campaign=campaign, origin="directive", due_at=evening(12, 9)),
        "批示定的日期": make_task(unit, campaign=campaign, origin="instruct", due_at=evening(12, 9)),
        "已经逾期": make_task(unit, campaign=campaign, state="accepted", due_at=NOON - timedelta(seconds=1)),
    }
    for state in ("confirmed", "cancelled"):
        make_task(unit, campaign=campaign, state=state, due_at=evening(12, 9))
    other = make_task(make_unit(campaign.subject), campaign=make_campaign(campaign.subject, name="另一个周期"),
                      due_at=evening(12, 9))  # fmt: skip
    before = dict(Task.objects.values_list("pk", "due_at"))
    done = shift(campaign)
    assert dict(Task.objects.values_list("pk", "due_at")) == before
    stays = {str(one.why): one.name for one in done.stays if str(one.kind) == "任务"}
    assert stays == {why: task.title for why, task in made.items()}
    assert {one.day for one in done.stays if str(one.kind) == "任务"} == {date(2026, 12, 9), date(2026, 11, 18)}
    assert other.title not in {one.name for one in (*done.moves, *done.stays)}
    assert not Notice.objects.filter(kind="responsibilities").exists()


def test_a_deadline_of_this_very_moment_still_moves(campaign: Any) -> None:
    task = make_task(make_unit(campaign.subject), campaign=campaign, due_at=NOON)
    shift(campaign)
    assert Task.objects.get(pk=task.pk).due_at == NOON + timedelta(days=7)


def test_each_unit_is_told_once_and_of_drafts_nothing(campaign: Any) -> None:
    first, second, third = (make_unit(campaign.subject) for _number in range(3))
    people = [make_user(Role.LIAISON, unit) for unit in (first, second, third)]
    for _number in range(3):
        make_task(first, campaign=campaign, due_at=evening(12, 9))
    only = make_task(second, campaign=campaign, due_at=evening(12, 9))
    make_task(third, campaign=campaign, state="draft", due_at=evening(12, 9))
    shift(campaign)
    told = {one.user_id: (one.title, one.url) for one in Notice.objects.filter(kind="responsibilities")}
    assert Notice.objects.filter(kind="responsibilities").count() == 2
    assert told == {
        people[0].pk: ("测评日期调整，本单位3项任务的时限随之调整", "/tasks/?tab=running"),
        people[1].pk: ("测评日期调整，本单位1项任务的时限随之调整", f"/tasks/{only.pk}/"),
    }


def test_history_and_audit_keep_both_days(campaign: Any) -> None:
    office = make_user(Role.OFFICE, campaign.subject)
    task = make_task(make_unit(campaign.subject), campaign=campaign, due_at=evening(12, 9))
    shift(campaign, office)
    step = Step.objects.get(object_type="responsibilities.task", object_id=task.pk)
    assert (step.action, step.actor_id, step.note) == ("postpone", office.pk, "测评日期调整。")
    assert [datetime.fromisoformat(step.data[key]) for key in ("from", "to")] == [evening(12, 9), evening(12, 16)]
    entry = Entry.objects.get(action="responsibilities.task.postpone")
    assert (entry.data["count"], list(entry.data["objects"])) == (1, [str(task.pk)])


def test_a_failure_further_on_leaves_every_deadline_where_it_was(campaign: Any, monkeypatch: Any) -> None:
    task = make_task(make_unit(campaign.subject), campaign=campaign, due_at=evening(12, 9))

    def fail(*_args: Any, **_more: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("chuangwen.campaigns.services.back_plan.note_step", fail)
    with pytest.raises(RuntimeError):
        shift(campaign)
    assert Task.objects.get(pk=task.pk).due_at == evening(12, 9)
    assert not Step.objects.exists()
    assert not Notice.objects.exists()


def test_many_tasks_cost_no_more_statements_than_few(campaign: Any, django_assert_max_num_queries: Any) -> None:
    unit = make_unit(campaign.subject)
    for _number in range(40):
        make_task(unit, campaign=campaign, due_at=evening(12, 9))
    with django_assert_max_num_queries(45):
        shift(campaign)
