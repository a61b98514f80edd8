"""What bounds tries and sessions holds for all processes of a site together, not for each by itself.

A process of its own has a memory of its own: here an emptied cache stands for it.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from allauth.account.signals import user_logged_in
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.core.cache import cache
from django.test import Client

from chuangwen.accounts.services.throttling import try_once
from chuangwen.core import clock
from tests.accounts.making import PASSWORD
from tests.support.factories import make_region, make_user
from tests.support.racing import race

LOGIN, CODE, AGAIN = "/account/login/", "/account/2fa/authenticate/", "/account/reauthenticate/"


@pytest.fixture
def person():
    cache.clear()
    return make_user(region=make_region(), username="somebody", password=PASSWORD)


def in_another_process():
    """A browser whose requests are served by a process that remembers nothing."""
    cache.clear()
    return Client()


def enter(client, password=PASSWORD):
    return client.post(LOGIN, {"login": "somebody", "password": password})


@pytest.mark.django_db
def test_code_of_an_authenticator_is_taken_once(person, monkeypatch):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    counter = next(totp.yield_hotp_counters_from_time())
    monkeypatch.setattr(totp, "yield_hotp_counters_from_time", lambda: iter([counter]))  # half a minute may end here
    code = totp.format_hotp_value(totp.hotp_value(secret, counter))
    first, second = in_another_process(), Client()
    enter(first)
    assert first.post(CODE, {"code": code}).url == "/desk/"
    second = in_another_process()
    enter(second)
    answer = second.post(CODE, {"code": code})
    assert (answer.status_code, "这个验证码用过了" in answer.content.decode()) == (200, True)
    assert second.get("/accounts/me/").status_code == 302


@pytest.mark.django_db
def test_wrong_passwords_are_counted_together(person):
    for number in range(5):
        assert enter(in_another_process(), f"wrong-{number}").status_code in {200, 429}
    assert AccessAttempt.objects.get().failures_since_start == 5
    assert enter(in_another_process()).status_code == 429


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "field"), [(AGAIN, "password"), ("/account/password/change/", "oldpassword")], ids=["again", "change"]
)
def test_present_password_is_not_found_by_trying(person, path, field):
    client = Client()
    enter(client)
    tries = {field: "wrong", "password1": "Xin-Mima-2027", "password2": "Xin-Mima-2027"}
    for _number in range(5):
        cache.clear()
        assert "错得太多" not in client.post(path, tries).content.decode()
    cache.clear()
    assert "错得太多" in client.post(path, tries | {field: PASSWORD}).content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_tries_at_the_same_moment_each_counts():
    act = partial(try_once, "thing", "person", limit=1, seconds=60)
    assert sorted(race(act, act, act)) == [False, False, True]


@pytest.mark.django_db(transaction=True)
def test_people_who_arrive_at_once_keep_to_the_limit(person, settings):
    settings.SESSION_LIMIT_PER_USER = 1
    clients = [Client(), Client()]
    race(*(partial(enter, client) for client in clients))
    assert UserSession.objects.count() == 1
    assert sorted(client.get("/accounts/me/").status_code for client in clients) == [200, 302]


@pytest.mark.django_db
def test_session_that_begins_is_not_taken_for_a_dead_one(person):
    """Another process that sweeps the person's dead sessions meanwhile finds somebody in this one."""

    def somebody_else_arrives(user, **_kwargs):
        UserSession.objects.purge_and_list(user)

    user_logged_in.connect(somebody_else_arrives)  # after the row of the session was written, before the answer
    try:
        enter(Client())
    finally:
        user_logged_in.disconnect(somebody_else_arrives)
    assert UserSession.objects.count() == 1


@pytest.mark.django_db
def test_which_of_two_arrived_later_is_told_by_their_rows_and_not_by_their_clocks(person, settings):
    settings.SESSION_LIMIT_PER_USER = 1
    first, second = Client(), Client()
    enter(first)
    UserSession.objects.update(last_seen_at=clock.now() + timedelta(seconds=1))
    enter(second)
    assert [client.get("/accounts/me/").status_code for client in (first, second)] == [302, 200]
