"""`advance()`: legal steps by whoever may, once, with history and audit or not at all."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections, transaction

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.audit.queries import verify_chain
from chuangwen.core.errors import Refusal
from chuangwen.responsibilities.models import Task
from chuangwen.workflow import services
from chuangwen.workflow.models import Step
from chuangwen.workflow.queries import histories, history_of
from chuangwen.workflow.services import StaleState, advance, available, note_step
from chuangwen.workflow.transitions import Transition, Workflow
from tests.support.factories import make_root, make_task, make_unit, make_user


def only_on_due_tasks(actor, task):
    return "还没到时候。" if task.title == "早" else ""


FLOW = Workflow(
    [
        Transition("accept", ("issued",), "accepted", "接受", "已接受", permission="responsibilities.answer"),
        Transition("finish", ("issued", "accepted"), "done", "办结", "已办结", guards=(only_on_due_tasks,)),
        Transition("reopen", ("done",), "accepted", "重开", "已重开", needs_note=True),
    ]
)


@pytest.fixture
def root():
    return make_root()


@pytest.fixture
def unit(root):
    return make_unit(root)


@pytest.fixture
def liaison(unit):
    return make_user(Role.LIAISON, unit, name="王联络")


def counts(task):
    return Step.objects.filter(object_id=task.pk).count(), Entry.objects.filter(object_id=str(task.pk)).count()


@pytest.mark.django_db
class TestAdvance:
    def test_legal_step_moves_the_state_and_leaves_history_and_audit(self, unit, liaison):
        task = make_task(unit)
        step = advance(task, FLOW, "accept", actor=liaison, note="好", data={"people": 2})
        stored = Task.objects.get(pk=task.pk)
        assert (stored.state, task.state) == ("accepted", "accepted")
        assert (step.source, step.target, step.actor_id, step.actor_name) == (
            "issued", "accepted", liaison.pk, "王联络",
        )  # fmt: skip
        assert step.data == {"people": 2}
        entry = Entry.objects.get(object_type="responsibilities.task")
        assert entry.action == "responsibilities.task.accept"
        assert entry.data == {"source": "issued", "target": "accepted", "note": "好", "people": 2}
        assert verify_chain().ok

    def test_step_from_the_wrong_state_is_stale_and_changes_nothing(self, unit, liaison):
        task = make_task(unit)
        with pytest.raises(StaleState):
            advance(task, FLOW, "reopen", actor=None, note="再来")
        assert counts(task) == (0, 0)

    def test_unknown_action_is_a_fault_of_the_program(self, unit):
        with pytest.raises(ValueError, match="no action 'explode'"):
            advance(make_task(unit), FLOW, "explode", actor=None)

    def test_person_without_the_permission_over_the_object_is_refused(self, root, unit):
        task = make_task(unit)
        for person in (make_user(Role.KEEPER, unit), make_user(Role.LIAISON, make_unit(root)), make_user()):
            with pytest.raises(PermissionDenied):
                advance(task, FLOW, "accept", actor=person)
        assert Task.objects.get(pk=task.pk).state == "issued"
        assert counts(task) == (0, 0)

    def test_guard_refuses_in_words_also_the_program_itself(self, unit):
        task = make_task(unit, title="早")
        with pytest.raises(Refusal, match="还没到时候。"):
            advance(task, FLOW, "finish", actor=None)
        assert Task.objects.get(pk=task.pk).state == "issued"

    def test_step_that_wants_a_reason_gets_none(self, unit):
        task = make_task(unit, state="done")
        with pytest.raises(Refusal):
            advance(task, FLOW, "reopen", actor=None, note="  ")
        assert advance(task, FLOW, "reopen", actor=None, note="又坏了").target == "accepted"

    def test_row_that_moved_meanwhile_is_stale(self, unit, liaison):
        task = make_task(unit)
        mine, theirs = Task.objects.get(pk=task.pk), Task.objects.get(pk=task.pk)
        advance(theirs, FLOW, "finish", actor=None)
        with pytest.raises(StaleState, match=str(mine)) as refusal:
            advance(mine, FLOW, "accept", actor=liaison)
        assert refusal.value.status == 409
        assert Task.objects.get(pk=task.pk).state == "done"
        assert counts(task) == (1, 1)

    def test_further_fields_are_written_by_the_same_update(self, unit):
        task = make_task(unit)
        advance(task, FLOW, "finish", actor=None, title="改了名")
        assert (Task.objects.get(pk=task.pk).title, task.title) == ("改了名", "改了名")

    def test_step_entered_later_keeps_its_true_time_and_whose_it_was(self, unit, liaison):
        task = make_task(unit)
        moment = datetime(2026, 11, 17, 1, 30, tzinfo=UTC)
        step = advance(task, FLOW, "accept", actor=liaison, on_behalf="李主任", at=moment)
        assert (step.at, step.on_behalf) == (moment, "李主任")
        assert Entry.objects.get(object_id=str(task.pk)).data["on_behalf"] == "李主任"

    @pytest.mark.parametrize("broken", ["record", "_step"])
    def test_state_history_and_audit_fail_together(self, unit, monkeypatch, broken):
        def fail(*_args, **_kwargs):
            raise OSError("disk full")

        task = make_task(unit)
        monkeypatch.setattr(services, broken, fail)
        with pytest.raises(OSError, match="disk full"), transaction.atomic():
            advance(task, FLOW, "finish", actor=None)
        assert Task.objects.get(pk=task.pk).state == "issued"
        assert task.state == "issued"
        assert counts(task) == (0, 0)

    def test_note_keeps_the_state(self, unit, liaison):
        task = make_task(unit)
        note_step(task, "remarked", actor=liaison, note="看过了")
        assert Task.objects.get(pk=task.pk).state == "issued"
        assert counts(task) == (1, 1)
        assert history_of(task).get().note == "看过了"

    def test_available_names_only_what_the_person_could_do_now(self, root, unit, liaison):
        task = make_task(unit)
        assert [step.action for step in available(task, FLOW, liaison)] == ["accept", "finish"]
        assert [step.action for step in available(task, FLOW, make_user(Role.AUDITOR, root))] == ["finish"]
        early = make_task(unit, title="早", campaign=task.campaign)
        assert [step.action for step in available(early, FLOW, liaison)] == ["accept"]

    def test_histories_of_many_cost_one_query(self, unit, django_assert_num_queries):
        first = make_task(unit)
        second = make_task(unit, campaign=first.campaign)
        advance(first, FLOW, "finish", actor=None)
        advance(first, FLOW, "reopen", actor=None, note="再来")
        with django_assert_num_queries(1):
            found = histories("responsibilities.task", [first.pk, second.pk])
        assert [step.action for step in found[first.pk]] == ["finish", "reopen"]
        assert found[second.pk] == []


def test_action_declared_twice_is_refused():
    step = Transition("finish", ("issued",), "done", "办结", "已办结")
    with pytest.raises(ValueError, match="declared twice"):
        Workflow([step, step])


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_exactly_one_succeeds():
    task = make_task(make_unit())
    start, results = threading.Barrier(6), []

    def finish():
        try:
            mine = Task.objects.get(pk=task.pk)
            start.wait()
            advance(mine, FLOW, "finish", actor=None)
            results.append("done")
        except StaleState:
            results.append("stale")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=finish) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["done", *["stale"] * 5]
    assert counts(task) == (1, 1)
    assert verify_chain().ok


@pytest.mark.django_db(transaction=True)
def test_audit_entries_of_many_writers_form_one_chain():
    root = make_root()
    unit = make_unit(root)
    first = make_task(unit)
    tasks = [first, *(make_task(unit, campaign=first.campaign) for _number in range(7))]
    start = threading.Barrier(len(tasks))

    def finish(task):
        try:
            start.wait()
            advance(task, FLOW, "finish", actor=None)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=finish, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sequence = list(Entry.objects.filter(chain__region_code=root.region.code).values_list("sequence", flat=True))
    assert sorted(sequence) == list(range(1, len(tasks) + 1))
    assert verify_chain().ok


@pytest.mark.django_db(transaction=True)
def test_state_is_not_moved_when_the_outer_transaction_fails():
    task = make_task(make_unit())

    def work():
        with transaction.atomic():
            advance(task, FLOW, "finish", actor=None)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    assert connection.in_atomic_block is False
    assert Task.objects.get(pk=task.pk).state == "issued"
    assert counts(task) == (0, 0)
