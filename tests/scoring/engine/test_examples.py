"""The worked cases of the specification: every figure of every expected table."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from chuangwen.scoring.engine import Scores, score
from chuangwen.standards.fileformat import read_standard
from tests.scoring.engine.agreement import assert_rows_agree

EXAMPLES = Path(__file__).parent / "examples"
CASES = [("by-hand", "exclude"), ("mixed-exclude", "exclude"), ("mixed-zero", "zero")]
BOOLEANS = {"True": True, "False": False}
WHOLE = {"rank", "n"}
TEXT = {"subject", "code", "unit"}


def _scored(name: str, missing: Any) -> Scores:
    folder = EXAMPLES / name
    return score(
        read_standard(folder / "standard.json"),
        folder / "observations.csv",
        places=folder / "places.csv",
        frames=folder / "frames.csv",
        leads=folder / "leads.csv",
        missing=missing,
    )


def _expected(name: str, table: str) -> list[dict[str, Any]]:
    with (EXAMPLES / name / f"expected-{table}.csv").open(encoding="utf-8", newline="") as file:
        return [{column: _cell(column, text) for column, text in row.items()} for row in csv.DictReader(file)]


def _cell(column: str, text: str) -> object:
    if column in TEXT:
        return text
    if text == "" or text in BOOLEANS:
        return BOOLEANS.get(text)
    return int(text) if column in WHOLE else float(text)


@pytest.mark.parametrize(("name", "missing"), CASES)
def test_example_has_expected_subjects(name: str, missing: str) -> None:
    assert_rows_agree(_scored(name, missing).subjects.to_dicts(), _expected(name, "subjects"))


@pytest.mark.parametrize(("name", "missing"), CASES)
def test_example_has_expected_nodes(name: str, missing: str) -> None:
    nodes = [row for row in _scored(name, missing).nodes.to_dicts() if row["code"]]
    assert_rows_agree(nodes, _expected(name, "nodes"))


@pytest.mark.parametrize(("name", "missing"), CASES)
def test_example_has_expected_losses(name: str, missing: str) -> None:
    losses = _scored(name, missing).losses.to_dicts()
    by_unit = sorted(losses, key=lambda row: (row["subject"], row["unit"], row["code"]))
    wanted = sorted(_expected(name, "losses"), key=lambda row: (row["subject"], row["unit"], row["code"]))
    assert_rows_agree(by_unit, wanted)


def test_example_by_hand_has_the_root_first_with_the_whole_scale() -> None:
    root = _scored("by-hand", "exclude").nodes.row(0, named=True)
    wanted = {
        "subject": "S",
        "code": "",
        "points": 100.0,
        "effective": 100.0,
        "share": 0.5976,
        "attained": 59.76,
        "lost": 40.24,
        "n": 5,
        "assessed": True,
    }
    assert_rows_agree([root], [wanted])
