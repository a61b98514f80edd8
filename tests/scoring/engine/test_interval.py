"""How sure: strata, correction, single places, and who is left out."""

from __future__ import annotations

import math
from typing import Any

import pytest

from chuangwen.scoring.engine import score
from chuangwen.standards.tree import Map, Node
from tests.scoring.engine.builders import Row, frame, inner, leaf, observed, seen, standard


def _subject(rows: list[Row], *nodes: Node, strata: dict[str, str] | None = None, sizes: Any = None) -> Any:
    """The subject's row; `strata` by place, `sizes` by stratum."""
    places = [{"subject": "S", "place": place, "stratum": name} for place, name in (strata or {}).items()]
    frames = [{"subject": "S", "stratum": name, "size": size} for name, size in (sizes or {}).items()]
    scores = score(
        standard(*(nodes or (leaf("A"),))),
        observed(rows),
        places=frame("places", places),
        frames=frame("frames", frames) if sizes else None,
    )
    return scores.subjects.row(0, named=True)


def _at(*values: float | None, code: str = "A", start: int = 0) -> list[Row]:
    """One row a place: p0, p1, ..."""
    return [row for i, value in enumerate(values, start) for row in seen(code, value, place=f"p{i}")]


THIRDS = math.sqrt(3 / 2 * (100 / 3) ** 2 * (2 / 9 + 4 / 9))


def test_places_without_a_frame_have_no_correction() -> None:
    assert _subject(_at(1.0, 0.0, 1.0))["se"] == pytest.approx(THIRDS, abs=1e-9)


def test_rows_of_a_place_count_by_their_weight() -> None:
    rows = [*seen("A", 1.0, place="p0", weight=2.0), *seen("A", 0.0, place="p0"), *seen("A", 1.0, place="p1")]
    row = _subject(rows)  # share 3/4; the places lie 25 x 1/4 below and above it
    assert (row["total"], row["se"]) == (pytest.approx(75.0), pytest.approx(12.5))


@pytest.mark.parametrize(("size", "left"), [(3.0, 0.0), (6.0, 0.5), (30.0, 0.9), (None, 1.0)])
def test_frame_corrects_for_the_part_that_was_seen(size: float | None, left: float) -> None:
    row = _subject(_at(1.0, 0.0, 1.0), strata={"p0": "t", "p1": "t", "p2": "t"}, sizes={"t": size})
    assert row["se"] == pytest.approx(THIRDS * math.sqrt(left), abs=1e-9)
    assert row["se_partial"] is False


def test_place_that_is_not_in_places_has_the_empty_stratum() -> None:
    row = _subject(_at(1.0, 0.0, 1.0), sizes={"": 6.0})
    assert row["se"] == pytest.approx(THIRDS * math.sqrt(0.5), abs=1e-9)


def test_strata_are_apart() -> None:
    strata = {"p0": "t", "p1": "t", "p2": "m", "p3": "m"}
    row = _subject(_at(1.0, 1.0, 0.0, 0.0), strata=strata)
    assert (row["total"], row["se"], row["se_partial"]) == (50.0, 0.0, False)


def test_single_place_of_a_stratum_adds_nothing_and_says_so() -> None:
    row = _subject(_at(1.0, 0.0, 1.0, 0.0), strata={"p0": "t", "p1": "t", "p2": "t", "p3": "m"})
    z = [100 / 4 * (value - 0.5) for value in (1.0, 0.0, 1.0)]
    mean = sum(z) / 3
    assert row["se"] == pytest.approx(math.sqrt(1.5 * sum((one - mean) ** 2 for one in z)), abs=1e-9)
    assert row["se_partial"] is True


@pytest.mark.parametrize(("size", "partial"), [(1.0, False), (2.0, True)])
def test_single_place_of_a_stratum_of_one_is_the_whole_stratum(size: float, partial: bool) -> None:
    row = _subject(_at(0.5), strata={"p0": "t"}, sizes={"t": size})
    assert (row["se"], row["low"], row["high"], row["se_partial"]) == (0.0, 50.0, 50.0, partial)


def test_ad_hoc_rows_count_in_the_share_but_are_no_place() -> None:
    row = _subject([*_at(1.0, 0.0), *seen("A", 0.0, 0.0)])
    z = [100 / 4 * (1.0 - 0.25), 100 / 4 * (0.0 - 0.25)]
    assert row["total"] == 25.0
    assert row["se"] == pytest.approx(math.sqrt(2 * 2 * ((z[0] - z[1]) / 2) ** 2), abs=1e-9)


def test_place_with_null_rows_only_is_not_counted() -> None:
    assert _subject(_at(1.0, 0.0, 1.0, None))["se"] == pytest.approx(THIRDS, abs=1e-9)


def test_leaves_of_one_place_are_summed_before_they_are_squared() -> None:
    rows = [*_at(1.0, 0.0), *_at(0.0, 1.0, code="B")]
    assert _subject(rows, leaf("A", 50.0), leaf("B", 50.0))["se"] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(
    "node",
    [
        leaf("A", measure="mean"),
        leaf("A", shape=Map("linear", start=0.0, stop=1.0)),
        inner("I", leaf("A"), aggregate="min", points=1.0),
        inner("I", leaf("A"), aggregate="met", points=1.0, table=((1, 1.0),)),
        inner("I", inner("J", leaf("A"), points=1.0), aggregate="min", points=1.0),
    ],
)
def test_other_leaves_give_no_interval(node: Node) -> None:
    row = _subject(_at(1.0, 0.0, 1.0), node)
    assert (row["se"], row["low"], row["high"], row["se_partial"]) == (None, None, None, False)


def test_rows_without_place_give_no_interval() -> None:
    assert _subject(seen("A", 1.0, 0.0))["se"] is None


def test_mean_above_is_open_to_the_interval() -> None:
    node = inner("I", leaf("A"), aggregate="mean", points=1.0)
    assert _subject(_at(1.0, 0.0, 1.0), node)["se"] == pytest.approx(THIRDS, abs=1e-9)


def test_interval_is_held_within_zero_and_the_scale() -> None:
    assert _subject(_at(1.0, 1.0, 1.0, 1.0, 0.0))["high"] == 100.0
    assert _subject(_at(0.0, 0.0, 0.0, 0.0, 1.0))["low"] == 0.0
    row = _subject(_at(1.0, 0.0, 1.0))
    assert row["low"] == pytest.approx(row["total"] - 1.96 * row["se"], abs=1e-9)
