"""A small office, and Wednesday noon."""

from __future__ import annotations

import pytest

from chuangwen.core import clock
from tests.supervision.making import NOW, make_world


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def noon():
    with clock.at(NOW):
        yield
