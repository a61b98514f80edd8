"""One browser for the main paths of a file, and a city whose people work in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from chuangwen.core import clock
from tests.desk.browsing import TUESDAY, City
from tests.support.browsing import started


@pytest.fixture(scope="module")
def chromium(django_db_setup) -> Iterator[Any]:
    with started() as browser:
        yield browser


@pytest.fixture
def city(chromium, live_server, monkeypatch) -> Iterator[City]:
    monkeypatch.setattr(clock, "now", lambda: TUESDAY)  # in the server's thread as well
    made = City(chromium, live_server.url)
    yield made
    for one in made.windows:
        one.close()
