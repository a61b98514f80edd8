"""What services of accounts do when called by another door than the page: refusals, edges, what the audit keeps."""

from __future__ import annotations

import time

import pytest
from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory

from chuangwen.accounts.matters import Matter
from chuangwen.accounts.models import Device, MatterLink, User
from chuangwen.accounts.roles import Role, permissions_of
from chuangwen.accounts.search import search_people
from chuangwen.accounts.services.me import withdraw_device
from chuangwen.accounts.services.passwords import set_password
from chuangwen.accounts.services.people import (
    close_person,
    create_person,
    edit_person,
    remove_second_factor,
    reopen_person,
)
from chuangwen.accounts.services.sessions import end_session
from chuangwen.audit.models import Entry
from chuangwen.core.errors import Refusal
from tests.accounts.making import KIND, PASSWORD, bind, make_office, make_person
from tests.support.factories import make_root, make_user

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


@pytest.fixture
def office():
    return make_office()


@pytest.fixture
def person(office):
    return make_person(office, username="somebody", password=PASSWORD, name="周小满")


def enter(name="somebody"):
    client = Client()
    client.post(LOGIN, {"login": name, "password": PASSWORD})
    return client


def kept(action, person):
    return list(Entry.objects.filter(action=action, object_id=str(person.pk)).values_list("actor_id", "data"))


def test_service_refuses_an_account_in_use_whatever_its_case(office, person):
    with pytest.raises(Refusal, match="SomeBody"):
        create_person(office.region, actor=office, username="SomeBody", name="别人")
    assert User.objects.filter(username__iexact="somebody").get() == person


def test_edit_is_kept_with_before_and_after(office, person):
    edit_person(person, actor=office, name="周满", phone="13800001234")
    stored = User.objects.get(pk=person.pk)
    assert (stored.name, stored.phone, person.phone) == ("周满", "13800001234", "13800001234")
    change = {"before": {"name": "周小满", "phone": ""}, "after": {"name": "周满", "phone": "13800001234"}}
    assert kept("accounts.person.edit", person) == [(str(office.pk), change)]


def test_edit_that_changes_nothing_leaves_no_trace(office, person):
    edit_person(person, actor=office, name=person.name, phone=person.phone)
    assert kept("accounts.person.edit", person) == []


def test_edit_of_a_stranger_is_refused(person):
    with pytest.raises(Refusal):
        edit_person(person, actor=make_office(), name="改名", phone="")
    assert User.objects.get(pk=person.pk).name == "周小满"


def test_closing_and_opening_twice_are_one_act_each(office, person):
    for _time in range(2):
        close_person(person, actor=office)
    assert (person.is_active, len(kept("accounts.person.close", person))) == (False, 1)
    for _time in range(2):
        reopen_person(person, actor=office)
    assert (person.is_active, len(kept("accounts.person.reopen", person))) == (True, 1)


def with_second_factor(person):
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "sealed"})


def test_taking_off_the_second_factor_ends_the_sessions(office, person):
    inside = enter()
    with_second_factor(person)
    remove_second_factor(person, actor=office)
    assert not Authenticator.objects.filter(user=person).exists()
    assert inside.get("/accounts/me/").url.startswith(LOGIN)
    assert kept("accounts.factor.remove", person) == [(str(office.pk), {})]


def test_who_has_no_second_factor_stays_inside(office, person):
    inside = enter()
    remove_second_factor(person, actor=office)
    assert inside.get("/accounts/me/").status_code == 200
    assert kept("accounts.factor.remove", person) == []


def test_office_does_not_take_off_the_second_factor_of_the_auditor():
    root = make_root()
    auditor = make_user(Role.AUDITOR, root)
    with_second_factor(auditor)
    with pytest.raises(Refusal):
        remove_second_factor(auditor, actor=make_office(root))
    assert Authenticator.objects.filter(user=auditor).exists()


def test_own_second_factor_taken_off_is_audited_with_its_kind(person):
    client = enter()
    with_second_factor(person)
    assert client.post("/account/2fa/totp/deactivate/").status_code == 302
    assert [data["kind"] for _actor, data in kept("accounts.factor.remove", person)] == ["totp"]


def test_new_recovery_codes_are_audited(person, django_capture_on_commit_callbacks):
    client = enter()
    with_second_factor(person)
    path = "/account/2fa/recovery-codes/generate/"
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(path).status_code == 302
    assert [data["kind"] for _actor, data in kept("accounts.factor.renew", person)] == ["recovery_codes"]


def test_second_factor_asks_for_the_password_again_after_five_minutes(person, monkeypatch):
    client = enter()
    path = "/account/2fa/totp/activate/"
    assert client.get(path).status_code == 200
    now = time.time()
    monkeypatch.setattr("chuangwen.accounts.adapter.time.time", lambda: now + 301)
    assert client.get(path).url.startswith("/account/reauthenticate/")


def test_adapter_is_closed_to_strangers():
    assert get_adapter().is_open_for_signup(RequestFactory().get("/")) is False


def test_signing_out_of_nothing_leaves_no_trace():
    request = RequestFactory().post("/")
    request.user, request.session = AnonymousUser(), SessionStore()
    logout(request)
    assert not Entry.objects.filter(action="accounts.session.leave").exists()


def test_device_withdrawn_twice_is_audited_once_in_its_region(office, person):
    bind(person, office)
    device = Device.objects.get(user=person)
    withdraw_device(device, actor=office)
    first = Device.objects.get(pk=device.pk).withdrawn_at
    withdraw_device(device, actor=office)
    assert Device.objects.get(pk=device.pk).withdrawn_at == first
    entries = Entry.objects.filter(action="accounts.device.withdraw", object_id=str(device.pk))
    assert [entry.chain.region_code for entry in entries] == [office.region.code]


def test_present_session_is_ended_by_signing_out_only(person):
    client = enter()
    session = UserSession.objects.get(user=person)
    with pytest.raises(Refusal):
        end_session(person, session.pk, present_key=session.session_key)
    assert client.get("/accounts/me/").status_code == 200
    end_session(person, session.pk + 1000, present_key=session.session_key)  # ended already: no fault
    assert kept("accounts.session.end", person) == []


def test_without_a_history_an_old_password_comes_back(person, settings):
    set_password(person, "Xin-Mima-2027", actor=person)
    with pytest.raises(ValidationError):
        validate_password(PASSWORD, person)
    settings.PASSWORD_HISTORY = 0
    validate_password(PASSWORD, person)
    validate_password(PASSWORD)  # for an account that is not there yet there is nothing to look back at


def test_rules_of_a_password_are_told_in_words():
    told = "".join(password_validators_help_texts())
    assert "至少用三种" in told
    assert "最近用过" in told


def test_unknown_role_allows_nothing():
    assert permissions_of("mayor") == frozenset()
    assert "audit.view" in permissions_of(Role.AUDITOR.value)


def test_addresses_inside_a_link_carry_its_token_and_nothing_else(office, person):
    link = MatterLink(user=person, kind=KIND, object_id=7, region=office.region)
    matter = Matter(link, Device(user=person), "token")

    class Picture:
        uid = "0b5c3d9e-0000-4000-8000-000000000001"

    assert (matter.user, matter.object_id) == (person, 7)
    assert matter.url == "/m/token/"
    assert matter.action_url("fix") == "/m/token/fix/"
    assert matter.picture_url(Picture, "small") == f"/m/token/files/{Picture.uid}/small.jpg"


def test_people_are_found_by_name_account_and_mobile_in_the_own_region(rf, office, person):
    make_person(make_office(), username="somebody-else", name="周小满", phone="13800001234")
    edit_person(person, actor=office, name=person.name, phone="13800001234")
    request = rf.get("/find/")
    request.user = office
    for words in ("小满", "someb", "138000"):
        hits = search_people(request, words).hits
        assert [(hit.label, hit.url) for hit in hits] == [("周小满", f"/accounts/people/{person.pk}/")], words
