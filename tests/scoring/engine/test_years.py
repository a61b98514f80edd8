"""Several years to one result, by the campaign's rule."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from chuangwen.scoring.engine import YearRule, combine_years
from tests.scoring.engine.agreement import assert_rows_agree

TOTALS = pl.DataFrame(
    [
        ("a", 2019, 90.0),
        ("a", 2018, 80.0),
        ("a", 2020, 85.0),
        ("b", 2020, 95.0),
        ("b", 2019, None),
        ("c", 2018, 90.0),
        ("c", 2019, 90.0),
        ("c", 2020, 84.995),
    ],
    schema={"subject": pl.String, "year": pl.Int64, "total": pl.Float64},
    orient="row",
)
YEARS = (2018, 2019, 2020)


def _combined(rule: YearRule) -> list[dict[str, Any]]:
    return combine_years(rule, TOTALS).to_dicts()


def test_weights_by_year_sum_up_and_need_every_year() -> None:
    rule = YearRule("weights", YEARS, (0.15, 0.25, 0.60))
    wanted: list[dict[str, Any]] = [
        {"subject": "a", "total": 85.5, "passed": None},
        {"subject": "b", "total": None, "passed": None},
        {"subject": "c", "total": 0.4 * 90 + 0.6 * 84.995, "passed": None},
    ]
    assert_rows_agree(_combined(rule), wanted)


def test_last_year_alone_ignores_the_others() -> None:
    rule = YearRule("last", YEARS, pass_mark=90.0)
    wanted: list[dict[str, Any]] = [
        {"subject": "a", "total": 85.0, "passed": False},
        {"subject": "b", "total": 95.0, "passed": True},
        {"subject": "c", "total": 84.995, "passed": False},
    ]
    assert_rows_agree(_combined(rule), wanted)


def test_all_years_must_pass_by_their_totals_as_shown() -> None:
    rule = YearRule("all", (2019, 2020), pass_mark=85.0)
    wanted: list[dict[str, Any]] = [
        {"subject": "a", "total": 85.0, "passed": True},
        {"subject": "b", "total": None, "passed": None},
        {"subject": "c", "total": 84.995, "passed": True},
    ]
    assert_rows_agree(_combined(rule), wanted)
    assert [row["passed"] for row in _combined(YearRule("all", YEARS, pass_mark=85.0))] == [False, None, True]


def test_subject_without_any_total_stays_and_has_none() -> None:
    unassessed = TOTALS.clear().extend(pl.DataFrame([("d", 2020, None)], schema=TOTALS.schema, orient="row"))
    rule = YearRule("last", YEARS, pass_mark=85.0)
    assert combine_years(rule, unassessed).rows() == [("d", None, None)]


def test_two_totals_for_one_year_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^a subject has two totals for one year; keep one$"):
        combine_years(YearRule("last", YEARS), pl.concat([TOTALS, TOTALS]))


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"kind": "best", "years": YEARS}, "weights, last or all, not 'best'"),
        ({"kind": "last", "years": ()}, "needs years"),
        ({"kind": "last", "years": (2020, 2020)}, "each once"),
        ({"kind": "weights", "years": YEARS, "weights": (1.0,)}, "3 years need as many weights, not 1"),
        ({"kind": "all", "years": YEARS}, r"^where all years must pass, the rule needs a pass mark$"),
    ],
)
def test_rule_that_says_nothing_clear_is_refused(fields: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        YearRule(**fields)
