"""People administration: who may do what to whose account."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chuangwen.accounts.models import User
from chuangwen.accounts.roles import Role
from chuangwen.accounts.services.people import create_person, reset_password
from chuangwen.audit.models import Entry
from chuangwen.core.errors import Refusal
from tests.accounts.making import make_office, make_person
from tests.support.factories import make_root, make_unit, make_user

pytestmark = pytest.mark.django_db
PEOPLE = "/accounts/people/"


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


@pytest.fixture
def root():
    return make_root()


@pytest.fixture
def office(root):
    return make_office(root)


def shown_once(answer):
    return re.search(r'id="shown-once">([^<]+)<', answer.content.decode())[1]


def test_new_person_gets_a_first_password_once_and_must_change_it(sign_in, office):
    data = {"username": "new-liaison", "name": "周小满", "phone": "13800001234", "region": office.region.pk}
    answer = sign_in(office).post(f"{PEOPLE}new/", data)
    password = shown_once(answer)
    assert "no-store" in answer["Cache-Control"]
    user = User.objects.get(username="new-liaison")
    assert (user.region, user.must_change_password, user.check_password(password)) == (office.region, True, True)
    assert password not in repr(list(Entry.objects.values()))
    client = Client()
    client.post("/account/login/", {"login": "new-liaison", "password": password})
    assert client.get("/accounts/me/").url == "/account/password/change/"


@pytest.mark.parametrize(
    "change", [{"username": ""}, {"username": "有空格 的"}, {"username": "x" * 41}, {"name": ""}, {"phone": "<b>"}]
)
def test_faulty_person_is_refused_and_what_was_typed_stays(sign_in, office, change):
    data = {"username": "fine", "name": "周小满", "phone": "", "region": office.region.pk} | change
    answer = sign_in(office).post(f"{PEOPLE}new/", data)
    assert answer.status_code == 400
    assert User.objects.filter(name="周小满").count() == 0
    assert "cw-field__error" in answer.content.decode()


def test_account_in_use_is_refused_whatever_its_case(sign_in, office):
    make_person(office, username="taken")
    data = {"username": "TAKEN", "name": "周小满", "region": office.region.pk}
    assert "已经有人用了" in sign_in(office).post(f"{PEOPLE}new/", data).content.decode()


def test_person_is_never_made_in_another_region(sign_in, office):
    other = make_office()
    data = {"username": "spy", "name": "周小满", "region": other.region.pk}
    assert sign_in(office).post(f"{PEOPLE}new/", data).status_code == 400
    with pytest.raises(Refusal):
        create_person(other.region, actor=office, username="spy", name="周小满")
    assert not User.objects.filter(username="spy").exists()


def test_list_shows_the_own_region(sign_in, office):
    make_person(office, name="本市的人")
    make_person(make_office(), name="外市的人")
    page = sign_in(office).get(PEOPLE).content.decode()
    assert "本市的人" in page
    assert "外市的人" not in page


@pytest.mark.parametrize("path", ["", "password/", "code/", "close/", "unlock/", "second-factor/"])
def test_person_of_another_region_is_not_there(sign_in, office, path):
    stranger = make_person(make_office())
    before = User.objects.get(pk=stranger.pk).password
    client = sign_in(office)
    answer = client.post(f"{PEOPLE}{stranger.pk}/{path}") if path else client.get(f"{PEOPLE}{stranger.pk}/")
    assert answer.status_code == 404
    again = User.objects.get(pk=stranger.pk)
    assert (again.password, again.is_active) == (before, True)


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.ADMINISTRATOR, Role.OFFICE}])
@pytest.mark.once
def test_people_are_closed_to_other_roles(sign_in, root, role):
    client = sign_in(make_user(role, root))
    target = make_user(region=root.region)
    for path in ("", "new/", f"{target.pk}/"):
        assert client.get(PEOPLE + path).status_code == 403
    for path in ("password/", "code/", "close/"):
        assert client.post(f"{PEOPLE}{target.pk}/{path}").status_code == 403


def test_role_at_one_unit_manages_nobody(sign_in, root):
    administrator = make_user(Role.ADMINISTRATOR, make_unit(root))
    target = make_user(region=root.region)
    assert sign_in(administrator).get(f"{PEOPLE}{target.pk}/").status_code in {403, 404}


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.OFFICE])
def test_office_cannot_take_over_administrators_auditors_and_colleagues(sign_in, root, office, role):
    target = make_user(role, root, password="Alt-Mima-2026")
    client = sign_in(office)
    for path in ("password/", "close/", "second-factor/", "unlock/"):
        assert client.post(f"{PEOPLE}{target.pk}/{path}").status_code == 400
    assert client.post(f"{PEOPLE}{target.pk}/", {"name": "改", "phone": "1" * 11}).status_code == 400
    target.refresh_from_db()
    assert (target.check_password("Alt-Mima-2026"), target.is_active, target.phone) == (True, True, "")


def test_office_puts_its_own_number_right(sign_in, root):
    office = make_user(Role.OFFICE, root)
    assert (
        sign_in(office).post(f"{PEOPLE}{office.pk}/", {"name": office.name, "phone": "13900000000"}).status_code == 302
    )
    office.refresh_from_db()
    assert office.phone == "13900000000"


def test_administrator_looks_after_the_auditor(root):
    auditor, administrator = make_user(Role.AUDITOR, root), make_user(Role.ADMINISTRATOR, root)
    password = reset_password(auditor, actor=administrator)
    auditor.refresh_from_db()
    assert auditor.check_password(password)


def test_reset_ends_sessions_and_the_lock(root, office):
    target = make_person(office, username="locked", password="Hao-Mima-2026")
    inside = Client()
    inside.post("/account/login/", {"login": "locked", "password": "Hao-Mima-2026"})
    for number in range(5):
        Client().post("/account/login/", {"login": "locked", "password": f"wrong{number}"})
    password = reset_password(target, actor=office)
    assert inside.get("/accounts/me/").status_code == 302
    assert Client().post("/account/login/", {"login": "locked", "password": password}).url == "/desk/"


def test_unlock_opens_the_account_again(sign_in, office):
    target = make_person(office, username="locked", password="Hao-Mima-2026")
    for number in range(5):
        Client().post("/account/login/", {"login": "locked", "password": f"wrong{number}"})
    sign_in(office).post(f"{PEOPLE}{target.pk}/unlock/")
    assert Client().post("/account/login/", {"login": "locked", "password": "Hao-Mima-2026"}).url == "/desk/"
    assert Entry.objects.filter(action="accounts.person.unlock", object_id=str(target.pk)).count() == 1


def test_closed_person_is_out_at_once_and_can_be_opened_again(sign_in, office):
    target = make_person(office, username="leaver", password="Hao-Mima-2026")
    inside = Client()
    inside.post("/account/login/", {"login": "leaver", "password": "Hao-Mima-2026"})
    client = sign_in(office)
    client.post(f"{PEOPLE}{target.pk}/close/")
    assert inside.get("/accounts/me/").status_code == 302
    assert (
        "_auth_user_id"
        not in Client().post("/account/login/", {"login": "leaver", "password": "Hao-Mima-2026"}).wsgi_request.session
    )
    client.post(f"{PEOPLE}{target.pk}/reopen/")
    assert Client().post("/account/login/", {"login": "leaver", "password": "Hao-Mima-2026"}).url == "/desk/"


def test_nobody_closes_the_own_account(sign_in, office):
    assert sign_in(office).post(f"{PEOPLE}{office.pk}/close/").status_code == 400
    office.refresh_from_db()
    assert office.is_active


def test_unknown_act_is_not_there(sign_in, office):
    assert sign_in(office).post(f"{PEOPLE}{make_person(office).pk}/promote/").status_code == 404


def test_looking_changes_nothing(sign_in, office):
    target = make_person(office)
    client = sign_in(office)
    for path in ("password/", "code/", "close/"):
        assert client.get(f"{PEOPLE}{target.pk}/{path}").status_code == 405


def test_binding_code_is_shown_once(sign_in, office):
    target = make_person(office)
    code = shown_once(sign_in(office).post(f"{PEOPLE}{target.pk}/code/"))
    assert re.fullmatch(r"\d{4} \d{4}", code)


def test_list_costs_the_same_for_one_and_three(sign_in, office):
    client = sign_in(office)
    client.get(PEOPLE)
    with CaptureQueriesContext(connection) as one:
        client.get(PEOPLE)
    for _number in range(3):
        make_person(office)
    with CaptureQueriesContext(connection) as four:
        client.get(PEOPLE)
    assert len(four) == len(one)
