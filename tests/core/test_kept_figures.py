"""A figure over very many rows is kept for a minute; any other is counted at each look."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chuangwen.core import clock, kept_figures
from chuangwen.core.kept_figures import KEPT_SECONDS, LARGE, kept_figure
from tests.support.factories import NOON


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch):
    monkeypatch.setattr(kept_figures, "_kept", {})


def asked(key, *found):
    """What a page shows that finds these numbers one after another."""
    numbers = iter(found)
    return [kept_figure(key, lambda: next(numbers), lambda number: number) for _number in found]


def test_large_figure_is_counted_once_a_minute():
    with clock.at(NOON):
        assert asked("a", LARGE, LARGE + 1) == [LARGE, LARGE]
        assert asked("b", LARGE + 7) == [LARGE + 7]
    with clock.at(NOON + timedelta(seconds=KEPT_SECONDS - 1)):
        assert asked("a", LARGE + 1) == [LARGE]
    with clock.at(NOON + timedelta(seconds=KEPT_SECONDS)):
        assert asked("a", LARGE + 2) == [LARGE + 2]
    with clock.at(NOON - timedelta(days=1)):  # a clock that was set back
        assert asked("a", LARGE + 3) == [LARGE + 3]


def test_small_figure_is_exact_at_each_look_and_ends_a_large_one():
    assert asked("a", 1, LARGE - 1, 2) == [1, LARGE - 1, 2]
    with clock.at(NOON):
        assert asked("a", LARGE) == [LARGE]
    with clock.at(NOON + timedelta(seconds=KEPT_SECONDS)):
        assert asked("a", 3, 4) == [3, 4]


def test_what_is_kept_stays_small(monkeypatch):
    monkeypatch.setattr(kept_figures, "MOST", 2)
    with clock.at(NOON):
        for key in "abc":
            asked(key, LARGE)
        assert len(kept_figures._kept) == 1
