"""The city, and a clock that stands still."""

from __future__ import annotations

import pytest

from tests.organizations.making import at_noon, make_city


@pytest.fixture(autouse=True)
def _noon():
    with at_noon():
        yield


@pytest.fixture
def city(db):
    return make_city()
