"""Share of a leaf: measures, maps, nulls, weights and the two policies."""

from __future__ import annotations

from typing import Any

import pytest

from chuangwen.scoring.engine import score
from chuangwen.standards.tree import Band, Map, Node
from tests.scoring.engine.builders import Row, leaf, observed, seen, standard

BANDS = Map("bands", bands=(Band(0.85, 1.0), Band(0.7, 0.66), Band(None, 0.2)))


def _share(node: Node, rows: list[Row], missing: Any = "exclude") -> float | None:
    """The share of leaf A beside a leaf B that keeps the subject in the table."""
    scores = score(standard(node, leaf("B")), observed(rows, seen("B", 1.0)), missing=missing)
    share: float | None = scores.nodes.filter(scores.nodes["code"] == "A")["share"].item()
    return share


def _weighted(*pairs: tuple[float | None, float | None]) -> list[Row]:
    return [row for value, weight in pairs for row in seen("A", value, weight=weight)]


@pytest.mark.parametrize(
    ("measure", "shape", "rows", "share"),
    [
        ("rate", Map(), [(1.0, 3.0), (0.5, 1.0)], 3.5 / 4),
        ("rate", Map(), [(1.0, None), (0.0, None), (0.0, 2.0)], 0.25),
        ("rate", Map(), [(1.0, 1.0), (None, 9.0)], 1.0),
        ("rate", Map(), [(1.0, 1.0), (0.0, 0.0)], 1.0),
        ("mean", Map("linear", start=0.0, stop=10.0), [(4.0, 3.0), (8.0, 1.0)], 0.5),
        ("sum", Map("required", n=10.0), [(2.0, 2.0), (1.0, None)], 0.5),
        ("count", Map("required", n=4.0), [(7.0, 5.0), (0.1, 0.0), (0.0, 1.0), (None, 1.0)], 0.5),
        ("count", Map("required", n=4.0), [(0.0, 1.0)], 0.0),
    ],
)
def test_measure_is_taken_over_rows_with_a_value(measure: str, shape: Map, rows: Any, share: float) -> None:
    assert _share(leaf("A", measure=measure, shape=shape), _weighted(*rows)) == pytest.approx(share, abs=1e-12)


@pytest.mark.parametrize(
    ("shape", "x", "share"),
    [
        (Map(), 0.25, 0.25),
        (Map(), 1.5, 1.0),
        (Map(), -0.5, 0.0),
        (Map("linear", start=0.3, stop=0.9), 0.6, 0.5),
        (Map("linear", start=0.3, stop=0.9), 0.1, 0.0),
        (Map("linear", start=0.3, stop=0.9), 1.1, 1.0),
        (Map("linear", start=30.0, stop=0.0), 12.0, 0.6),
        (Map("linear", start=30.0, stop=0.0), 31.0, 0.0),
        (Map("required", n=8.0), 6.0, 0.75),
        (Map("required", n=8.0), 9.0, 1.0),
        (Map("required", n=8.0), -1.0, 0.0),
        (Map("deduct", each=0.5), 3.0, 0.625),
        (Map("deduct", each=0.5), 9.0, 0.0),
        (Map("deduct", each=0.5), -1.0, 1.0),
        (BANDS, 0.9, 1.0),
        (BANDS, 0.85, 1.0),
        (BANDS, 0.85 - 0.9e-9, 1.0),
        (BANDS, 0.85 - 1.1e-9, 0.66),
        (BANDS, 0.7, 0.66),
        (BANDS, 0.1, 0.2),
    ],
)
def test_map_makes_the_measure_a_share(shape: Map, x: float, share: float) -> None:
    node = leaf("A", points=4.0, measure="mean", shape=shape)
    assert _share(node, seen("A", x)) == pytest.approx(share, abs=1e-12)


@pytest.mark.parametrize(("missing", "share"), [("exclude", None), ("zero", 0.0)])
def test_leaf_without_rows_follows_the_policy(missing: str, share: float | None) -> None:
    assert _share(leaf("A"), [], missing) == share


@pytest.mark.parametrize("missing", ["exclude", "zero"])
@pytest.mark.parametrize("measure", ["rate", "mean", "sum", "count"])
def test_leaf_with_null_rows_only_is_unassessed_under_both_policies(measure: str, missing: str) -> None:
    assert _share(leaf("A", measure=measure), seen("A", None, None), missing) is None


@pytest.mark.parametrize(("measure", "share"), [("rate", None), ("mean", None), ("sum", 0.0), ("count", 1.0)])
def test_leaf_whose_rows_weigh_nothing_is_unassessed_where_weight_divides(measure: str, share: float | None) -> None:
    assert _share(leaf("A", measure=measure), seen("A", 1.0, weight=0.0), "zero") == share


def test_unknown_policy_is_refused() -> None:
    with pytest.raises(ValueError, match="missing is 'skip'; it must be exclude or zero"):
        _share(leaf("A"), [], "skip")
