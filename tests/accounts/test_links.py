"""One-matter links: who opens what on which device, and what remains of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chuangwen.accounts import matters
from chuangwen.accounts.models import MatterLink, User
from chuangwen.accounts.roles import Role
from chuangwen.accounts.services.links import link_for, make_link, withdraw_link
from chuangwen.accounts.services.me import withdraw_device
from chuangwen.accounts.services.people import close_person
from chuangwen.audit.models import Entry
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from tests.accounts import making
from tests.accounts.making import KIND, bind, device, did, link_path, make_office, make_person
from tests.support.factories import make_problem, make_root, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _matters(monkeypatch):
    """The tests' own kind of matter, gone again afterwards."""
    monkeypatch.setattr(matters, "_kinds", dict(matters._kinds))
    making.register()


@pytest.fixture
def office():
    return make_office()


@pytest.fixture
def person(office):
    return make_person(office, username="liaison")


@pytest.fixture
def phone(person, office):
    return bind(person, office)


def test_link_opens_its_matter_on_the_bound_phone_without_a_session(person, office, phone):
    answer = phone.get(link_path(person, office))
    assert answer.content.decode() == "matter 7 of liaison"
    assert not Session.objects.exists()
    assert "sessionid" not in phone.cookies
    assert phone.get("/accounts/me/").status_code == 302


def test_answer_is_kept_nowhere(person, office, phone):
    answer = phone.get(link_path(person, office))
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


def test_every_use_is_audited_with_link_device_and_matter(person, office, phone):
    path = link_path(person, office)
    phone.get(path)
    phone.post(f"{path}fix/")
    link = MatterLink.objects.get()
    entries = Entry.objects.filter(action__startswith="accounts.link.").exclude(action="accounts.link.make")
    opened, acted = entries.order_by("sequence")
    facts = {
        "link": str(link.uid), "matter": f"{KIND} 7", "person": str(person.pk), "device": str(device(person).uid)
    }  # fmt: skip
    assert (opened.action, opened.data) == ("accounts.link.open", facts)
    assert (acted.action, acted.data) == ("accounts.link.act", {**facts, "action": "fix"})
    assert acted.actor_id == str(person.pk)
    assert acted.chain.region_code == office.region.code
    assert link.uses == 2


def test_act_goes_to_the_one_object_as_the_one_person(person, office, phone):
    assert phone.post(f"{link_path(person, office, 9)}fix/").content == b"done"
    assert did == [(person.pk, 9)]


def test_act_that_the_area_does_not_offer_is_not_there(person, office, phone):
    assert phone.post(f"{link_path(person, office)}delete/").status_code == 404
    assert phone.get(f"{link_path(person, office)}fix/").status_code == 405
    assert did == []


def test_act_needs_the_token_of_the_form(person, office):
    phone = bind(person, office, Client())
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = phone.cookies
    assert strict.post(f"{link_path(person, office)}fix/").status_code == 403
    assert did == []


def test_token_is_kept_as_a_hash_only(person, office):
    token = link_path(person, office).split("/")[2]
    link = MatterLink.objects.get()
    assert len(token) == 43
    assert token not in repr(link.__dict__) + repr(list(Entry.objects.values()))


def test_unbound_phone_is_told_what_to_do_and_learns_nothing(client, person, office):
    path = link_path(person, office, title="夜市占道经营")
    answer = client.get(path)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "夜市" not in page
    assert person.name not in page
    assert f"/account/login/?next={path}" in page
    assert "/accounts/bind/" in page


def test_phone_of_somebody_else_opens_nothing(person, office):
    other = bind(make_person(office), office)
    answer = other.get(link_path(person, office))
    assert answer.status_code == 403
    assert "绑定的是别人" in answer.content.decode()
    assert other.post(f"{link_path(person, office)}fix/").status_code == 403
    assert did == []


def test_person_signed_in_elsewhere_is_led_to_the_ordinary_page(sign_in, person, office):
    assert sign_in(person).get(link_path(person, office)).url == "/ordinary/7/"


def test_other_person_signed_in_gets_no_further(sign_in, person, office):
    assert sign_in(office).get(link_path(person, office)).status_code == 403


def test_shared_browser_acts_as_the_links_person_for_this_request_only(person, office, phone):
    phone.force_login(office, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert phone.get(link_path(person, office)).content.decode() == "matter 7 of liaison"
    assert phone.session["_auth_user_id"] == str(office.pk)


@pytest.mark.parametrize(("ending", "status", "word"), [("expired", 410, "过期"), ("withdrawn", 410, "撤销")])
def test_link_that_is_over_says_so(person, office, phone, ending, status, word):
    path = link_path(person, office)
    if ending == "expired":
        MatterLink.objects.update(expires_at=clock.now())
    else:
        withdraw_link(MatterLink.objects.get(), actor=office)
    answer = phone.get(path)
    assert (answer.status_code, word in answer.content.decode()) == (status, True)
    assert phone.post(f"{path}fix/").status_code == 410
    assert did == []


def test_link_lives_until_its_moment(person, office, phone):
    path = link_path(person, office, expires_at=clock.now() + timedelta(hours=1))
    assert phone.get(path).status_code == 200
    with clock.at(clock.now() + timedelta(minutes=61)):
        assert phone.get(path).status_code == 410


def test_withdrawn_device_opens_nothing(person, office, phone):
    withdraw_device(device(person), actor=person)
    assert phone.get(link_path(person, office)).status_code == 403


def test_closed_account_opens_nothing_and_says_so(person, office, phone):
    path = link_path(person, office)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert "账号已停用" in phone.get(path).content.decode()
    assert phone.get(path).status_code == 403


def test_closing_an_account_withdraws_its_links_and_devices(person, office, phone):
    link_path(person, office)
    close_person(person, actor=office)
    assert MatterLink.objects.filter(withdrawn_at__isnull=True).count() == 0
    assert person.devices.filter(withdrawn_at__isnull=True).count() == 0


def test_unknown_token_is_404_and_guessing_is_slowed(client, person, office, monkeypatch):
    monkeypatch.setattr("chuangwen.accounts.views.links.GUESSES", 3)
    answers = [client.get(f"/m/{'x' * 40}{number}/").status_code for number in range(5)]
    assert answers == [404, 404, 404, 429, 429]


@pytest.mark.parametrize("token", ["%00", "..", "x" * 5000, "%F0%9F%98%80"])
def test_strange_token_is_404(client, token):
    assert client.get(f"/m/{token}/").status_code == 404


def test_withdrawing_twice_is_refused(person, office):
    link_path(person, office)
    link = MatterLink.objects.get()
    withdraw_link(link, actor=office)
    with pytest.raises(Refusal):
        withdraw_link(link, actor=office)


def test_link_of_an_unknown_kind_is_not_made(person, office):
    with pytest.raises(ValueError, match=r"nothing\.here"):
        make_link(person, "nothing.here", 1, office.region)


def test_link_for_a_row_names_it(person, office):
    problem = make_problem()
    assert link_for(person, problem, made_by=office).startswith("http")
    link = MatterLink.objects.get()
    assert (link.kind, link.object_id, link.region) == ("rectification.problem", problem.pk, problem.region)


def test_list_of_links_shows_the_own_region_and_withdraws(sign_in, person, office):
    link_path(person, office, title="夜市占道经营")
    stranger = make_office()
    link_path(make_person(stranger), stranger, title="别市的事")
    client = sign_in(office)
    page = client.get("/accounts/links/").content.decode()
    assert "夜市占道经营" in page
    assert "别市的事" not in page
    numbers = list(MatterLink.objects.values_list("pk", flat=True))
    client.post("/accounts/links/", {"bulk": "withdraw", "id": numbers, "sure": "1"})
    assert [link.withdrawn_at is None for link in MatterLink.objects.order_by("pk")] == [False, True]


@pytest.mark.parametrize("role", [Role.LIAISON, Role.AUDITOR, Role.LEADER, Role.KEEPER])
def test_list_of_links_is_the_offices(sign_in, role):
    assert sign_in(make_user(role, make_unit(make_root()))).get("/accounts/links/").status_code == 403


def test_list_of_links_costs_the_same_for_one_and_three(sign_in, office, django_assert_max_num_queries):
    client = sign_in(office)
    link_path(make_person(office), office)
    client.get("/accounts/links/")
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get("/accounts/links/")
    for _number in range(2):
        link_path(make_person(office), office)
    with django_assert_max_num_queries(len(one)):
        client.get("/accounts/links/")
