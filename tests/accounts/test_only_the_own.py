"""A device, session or second factor of somebody else does not count; rules at their edges; cookies and words whole."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import RequestFactory

from chuangwen.accounts.lockout import client_address, minutes_left
from chuangwen.accounts.matters import MatterKind, matter_kind, register_matter
from chuangwen.accounts.models import BindingCode, Device, MatterLink, OldPassword, User
from chuangwen.accounts.passwords import NotUsedBeforeValidator, ThreeKindsValidator
from chuangwen.accounts.preferences import remember_settings
from chuangwen.accounts.roles import Role, roles_with
from chuangwen.accounts.services.devices import COOKIE, bind_device, device_of, issue_code, keep_secret
from chuangwen.accounts.services.links import link_for
from chuangwen.accounts.services.passwords import initial_password, set_password
from chuangwen.accounts.services.people import close_person, remove_second_factor, reset_password
from chuangwen.accounts.services.sessions import end_oldest_sessions, end_other_sessions, end_session, open_sessions
from chuangwen.audit.models import Entry
from chuangwen.core import clock
from tests.accounts.making import PASSWORD, make_office, make_person
from tests.support.factories import NOON, make_problem, make_user
from tests.support.refusals import said as refused

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def office():
    return make_office()


@pytest.fixture
def person(office):
    return make_person(office, username="somebody")


@pytest.fixture
def beside(office):
    return make_person(office, username="beside")


def asking(secret="", **headers):
    request = RequestFactory().get("/", headers=headers)
    request.COOKIES[COOKIE] = secret
    return request


def end_others(person, *, actor):
    end_other_sessions(person, present_key="")


def session_of(user):
    key = f"key-of-{user.username}-{UserSession.objects.count()}"
    Session.objects.create(session_key=key, session_data="", expire_date=clock.now() + timedelta(days=1))
    return UserSession.objects.create(user=user, session_key=key, ip="127.0.0.1", user_agent="x")


def test_cookie_is_known_again_as_the_one_device_it_was_given_to(person, beside):
    for user, secret in ((beside, "b" * 40), (person, "p" * 64), (person, "s" * 39), (person, "l" * 65)):
        Device.objects.create(user=user, secret_hash=hashlib.sha256(secret.encode()).hexdigest(), label="x")
    assert [device_of(asking(secret)).user for secret in ("p" * 64, "b" * 40)] == [person, beside]
    assert {device_of(asking(secret)) for secret in ("c" * 40, "s" * 39, "l" * 65, "")} == {None}


def test_secret_lies_in_a_cookie_that_scripts_cannot_read(settings):
    for secure in (True, False):
        settings.SECURE_COOKIES = secure
        cookie = keep_secret(HttpResponse(), "geheim").cookies[COOKIE]
        assert (cookie.value, cookie["max-age"], cookie["httponly"], cookie["samesite"], bool(cookie["secure"])) == (
            "geheim", 400 * 86400, True, "Lax", secure,
        )  # fmt: skip


def test_binding_is_refused_in_words_and_audited_with_device_and_address(person, office, monkeypatch):
    wrong = "账号和绑定码对不上，或者绑定码已失效。两项都核对一下。绑定码一天内有效，最多试5次；失效了请创建办重新给。"
    assert refused(bind_device, asking(), "somebody", "1") == wrong
    code = issue_code(person, actor=office)
    person.region = None
    person.save()
    _user, secret = bind_device(asking(), "somebody", code)
    device = device_of(asking(secret))
    entry = Entry.objects.select_related("chain").get(action="accounts.device.bind")
    assert (entry.object_id, entry.chain.region_code) == (str(device.pk), "-")
    assert (entry.data, device.label) == ({"device": str(device.uid), "address": "127.0.0.1"}, "未知设备")
    monkeypatch.setattr("chuangwen.accounts.services.devices.PERSON_TRIES", 0)
    assert refused(bind_device, asking(), "somebody", "1") == "短时间内试得太多。请一小时后再试，或者找创建办。"


def test_binding_uses_up_and_counts_the_own_code_alone(person, beside, office):
    for user in (person, beside):
        issue_code(user, actor=office)
    theirs = BindingCode.objects.values().get(user=beside)
    refused(bind_device, asking(), "somebody", "1")
    code = issue_code(person, actor=office)
    bind_device(asking(), "somebody", code)
    assert BindingCode.objects.values().get(user=beside) == theirs
    assert BindingCode.objects.filter(user=person, used_at__isnull=False).count() == 1
    assert "账号和绑定码对不上" in refused(bind_device, asking(), "somebody", code)
    User.objects.filter(pk=beside.pk).update(is_active=False)
    again = issue_code(beside, actor=office)
    assert "账号和绑定码对不上" in refused(bind_device, asking(), "beside", again)


def test_tries_of_one_person_are_not_anothers(person, beside, monkeypatch):
    monkeypatch.setattr("chuangwen.accounts.services.devices.PERSON_TRIES", 1)
    told = [refused(bind_device, asking(), name, "1")[:3] for name in ("somebody", "beside", "somebody")]
    assert told == ["账号和", "账号和", "短时间"]


def test_code_has_eight_digits_of_all_there_are(person, office, monkeypatch):
    monkeypatch.setattr("chuangwen.accounts.services.devices.secrets.randbelow", lambda limit: limit - 10**8 + 7)
    assert issue_code(person, actor=office) == "00000007"


def test_first_password_is_drawn_again_until_it_has_three_kinds(monkeypatch):
    letters = iter("a" * 12 + "A" * 12 + "aA" * 6 + "aaaaBBBB2222")
    monkeypatch.setattr("chuangwen.accounts.services.passwords.secrets.choice", lambda alphabet: next(letters))
    assert initial_password() == "aaaa-BBBB-2222"


def test_second_factor_of_somebody_else_stays(office, person, beside):
    for user in (person, beside):
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "sealed"})
    remove_second_factor(person, actor=office)
    assert Authenticator.objects.get().user == beside


def test_sessions_of_others_do_not_count_as_ones_own(person, beside, settings):
    settings.SESSION_LIMIT_PER_USER = 1
    theirs = [session_of(beside) for _number in range(2)]
    own = session_of(person)
    request = asking()
    request.session = SimpleNamespace(session_key=own.session_key)
    assert end_oldest_sessions(request, person) == 0
    assert set(UserSession.objects.all()) == {own, *theirs}


@pytest.mark.parametrize(
    ("act", "action"), [(reset_password, "password.set"), (close_person, "person.close"), (end_others, "")]
)
def test_all_sessions_of_one_person_end_and_are_counted(act, action, person, beside, office):
    for user in (person, person, beside):
        session_of(user)
    act(person, actor=office)
    assert UserSession.objects.get().user == beside
    assert Entry.objects.filter(action=f"accounts.{action}").exists() is bool(action)
    entry = Entry.objects.get(action="accounts.session.end")
    assert (entry.object_id, entry.actor_id, entry.data) == (str(person.pk), str(person.pk), {"sessions": 2})


def test_sessions_are_shown_the_latest_first_and_the_oldest_of_the_living_end(person, settings, monkeypatch):
    settings.SESSION_LIMIT_PER_USER = 1
    rows = [session_of(person) for _number in range(4)]
    for row, minutes in zip(rows, (3, 1, 2, 0), strict=True):
        UserSession.objects.filter(pk=row.pk).update(last_seen_at=NOON - timedelta(minutes=minutes))
    Session.objects.filter(session_key=rows[3].session_key).update(expire_date=clock.now() - timedelta(days=1))
    request, saved = asking(), []
    request.session = SimpleNamespace(session_key=rows[2].session_key)
    request._messages = SimpleNamespace(add=lambda *_told: saved.append(1))
    assert (end_oldest_sessions(request, person), saved) == (2, [1])
    entry = Entry.objects.get(action="accounts.session.end_oldest")
    assert (entry.object_id, entry.actor_id, entry.data) == (str(person.pk), "", {"sessions": 2})
    assert set(UserSession.objects.all()) == {rows[2], rows[3]}
    alive = [UserSession(last_seen_at=NOON - timedelta(minutes=minutes)) for minutes in (3, 1, 2)]
    monkeypatch.setattr(UserSession.objects, "purge_and_list", lambda user: alive if user == person else [])
    assert open_sessions(person) == [alive[1], alive[2], alive[0]]


def test_ending_a_session_is_told_and_refused_for_the_present_one(person):
    session = session_of(person)
    words = refused(end_session, person, session.pk, present_key=session.session_key)
    assert words == "这是您正在用的登录。请用“退出登录”。"
    end_session(person, session.pk, present_key="another")
    entry = Entry.objects.get()
    assert (entry.action, entry.object_id, entry.data) == ("accounts.session.end", str(person.pk), {"sessions": 1})


def test_wait_is_counted_from_the_last_try_at_this_account_from_this_address(settings):
    settings.AXES_COOLOFF_TIME = 0.25
    rows = [("somebody", "10.0.0.7", 13), ("somebody", "10.0.0.7", 9), ("beside", "10.0.0.7", 2), ("somebody", "x", 1)]
    for name, address, ago in rows:
        row = AccessAttempt.objects.create(
            username=name, ip_address=address, failures_since_start=5, user_agent=str(ago)
        )
        AccessAttempt.objects.filter(pk=row.pk).update(attempt_time=NOON - timedelta(minutes=ago))
    request = RequestFactory().post("/", {"login": "somebody"}, REMOTE_ADDR="10.0.0.7")
    with clock.at(NOON):
        assert [minutes_left(request, who) for who in (None, {"username": "beside"}, {"username": "new"})] == [
            6,
            13,
            15,
        ]
    with clock.at(NOON + timedelta(hours=1)):
        assert minutes_left(request, None) == 1
    with clock.at(NOON + timedelta(seconds=1)):
        assert minutes_left(request, None) == 6


def test_address_is_the_last_that_our_proxy_wrote_or_our_own(settings):
    settings.BEHIND_PROXY = True
    assert client_address(asking(**{"x-forwarded-for": "9.9.9.9, 1.1.1.1, 2.2.2.2"})) == "2.2.2.2"
    request = asking()
    del request.META["REMOTE_ADDR"]
    assert client_address(request) == "127.0.0.1"


@pytest.mark.parametrize("password", ["Abcdef12", "abcdef1!", "ABCDEF1!", "Abcdefg!", "Abc1!", "密Ab"])
def test_three_kinds_of_characters_are_enough(password):
    ThreeKindsValidator().validate(password)


@pytest.mark.parametrize("password", ["abcdef12", "ABCDEF12", "Abcdefgh", "abcdefg!", "1234567!", "ABCDEFG!", ""])
def test_two_kinds_of_characters_are_refused(password):
    with pytest.raises(ValidationError) as found:
        ThreeKindsValidator().validate(password)
    words = "小写字母、大写字母、数字、符号，至少用三种。"
    assert (found.value.messages, found.value.code) == ([words], "password_too_plain")


def test_passwords_of_the_same_moment_are_forgotten_in_their_order(person, settings):
    settings.PASSWORD_HISTORY = 1
    for number in range(2):
        set_password(person, f"Mima-{number}-lange", actor=None)
    first, second = (OldPassword(user=person, password=f"hash{n}", set_at=NOON) for n in range(2))
    OldPassword.objects.all().delete()
    first.password = User.objects.get(pk=person.pk).password
    set_password(person, "Mima-2-lange", actor=None)
    OldPassword.objects.all().delete()
    OldPassword.objects.bulk_create([first, second])
    validator = NotUsedBeforeValidator()
    validator.validate("Mima-1-lange", person)  # only the later of the two is kept in mind
    validator.validate("Mima-2-lange", User(username="new"))
    with pytest.raises(ValidationError) as found:
        validator.validate("Mima-2-lange", person)
    words = "这个密码以前用过，请换一个。"
    assert (found.value.messages, found.value.code) == ([words], "password_used")


def test_last_passwords_are_those_of_the_person(person, beside, settings):
    settings.PASSWORD_HISTORY = 2
    for user, numbers in ((person, range(4)), (beside, range(4, 8))):
        for number in numbers:
            set_password(user, f"Mima-{number}-lange", actor=None)
    set_password(person, "Mima-9-lange", actor=None)
    assert OldPassword.objects.filter(user=person).count() == 2
    NotUsedBeforeValidator().validate("Mima-6-lange", person)


def test_new_password_writes_nothing_else_of_the_person(person):
    User.objects.filter(pk=person.pk).update(name="新名")
    set_password(person, PASSWORD, actor=None)
    assert User.objects.get(pk=person.pk).name == "新名"


def test_link_for_a_row_keeps_its_own_end(office, person):
    problem = make_problem()
    link_for(person, problem, made_by=office, post="联络员", expires_at=NOON)
    link = MatterLink.objects.get()
    assert (link.expires_at, link.post, link.title, link.made_by) == (NOON, "联络员", str(problem), office)


def test_kind_of_matter_is_kept_whole():
    def show(request, matter):
        raise NotImplementedError

    given = {"actions": {"fix": show}, "files": show, "page_url": str}
    register_matter("tests.whole", show, "Whole", **given)
    assert matter_kind("tests.whole") == MatterKind("tests.whole", "Whole", show, {"fix": show}, show, str)
    assert matter_kind("tests.nothing") is None


def test_settings_go_into_cookies_whole(settings):
    user = make_user(language="en", roomy=False, keys_off=True)
    cookies = remember_settings(HttpResponse(), user).cookies
    year = 365 * 86400
    told = {name: (row.value, row["max-age"], row["samesite"], row["httponly"]) for name, row in cookies.items()}
    assert told == {
        settings.LANGUAGE_COOKIE_NAME: ("en", year, "Lax", True),
        "cw_density": ("compact", year, "Lax", ""), "cw_keys": ("off", year, "Lax", ""),
    }  # fmt: skip
    other = remember_settings(HttpResponse(), User(language="", roomy=True)).cookies
    assert {name: row.value for name, row in other.items()} == {"cw_density": "roomy", "cw_keys": "on"}


def test_roles_of_a_permission_are_those_that_allow_it():
    assert roles_with("audit.view") == {Role.AUDITOR}
    assert roles_with("scoring.run") == {Role.OFFICE}
    assert roles_with("nothing.here") == frozenset()
