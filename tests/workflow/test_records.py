"""What a step leaves behind, field by field, and the words in which one is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.models import as_json
from chuangwen.responsibilities.models import Task
from chuangwen.workflow.models import Step
from chuangwen.workflow.queries import histories, history_of
from chuangwen.workflow.services import StaleState, advance, available, note_many, note_step, refusal
from chuangwen.workflow.transitions import Transition, Workflow
from chuangwen.workflow.wording import step_words
from tests.support.factories import NOON, make_region, make_task, make_unit, make_user

FLOW = Workflow(
    [
        Transition("accept", ("issued",), "accepted", "接受", "已接受", permission="responsibilities.answer"),
        Transition(
            "finish", ("issued", "accepted"), "done", "办结", "已办结",
            guards=(lambda actor, task: "", lambda actor, task: "还没到时候。" if task.title == "早" else ""),
        ),
        Transition("reopen", ("done",), "accepted", "重开", "已重开", needs_note=True),
    ]
)  # fmt: skip
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def task():
    return make_task(make_unit())


def test_step_of_the_program_is_kept_whole(task):
    Task.objects.filter(pk=task.pk).update(updated_at=NOON - timedelta(days=9))
    advance(task, FLOW, "finish", actor=None)
    step = Step.objects.get()
    assert (step.region, step.object_type, step.object_id) == (task.region, "responsibilities.task", task.pk)
    assert (step.action, step.source, step.target, step.at) == ("finish", "issued", "done", NOON)
    assert (step.actor_id, step.actor_name, step.on_behalf, step.note, step.data) == (None, "", "", "", {})
    assert Task.objects.get().updated_at == NOON
    entry = Entry.objects.get()
    assert (entry.action, entry.object_id, entry.actor_name) == ("responsibilities.task.finish", str(task.pk), "system")
    assert entry.data == {"source": "issued", "target": "done", "note": ""}


def test_note_is_kept_whole(task):
    person = make_user(name="王联络")
    when = datetime(2026, 11, 17, 1, 30, tzinfo=UTC)
    data = {"day": date(2026, 11, 17), "sum": Decimal("1.50"), "names": ("甲", "乙"), "words": gettext_lazy("Yes")}
    plain = {"day": "2026-11-17", "sum": "1.50", "names": ["甲", "乙"], "words": str(gettext_lazy("Yes"))}
    step = note_step(task, "remarked", actor=person, note="看过了", data=data, on_behalf="李主任", at=when)
    stored = Step.objects.get(pk=step.pk)
    assert (stored.action, stored.source, stored.target, stored.at) == ("remarked", "issued", "issued", when)
    assert (stored.actor_id, stored.actor_name, stored.on_behalf) == (person.pk, "王联络", "李主任")
    assert (stored.note, stored.data) == ("看过了", plain)
    entry = Entry.objects.get()
    assert (entry.action, entry.actor_id) == ("responsibilities.task.remarked", str(person.pk))
    assert entry.data == {"note": "看过了", **plain, "on_behalf": "李主任"}


def test_note_on_what_has_no_state_names_none(task):
    note_step(task.unit, "remarked", actor=None)
    step = history_of(task.unit).get()
    assert (step.source, step.target, step.at, step.data) == ("", "", NOON, {})
    assert Entry.objects.get().data == {"note": ""}


def test_state_may_be_kept_in_a_field_of_another_name(task):
    flow = Workflow([Transition("rename", ("甲",), "乙", "改名", "已改名")], field_name="title")
    Task.objects.update(title="甲")
    task.title = "甲"
    assert [step.action for step in available(task, flow, None)] == ["rename"]
    advance(task, flow, "rename", actor=None)
    assert (Task.objects.get().title, Task.objects.get().state, task.title) == ("乙", "issued", "乙")


def test_stale_state_is_told_with_the_matter_and_the_way_out(task):
    with pytest.raises(StaleState) as refused:
        advance(task, FLOW, "reopen", actor=None, note="再来")
    assert str(refused.value.message) == f"“{task}”刚才已经被别人办理了。"
    assert str(refused.value.way_out) == "请重新打开看现在的状态；您填的内容还在。"


def test_missing_reason_is_told_with_the_way_out(task):
    Task.objects.update(state="done")
    with pytest.raises(Refusal) as refused:
        advance(Task.objects.get(), FLOW, "reopen", actor=None, note=" \n")
    assert (str(refused.value.message), str(refused.value.way_out)) == ("请简单写明原因。", "对方会看到。")
    assert Step.objects.count() == 0


def test_refusal_names_role_or_guard_and_nothing_where_nothing_stands_in_the_way(task):
    accept, finish = FLOW["accept"], FLOW["finish"]
    keeper, liaison = make_user(Role.KEEPER, task.unit), make_user(Role.LIAISON, task.unit)
    assert refusal(accept, task, keeper) == "这件事由别的角色办。"
    assert [refusal(accept, task, person) for person in (liaison, None)] == ["", ""]
    stranger = make_user(Role.LIAISON, make_unit(task.unit))
    assert refusal(accept, make_task(make_unit()), stranger) == "这件事由别的角色办。"
    assert refusal(finish, task, keeper) == ""
    task.title = "早"
    assert refusal(finish, task, None) == "还没到时候。"


def test_guard_is_told_who_acts(task):
    def others_only(actor, _task):
        return f"{actor}已经办过。"

    flow = Workflow([Transition("check", ("issued",), "done", "复核", "已复核", guards=(others_only,))])
    assert refusal(flow["check"], task, "李明") == "李明已经办过。"
    with pytest.raises(Refusal, match="李明已经办过。"):
        advance(task, flow, "check", actor="李明")


def test_permission_that_is_missing_is_named(task):
    with pytest.raises(PermissionDenied, match=r"^responsibilities\.answer$"):
        advance(task, FLOW, "accept", actor=make_user(Role.KEEPER, task.unit))


def test_unknown_action_names_model_and_action(task):
    with pytest.raises(ValueError, match=r"^responsibilities\.task has no action 'explode'$"):
        advance(task, FLOW, "explode", actor=None)
    assert FLOW.get("explode") is None


def test_histories_keep_matters_of_other_models_and_numbers_apart(task):
    advance(task, FLOW, "finish", actor=None)
    note_step(task.unit, "remarked", actor=None)
    assert histories("organizations.unit", [task.unit.pk])[task.unit.pk][0].action == "remarked"
    assert histories("responsibilities.task", [task.pk + 1, task.pk]) == {
        task.pk + 1: [],
        task.pk: [Step.objects.first()],
    }
    assert str(Step.objects.first()) == f"responsibilities.task {task.pk} finish"


def test_history_is_that_of_one_matter_alone(task):
    for one in (task, make_task(task.unit, campaign=task.campaign), task.unit):
        note_step(one, "remarked", actor=None)
    Step.objects.filter(object_type="organizations.unit").update(object_id=task.pk)
    own = Step.objects.get(object_type="responsibilities.task", object_id=task.pk)
    assert list(history_of(task)) == [own]
    assert histories("responsibilities.task", [task.pk]) == {task.pk: [own]}


@pytest.mark.parametrize(
    ("action", "told"),
    [("rectification.problem.close", True), ("rectification.problem.nothing", False), ("nowhere.thing.done", False),
     ("workflow.thing.done", False), ("organizations.unit.edit", False), ("", False)],
)  # fmt: skip
def test_words_of_a_step_come_from_the_areas_own_table(action, told):
    assert bool(step_words(action)) is told


def test_words_of_a_step_that_two_tables_of_an_area_know_are_those_of_the_models_own_states():
    told = [step_words(f"{model}.confirm") for model in (
        "responsibilities.task", "responsibilities.weekreport", "responsibilities.nothing",
        "supervision.consequence", "supervision.vetoevent",
    )]  # fmt: skip
    assert told == ["确认办结", "已确认", None, "已确认", "事项已确认"]


def test_plain_json_of_what_a_service_may_pass():
    region = make_region("云溪市")
    given = {1: None, "t": (True, 2, "三"), "m": NOON, "r": region, "s": {"x"}}
    assert as_json(given) == {"1": None, "t": [True, 2, "三"], "m": NOON.isoformat(), "r": "云溪市", "s": ["x"]}


def test_note_on_many_is_a_line_each_and_one_entry(task):
    other = make_task(task.unit, campaign=task.campaign, state="accepted")
    person = make_user(name="李明")
    data = {task.pk: {"day": date(2026, 12, 1)}, other.pk: {"day": None}}
    note_many([task, other], "shifted", actor=person, data=data, note="评估改期")
    rows = [(step.object_id, step.source, step.target, step.data, step.at) for step in Step.objects.order_by("pk")]
    kinds = set(Step.objects.values_list("object_type", "action"))
    assert kinds == {("responsibilities.task", "shifted")}
    assert rows == [
        (task.pk, "issued", "issued", {"day": "2026-12-01"}, NOON),
        (other.pk, "accepted", "accepted", {"day": None}, NOON),
    ]
    assert {(step.actor_id, step.actor_name, step.note) for step in Step.objects.all()} == {
        (person.pk, "李明", "评估改期")
    }
    entry = Entry.objects.get()
    assert (entry.action, entry.chain.region_code) == ("responsibilities.task.shifted", task.region.code)
    assert entry.data == {
        "note": "评估改期", "count": 2,
        "objects": {str(task.pk): {"day": "2026-12-01"}, str(other.pk): {"day": None}},
    }  # fmt: skip


def test_note_on_none_leaves_nothing():
    note_many([], "shifted", actor=None, data={})
    assert (Step.objects.count(), Entry.objects.count()) == (0, 0)


def test_note_of_the_program_on_one_without_a_state(task):
    note_many([task.unit], "moved", actor=None, data={task.unit.pk: {}})
    step = Step.objects.get()
    assert (step.source, step.target, step.actor_id, step.actor_name, step.note) == ("", "", None, "", "")
    entry = Entry.objects.get()
    assert (entry.action, entry.chain.region_code) == ("organizations.unit.moved", task.unit.region.code)
