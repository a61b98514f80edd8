"""A task through a link: seen, accepted, worked on and reported from a bound phone, and nothing beside it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from chuangwen.accounts.models import MatterLink
from chuangwen.accounts.roles import Role
from chuangwen.accounts.services.links import link_for
from chuangwen.responsibilities.models import Task
from chuangwen.workflow.models import Step
from tests.accounts.making import bind
from tests.support.factories import make_root, make_task, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return make_root()


@pytest.fixture
def unit(root):
    return make_unit(root, name="市城管局")


@pytest.fixture
def office(root):
    return make_user(Role.OFFICE, root)


@pytest.fixture
def liaison(unit):
    return make_user(Role.LIAISON, unit)


@pytest.fixture
def task(unit):
    return make_task(unit, title="清理乱贴乱画", measure="主次干道看不到")


def path_of(person, task, office):
    return link_for(person, task, made_by=office).split("8000")[-1]


def test_liaison_answers_and_reports_the_task_on_the_own_phone(liaison, office, task):
    phone, path = bind(liaison, office), path_of(liaison, task, office)
    page = phone.get(path).content.decode()
    assert "清理乱贴乱画" in page
    assert 'class="cw-side' not in page
    assert phone.post(f"{path}accept/").url == path
    phone.post(f"{path}measures/", {"measures-measures": "每天两巡", "measures-people": "中队长、巡查员"})
    phone.post(f"{path}progress/", {"progress-percent": "60", "progress-note": "东片清完"})
    phone.post(f"{path}report/", {"report-note": "全部清完"})
    task.refresh_from_db()
    assert (task.state, task.measures, task.progress) == ("reported", "每天两巡", 0)
    assert set(Step.objects.filter(object_id=task.pk).values_list("actor_id", flat=True)) == {liaison.pk}
    assert MatterLink.objects.get().uses == 5


def test_form_that_is_not_complete_comes_back_with_what_was_typed(liaison, office, task):
    phone, path = bind(liaison, office), path_of(liaison, task, office)
    phone.post(f"{path}accept/")
    answer = phone.post(f"{path}measures/", {"measures-measures": "每天两巡", "measures-people": ""})
    assert answer.status_code == 422
    assert "每天两巡" in answer.content.decode()


def test_step_of_the_office_is_no_step_of_the_link(liaison, office, task):
    phone, path = bind(liaison, office), path_of(liaison, task, office)
    for step in ("confirm", "cancel", "postpone", "issue"):
        assert phone.post(f"{path}{step}/").status_code == 404


def test_other_task_of_the_unit_is_out_of_reach(liaison, office, task, unit):
    other = make_task(unit, campaign=task.campaign, title="别的任务")
    phone, path = bind(liaison, office), path_of(liaison, task, office)
    assert "别的任务" not in phone.get(path).content.decode()
    assert phone.get(f"/tasks/{other.pk}/").status_code == 302
    phone.post(f"{path}accept/", {"pk": other.pk, "task": other.pk})
    assert list(Task.objects.order_by("pk").values_list("state", flat=True)) == ["accepted", "issued"]


def test_person_who_lost_the_role_sees_nothing(liaison, office, task):
    phone, path = bind(liaison, office), path_of(liaison, task, office)
    liaison.role_grants.all().delete()
    assert phone.get(path).status_code == 404
    assert phone.post(f"{path}accept/").status_code == 404


def test_office_hands_out_links_as_one_message(sign_in, liaison, office, task):
    page = sign_in(office).post(f"/tasks/{task.pk}/link/").content.decode()
    path = re.search(r"http://[^/]+(/m/[\w-]{43}/)", page)[1]
    assert bind(liaison, office, Client()).get(path).status_code == 200


def test_only_the_office_hands_out_links(sign_in, liaison, task):
    assert sign_in(liaison).post(f"/tasks/{task.pk}/link/").status_code == 403
    assert not MatterLink.objects.exists()
