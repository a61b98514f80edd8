"""Sessions that end, passwords that are changed, the second factor, and one's own page."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client

from chuangwen.accounts.models import Device, OldPassword
from chuangwen.accounts.roles import Role
from chuangwen.accounts.services.passwords import initial_password, set_password
from chuangwen.audit.models import Entry
from chuangwen.core import clock
from tests.accounts.making import PASSWORD, bind, make_office, make_person
from tests.support.factories import make_region, make_root, make_user

pytestmark = pytest.mark.django_db
ME, CHANGE = "/accounts/me/", "/account/password/change/"


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


@pytest.fixture
def person():
    return make_user(region=make_region(), username="somebody", password=PASSWORD)


def enter(agent="Chrome Windows", **headers):
    client = Client(headers={"user-agent": agent, **headers})
    answer = client.post("/account/login/", {"login": "somebody", "password": PASSWORD})
    assert answer.status_code == 302
    return client


def test_idle_session_ends(person, monkeypatch, settings):
    client = enter()
    client.get(ME)
    later = time.time() + settings.SESSION_IDLE_SECONDS + 1
    monkeypatch.setattr("chuangwen.accounts.middleware.time.time", lambda: later)
    assert client.get(ME).url == f"/account/login/?next={ME}"
    assert "离开时间较长" in client.get("/account/login/").content.decode()


def test_busy_session_ends_after_a_day_too(person, monkeypatch, settings):
    client = enter()
    client.get(ME)
    now, step = time.time(), settings.SESSION_IDLE_SECONDS - 60
    answers = []
    for number in range(1, settings.SESSION_COOKIE_AGE // step + 2):
        monkeypatch.setattr("chuangwen.accounts.middleware.time.time", lambda number=number: now + number * step)
        answers.append(client.get(ME).status_code)
    assert answers == [200] * (len(answers) - 1) + [302]


def test_fourth_session_ends_the_oldest_and_says_so(person):
    clients = [enter() for _number in range(4)]
    assert [client.get(ME).status_code for client in clients[1:]] == [200, 200, 200]
    assert clients[0].get(ME).status_code == 302
    assert UserSession.objects.count() == 3
    assert Entry.objects.filter(action="accounts.session.end_oldest").count() == 1


def test_last_session_says_that_an_older_one_ended(person):
    for _number in range(3):
        enter()
    assert "最多同时登录3处" in enter().get(ME).content.decode()


def test_sessions_are_shown_and_the_others_ended(person):
    first, second, third = enter("Firefox Linux"), enter("Chrome Android"), enter()
    page = third.get(ME).content.decode()
    assert "Firefox, Linux" in page
    row = UserSession.objects.get(user_agent="Firefox Linux")
    third.post(f"/accounts/sessions/{row.pk}/end/")
    assert [first.get(ME).status_code, second.get(ME).status_code] == [302, 200]
    third.post("/accounts/sessions/end/")
    assert [second.get(ME).status_code, third.get(ME).status_code] == [302, 200]


def test_session_of_somebody_else_is_not_ended(person):
    theirs = enter()
    stranger = Client()
    stranger.force_login(make_user(), backend="allauth.account.auth_backends.AuthenticationBackend")
    stranger.post(f"/accounts/sessions/{UserSession.objects.get().pk}/end/")
    assert theirs.get(ME).status_code == 200


def test_given_password_is_changed_before_anything_else(person):
    set_password(person, PASSWORD, actor=None, must_change=True)
    client = enter()
    for path in (ME, "/desk/", "/units/"):
        assert client.get(path).url == CHANGE
    assert client.get("/desk/", headers={"hx-request": "true"})["HX-Redirect"] == CHANGE
    assert "初始密码" in client.get(CHANGE).content.decode()
    new = "Xin-Mima-2027"
    assert client.post(CHANGE, {"oldpassword": PASSWORD, "password1": new, "password2": new}).url == ME
    assert client.get(ME).status_code == 200
    assert client.get("/account/logout/").status_code == 200


def test_change_ends_the_other_sessions(person):
    other, client = enter(), enter()
    new = "Xin-Mima-2027"
    client.post(CHANGE, {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert [other.get(ME).status_code, client.get(ME).status_code] == [302, 200]


@pytest.mark.parametrize(
    ("old", "new", "again", "word"),
    [
        ("wrong", "Xin-Mima-2027", "Xin-Mima-2027", "不是现在的密码"),
        (PASSWORD, "Xin-Mima-2027", "Xin-Mima-2028", "不一样"),
        (PASSWORD, "kurz-A1", "kurz-A1", "10"),
        (PASSWORD, "nurkleinbuchstaben", "nurkleinbuchstaben", "至少用三种"),
        (PASSWORD, PASSWORD, PASSWORD, "以前用过"),
        (PASSWORD, "Somebody-2026", "Somebody-2026", "相似"),
    ],
)
def test_password_that_cannot_be_is_refused_in_words(person, old, new, again, word):
    answer = enter().post(CHANGE, {"oldpassword": old, "password1": new, "password2": again})
    assert word in answer.content.decode()
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_last_five_passwords_do_not_come_back_and_the_sixth_does(person):
    for number in range(6):
        set_password(person, f"Xin-Mima-{number}", actor=person)
    assert OldPassword.objects.filter(user=person).count() == 5
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")

    def change(new):
        client.post(CHANGE, {"oldpassword": "Xin-Mima-5", "password1": new, "password2": new})
        person.refresh_from_db()
        return person.check_password(new)

    assert [change("Xin-Mima-0"), change(PASSWORD)] == [False, True]


def test_old_password_is_changed_where_the_site_asks_for_it(person, settings):
    set_password(person, PASSWORD, actor=None)
    settings.PASSWORD_MAX_DAYS = 90
    client = enter()
    assert client.get(ME).status_code == 200
    with clock.at(clock.now() + timedelta(days=91)):
        assert client.get(ME).url == CHANGE


def test_first_passwords_differ_and_keep_the_rules():
    made = {initial_password() for _number in range(50)}
    assert len(made) == 50
    assert all(
        re.fullmatch(r"[2-9A-HJ-NP-Za-km-z]{4}-[2-9A-HJ-NP-Za-km-z]{4}-[2-9A-HJ-NP-Za-km-z]{4}", p) for p in made
    )


def set_up_factor(client):
    page = client.get("/account/2fa/totp/activate/")
    assert str(page.context["form"]["code"].label) == "验证码"
    secret = page.context["form"].secret
    counter = next(totp.yield_hotp_counters_from_time())
    code = totp.format_hotp_value(totp.hotp_value(secret, counter))
    return client.post("/account/2fa/totp/activate/", {"code": code})


def test_second_factor_is_set_up_shown_and_asked_at_sign_in(person, django_capture_on_commit_callbacks):
    client = enter()
    with django_capture_on_commit_callbacks(execute=True):
        answer = set_up_factor(client)
    assert answer.url == "/account/2fa/recovery-codes/"
    assert Authenticator.objects.filter(user=person).count() == 2
    assert Entry.objects.filter(action="accounts.factor.add", object_id=str(person.pk)).exists()
    for path in ("/account/2fa/", "/account/2fa/recovery-codes/", "/account/2fa/recovery-codes/generate/"):
        assert client.get(path).status_code == 200
    fresh = enter()
    assert fresh.get(ME).status_code == 302
    assert "二次验证" in fresh.get("/account/2fa/authenticate/").content.decode()


def test_wrong_codes_are_counted_for_the_person(person):
    set_up_factor(enter())
    fresh = enter()
    for _number in range(5):
        assert "验证码不对" in fresh.post("/account/2fa/authenticate/", {"code": "000000"}).content.decode()
    assert "错得太多" in enter().post("/account/2fa/authenticate/", {"code": "000000"}).content.decode()
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert fresh.post("/account/2fa/authenticate/", {"code": codes[0]}).status_code == 200  # even a right one
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert fresh.post("/account/2fa/authenticate/", {"code": codes[0]}).url == "/desk/"
    assert Entry.objects.filter(action="accounts.factor.refuse").count() == 5


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_roles_that_ask_for_a_second_factor_are_led_to_it(settings, role):
    settings.REQUIRE_MFA_ROLES = ["administrator", "auditor"]
    make_user(role, make_root(), username="somebody", password=PASSWORD)
    client = enter()
    assert client.get(ME).url == "/account/2fa/totp/activate/"
    assert "您的角色要求" in client.get("/account/2fa/totp/activate/").content.decode()
    set_up_factor(client)
    assert client.get(ME).status_code == 200


def test_other_roles_are_not_asked(settings):
    settings.REQUIRE_MFA_ROLES = ["administrator", "auditor"]
    make_user(Role.LIAISON, make_root(), username="somebody", password=PASSWORD)
    assert enter().get(ME).status_code == 200


def test_settings_are_kept_for_the_person_and_the_browser(person):
    client = enter()
    answer = client.post(ME, {"language": "en", "roomy": "on", "keys_off": "on"})
    assert (answer.url, answer.cookies["django_language"].value, answer.cookies["cw_density"].value) == (
        ME, "en", "roomy",
    )  # fmt: skip
    person.refresh_from_db()
    assert (person.language, person.roomy, person.keys_off) == ("en", True, True)
    page = client.get(ME).content.decode()
    assert "Screens" in page
    assert 'data-density="roomy" data-keys="off"' in page


def test_unknown_language_is_refused(person):
    assert enter().post(ME, {"language": "xx"}).status_code == 400


def test_settings_come_along_to_another_browser(person):
    enter().post(ME, {"language": "en"})
    assert 'lang="en"' in enter().get(ME).content.decode()


def test_own_device_is_withdrawn_and_no_others(sign_in):
    office = make_office()
    mine, theirs = make_person(office), make_person(office)
    bind(mine, office)
    bind(theirs, office)
    client = sign_in(mine)
    other = Device.objects.get(user=theirs)
    assert client.post(f"/accounts/devices/{other.pk}/withdraw/").status_code == 404
    client.post(f"/accounts/devices/{Device.objects.get(user=mine).pk}/withdraw/")
    assert Device.objects.filter(withdrawn_at__isnull=True).get() == other
