"""docs/coverage.md names pages and tests that exist, and all 149 arrangements."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from django.urls import resolve

ROOT = Path(__file__).parents[2]
SAMPLES = {"id": "1", "no": "2026-0001", "uid": "00000000-0000-0000-0000-000000000001"}
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| (\w+) \| ([^|]*) \| ([^|]*) \|$")

pytestmark = pytest.mark.once


@cache
def table():
    found = map(ROW.match, (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8").splitlines())
    return [match.groups() for match in found if match]


def named(column):
    return sorted({name for row in table() for name in re.findall(r"`([^`]+)`", row[column])})


def test_every_arrangement_has_its_row():
    assert [int(row[0]) for row in table()] == list(range(1, 150))


def test_page_and_test_are_named_together():
    assert [row[0] for row in table() if bool(row[3].strip()) != bool(row[4].strip())] == []


@pytest.mark.parametrize("page", named(3))
def test_page_exists(page):
    path = re.sub(r"<(\w+)>", lambda hole: SAMPLES.get(hole[1], "x"), page.split("?")[0])
    assert resolve(path).func.__module__.startswith("chuangwen.")


@pytest.mark.parametrize("test", named(4))
def test_test_exists(test):
    file, name = test.split("::")
    assert re.search(rf"^def {name}\(", (ROOT / "tests" / file).read_text(encoding="utf-8"), re.MULTILINE)
