"""Binding a phone: the code, its limits, the cookie."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from chuangwen.accounts.agents import device_words
from chuangwen.accounts.models import BindingCode, Device, User
from chuangwen.accounts.services.devices import COOKIE, issue_code
from chuangwen.audit.models import Entry
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from tests.accounts.making import bind, device, make_office, make_person

pytestmark = pytest.mark.django_db
BIND = "/accounts/bind/"


@pytest.fixture
def office():
    return make_office()


@pytest.fixture
def person(office):
    return make_person(office, username="liaison", phone="13800001234")


def other(code):
    return f"{(int(code) + 1) % 10**8:08d}"


@pytest.mark.parametrize("name", ["liaison", "LIAISON", " liaison ", "13800001234"])
def test_account_or_mobile_and_code_bind_the_phone(client, person, office, name):
    code = issue_code(person, actor=office)
    answer = client.post(BIND, {"account": name, "code": f"{code[:4]} {code[4:]}"})
    assert person.name in answer.content.decode()
    cookie = client.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], int(cookie["max-age"]) >= 30 * 86400) == (True, "Lax", True)
    assert cookie.value not in repr(Device.objects.get().__dict__)
    assert Entry.objects.get(action="accounts.device.bind").actor_id == str(person.pk)


def test_code_is_kept_as_a_keyed_hash_and_appears_nowhere(person, office):
    code = issue_code(person, actor=office)
    row = BindingCode.objects.get()
    assert len(code) == 8
    assert code not in row.code_hash
    assert code not in repr(list(Entry.objects.values_list("data", flat=True)))


def test_code_binds_once(person, office):
    code = issue_code(person, actor=office)
    answers = [Client().post(BIND, {"account": "liaison", "code": code}).status_code for _number in range(2)]
    assert answers == [200, 400]
    assert Device.objects.count() == 1


def test_new_code_ends_the_old_one(client, person, office):
    old, new = issue_code(person, actor=office), issue_code(person, actor=office)
    assert client.post(BIND, {"account": "liaison", "code": old}).status_code == 400
    assert client.post(BIND, {"account": "liaison", "code": new}).status_code == 200


def test_code_runs_out_after_a_day(client, person, office):
    code = issue_code(person, actor=office)
    with clock.at(clock.now() + timedelta(hours=24, seconds=1)):
        assert client.post(BIND, {"account": "liaison", "code": code}).status_code == 400


def test_fifth_wrong_try_ends_the_code(person, office):
    code = issue_code(person, actor=office)
    for _number in range(5):
        Client().post(BIND, {"account": "liaison", "code": other(code)})
    assert Client().post(BIND, {"account": "liaison", "code": code}).status_code == 400
    assert not Device.objects.exists()


def test_fourth_wrong_try_does_not(person, office):
    code = issue_code(person, actor=office)
    for _number in range(4):
        Client().post(BIND, {"account": "liaison", "code": other(code)})
    assert Client().post(BIND, {"account": "liaison", "code": code}).status_code == 200


def test_tries_for_one_person_are_limited_over_new_codes(person, office):
    for _number in range(2):
        code = issue_code(person, actor=office)
        for _try in range(5):
            Client().post(BIND, {"account": "liaison", "code": other(code)})
    code = issue_code(person, actor=office)
    answer = Client().post(BIND, {"account": "liaison", "code": code})
    assert "太多" in answer.content.decode()
    with clock.at(clock.now() + timedelta(hours=1, seconds=1)):
        assert Client().post(BIND, {"account": "liaison", "code": code}).status_code == 200


def test_tries_from_one_address_are_limited_over_people(office, monkeypatch):
    monkeypatch.setattr("chuangwen.accounts.services.devices.ADDRESS_TRIES", 3)
    for number in range(3):
        Client().post(BIND, {"account": f"nobody{number}", "code": "12345678"})
    person = make_person(office)
    code = issue_code(person, actor=office)
    data = {"account": person.username, "code": code}
    assert Client().post(BIND, data).status_code == 400
    assert Client(REMOTE_ADDR="10.9.9.9").post(BIND, data).status_code == 200


def test_unknown_account_and_wrong_code_look_the_same(person, office):
    code = issue_code(person, actor=office)
    told = [
        Client().post(BIND, {"account": name, "code": number}).context["form"].non_field_errors()
        for name, number in (("liaison", other(code)), ("nobody", code))
    ]
    assert told[0] == told[1]


def test_code_of_somebody_else_does_not_fit(person, office):
    code = issue_code(make_person(office), actor=office)
    assert Client().post(BIND, {"account": "liaison", "code": code}).status_code == 400


@pytest.mark.parametrize(
    "data",
    [{}, {"account": "", "code": ""}, {"account": "a" * 5000, "code": "1"}, {"account": "'--", "code": "码" * 9}],
)
def test_strange_input_is_refused_and_kept(client, data):
    assert client.post(BIND, data).status_code == 400
    assert not Device.objects.exists()


def test_closed_account_gets_no_code(person, office):
    User.objects.filter(pk=person.pk).update(is_active=False)
    person.refresh_from_db()
    with pytest.raises(Refusal):
        issue_code(person, actor=office)


def test_phone_bound_anew_leaves_its_old_person(person, office):
    phone = bind(person, office)
    second = make_person(office)
    bind(second, office, phone)
    assert not person.devices.filter(withdrawn_at__isnull=True).exists()
    assert device(second)


def test_binding_needs_the_token_of_the_form(person, office):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(BIND, {"account": "liaison", "code": issue_code(person, actor=office)}).status_code == 403


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Linux; Android 13; SM-G9910 Build/TP1A) AppleWebKit Chrome/116 Mobile Safari MicroMessenger/8.0",
         "微信, Android (SM-G9910)"),
        ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/120 Safari/537.36 Edg/120", "Edge, Windows"),
        ("", "未知设备"),
    ],
)  # fmt: skip
def test_device_is_named_in_words(agent, words):
    assert device_words(agent) == words
