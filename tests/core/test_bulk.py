"""Bulk actions: exactly the chosen rows, by the rights of the person, each on its own."""

from __future__ import annotations

import io

import pytest
from python_calamine import CalamineWorkbook

from chuangwen.accounts.roles import Role
from chuangwen.core.lists import response
from chuangwen.core.models import Job
from chuangwen.organizations.models import RoleGrant
from chuangwen.places.models import Place
from tests.support.factories import make_place, make_place_type, make_root, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.listing")]
URL = "/places-for-test/"


@pytest.fixture
def root():
    return make_root()


@pytest.fixture
def office(root, sign_in):
    return sign_in(make_user(Role.OFFICE, root))


@pytest.fixture
def place(root):
    street, kind = make_unit(root, name="东关街道"), make_place_type(root.region)

    def make(name, **fields):
        return make_place(fields.pop("territory", street), name=name, place_type=fields.pop("kind", kind), **fields)

    return make


def moved():
    return set(Place.objects.filter(address="搬过了").values_list("name", flat=True))


def told(answer):
    return [str(message) for message in answer.context["messages"]]


def test_ticked_rows_are_acted_on_and_no_others(office, place):
    chosen, _other = place("甲"), place("乙")
    answer = office.post(URL, {"bulk": "move", "id": [chosen.pk]}, follow=True)
    assert moved() == {"甲"}
    assert answer.status_code == 200


def test_select_all_means_all_that_the_filter_matches(office, place):
    for name in ("东一", "东二", "西一"):
        place(name)
    office.post(f"{URL}?q=东", {"bulk": "move", "select_all": "1", "id": []})
    assert moved() == {"东一", "东二"}


def test_ticked_row_outside_of_the_filter_is_left_alone(office, place):
    row = place("西一")
    office.post(f"{URL}?q=东", {"bulk": "move", "id": [row.pk]})
    assert moved() == set()


def test_row_that_refuses_is_told_and_does_not_stop_the_others(office, place):
    rows = [place(name) for name in ("甲", "不动", "乙")]
    answer = office.post(URL, {"bulk": "move", "id": [row.pk for row in rows]}, follow=True)
    assert moved() == {"甲", "乙"}
    assert any("这一处不能搬。" in text for text in told(answer))


def test_rows_of_another_region_and_rubbish_ids_are_ignored(office, place):
    stranger = make_place(name="外地")
    office.post(URL, {"bulk": "move", "id": [stranger.pk, "abc", "-1", "9" * 40, "²"]})
    assert moved() == set()


def test_person_without_the_permission_is_refused_and_sees_no_boxes(place, root, sign_in):
    row = place("甲")
    leader = sign_in(make_user(Role.LEADER, root))
    assert leader.post(URL, {"bulk": "move", "id": [row.pk]}).status_code == 403
    assert leader.get(URL).context["bulk_actions"] == []
    assert moved() == set()


def test_unknown_action_is_404(office, place):
    assert office.post(URL, {"bulk": "drop tables", "id": [place("甲").pk]}).status_code == 404


def test_nothing_chosen_is_told(office, place):
    place("甲")
    answer = office.post(URL, {"bulk": "move"}, follow=True)
    assert len(told(answer)) == 1
    assert moved() == set()


def test_action_with_a_form_asks_first_keeps_the_choice_and_shows_errors(office, place):
    row = place("甲")
    asked = office.post(URL, {"bulk": "address", "id": [row.pk]})
    assert asked.status_code == 200
    assert f'name="id" value="{row.pk}"' in asked.content.decode()
    wrong = office.post(URL, {"bulk": "address", "id": [row.pk], "sure": "1", "address": "长" * 21})
    assert wrong.status_code == 400
    assert "长" * 21 in wrong.content.decode()
    office.post(URL, {"bulk": "address", "id": [row.pk], "sure": "1", "address": "新路1号"})
    row.refresh_from_db()
    assert row.address == "新路1号"


def test_action_with_a_warning_runs_only_when_confirmed(office, place):
    row = place("甲")
    assert "撤下以后不再抽到。" in office.post(URL, {"bulk": "leave", "id": [row.pk]}).content.decode()
    assert moved() == set()
    office.post(URL, {"bulk": "leave", "id": [row.pk], "sure": "1"})
    assert moved() == {"甲"}


def test_many_rows_run_as_a_job_with_what_was_chosen(
    office, place, monkeypatch, django_capture_on_commit_callbacks, run_jobs
):
    monkeypatch.setattr(response, "DIRECT_BULK", 2)
    for name in ("甲", "乙", "丙", "不动"):
        place(name)
    data = {"bulk": "address", "select_all": "1", "sure": "1", "address": "新路1号"}
    with django_capture_on_commit_callbacks(execute=True):
        answer = office.post(URL, data)
    run_jobs()
    job = Job.objects.get()
    assert answer.url == f"/jobs/{job.uid}/"
    assert (job.status, job.done, job.result_url) == ("done", 4, URL)
    assert "这一处不能搬。" in job.message
    assert Place.objects.filter(address="新路1号").count() == 3


def test_job_acts_by_the_rights_held_when_it_runs(
    office, place, monkeypatch, django_capture_on_commit_callbacks, run_jobs
):
    monkeypatch.setattr(response, "DIRECT_BULK", 0)
    place("甲")
    with django_capture_on_commit_callbacks(execute=True):
        office.post(URL, {"bulk": "move", "select_all": "1"})
    RoleGrant.objects.all().delete()
    run_jobs()
    assert Job.objects.get().status == "failed"
    assert moved() == set()


def test_chosen_rows_become_a_message_or_a_workbook(office, place):
    chosen = place("甲")
    place("乙")
    page = office.post(URL, {"bulk": "message", "id": [chosen.pk]}).content.decode()
    assert "东关街道：甲" in page
    assert "乙" not in page
    book = CalamineWorkbook.from_filelike(io.BytesIO(office.post(URL, {"bulk": "xlsx", "id": [chosen.pk]}).content))
    names = [str(row[0]) for row in book.get_sheet_by_index(0).to_python()]
    assert "甲" in names
    assert "乙" not in names
