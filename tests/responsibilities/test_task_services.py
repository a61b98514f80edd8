"""Writing, issuing, moving and dropping tasks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.notifications.models import Notice
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.services import name_post
from chuangwen.responsibilities.models import Task
from chuangwen.responsibilities.queries import ready_to_issue
from chuangwen.responsibilities.services import (
    accept_task,
    cancel_task,
    draft_task,
    issue_breakdown,
    issue_task,
    mark_split,
    object_to_task,
    postpone_task,
    set_share,
    uphold_task,
)
from chuangwen.workflow.queries import history_of
from chuangwen.workflow.services import StaleState
from tests.responsibilities.making import make_city
from tests.support.factories import make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_city()


@pytest.fixture
def later():
    return clock.now() + timedelta(days=10)


@pytest.fixture
def draft(city, later):
    def make(unit, **fields):
        values = {"title": "清理背街小巷", "measure": "无暴露垃圾", "due_at": later, "actor": city.office}
        return draft_task(city.campaign, unit, **values | fields)

    return make


def test_draft_has_a_number_and_the_acting_post_of_the_unit(city, draft):
    unit, helper = city.unit("城管局"), city.unit("住建局")
    name_post(unit, PostKind.FIRST, "局长", actor=None)
    acting = name_post(unit, PostKind.ACTING, "副局长", actor=None)
    task = draft(unit, cooperating=[helper, unit])
    year = clock.today().year
    assert (task.number, task.state, task.post) == (f"R{year}-0001", "draft", acting)
    assert list(task.cooperating.all()) == [helper]
    assert draft(unit).number == f"R{year}-0002"
    assert [step.action for step in history_of(task)] == ["draft"]


def test_first_responsible_answers_where_no_acting_one_is_named(city, draft):
    unit = city.unit("城管局", post="")
    first = name_post(unit, PostKind.FIRST, "局长", actor=None)
    assert draft(unit).post == first
    assert draft(city.unit("住建局", post="")).post is None


def test_long_title_is_cut_and_kept_whole_in_the_detail(city, draft):
    task = draft(city.unit("城管局"), title="长" * 400, detail="附注")
    assert (len(task.title), task.title[-1]) == (300, "…")
    assert task.detail == "长" * 400 + "\n附注"


def test_draft_is_refused_without_words_or_with_too_many(city, draft):
    unit = city.unit("城管局")
    with pytest.raises(Refusal):
        draft(unit, title="  ")
    with pytest.raises(Refusal):
        draft(unit, measure="好" * 301)


def test_draft_is_refused_for_a_unit_of_another_region_and_a_post_of_another_unit(city, draft):
    with pytest.raises(Refusal):
        draft(make_unit())
    post = name_post(city.unit("住建局"), PostKind.ACTING, "副局长", actor=None)
    with pytest.raises(Refusal):
        draft(city.unit("城管局"), post=post)


def test_issue_needs_a_measure_and_a_deadline_to_come(city, draft):
    unit = city.unit("城管局")
    with pytest.raises(Refusal):
        issue_task(draft(unit, measure=""), actor=city.office)
    with pytest.raises(Refusal):
        issue_task(draft(unit, due_at=clock.now()), actor=city.office)
    assert set(Task.objects.values_list("state", flat=True)) == {"draft"}


def test_issue_tells_the_unit_and_is_up_to_the_office(city, draft):
    unit = city.unit("城管局")
    liaison = city.liaison(unit)
    task = draft(unit)
    with pytest.raises(PermissionDenied):
        issue_task(task, actor=liaison)
    issue_task(task, actor=city.office)
    task.refresh_from_db()
    assert (task.state, task.issued_at is None) == ("issued", False)
    assert [notice.user for notice in Notice.objects.all()] == [liaison]


def test_task_issued_on_paper_before_its_deadline_may_be_entered_afterwards(city, draft):
    task = draft(city.unit("城管局"), due_at=clock.now() - timedelta(days=1))
    issue_task(task, actor=city.office, at=clock.now() - timedelta(days=5))
    assert task.state == "issued"


def test_breakdown_gives_one_task_for_each_single_lead(city, later):
    lead, helper = city.unit("城管局"), city.unit("住建局")
    liaison = city.liaison(lead)
    set_share(city.campaign, city.node("1.1"), lead, "lead", actor=city.office)
    set_share(city.campaign, city.node("1.1"), helper, "cooperate", actor=city.office)
    set_share(city.campaign, city.node("1.2"), lead, "lead", actor=city.office)
    set_share(city.campaign, city.node("1.3"), lead, "lead", actor=city.office)
    set_share(city.campaign, city.node("1.3"), helper, "lead", actor=city.office)
    steps = []
    made = issue_breakdown(
        city.campaign, due_at=later, measure="不失分", actor=city.office, step=lambda: steps.append(1)
    )
    tasks = {task.node.code: task for task in Task.objects.select_related("node")}
    assert (made, len(steps), set(tasks)) == (2, 2, {"1.1", "1.2"})
    assert list(tasks["1.1"].cooperating.all()) == [helper]
    assert (tasks["1.1"].title, tasks["1.1"].state, tasks["1.1"].origin) == ("标准1", "issued", "breakdown")
    assert [notice.user for notice in Notice.objects.all()] == [liaison]
    assert issue_breakdown(city.campaign, due_at=later, measure="不失分", actor=city.office) == 0


def test_split_criterion_gives_each_territory_its_task(city, later):
    node = city.node("1.1")
    for name in ("东街道", "西街道"):
        set_share(city.campaign, node, city.street(name), "lead", actor=city.office)
    assert ready_to_issue(city.campaign) == []
    mark_split(city.campaign, node, split=True, actor=city.office)
    assert issue_breakdown(city.campaign, due_at=later, measure="不失分", actor=city.office) == 2


def test_breakdown_issues_only_the_chosen_criteria_and_again_what_was_cancelled(city, later):
    lead = city.unit("城管局")
    for code in ("1.1", "1.2"):
        set_share(city.campaign, city.node(code), lead, "lead", actor=city.office)
    only = {"due_at": later, "measure": "不失分", "actor": city.office, "nodes": [city.node("1.2").pk]}
    assert issue_breakdown(city.campaign, **only) == 1
    cancel_task(Task.objects.get(), reason="口径有变", actor=city.office)
    assert [one.node.code for one in ready_to_issue(city.campaign)] == ["1.1", "1.2"]


def test_breakdown_issues_nothing_where_one_task_is_refused(city):
    set_share(city.campaign, city.node("1.1"), city.unit("城管局"), "lead", actor=city.office)
    with pytest.raises(Refusal):
        issue_breakdown(city.campaign, due_at=clock.now(), measure="不失分", actor=city.office)
    assert Task.objects.count() == 0


def test_objection_upheld_keeps_the_unit(city, draft):
    unit = city.unit("城管局")
    liaison = city.liaison(unit)
    task = draft(unit)
    issue_task(task, actor=city.office)
    object_to_task(task, reason="不归我们管", actor=liaison)
    uphold_task(task, reason="职责在你局", actor=city.office)
    task.refresh_from_db()
    assert (task.state, task.unit) == ("issued", unit)
    assert Notice.objects.filter(user=city.office).count() == 1


def test_objection_may_move_the_task_and_the_lead_of_the_matrix(city, later):
    old, new = city.unit("城管局"), city.unit("住建局")
    people = [city.liaison(old), city.liaison(new)]
    post = name_post(new, PostKind.ACTING, "副局长", actor=None)
    set_share(city.campaign, city.node("1.1"), old, "lead", actor=city.office)
    set_share(city.campaign, city.node("1.1"), new, "cooperate", actor=city.office)
    issue_breakdown(city.campaign, due_at=later, measure="不失分", actor=city.office)
    task = Task.objects.get()
    object_to_task(task, reason="应由住建牵头", actor=people[0])
    Notice.objects.all().delete()
    uphold_task(task, reason="同意", actor=city.office, unit=new)
    task.refresh_from_db()
    assert (task.unit, task.post, list(task.cooperating.all())) == (new, post, [])
    assert city.cells() == {("1.1", "住建局"): "lead"}
    assert {notice.user for notice in Notice.objects.all()} == set(people)
    assert ready_to_issue(city.campaign) == []


def test_moved_task_of_another_origin_leaves_the_matrix_alone(city, draft):
    old, new = city.unit("城管局"), city.unit("住建局")
    set_share(city.campaign, city.node("1.1"), old, "lead", actor=city.office)
    task = draft(old, node=city.node("1.1"))
    issue_task(task, actor=city.office)
    object_to_task(task, reason="应由住建牵头", actor=city.liaison(old))
    uphold_task(task, reason="同意", actor=city.office, unit=new)
    assert city.cells() == {("1.1", "城管局"): "lead"}


def test_objection_is_not_moved_to_another_region(city, draft):
    unit = city.unit("城管局")
    task = draft(unit)
    issue_task(task, actor=city.office)
    object_to_task(task, reason="不归我们管", actor=city.liaison(unit))
    with pytest.raises(Refusal):
        uphold_task(task, reason="换单位", actor=city.office, unit=make_unit())


def test_cancelled_draft_tells_nobody(city, draft):
    unit = city.unit("城管局")
    city.liaison(unit)
    cancel_task(draft(unit), reason="写错了", actor=city.office)
    assert Notice.objects.count() == 0
    sent = draft(unit)
    issue_task(sent, actor=city.office)
    Notice.objects.all().delete()
    cancel_task(sent, reason="口径有变", actor=city.office)
    assert Notice.objects.count() == 1


def test_cancel_needs_a_reason(city, draft):
    with pytest.raises(Refusal):
        cancel_task(draft(city.unit("城管局")), reason=" ", actor=city.office)


def test_postponed_task_keeps_both_dates_in_its_history(city, draft, later):
    unit = city.unit("城管局")
    city.liaison(unit)
    task = draft(unit)
    issue_task(task, actor=city.office)
    Notice.objects.all().delete()
    postpone_task(task, due_at=later + timedelta(days=3), reason="台风", actor=city.office)
    task.refresh_from_db()
    assert task.due_at == later + timedelta(days=3)
    step = history_of(task).last()
    assert (step.action, step.note, step.data["from"][:10]) == ("postpone", "台风", later.isoformat()[:10])
    assert Notice.objects.count() == 1


def test_postponed_draft_tells_nobody(city, draft, later):
    unit = city.unit("城管局")
    city.liaison(unit)
    postpone_task(draft(unit), due_at=later + timedelta(days=1), reason="晚一天", actor=city.office)
    assert Notice.objects.count() == 0


def test_postponing_is_refused_without_reason_into_the_past_and_when_over(city, draft, later):
    task = draft(city.unit("城管局"))
    with pytest.raises(Refusal):
        postpone_task(task, due_at=clock.now(), reason="台风", actor=city.office)
    with pytest.raises(Refusal):
        postpone_task(task, due_at=later, reason=" ", actor=city.office)
    cancel_task(task, reason="写错了", actor=city.office)
    with pytest.raises(StaleState):
        postpone_task(task, due_at=later, reason="台风", actor=city.office)


def test_step_of_a_task_that_moved_meanwhile_is_refused(city, draft):
    unit = city.unit("城管局")
    liaison = city.liaison(unit)
    task = draft(unit)
    issue_task(task, actor=city.office)
    seen_before = Task.objects.get(pk=task.pk)
    accept_task(task, actor=liaison)
    with pytest.raises(StaleState):
        object_to_task(seen_before, reason="不归我们管", actor=liaison)
