"""Tests of problems stand on one day: deadlines, lateness and what counts as the future hang on it."""

from __future__ import annotations

import pytest
import time_machine

from tests.rectification.making import NOW
from tests.support.words import words_are_known

__all__ = ["words_are_known"]


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel(NOW, tick=True):
        yield
