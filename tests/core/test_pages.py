"""Pages that belong to no area: refusals, what is closed, what is not there, faults, health, language."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import path
from django.views.decorators.http import require_POST

from chuangwen.accounts.roles import Role
from chuangwen.config.urls import urlpatterns as site_urls
from chuangwen.core.errors import Conflict, Missing, Refusal
from chuangwen.core.pages import open_page, signed_in
from tests.support.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.test_pages")]


@open_page
def refuses(request):
    raise Refusal("第12行对不上单位。", "选一个单位。")


@open_page
def is_late(request):
    raise Conflict("别人先办了。")


@open_page
def lacks(request):
    raise Missing("还没有创建周期。", step=("新建", "/campaigns/new/"))


@open_page
def fails(request):
    raise ZeroDivisionError


@signed_in("audit.view")
def for_auditors(request):
    raise AssertionError("reached without the permission")


@signed_in("audit.view")
@require_POST
def only_pressed(request):
    raise AssertionError("never pressed here")


urlpatterns = [
    path("only/", only_pressed),
    path("refuses/", refuses),
    path("late/", is_late),
    path("missing/", lacks),
    path("fails/", fails),
    path("auditors/", for_auditors),
    *site_urls,
]
handler403 = "chuangwen.config.views.forbidden"


def test_refusal_says_the_fault_and_the_way_out(client):
    answer = client.get("/refuses/", headers={"referer": "http://testserver/from/"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "第12行对不上单位。" in page
    assert "选一个单位。" in page
    assert 'href="http://testserver/from/"' in page


def test_refusal_leads_back_to_no_other_site(client):
    page = client.get("/refuses/", headers={"referer": "https://evil.example/"}).content.decode()
    assert "evil.example" not in page


def test_conflict_has_its_own_status(client):
    assert client.get("/late/").status_code == 409


def test_refusal_for_a_part_of_a_page_is_a_part(client):
    page = client.get("/refuses/", headers={"hx-request": "true"}).content.decode()
    assert "<html" not in page
    assert "第12行对不上单位。" in page


def test_closed_page_names_the_roles_that_may_open_it(sign_in):
    answer = sign_in(make_user(Role.LIAISON)).get("/auditors/")
    assert answer.status_code == 403
    assert answer.context["roles"]
    assert "<h1>" in answer.content.decode()


def test_stranger_is_led_to_the_sign_in_page_and_back(client):
    assert client.get("/auditors/?a=1").url == "/account/login/?next=/auditors/%3Fa%3D1"


def test_part_of_a_page_leads_a_signed_out_person_nowhere(client):
    answer = client.post("/only/", headers={"hx-request": "true", "accept": "*/*"})
    assert (answer.status_code, answer.content) == (401, b"")
    assert "刚才的操作没有提交" not in client.get("/account/login/").content.decode()


def test_sign_in_page_and_refused_form_let_the_page_keep_what_was_typed(client, sign_in):
    refused = Client(enforce_csrf_checks=True).post("/language/", {"language": "en"})
    for page in (client.get("/account/login/"), refused):
        assert " data-interrupts>" in page.content.decode()
    user = make_user(Role.OFFICE)
    page = sign_in(user).get("/accounts/me/").content.decode()
    assert (f' data-person="{user.pk}">' in page, "data-interrupts" in page) == (True, False)


def test_address_without_a_page_says_so_to_strangers_and_to_people(client, sign_in):
    assert client.get("/nothing/").status_code == 404
    page = sign_in(make_user(Role.OFFICE)).get("/nothing/")
    assert page.status_code == 404
    assert "/nothing/" not in page.content.decode().replace('value="/nothing/"', "")


def test_fault_shows_a_plain_page_without_a_trace():
    answer = Client(raise_request_exception=False).get("/fails/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "ZeroDivisionError" not in page
    assert "Traceback" not in page


def test_form_from_elsewhere_is_refused_with_the_way_out():
    answer = Client(enforce_csrf_checks=True).post("/language/", {"language": "en"})
    assert answer.status_code == 403
    assert "Cookie" in answer.content.decode()


def test_health_is_ok_without_signing_in(client):
    assert client.get("/healthz/").content == b"ok"


@pytest.mark.parametrize(
    ("target", "landed"),
    [("/desk/", "/desk/"), ("https://evil.example/", "/"), ("//evil.example", "/"), ("javascript:1", "/")],
)
def test_choice_of_language_is_kept_and_leads_back_inside(client, target, landed):
    answer = client.post("/language/", {"language": "en", "next": target})
    assert answer.url == landed
    assert answer.cookies["django_language"].value == "en"


def test_unknown_language_is_not_kept(client):
    assert "django_language" not in client.post("/language/", {"language": "xx"}).cookies


def test_screens_speak_chinese_unless_english_is_asked_for(client):
    assert 'lang="zh-CN"' in client.get("/refuses/").content.decode()
    client.cookies["django_language"] = "en"
    page = client.get("/refuses/").content.decode()
    assert 'lang="en"' in page
    assert "Not done" in page


def test_missing_leads_to_making_it(client):
    answer = client.get("/missing/")
    assert answer.status_code == 404
    assert 'href="/campaigns/new/"' in answer.content.decode()


def test_page_that_is_not_there_shows_a_stranger_no_empty_frame(client, sign_in):
    assert 'class="cw-plain"' in client.get("/nowhere/").content.decode()
    assert 'class="cw-side"' in sign_in(make_user(Role.OFFICE)).get("/nowhere/").content.decode()


def test_phone_tabs_end_with_the_own_account(sign_in):
    tabs = sign_in(make_user(Role.ADMINISTRATOR)).get("/accounts/me/").context["phone_tabs"]
    assert [(tab["url"], bool(tab["current"])) for tab in tabs] == [("/desk/", False), ("/accounts/me/", True)]


@pytest.mark.parametrize(
    ("role", "tabs"),
    [
        (Role.OFFICE, ["desk", "tasks", "problems", "notices"]),
        (Role.LEADER, ["desk", "instructions", "notices", "scores"]),
        (Role.LIAISON, ["desk", "tasks", "problems", "dossiers"]),
        (Role.KEEPER, ["desk", "problems"]),
        (Role.INSPECTOR, ["desk", "field", "field/outbox", "field/manual"]),
        (Role.VERIFIER, ["desk", "problems"]),
        (Role.ASSESSOR, ["desk", "dossiers", "scores", "programmes"]),
        (Role.AUDITOR, ["desk", "instructions", "notices", "scores"]),
    ],
)
@pytest.mark.once
def test_phone_tabs_are_the_four_of_the_role(sign_in, role, tabs):
    shown = sign_in(make_user(role)).get("/accounts/me/").context["phone_tabs"]
    assert [tab["url"] for tab in shown] == [f"/{tab}/" for tab in [*tabs, "accounts/me"]]


@pytest.mark.parametrize(
    ("came", "back"),
    [("http://testserver/audit/?q=1", "/audit/%3Fq%3D1"), ("https://evil.example/audit/", "/"), ("", "/")],
)
def test_what_a_signed_out_person_presses_is_not_done_and_leads_back_to_its_page(client, came, back):
    answer = client.post("/only/", headers={"referer": came, "accept": "text/html"})
    assert answer.url == f"/account/login/?next={back}"
    assert "刚才的操作没有提交" in client.get(answer.url).content.decode()
    client.post("/only/", headers={"accept": "application/json"})
    assert "刚才的操作没有提交" not in client.get(answer.url).content.decode()


def test_address_that_only_takes_a_button_says_so_when_it_is_opened(sign_in):
    client = sign_in(make_user(Role.AUDITOR))
    page = client.get("/only/", headers={"accept": "text/html"})
    assert (page.status_code, page["Allow"], "这个网址不是页面" in page.content.decode()) == (405, "POST", True)
    assert client.get("/only/").content == b""
