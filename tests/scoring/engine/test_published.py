"""Published results: Jining, August 2017, total = 0.85 field + 0.15 survey, agreeing within 0.01."""

from __future__ import annotations

import pytest

from chuangwen.scoring.engine import score
from chuangwen.standards.tree import Map
from tests.scoring.engine.builders import leaf, observed, seen, standard

JINING = [
    (96.76, 96.72, 96.75),
    (97.60, 91.26, 96.65),
    (95.94, 96.41, 96.01),
    (96.15, 95.15, 96.00),
    (96.02, 87.54, 94.75),
    (92.03, 98.31, 92.97),
    (91.24, 94.41, 91.72),
    (97.96, 96.65, 97.76),
    (96.34, 98.53, 96.67),
    (87.94, 85.98, 87.65),
]


def test_jining_totals_and_order_are_those_published() -> None:
    percent = Map("linear", start=0.0, stop=100.0)
    nodes = (leaf("field", 85.0, "mean", percent), leaf("survey", 15.0, "mean", percent))
    rows = [
        row
        for i, (field, survey, _) in enumerate(JINING)
        for row in (*seen("field", field, subject=f"C{i}"), *seen("survey", survey, subject=f"C{i}"))
    ]
    subjects = score(standard(*nodes), observed(rows)).subjects
    published = [total for _, _, total in JINING]
    assert subjects["total"].to_list() == pytest.approx(published, abs=0.01)
    ranks = [1 + sum(other > total for other in published) for total in published]
    assert subjects["rank"].to_list() == ranks
