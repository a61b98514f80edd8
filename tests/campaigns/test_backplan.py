"""Counting back, moving along, default weights, and the drawing of the plan."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.campaigns.backplan import CITY_PLAN, UNIT_PLAN, counted_back, default_plan, default_weights, moved_along
from chuangwen.campaigns.chart import LABELS, WIDTH, Item, chart_of
from chuangwen.core.workdays import default_calendar

calendar = default_calendar()
days = st.dates(date(2024, 1, 1), date(2027, 12, 31))


def test_default_plans_end_with_the_assessment_and_never_go_back():
    for plan in (CITY_PLAN, UNIT_PLAN):
        offsets = [step.offset for step in plan]
        assert offsets == sorted(offsets, reverse=True)
        assert offsets[-1] == 0
        assert {step.source[:9] for step in plan} == {"proposed:"}


def test_unit_shaped_plan_knows_no_mock_rounds():
    assert default_plan("city", "科室") is CITY_PLAN
    own = [step.name for step in default_plan("unit", "科室")]
    assert (own[0], [name for name in own if "模拟" in name or "{" in name]) == ("方案印发、任务分到科室", [])


@pytest.mark.parametrize(
    ("offset", "day"),
    [(0, date(2026, 10, 10)), (1, date(2026, 10, 9)), (2, date(2026, 10, 8)), (3, date(2026, 9, 30))],
)
def test_counted_back_leaps_over_the_national_holiday(offset, day):
    assert counted_back(date(2026, 10, 10), offset, calendar) == day


@given(days, days, days)
@settings(max_examples=60)
def test_moved_along_keeps_the_distance_in_working_days(day, old, new):
    moved = moved_along(day, old, new, calendar)
    if day == old:
        assert moved == new
    else:
        assert calendar.workdays_between(new, moved) == calendar.workdays_between(old, day)


@pytest.mark.parametrize(
    ("years", "weights"), [(1, (1.0,)), (2, (0.4, 0.6)), (3, (0.15, 0.25, 0.60)), (4, (0.1333, 0.1333, 0.1333, 0.6001))]
)
def test_default_weights(years, weights):
    assert default_weights(years) == weights


@given(st.integers(1, 12))
def test_default_weights_sum_to_one(years):
    assert abs(sum(default_weights(years)) - 1) < 1e-9


def test_no_year_has_no_weights():
    with pytest.raises(ValueError, match=r"^a campaign has at least one year$"):
        default_weights(0)


def item(first, last=None, name="x"):
    return Item(name, first, last or first, "ahead", "", is_round=last is not None)


def test_chart_puts_earlier_days_further_left():
    chart = chart_of(
        [item(date(2026, 3, 2)), item(date(2026, 9, 1))], today=date(2026, 5, 1), assessment=date(2026, 12, 1)
    )
    xs = [row.x for row in chart.rows]
    assert xs == sorted(xs)
    assert xs[0] < chart.today_x < xs[1] < chart.assessment_x
    assert [tick.day.month for tick in chart.ticks] == list(range(3, 13))


def test_chart_of_one_day_and_of_nothing_is_drawn():
    chart = chart_of([], today=date(2020, 1, 1), assessment=date(2026, 12, 1))
    assert (chart.rows, chart.today_x) == ((), None)


def test_chart_of_ten_years_shows_few_ticks():
    chart = chart_of([item(date(2016, 1, 1))], today=date(2026, 1, 1), assessment=date(2026, 12, 1))
    assert {tick.day.month for tick in chart.ticks} == {1}
    assert len(chart.ticks) <= 14


@given(st.lists(st.tuples(days, st.integers(0, 60)), max_size=12), days, days)
@settings(max_examples=60)
def test_chart_stays_inside_its_frame(spans, today, assessment):
    items = [item(first, first + timedelta(days=length)) for first, length in spans]
    chart = chart_of(items, today=today, assessment=assessment)
    for row in chart.rows:
        assert LABELS <= row.x <= row.x + row.width <= WIDTH
    assert chart.today_x is None or LABELS <= chart.today_x <= WIDTH
