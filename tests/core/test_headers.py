"""What every answer carries, whatever it is, and requests that are too large to be read."""

from __future__ import annotations

import pytest
from django.test import Client

from chuangwen.accounts.roles import Role
from chuangwen.core.files.services import attach
from tests.accounts.making import PASSWORD
from tests.support.factories import make_place, make_region, make_unit, make_user

pytestmark = pytest.mark.django_db

WANTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/account/login/", 200),
        ("/desk/", 302),
        ("/healthz/", 200),
        ("/nowhere/", 404),
        ("/static/chuangwen/seal.svg", 200),
    ],
)
def test_every_answer_to_a_stranger_carries_the_headers(path, status, settings, tmp_path):
    (tmp_path / "chuangwen").mkdir()
    (tmp_path / "chuangwen" / "seal.svg").write_text("<svg/>", encoding="utf-8")
    settings.STATIC_ROOT, settings.WHITENOISE_AUTOREFRESH, settings.WHITENOISE_USE_FINDERS = tmp_path, True, False
    answer = Client().get(path)
    answer.getvalue()  # to its end, so that the file is closed
    assert answer.status_code == status
    assert {name: answer.get(name) for name in WANTED} == WANTED
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_pages_refusals_and_files_carry_the_headers(sign_in):
    place = make_place(make_unit(name="东关街道"))
    office = sign_in(make_user(Role.OFFICE, place.territory))
    file = attach(b"text", "a.txt", owner=place, region=place.region, actor=None)
    answers = [
        office.get("/desk/"),
        office.get("/units/"),
        office.post("/desk/"),
        office.get(f"/files/{file.uid}/"),
        office.get("/places/?sort=%00"),
    ]
    assert [{name: answer.get(name) for name in WANTED} for answer in answers] == [WANTED] * len(answers)
    assert all("default-src 'none'" in answer["Content-Security-Policy"] for answer in answers)


def test_pages_of_one_person_are_not_kept_for_the_next_one_at_the_machine(sign_in):
    client = sign_in(make_user(Role.OFFICE, make_unit()))
    assert client.get("/desk/")["Cache-Control"] == "private, no-cache"
    assert "Clear-Site-Data" not in client.get("/desk/")
    assert client.post("/account/logout/")["Clear-Site-Data"] == '"cache"'


def test_cookies_are_kept_from_other_sites_and_the_session_from_scripts():
    make_user(region=make_region(), username="somebody", password=PASSWORD)
    client = Client()
    client.get("/account/login/")
    client.post("/account/login/", {"login": "somebody", "password": PASSWORD})
    found = {
        name: (bool(client.cookies[name]["httponly"]), client.cookies[name]["samesite"]) for name in client.cookies
    }
    # Scripts read the token: a field page kept on the phone outlives the one printed in it.
    assert found | {"csrftoken": (False, "Lax"), "sessionid": (True, "Lax")} == found


@pytest.mark.parametrize("path", ["/account/login/", "/imports/", "/nowhere/"])
def test_request_that_is_too_large_is_refused_before_it_is_read(path, settings):
    settings.REQUEST_LIMIT_BYTES = 1000
    read = []

    class Body:
        def read(self, size=-1):
            read.append(size)
            return b""

        readline = read

    answer = Client().generic(
        "POST",
        path,
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH="1001",
        **{"wsgi.input": Body()},
    )
    assert (answer.status_code, read) == (413, [])
    assert "larger than 0 MB" in answer.content.decode() or "超过0MB" in answer.content.decode()


@pytest.mark.parametrize("length", ["", "x", "-5", "1000"])
def test_request_within_the_limit_or_without_a_length_is_read(length, settings):
    settings.REQUEST_LIMIT_BYTES = 1000
    answer = Client().generic("GET", "/account/login/", b"", CONTENT_LENGTH=length)
    assert answer.status_code == 200


@pytest.mark.parametrize("limit", [{"DATA_UPLOAD_MAX_NUMBER_FIELDS": 2}, {"DATA_UPLOAD_MAX_MEMORY_SIZE": 10}])
def test_form_that_holds_more_than_is_read_at_once_says_so(limit, settings):
    for name, value in limit.items():
        setattr(settings, name, value)
    answer = Client().post(
        "/account/login/", "a=1&b=2&login=somebody", content_type="application/x-www-form-urlencoded"
    )
    assert (answer.status_code, "分几次提交" in answer.content.decode()) == (413, True)
