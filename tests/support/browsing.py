"""A real browser for tests: whether there is one, a started one, and a window in which somebody has signed in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
BUILT = Path(__file__).parents[2] / "chuangwen/core/static/chuangwen/main.js"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
IN_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine"),
    pytest.mark.skipif(not BUILT.exists(), reason="the front end is not built"),
]


@contextmanager
def started() -> Iterator[Any]:
    """The browser, closed at the end."""
    with pytest.MonkeyPatch.context() as patch, playwright.sync_playwright() as running:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's own loop runs in this thread
        browser = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def context_in(browser: Any, url: str, *, phone: bool = False) -> Any:
    """A browser's context at `url`, in Chinese, as wide as a desk or a phone."""
    return browser.new_context(viewport=PHONE if phone else WIDE, locale="zh-CN", base_url=url)


def sign_in(context: Any, url: str, user: Any) -> None:
    """`user` has signed in in this context, without the page that asks."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
