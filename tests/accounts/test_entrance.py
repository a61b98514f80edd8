"""The way in: sign-in, its faults, the lock, what is closed, and what the audit keeps of it."""

from __future__ import annotations

import re

import pytest
from axes.models import AccessAttempt
from django.core.cache import cache
from django.test import Client

from chuangwen.accounts.models import User
from chuangwen.accounts.welcome import DemoAccount, register_demo_accounts
from chuangwen.audit.models import Entry
from tests.support.factories import make_region, make_user

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"
PASSWORD = "Hao-Mima-2026"


@pytest.fixture(autouse=True)
def _fresh_counts():
    """allauth's own limits live in the process's cache."""
    cache.clear()


@pytest.fixture
def person():
    return make_user(region=make_region(), username="chengguan", password=PASSWORD)


def try_in(client, password=PASSWORD, login="chengguan", **more):
    return client.post(LOGIN, {"login": login, "password": password, **more})


def actions():
    return list(Entry.objects.order_by("pk").values_list("action", flat=True))


def test_right_password_opens_the_desk_and_is_audited_in_the_region(client, person):
    answer = try_in(client)
    assert answer.url == "/desk/"
    entry = Entry.objects.get(action="accounts.session.begin")
    assert (entry.chain.region_code, entry.actor_name, entry.data) == (
        person.region.code, "张" + person.name[1:], {"address": "127.0.0.1"},
    )  # fmt: skip


def test_page_allows_pasting_and_password_keepers(client):
    page = client.get(LOGIN).content.decode()
    assert "onpaste" not in page
    assert 'autocomplete="current-password"' in page
    assert 'autocomplete="username"' in page
    assert "<label" in page


@pytest.mark.parametrize(("login", "password"), [("chengguan", "wrong"), ("nobody", PASSWORD)])
def test_wrong_account_and_wrong_password_look_the_same(client, person, login, password):
    answer = try_in(client, password, login)
    assert answer.status_code == 200
    assert "账号或密码不对。看看大小写，再试一次。" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_typed_account_stays_and_password_does_not(client, person):
    page = try_in(client, "Wrong-Mima-9").content.decode()
    assert 'value="chengguan"' in page
    assert "Wrong-Mima-9" not in page


def test_failed_try_names_known_accounts_only(client, person):
    try_in(client, "wrong")
    try_in(client, PASSWORD, login=PASSWORD)  # the password typed into the account's field
    known, unknown = Entry.objects.filter(action="accounts.session.refuse").order_by("pk")
    assert (known.object_id, unknown.object_id) == (str(person.pk), "")
    assert PASSWORD not in repr([entry.__dict__ for entry in (known, unknown)])


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:///evil"]
)
def test_sign_in_leads_to_no_other_site(client, person, target):
    assert try_in(client, next=target).url == "/desk/"


def test_sign_in_leads_back_inside(client, person):
    assert try_in(client, next="/accounts/me/").url == "/accounts/me/"


def test_key_of_the_session_changes_at_sign_in(client, person):
    session = client.session
    session["kept"] = 1
    session.save()
    before = session.session_key
    try_in(client)
    assert client.session.session_key != before
    assert not Client().get("/accounts/me/", headers={"cookie": f"sessionid={before}"}).content


def test_form_needs_its_token(person):
    assert try_in(Client(enforce_csrf_checks=True)).status_code == 403


def test_closed_account_does_not_open(client, person):
    User.objects.filter(pk=person.pk).update(is_active=False)
    try_in(client)
    assert "_auth_user_id" not in client.session


def test_fifth_wrong_password_locks_and_says_for_how_long(client, person, settings):
    answers = [try_in(client, f"wrong{number}") for number in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    page = answers[-1].content.decode()
    assert "15分钟后可以再试" in page
    assert "创建办" in page
    assert try_in(client).status_code == 429  # the right one does not help now
    assert actions().count("accounts.session.lock") == 1
    assert Entry.objects.get(action="accounts.session.lock").object_id == str(person.pk)


def test_other_case_or_blanks_begin_no_new_count(client, person):
    for login in ("chengguan", "CHENGGUAN", " Chengguan ", "chengGuan"):
        try_in(client, "wrong", login)
    assert AccessAttempt.objects.get().failures_since_start == 4
    assert try_in(client, "wrong", "cHengguan").status_code == 429


def test_lock_holds_for_one_address_only(client, person):
    for number in range(5):
        try_in(client, f"wrong{number}")
    elsewhere = Client(REMOTE_ADDR="10.1.2.3")
    assert try_in(elsewhere).url == "/desk/"


def test_address_behind_our_proxy_is_what_the_proxy_saw(person, settings):
    settings.BEHIND_PROXY = True
    for number in range(5):
        answer = try_in(Client(headers={"x-forwarded-for": f"9.9.9.{number}, 10.1.2.3"}), "wrong")
    assert answer.status_code == 429
    settings.BEHIND_PROXY = False
    assert try_in(Client(headers={"x-forwarded-for": "10.1.2.3"})).url == "/desk/"


def test_sign_out_asks_first_and_is_audited(sign_in, person):
    client = sign_in(person)
    assert "退出登录" in client.get("/account/logout/").content.decode()
    assert "_auth_user_id" in client.session
    client.post("/account/logout/")
    assert "_auth_user_id" not in client.session
    assert actions()[-1] == "accounts.session.leave"


def test_nobody_signs_up_and_no_password_goes_by_mail(client):
    for path in ("/account/signup/", "/account/password/reset/"):
        page = client.get(path)
        assert "当面或电话办理" in page.content.decode()
        assert client.post(path, {"username": "evil", "email": "a@b.c"}).status_code == 405
    assert client.get("/account/email/").status_code == 404
    assert not User.objects.exists()


def test_demo_accounts_are_shown_in_a_demo_only(client, settings):
    register_demo_accounts(lambda: [DemoAccount("office", "市创建办", "创建办主任", "Yunxi-demo")])
    settings.DEMO = True
    page = client.get(LOGIN).content.decode()
    assert "创建办主任" in page
    assert "Yunxi-demo" in page
    settings.DEMO = False
    page = client.get(LOGIN).content.decode()
    assert "Yunxi-demo" not in page


def test_page_speaks_english_too(client):
    client.cookies["django_language"] = "en"
    page = client.get(LOGIN).content.decode()
    assert re.search(r"<h1>Sign in</h1>", page)
    assert not re.search(r"[\u3400-\u9fff]", page.replace("中文", ""))


def test_accounts_of_the_demo_are_among_its_people():
    from chuangwen.config.demo.accounts import SHOWN, shown_accounts

    assert [account.login for account in shown_accounts()] == list(SHOWN)
    assert all(account.unit and account.title for account in shown_accounts())
