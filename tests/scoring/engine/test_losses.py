"""Who lost what: the chain from a row to a unit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chuangwen.scoring.engine import score
from chuangwen.standards.tree import Band, Map
from tests.scoring.engine.agreement import assert_rows_agree
from tests.scoring.engine.builders import frame, leaf, observed, seen, standard

PLACES = frame("places", [{"subject": "S", "place": "p", "unit": "K"}, {"subject": "S", "place": "q"}])
LEADS = frame("leads", [{"subject": "S", "code": "A", "unit": unit} for unit in ("L2", "L1", "L2", None)])


def _lost(node: Any, *parts: Any, leads: Any = LEADS) -> list[tuple[str, float]]:
    losses = score(standard(node), observed(*parts), places=PLACES, leads=leads).losses
    return losses.select("unit", "points").rows()


def test_unit_of_a_row_is_its_own_before_that_of_its_place() -> None:
    assert _lost(leaf("A"), seen("A", 0.0, place="p", unit="U"), seen("A", 1.0)) == [("U", 50.0)]


def test_unit_of_a_row_is_that_of_its_place_before_the_leads() -> None:
    assert _lost(leaf("A"), seen("A", 0.0, place="p"), seen("A", 1.0)) == [("K", 50.0)]


def test_empty_unit_of_a_row_is_none_at_all(tmp_path: Path) -> None:
    rows = observed(seen("A", 0.0, place="p", unit=""), seen("A", 1.0))
    rows.write_parquet(tmp_path / "rows.parquet")
    for source in (rows, tmp_path / "rows.parquet"):
        losses = score(standard(leaf("A")), source, places=PLACES).losses
        assert losses.select("unit", "points").rows() == [("K", 50.0)]


def test_less_than_a_point_is_carried_by_the_unit_of_the_row_too() -> None:
    rows = observed(seen("A", 0.5, unit="U"), seen("B", 1.0))
    losses = score(standard(leaf("A", 1.0), leaf("B", 99.0)), rows, leads=LEADS).losses
    assert_rows_agree(losses.to_dicts(), [{"unit": "U", "code": "A", "points": 0.5}])


@pytest.mark.parametrize("place", [None, "q", "unknown"])
def test_row_without_unit_is_carried_by_the_leads_in_equal_parts(place: str | None) -> None:
    assert _lost(leaf("A"), seen("A", 0.0, place=place)) == [("L1", 50.0), ("L2", 50.0)]


def test_row_without_unit_and_leads_is_carried_by_nobody() -> None:
    assert _lost(leaf("A"), seen("A", 0.0), leads=None) == [("", 100.0)]


def test_rows_share_by_weight_and_what_they_lack() -> None:
    rows = (seen("A", 0.5, unit="U", weight=2.0), seen("A", 0.0, unit="V"), seen("A", 1.0, unit="W", weight=7.0))
    lost = score(standard(leaf("A")), observed(*rows)).losses
    assert_rows_agree(lost.to_dicts(), [{"unit": "U", "points": 10.0}, {"unit": "V", "points": 10.0}])


@pytest.mark.parametrize(
    ("measure", "shape"),
    [
        ("mean", Map()),
        ("sum", Map()),
        ("rate", Map("linear", start=2.0, stop=0.0)),
        ("rate", Map("bands", bands=(Band(0.4, 0.5), Band(None, 1.0)))),
        ("rate", Map("required", n=1.0)),
    ],
)
def test_other_leaves_are_carried_by_the_leads(measure: str, shape: Map) -> None:
    lost = _lost(leaf("A", measure=measure, shape=shape), seen("A", 0.5, unit="U"))
    assert [unit for unit, _ in lost] == ["L1", "L2"]
    assert lost[0][1] == lost[1][1] > 0


@pytest.mark.parametrize(
    "shape",
    [
        Map("linear", start=0.0, stop=2.0),
        Map("bands", bands=(Band(0.9, 0.5), Band(None, 0.0))),
    ],
)
def test_rising_maps_share_among_failing_rows_and_without_any_among_leads(shape: Map) -> None:
    failed = seen("A", 0.0, unit="U"), seen("A", 1.0, unit="V")
    assert [unit for unit, _ in _lost(leaf("A", shape=shape), *failed)] == ["U"]
    assert _lost(leaf("A", shape=shape), seen("A", 1.0, unit="V")) == [("L1", 25.0), ("L2", 25.0)]


def test_leaf_without_rows_under_zero_is_lost_by_its_leads() -> None:
    measured = standard(leaf("A"), leaf("B"))
    losses = score(measured, observed(seen("B", 1.0)), leads=LEADS, missing="zero").losses
    assert losses.rows() == [("S", "L1", "A", 25.0), ("S", "L2", "A", 25.0)]


def test_losses_are_sorted_by_subject_then_standard_then_unit() -> None:
    measured = standard(leaf("9"), leaf("10"))
    rows = [
        row
        for subject in ("T", "S")
        for code in ("10", "9")
        for unit in ("V", "U")
        for row in seen(code, 0.0, subject=subject, unit=unit)
    ]
    losses = score(measured, observed(rows)).losses
    wanted = [(s, unit, code) for s in ("S", "T") for code in ("9", "10") for unit in ("U", "V")]
    assert losses.select("subject", "unit", "code").rows() == wanted
    assert losses["points"].to_list() == [25.0] * 8


def test_losses_below_the_least_are_left_out() -> None:
    rows = seen("A", 1.0 - 1e-15, unit="U"), seen("B", 0.0, unit="V")
    losses = score(standard(leaf("A"), leaf("B")), observed(*rows)).losses
    assert losses["unit"].to_list() == ["V"]
