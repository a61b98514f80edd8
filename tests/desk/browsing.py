"""People of a city who work in a real browser: a window each, the liaison's as wide as a phone."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from chuangwen.accounts.models import User
from chuangwen.accounts.roles import Role
from chuangwen.organizations.models import Unit
from tests.directives.making import Desk
from tests.support.factories import make_user

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
BUILT = Path(__file__).parents[2] / "chuangwen/core/static/chuangwen/main.js"
TUESDAY = datetime(2026, 11, 17, 1, 0, tzinfo=UTC)  # nine o'clock in China
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
SAVE = "main form.cw-form button.cw-btn--primary, main form .cw-form__acts button.cw-btn--primary"
MARKS = [
    pytest.mark.browser,
    pytest.mark.once,
    pytest.mark.filterwarnings("ignore:No directory at"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine"),
    pytest.mark.skipif(not BUILT.exists(), reason="the front end is not built"),
]


class City(Desk):
    """The city of the directives' tests, whose people work in a browser."""

    def __init__(self, chromium: Any, url: str) -> None:
        super().__init__()
        self.chromium, self.url, self.windows = chromium, url, []

    def window(self, user: User, *, phone: bool = False) -> Any:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        context = self.chromium.new_context(viewport=PHONE if phone else WIDE, locale="zh-CN", base_url=self.url)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": self.url}])
        self.windows.append(context)
        return context.new_page()

    def liaison(self, unit: Unit) -> User:
        return make_user(Role.LIAISON, unit)


def fill(page: Any, **fields: Any) -> None:
    """Fill the page's form and send it by its one filled button."""
    for name, value in fields.items():
        place = page.locator(f"main [name={name}]:visible").first
        kind = place.evaluate("one => one.type")
        if kind in {"checkbox", "radio"}:
            page.locator(f"main [name={name}][value={value}]").check(force=True)
        elif kind == "select-one":
            place.select_option(value)
        else:
            place.fill(value)
            place.press("Escape")  # whatever was looked up meanwhile
    page.locator(SAVE).first.click()


def follow(page: Any, ending: str) -> None:
    """Press the link or button whose address ends so."""
    page.locator(f"main a[href$='{ending}']:visible, main form[action$='{ending}'] button:visible").first.click()


def says(page: Any, words: str) -> None:
    playwright.expect(page.locator("main")).to_contain_text(words)
