"""One browser for the main paths of a file, and a city whose people work in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from chuangwen.core import clock
from tests.desk.browsing import CHROMIUM, TUESDAY, City, playwright


@pytest.fixture(scope="module")
def chromium(django_db_setup) -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch, playwright.sync_playwright() as started:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's own loop runs in this thread
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def city(chromium, live_server, monkeypatch) -> Iterator[City]:
    monkeypatch.setattr(clock, "now", lambda: TUESDAY)  # in the server's thread as well
    made = City(chromium, live_server.url)
    yield made
    for one in made.windows:
        one.close()
