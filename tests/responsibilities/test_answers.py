"""What units answer, and what the office says to that."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.notifications.models import Notice
from chuangwen.responsibilities.models import Task
from chuangwen.responsibilities.services import (
    accept_task,
    add_measures,
    confirm_task,
    note_progress,
    object_to_task,
    reopen_task,
    report_task,
)
from chuangwen.workflow.queries import history_of
from chuangwen.workflow.services import StaleState
from tests.responsibilities.making import make_city
from tests.support.factories import make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_city()


@pytest.fixture
def unit(city):
    return city.unit("城管局")


@pytest.fixture
def liaison(city, unit):
    return city.liaison(unit)


@pytest.fixture
def task(city, unit):
    return make_task(unit, campaign=city.campaign, measure="不失分")


@pytest.fixture
def accepted(task, liaison):
    accept_task(task, actor=liaison)
    return task


@pytest.fixture
def reported(accepted, liaison):
    add_measures(accepted, measures="每日巡查", people="市容科科长", actor=liaison)
    report_task(accepted, note="已完成", actor=liaison)
    return accepted


def test_unit_accepts_adds_measures_and_reports_and_the_office_confirms(city, reported):
    confirm_task(reported, actor=city.office)
    reported.refresh_from_db()
    assert (reported.state, reported.progress, reported.measures) == ("confirmed", 100, "每日巡查")
    assert [step.action for step in history_of(reported)] == ["accept", "measures", "report", "confirm"]


def test_report_without_a_plan_claims_no_figure_before_it_is_confirmed(reported):
    reported.refresh_from_db()
    assert (reported.state, reported.progress) == ("reported", 0)


def test_report_is_told_to_the_office(city, reported):
    assert [notice.user for notice in Notice.objects.all()] == [city.office]


def test_unit_of_another_role_or_place_answers_nothing(city, task):
    stranger = city.liaison(city.unit("住建局"))
    with pytest.raises(PermissionDenied):
        accept_task(task, actor=stranger)


def test_office_enters_an_answer_only_on_behalf_and_with_its_true_time(city, task):
    with pytest.raises(Refusal):
        accept_task(task, actor=city.office)
    at = clock.now() - timedelta(hours=3)
    with pytest.raises(Refusal):
        accept_task(task, actor=city.office, on_behalf="城管局办公室", at=clock.now() + timedelta(hours=1))
    accept_task(task, actor=city.office, on_behalf="城管局办公室", at=at)
    step = history_of(task).get()
    assert (step.on_behalf, step.at) == ("城管局办公室", at)


def test_program_answers_without_a_voice(task):
    accept_task(task, actor=None)
    assert task.state == "accepted"


def test_objection_needs_a_reason(task, liaison):
    with pytest.raises(Refusal):
        object_to_task(task, reason=" ", actor=liaison)
    assert Notice.objects.count() == 0


def test_measures_come_after_acceptance_and_both_are_needed(task, liaison):
    with pytest.raises(Refusal):
        add_measures(task, measures="每日巡查", people="科长", actor=liaison)
    accept_task(task, actor=liaison)
    for measures, people in ((" ", "科长"), ("每日巡查", " ")):
        with pytest.raises(Refusal):
            add_measures(task, measures=measures, people=people, actor=liaison)


def test_measures_meet_a_task_that_moved_on(accepted, liaison):
    seen_before = Task.objects.get(pk=accepted.pk)
    add_measures(accepted, measures="每日巡查", people="科长", actor=liaison)
    report_task(accepted, note="已完成", actor=liaison)
    with pytest.raises(StaleState):
        add_measures(seen_before, measures="改了", people="改了", actor=liaison)
    assert Task.objects.get(pk=accepted.pk).measures == "每日巡查"


def test_progress_is_noted_in_words_and_claims_no_figure(accepted, liaison):
    note_progress(accepted, note="三条街做完", actor=liaison)
    accepted.refresh_from_db()
    assert accepted.progress == 0
    assert history_of(accepted).last().note == "三条街做完"
    with pytest.raises(Refusal):
        note_progress(accepted, note=" ", actor=liaison)


def test_progress_comes_after_acceptance(task, liaison):
    with pytest.raises(Refusal):
        note_progress(task, note="x", actor=liaison)


def test_report_needs_measures_and_people_and_no_words(accepted, liaison):
    with pytest.raises(Refusal):
        report_task(accepted, note="已完成", actor=liaison)
    add_measures(accepted, measures="每日巡查", people="科长", actor=liaison)
    report_task(accepted, actor=liaison)
    assert Task.objects.get().state == "reported"


def test_task_sent_back_runs_again(city, reported):
    reopen_task(reported, reason="还有两条街", actor=city.office)
    reported.refresh_from_db()
    assert (reported.state, reported.finished_at, reported.progress) == ("accepted", None, 0)


def test_sending_back_needs_a_reason(city, reported):
    with pytest.raises(Refusal):
        reopen_task(reported, reason="", actor=city.office)


def test_nobody_confirms_the_own_units_work(city, unit, reported):
    from chuangwen.accounts.roles import Role
    from chuangwen.organizations.services import grant_role

    both = city.liaison(unit)
    grant_role(both, Role.OFFICE, city.root, actor=None)
    with pytest.raises(Refusal):
        confirm_task(reported, actor=both)
    with pytest.raises(Refusal):
        reopen_task(reported, reason="不好", actor=both)
    confirm_task(reported, actor=None)
