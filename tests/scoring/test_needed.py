"""What the open years need is the inverse of the rule of the years."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chuangwen.scoring.engine import YearRule, combine_years
from chuangwen.scoring.needed import Need, Rule, at_least, needed, result

WEIGHTED = Rule("weights", {2024: 0.15, 2025: 0.25, 2026: 0.60})
SCORES = st.floats(0, 100).map(lambda value: round(value, 2))


def combined(rule: Rule, totals: dict[int, float], mark: float) -> float:
    """As the engine does."""
    years = tuple(sorted(rule.weights))
    weights = tuple(rule.weights[year] for year in years) if rule.kind == "weights" else ()
    schema = {"subject": pl.String, "year": pl.Int64, "total": pl.Float64}
    table = pl.DataFrame([("", year, total) for year, total in totals.items()], schema=schema, orient="row")
    return combine_years(YearRule(rule.kind, years, weights, mark), table).row(0, named=True)["total"]


@st.composite
def cases(draw):
    kind = draw(st.sampled_from(["weights", "last", "all"]))
    years = list(range(2020, 2020 + draw(st.integers(1, 4))))
    parts = [draw(st.integers(1, 20)) for _year in years]
    rule = Rule(kind, {year: part / sum(parts) for year, part in zip(years, parts, strict=True)})
    held = {year: draw(SCORES) for year in years if draw(st.booleans())}
    return rule, held, draw(SCORES)


def test_third_year_of_15_25_60():
    need = needed(WEIGHTED, {2024: 88.10, 2025: 87.20}, 90, 100)
    assert (need.verdict, need.shown) == ("needed", "91.65")
    assert need.points == pytest.approx((90 - 0.15 * 88.10 - 0.25 * 87.20) / 0.6)
    assert need.best == pytest.approx(95.015)


def test_what_is_shown_is_enough_and_a_hundredth_less_is_not():
    held = {2024: 88.10, 2025: 87.20}
    assert result(WEIGHTED, held | {2026: 91.65}) >= 90 > result(WEIGHTED, held | {2026: 91.64})


@pytest.mark.parametrize(
    ("points", "shown"),
    [(91.0, "91.00"), (91.000001, "91.01"), (91.0000000004, "91.00"), (0.1 + 0.2, "0.30"), (0, "0.00")],
)
def test_score_is_shown_up_to_the_next_hundredth(points, shown):
    assert at_least(points) == shown


def test_open_years_share_what_is_missing_alike():
    need = needed(WEIGHTED, {2024: 80.0}, 90, 100)
    assert need.points == pytest.approx((90 - 12) / 0.85)


def test_reached_unreachable_and_over():
    reached = needed(WEIGHTED, {2025: 100, 2026: 100}, 80, 100)
    assert (reached.verdict, reached.best, reached.shown) == ("reached", pytest.approx(100), "")
    low = needed(WEIGHTED, {2024: 50, 2025: 50}, 90, 100)
    assert (low.verdict, low.best) == ("unreachable", pytest.approx(80.0))
    over = needed(WEIGHTED, {2024: 90, 2025: 90, 2026: 90}, 90, 100)
    assert (over.verdict, over.met, over.best) == ("over", True, pytest.approx(90))
    assert needed(WEIGHTED, {2024: 90, 2025: 90, 2026: 89.9}, 90, 100).met is False


def test_limits_met_exactly_can_be_reached_and_a_year_without_weight_helps_nothing():
    halves = Rule("weights", {2025: 0.5, 2026: 0.5})
    assert needed(halves, {2025: 100}, 50, 100) == Need("reached", best=100)
    assert needed(halves, {2025: 80}, 90, 100) == Need("needed", 100, 90)
    assert needed(Rule("last", WEIGHTED.weights), {}, 100, 100) == Need("needed", 100, 100)
    assert needed(Rule("weights", {2025: 1, 2026: 0}), {2025: 80}, 90, 100) == Need("unreachable", best=80)


def test_only_the_last_year_needs_the_target_itself():
    rule = Rule("last", WEIGHTED.weights)
    assert needed(rule, {2024: 10.0, 2025: 10.0}, 90, 100) == Need("needed", 90, 100)
    assert needed(rule, {2026: 89.996}, 90, 100) == Need("over", best=89.996, met=True)
    assert needed(rule, {}, 101, 100).verdict == "unreachable"


def test_where_every_year_must_pass_one_that_failed_ends_it():
    rule = Rule("all", WEIGHTED.weights)
    assert needed(rule, {2024: 85.0, 2025: 84.99}, 85, 100) == Need("unreachable", best=84.99, failed=(2025,))
    assert needed(rule, {2024: 84.996}, 85, 100) == Need("needed", 85, 84.996)
    assert needed(rule, {}, 0, 100) == Need("reached", best=100)
    assert needed(rule, {}, 1, 100) == Need("needed", 1, 100)


@given(cases())
def test_solving_and_then_combining_gives_the_target(case):
    rule, held, target = case
    need = needed(rule, held, target, 100)
    assume(need.verdict == "needed")
    asked = sorted(rule.weights)[-1:] if rule.kind == "last" else sorted(rule.weights)
    whole = {year: held.get(year, need.points) for year in asked}
    made = combined(rule, whole, target)
    if rule.kind == "all":  # the lowest year decides: what is needed is the target, and years held pass as shown
        assert made == pytest.approx(min([target, *(held[year] for year in asked if year in held)]))
    else:
        assert made == pytest.approx(target, abs=1e-9)
    assert made == pytest.approx(result(rule, whole), abs=1e-9)


@given(cases())
def test_reached_needs_nothing_and_unreachable_is_beyond_full_marks(case):
    rule, held, target = case
    need = needed(rule, held, target, 100)
    asked = sorted(rule.weights)[-1:] if rule.kind == "last" else sorted(rule.weights)
    if need.verdict == "reached":
        assert result(rule, {year: held.get(year, 0.0) for year in asked}) >= target - 1e-9
    if need.verdict == "unreachable":
        assert result(rule, {year: held.get(year, 100.0) for year in asked}) < target
        assert need.best == pytest.approx(result(rule, {year: held.get(year, 100.0) for year in asked}))
