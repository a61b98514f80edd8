"""From accepted directives to tasks: each unit its own, once, complete, or not at all."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.workdays import ZONE
from chuangwen.directives.addressees import Party
from chuangwen.directives.models import Document
from chuangwen.directives.services import Wanted, accept_candidate, edit_candidate, issue_accepted, issue_plan
from chuangwen.notifications.models import Notice
from chuangwen.responsibilities.models import Task
from chuangwen.responsibilities.services import cancel_task
from tests.directives.making import Desk, candidate
from tests.support.factories import NOON, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    with clock.at(NOON):
        yield Desk()


def accept(desk: Desk, document: Document, words: str) -> None:
    row = candidate(document, words)
    accept_candidate(row, revision=row.revision, actor=desk.office)


def test_task_carries_what_the_directive_says(desk):
    document = desk.document()
    accept(desk, document, "背街小巷")
    row = candidate(document, "背街小巷")
    issued = issue_accepted(document, actor=desk.office, measure="全部整治到位")
    task = Task.objects.get()
    assert (issued.directives, issued.tasks) == (1, 1)
    assert (task.title, task.unit, task.state) == (row.action.replace("11月30日前", ""), desk.city, "issued")
    assert task.due_at == datetime(2026, 11, 30, 18, 0, tzinfo=ZONE)
    assert {unit.pk for unit in task.cooperating.all()} == {desk.east.pk, desk.west.pk}
    assert (task.origin, task.origin_text) == ("directive", row.quote)
    assert task.origin_url == f"/directives/{document.pk}/review/?at={row.pk}#c{row.pk}"
    assert list(row.tasks.all()) == [task]


def test_each_leading_unit_gets_its_own_task(desk):
    document = desk.document()
    accept(desk, document, "会后三天")
    issue_accepted(document, actor=desk.office, measure="报送落实情况")
    assert {task.unit for task in Task.objects.all()} == {desk.east, desk.west}
    assert {task.measure for task in Task.objects.all()} == {"报送落实情况"}


def test_second_press_issues_only_what_is_new(desk):
    document = desk.document()
    accept(desk, document, "会后三天")
    issue_accepted(document, actor=desk.office, measure="完成")
    with pytest.raises(Refusal):
        issue_accepted(document, actor=desk.office, measure="完成")
    accept(desk, document, "背街小巷")
    assert issue_accepted(document, actor=desk.office, measure="完成").tasks == 1
    assert Task.objects.count() == 3


def test_cancelled_task_is_not_issued_again(desk):
    document = desk.document()
    accept(desk, document, "背街小巷")
    issue_accepted(document, actor=desk.office, measure="完成")
    cancel_task(Task.objects.get(), reason="重复", actor=desk.office)
    with pytest.raises(Refusal):
        issue_accepted(document, actor=desk.office, measure="完成")
    assert Task.objects.count() == 1


def test_directive_without_lead_stays_and_is_told(desk):
    document = desk.document()
    accept(desk, document, "背街小巷")
    accept(desk, document, "飞线充电")
    issued = issue_accepted(document, actor=desk.office, measure="完成")
    assert [one.pk for one in issued.without_lead] == [candidate(document, "飞线充电").pk]
    assert Task.objects.count() == 1


def test_only_directives_without_lead_are_refused_by_name(desk):
    document = desk.document()
    accept(desk, document, "飞线充电")
    with pytest.raises(Refusal, match="飞线充电"):
        issue_accepted(document, actor=desk.office, measure="完成")


def test_missing_measure_is_asked_once_for_all(desk):
    document = desk.document()
    accept(desk, document, "会后三天")
    with pytest.raises(Refusal):
        issue_accepted(document, actor=desk.office)
    assert not Task.objects.exists()


def test_missing_deadline_takes_the_one_given(desk):
    document = desk.document()
    document.candidates.update(becomes="task")
    accept(desk, document, "每周检查")
    with pytest.raises(Refusal):
        issue_accepted(document, actor=desk.office, measure="完成")
    issue_accepted(document, actor=desk.office, measure="完成", due_on=date(2026, 12, 19))  # a Saturday
    task = Task.objects.get()
    assert task.due_at == datetime(2026, 12, 21, 18, 0, tzinfo=ZONE)
    assert task.frequency == candidate(document, "每周检查").frequency


def test_deadline_that_is_over_asks_for_another(desk):
    document = desk.document()
    accept(desk, document, "会后三天")
    with clock.at(datetime(2026, 11, 25, 9, tzinfo=ZONE)):
        assert issue_plan(document).late == [candidate(document, "会后三天")]
        with pytest.raises(Refusal):
            issue_accepted(document, actor=desk.office, measure="完成")
        with pytest.raises(Refusal):
            issue_accepted(document, actor=desk.office, measure="完成", due_on=date(2026, 11, 24))
        issue_accepted(document, actor=desk.office, measure="完成", due_on=date(2026, 12, 1))
    assert {task.due_at.astimezone(ZONE).date() for task in Task.objects.all()} == {date(2026, 12, 1)}


def test_nothing_accepted_is_refused(desk):
    with pytest.raises(Refusal):
        issue_accepted(desk.document(), actor=desk.office, measure="完成")


def test_half_named_lead_waits_until_all_are_named(desk):
    document = desk.document()
    row = candidate(document, "飞线充电")
    wanted = Wanted("拿出方案", [Party("市城管局", (desk.city.pk,)), Party("相关单位")], due_on=row.due_on)
    edit_candidate(row, wanted, revision=1, actor=desk.office, accept=True)
    assert [one.pk for one in issue_plan(document).without_lead] == [row.pk]


def test_issuing_needs_the_right_to_issue_tasks(desk):
    document = desk.document()
    accept(desk, document, "背街小巷")
    for actor in (make_user("leader", desk.root), make_user("liaison", desk.city), make_user("office")):
        with pytest.raises(PermissionDenied):
            issue_accepted(document, actor=actor, measure="完成")
    assert not Task.objects.exists()


def test_unit_is_told_once_for_all_its_tasks(desk):
    liaison = make_user("liaison", desk.east)
    document = desk.document("讲话\n（2026年11月16日）\n\n各街道要在11月30日前清理楼道。各街道要每周巡查背街小巷。\n")
    for row in document.candidates.select_related("document", "region"):
        accept_candidate(row, revision=1, actor=desk.office)
    issued = issue_accepted(document, actor=desk.office, measure="完成", due_on=date(2026, 12, 1))
    assert (issued.tasks, issued.duties) == (2, 2)
    assert Notice.objects.get(user=liaison).title == "《讲话》下发1件新任务，另有1项定期工作"
    assert Notice.objects.filter(user=liaison).count() == 1
