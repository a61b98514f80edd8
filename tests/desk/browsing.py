"""People of a city who work in a real browser: a window each, the liaison's as wide as a phone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from chuangwen.accounts.models import User
from chuangwen.accounts.roles import Role
from chuangwen.organizations.models import Unit
from tests.directives.making import Desk
from tests.support.browsing import IN_A_BROWSER, context_in, playwright, sign_in
from tests.support.factories import make_user

TUESDAY = datetime(2026, 11, 17, 1, 0, tzinfo=UTC)  # nine o'clock in China
SAVE = "main form.cw-form button.cw-btn--primary, main form .cw-form__acts button.cw-btn--primary"
MARKS = [*IN_A_BROWSER, pytest.mark.once, pytest.mark.filterwarnings("ignore:No directory at")]


class City(Desk):
    """The city of the directives' tests, whose people work in a browser."""

    def __init__(self, chromium: Any, url: str) -> None:
        super().__init__()
        self.chromium, self.url, self.windows = chromium, url, []

    def window(self, user: User, *, phone: bool = False) -> Any:
        context = context_in(self.chromium, self.url, phone=phone)
        sign_in(context, self.url, user)
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
