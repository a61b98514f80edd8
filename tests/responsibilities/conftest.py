"""What every test of duties and tasks has."""

from __future__ import annotations

import pytest

from chuangwen.core import clock
from tests.support.factories import NOON
from tests.support.words import words_are_known

__all__ = ["noon", "words_are_known"]


@pytest.fixture
def noon():
    """The clock stands at noon; for a whole file by `pytestmark`."""
    with clock.at(NOON):
        yield
