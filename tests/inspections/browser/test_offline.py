"""A phone without a network, in a real browser: pages open again, nothing is lost, the outbox empties itself."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Error, Page, expect

from chuangwen.inspections.models import Answer, AnswerPhoto
from tests.inspections.browser.test_field import card, not_met, opened, phone_with, pytestmark
from tests.inspections.making import make_field
from tests.support.arriving import arrives

__all__ = ["pytestmark"]  # the marks are those of the checklist's tests


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> Iterator[BrowserContext]:
    """A phone whose browser keeps pages."""
    yield from phone_with(monkeypatch)


def shoot_large(page: Any, number: int) -> int:
    """A photo of 2400 x 1800; returns its bytes."""
    buffer = io.BytesIO()
    Image.effect_noise((2400, 1800), 80).convert("RGB").save(buffer, "JPEG", quality=90)
    photo = {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}
    card(page, number).locator("[data-shoot]").set_input_files(files=[photo])
    return len(buffer.getvalue())


def all_sent(page: Page) -> None:
    """Wait until the server has acknowledged what was tapped: the chip is hidden before a tap shows it, too."""
    arrives(lambda: page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('cw-outbox:'))"), [])


# Asked again and again from here: the page's own policy forbids Playwright's wait_for_function, which evaluates there.
MANUAL_KEPT = "navigator.serviceWorker.ready.then(() => caches.match('/field/manual/')).then(Boolean)"
PAGE_KEPT = """async () => {
  const parts = [...document.querySelectorAll("script[src], link[rel=stylesheet]")].map((one) => one.src || one.href);
  const found = await Promise.all([location.href, ...parts].map((one) => caches.match(one)));
  return Boolean(navigator.serviceWorker.controller) && found.every(Boolean);
}"""
COPY_KEPT = """() => new Promise((resolve) => {
  indexedDB.open("cw-field").onsuccess = (opened) => {
    const rows = opened.target.result.transaction("photos").objectStore("photos").getAll();
    rows.onsuccess = () => {
      opened.target.result.close();
      resolve(rows.result.map((one) => Boolean(one.copy)).join());
    };
  };
})"""


def opens(page: Page, address: str) -> None:
    """Open a kept page beside one that is just being closed.

    The worker may still live in the closed page's process: Chromium then ends it in the middle of the request and
    answers ERR_FAILED until that process is gone. Another try, as a person's, starts it anew.
    """
    end = time.monotonic() + 10
    while time.monotonic() < end:
        with suppress(Error):
            page.goto(address)
            return
        page.wait_for_timeout(100)
    page.goto(address)


def test_no_network_reload_and_closed_page_lose_nothing(phone: BrowserContext, live_server: Any) -> None:
    page, visit = opened(phone, make_field(), live_server.url, checks=6)
    page.locator("[data-start]").tap()
    card(page, 0).locator(".cw-answer--met").tap()
    expect(page.locator("[data-answered]")).to_have_text("1")
    all_sent(page)
    arrives(lambda: page.evaluate(MANUAL_KEPT), True)
    page.reload()  # now by the worker
    arrives(lambda: page.evaluate(PAGE_KEPT), True)
    phone.set_offline(True)
    not_met(page, 1)
    whole = shoot_large(page, 1)
    expect(card(page, 1).locator("[data-shot] img")).to_have_count(1)
    arrives(lambda: page.evaluate(COPY_KEPT), "true")
    page.reload()
    expect(page.locator("[data-answered]")).to_have_text("2")
    expect(card(page, 1).locator("[data-shot] img")).to_have_count(1)
    page.close()

    later = phone.new_page()
    opens(later, live_server.url + "/field/manual/")
    expect(later.locator("h1")).to_have_text("实地考察手册")
    later.goto(live_server.url + "/field/outbox/")
    expect(later.locator("[data-outbox-rows] li")).to_have_count(1)
    expect(later.locator("[data-outbox-rows]")).to_contain_text(str(visit.place))
    expect(later.locator("[data-outbox-rows]")).to_contain_text("已答1项 · 1张照片")
    later.locator("[data-outbox-retry]").tap()  # before there is a network, since then the outbox empties itself
    phone.set_offline(False)
    expect(later.locator("[data-outbox-empty]")).to_be_visible(timeout=20_000)
    values = dict(Answer.objects.filter(visit=visit).values_list("checked__position", "value"))
    assert sorted(values.values()) == ["met", "not-met"]
    photo = AnswerPhoto.objects.select_related("attachment__file").get()
    assert (photo.original_waits, photo.attachment.file.size) == (False, whole)


@pytest.mark.parametrize("path", ["/field/outbox/", "/field/manual/"])
def test_signing_out_takes_the_kept_pages_along(phone: BrowserContext, live_server: Any, path: str) -> None:
    page, _visit = opened(phone, make_field(), live_server.url, checks=3)
    arrives(lambda: page.evaluate(MANUAL_KEPT), True)
    page.reload()
    phone.clear_cookies()
    page.goto(live_server.url + path)
    assert "/login/" in page.url
    assert page.evaluate("caches.match('/field/manual/').then(Boolean)") is False
