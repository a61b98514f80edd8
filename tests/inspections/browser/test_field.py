"""The checklist in a real browser: taps, photos, no network, a page loaded again, ninety seconds."""

from __future__ import annotations

import io
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from chuangwen.core import clock
from chuangwen.inspections.models import Answer, AnswerPhoto, Visit
from chuangwen.rectification.models import Problem
from tests.inspections.making import Field, make_checks, make_field
from tests.support.arriving import arrives

BUILT = Path(__file__).resolve().parents[3] / "chuangwen/core/static/chuangwen/main.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PHONE = {"width": 390, "height": 844}
pytestmark = [
    pytest.mark.filterwarnings("ignore:No directory at"),  # no collected static files beside the sources
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the path"),
    pytest.mark.skipif(not BUILT.exists(), reason="the front end is not built"),
]


def phone_with(monkeypatch: pytest.MonkeyPatch, **options: Any) -> Iterator[BrowserContext]:
    """A phone's browser that allows its position. Its event loop makes Django cautious without need."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(
            viewport=PHONE, has_touch=True, locale="zh-CN", permissions=["geolocation"],
            geolocation={"longitude": 117.1, "latitude": 34.2},
            **options,
        )  # fmt: skip
        context.set_default_timeout(10_000)
        yield context
        browser.close()


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> Iterator[BrowserContext]:
    """A phone whose requests the test may shut off one by one: the worker would let them pass."""
    yield from phone_with(monkeypatch, service_workers="block")


def sign_in(context: BrowserContext, user: Any, base: str) -> None:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session.session_key or "", "url": base}])


def opened(context: BrowserContext, field: Field, base: str, *, checks: int) -> tuple[Page, Visit]:
    """A visit of three groups, opened by its inspector."""
    for name, number in (("环境卫生", checks // 3), ("经营秩序", checks // 3), ("消防", checks - 2 * (checks // 3))):
        make_checks(field, number, group=name)
    visit = field.visit(planned_on=clock.today())
    sign_in(context, field.inspector, base)
    page = context.new_page()
    page.goto(base + reverse("inspections:checklist", args=[visit.uid]))
    return page, visit


def card(page: Page, number: int) -> Any:
    return page.locator("[data-check]").nth(number)


def not_met(page: Page, number: int) -> None:
    card(page, number).locator(".cw-answer--not-met").tap()


def shoot(page: Page, number: int) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (640, 480), (90 + number * 20, 120, 60)).save(buffer, "JPEG")
    photo = {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}
    card(page, number).locator("[data-shoot]").set_input_files(files=[photo])  # type: ignore[list-item]


def test_fifteen_checks_with_two_problems_take_less_than_ninety_seconds(
    phone: BrowserContext, live_server: Any
) -> None:
    field = make_field()
    page, visit = opened(phone, field, live_server.url, checks=15)
    began = time.monotonic()
    page.locator("[data-start]").tap()
    for number in (2, 7):
        not_met(page, number)
        shoot(page, number)
    rest = page.locator("[data-all-met]:visible")
    while rest.count():
        rest.first.tap()
    page.locator("[data-next]").tap()
    expect(page.locator("[data-finish-list] li")).to_have_count(2)
    expect(page.locator("[data-finish-yes]")).to_be_enabled(timeout=30_000)
    page.locator("[data-finish-yes]").tap()
    page.wait_for_url("**/field/")
    assert time.monotonic() - began < 90
    visit.refresh_from_db()
    assert (visit.state, visit.answered, visit.not_met) == ("finished", 15, 2)
    assert (Problem.objects.count(), AnswerPhoto.objects.count(), visit.longitude) == (2, 2, 117.1)


def test_what_was_tapped_without_a_network_survives_a_new_page_and_arrives_once(
    phone: BrowserContext, live_server: Any
) -> None:
    field = make_field()
    page, visit = opened(phone, field, live_server.url, checks=3)
    page.locator("[data-start]").tap()
    expect(page.locator("[data-field-chip]")).to_be_hidden()
    page.route("**/answers/", lambda route: route.abort())
    page.route("**/photos/", lambda route: route.abort())
    card(page, 0).locator(".cw-answer--met").tap()
    not_met(page, 1)
    shoot(page, 1)
    expect(page.locator("[data-field-chip]")).to_be_visible()
    expect(card(page, 1).locator("[data-shot]")).to_have_count(1)
    page.close()
    assert Answer.objects.count() == 0
    again = phone.new_page()
    again.goto(live_server.url + reverse("inspections:checklist", args=[visit.uid]))
    expect(again.locator("[data-answered]")).to_have_text("2")
    arrives(lambda: sorted(Answer.objects.values_list("value", flat=True)), ["met", "not-met"])
    arrives(AnswerPhoto.objects.count, 1)
    expect(again.locator("[data-field-chip]")).to_be_hidden()
    expect(card(again, 1).locator("[data-shot]")).to_have_count(1)


def test_undo_takes_the_last_answer_back_on_the_server_too(phone: BrowserContext, live_server: Any) -> None:
    field = make_field()
    page, _visit = opened(phone, field, live_server.url, checks=3)
    page.locator("[data-start]").tap()
    card(page, 0).locator(".cw-answer--met").tap()
    card(page, 0).locator(".cw-answer--not-met").tap()
    arrives(lambda: list(Answer.objects.values_list("value", flat=True)), ["not-met"])
    page.locator("[data-undo]").tap()
    expect(card(page, 0).locator("input[value=met]")).to_be_checked()
    arrives(lambda: list(Answer.objects.values_list("value", flat=True)), ["met"])
    expect(page.locator("[data-field-chip]")).to_be_hidden()


def test_the_keyboard_alone_is_enough(phone: BrowserContext, live_server: Any) -> None:
    field = make_field()
    page, visit = opened(phone, field, live_server.url, checks=3)
    page.locator("[data-start]").focus()
    page.keyboard.press("Enter")
    for number in range(3):
        card(page, number).locator("input[value=met]").focus()
        page.keyboard.press("Space")
    page.locator("[data-next]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-finish-yes]")).to_be_enabled(timeout=30_000)
    page.locator("[data-finish-yes]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/field/")
    visit.refresh_from_db()
    assert visit.state == "finished"
