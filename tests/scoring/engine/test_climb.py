"""Up the tree and down: aggregates, effective points, losses of nodes."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from chuangwen.scoring.engine import Scores, score
from tests.scoring.engine.agreement import assert_rows_agree
from tests.scoring.engine.builders import inner, leaf, observed, seen, standard


def _node(scores: Scores, code: str) -> dict[str, Any]:
    return scores.nodes.filter(pl.col("code") == code).row(0, named=True)


def _three(aggregate: str, *shares: float | None, **more: Any) -> Scores:
    """Node A over leaves of 1, 2 and 3 points with these shares (None: unassessed), beside leaf B."""
    leaves = [leaf(f"A{i}", points=float(i)) for i in (1, 2, 3)]
    rows = [row for i, share in enumerate(shares, 1) for row in seen(f"A{i}", share)]
    node = inner("A", *leaves, points=50.0, aggregate=aggregate, **more)
    return score(standard(node, leaf("B", 50.0)), observed(rows, seen("B", 1.0)))


def test_sum_weighs_assessed_children_by_points() -> None:
    scores = _three("sum", 0.5, None, 1.0)
    wanted = {"share": 3.5 / 4, "effective": 50.0, "attained": 43.75, "lost": 6.25, "n": 2, "assessed": True}
    assert_rows_agree([_node(scores, "A")], [wanted])
    assert_rows_agree([_node(scores, "A1")], [{"effective": 12.5, "attained": 6.25, "lost": 6.25}])
    assert_rows_agree([_node(scores, "A3")], [{"effective": 37.5, "attained": 37.5, "lost": 0.0}])


def test_loss_of_a_sum_goes_to_its_children_by_their_open_points() -> None:
    scores = _three("sum", 0.5, None, 0.5)
    assert_rows_agree([_node(scores, "A1"), _node(scores, "A3")], [{"lost": 6.25}, {"lost": 18.75}])


def test_rows_are_counted_at_leaves_of_every_depth_and_summed_above() -> None:
    scores = _three("sum", 0.5, None, 1.0)
    assert [_node(scores, code)["n"] for code in ("A1", "A2", "A", "B", "")] == [1, 0, 2, 1, 3]
    unseen = score(standard(leaf("A"), leaf("B")), observed(seen("A", 1.0)))
    assert [_node(unseen, code)["n"] for code in ("A", "B", "")] == [1, 0, 1]


def test_unassessed_node_has_nulls_and_its_points() -> None:
    wanted = {"share": None, "effective": None, "attained": None, "lost": None, "n": 0, "assessed": False}
    assert_rows_agree([_node(_three("sum", 0.5, None, 1.0), "A2")], [wanted | {"points": 2.0}])


def test_sum_whose_assessed_children_have_no_points_is_unassessed() -> None:
    node = inner("A", leaf("A1", 0.0), leaf("A2", 3.0), points=50.0)
    scores = score(standard(node, leaf("B", 50.0)), observed(seen("A1", 0.5), seen("B", 0.5)))
    assert_rows_agree([_node(scores, "A")], [{"share": None, "n": 1, "assessed": False}])
    assert_rows_agree([_node(scores, "A1")], [{"share": 0.5, "effective": None, "lost": None, "assessed": True}])
    assert scores.losses.rows() == [("S", "", "B", 50.0)]


def test_mean_gives_assessed_children_equal_parts() -> None:
    scores = _three("mean", 0.5, None, 0.0)
    assert_rows_agree([_node(scores, "A")], [{"share": 0.25, "effective": 50.0, "lost": 37.5}])
    assert_rows_agree([_node(scores, "A1")], [{"effective": 25.0, "lost": 12.5}])
    assert_rows_agree([_node(scores, "A3")], [{"effective": 25.0, "lost": 25.0}])


def test_min_takes_the_smallest_share_and_ends_effective_points() -> None:
    scores = _three("min", 0.5, 0.25, None)
    assert_rows_agree([_node(scores, "A")], [{"share": 0.25, "effective": 50.0, "lost": 37.5}])
    assert_rows_agree([_node(scores, "A1")], [{"effective": None, "attained": None, "lost": 15.0}])
    assert_rows_agree([_node(scores, "A2")], [{"effective": None, "attained": None, "lost": 22.5}])


def test_effective_points_stay_null_all_the_way_below_min() -> None:
    node = inner("A", inner("A1", leaf("A1.1")), aggregate="min", points=100.0)
    scores = score(standard(node), observed(seen("A1.1", 0.5)))
    assert_rows_agree([_node(scores, "A1.1")], [{"effective": None, "share": 0.5, "lost": 50.0}])


TABLE = ((3, 1.0), (2, 0.6))


@pytest.mark.parametrize(
    ("shares", "share"),
    [
        ((1.0, 1.0, 1.0), 1.0),
        ((1.0, 0.5, 1.0), 0.6),
        ((1.0, 0.5, None), 0.6),
        ((0.5, 0.5, 1.0), 0.0),
        ((0.5, None, None), 0.6),
        ((1.0, 0.8, 0.8 - 0.9e-9), 1.0),
        ((1.0, 0.8, 0.8 - 1.1e-9), 0.6),
    ],
)
def test_met_counts_reached_children_and_takes_unassessed_ones_as_reached(shares: Any, share: float) -> None:
    scores = _three("met", *shares, threshold=0.8, table=TABLE)
    assert_rows_agree([_node(scores, "A")], [{"share": share}])


def test_met_without_an_assessed_child_is_unassessed() -> None:
    scores = _three("met", None, None, None, threshold=0.8, table=TABLE)
    assert_rows_agree([_node(scores, "A")], [{"share": None, "assessed": False}])


def test_met_that_lost_although_every_child_is_full_shares_equally() -> None:
    scores = _three("met", 1.0, 1.0, None, table=((3, 0.4),))
    assert_rows_agree([_node(scores, "A")], [{"share": 0.4, "lost": 30.0}])
    assert_rows_agree([_node(scores, "A1")], [{"lost": 15.0, "effective": None}])
    assert_rows_agree([_node(scores, "A2")], [{"lost": 15.0}])


def test_sum_below_met_that_is_full_itself_shares_equally() -> None:
    below = inner("A1", leaf("A1.1", 1.0), leaf("A1.2", 9.0), points=1.0)
    node = inner("A", below, aggregate="met", table=((1, 0.5),), points=100.0)
    scores = score(standard(node), observed(seen("A1.1", 1.0), seen("A1.2", 1.0)))
    assert scores.losses.rows() == [("S", "", "A1.1", 25.0), ("S", "", "A1.2", 25.0)]


def test_root_aggregates_as_the_file_says() -> None:
    measured = standard(leaf("A", 90.0), leaf("B", 10.0), aggregate="min")
    scores = score(measured, observed(seen("A", 0.5), seen("B", 0.25)))
    assert scores.subjects["total"].to_list() == [25.0]


def test_root_met_uses_the_table_of_the_file() -> None:
    table = inner("", leaf("A"), leaf("B"), table=((2, 1.0), (1, 0.5))).table
    measured = standard(leaf("A"), leaf("B"), aggregate="met", threshold=0.5, table=table)
    scores = score(measured, observed(seen("A", 0.5), seen("B", 0.25)))
    assert scores.subjects["total"].to_list() == [50.0]


def test_unassessed_root_leaves_total_and_rank_null() -> None:
    scores = score(standard(leaf("A")), observed(seen("A", None), seen("A", 1.0, subject="T")))
    wanted = {"subject": "S", "total": None, "se": None, "low": None, "high": None, "rank": None, "vetoed": False}
    assert_rows_agree([scores.subjects.row(0, named=True)], [wanted])
    assert scores.subjects["rank"].to_list() == [None, 1]
    assert scores.losses.height == 0


def test_nodes_follow_the_standard_for_each_subject() -> None:
    measured = standard(inner("2", leaf("2.10"), leaf("2.9")), leaf("1"))
    rows = (seen("1", 1.0, subject="T"), seen("2.9", 1.0, subject="S"))
    nodes = score(measured, observed(*rows)).nodes
    order = ["", "2", "2.10", "2.9", "1"]
    assert nodes.select("subject", "code").rows() == [(s, code) for s in ("S", "T") for code in order]
