"""The ladder and the comparison of peers exactly at their limits, where a sign decides."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from chuangwen.core.workdays import ZONE
from chuangwen.supervision.ladder import OUTLOOK_DAYS, Condition, Rule, Step, finding, look_at, outlook
from chuangwen.supervision.peers import Part, Rate, Share, Standing, black_flags, placed, red_flags, score
from tests.supervision.test_ladder import CALENDAR, LADDER, MONDAY, at, matter

pytestmark = pytest.mark.once


def test_matter_that_is_due_at_this_very_moment_is_not_late_yet():
    now = MONDAY
    assert finding(matter(due=now), LADDER, now, CALENDAR).step == Step.REMINDER
    assert finding(matter(due=now - timedelta(seconds=1)), LADDER, now, CALENDAR) is None


def test_of_two_reasons_for_the_same_step_the_first_is_told():
    found = finding(matter(returned=2, came_back_after=3), LADDER, at(16), CALENDAR)
    assert (found.step, found.rule.condition, found.found) == (Step.YELLOW, Condition.RETURNED, 2)


def test_look_of_this_very_moment_is_no_longer_ahead():
    morning = look_at(at(17).date())
    assert next(outlook(matter(), LADDER, morning, CALENDAR)).day == at(18).date()
    assert next(outlook(matter(), LADDER, morning - timedelta(seconds=1), CALENDAR)).day == at(17).date()


def test_outlook_reaches_the_last_of_its_days_and_no_further():
    now = MONDAY  # after the look of that day; the first one counted is that of Tuesday
    last = [Rule(1, Step.WHITE, Condition.LATE, OUTLOOK_DAYS)]
    (found,) = outlook(matter(), last, now, CALENDAR)
    assert found.found == OUTLOOK_DAYS
    beyond = [replace(last[0], number=OUTLOOK_DAYS + 1)]
    assert list(outlook(matter(), beyond, now, CALENDAR)) == []


def test_days_are_the_citys_whatever_the_servers_clock_says(monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        early = MONDAY.astimezone(ZONE).replace(day=17, hour=6)  # Monday evening in New York
        assert finding(matter(), LADDER, early, CALENDAR).day == early.date()
    finally:
        monkeypatch.undo()
        time.tzset()


def test_part_of_weight_one_counts_and_part_of_no_weight_does_not():
    shares = {Part.TASKS: Share(1, 2), Part.MATERIAL: Share(1, 1)}
    assert score(shares, {Part.TASKS: 1, Part.MATERIAL: 0}) == 50
    assert score(shares, {Part.TASKS: 0}) is None
    assert score(shares, {Part.TASKS: 1, Part.MATERIAL: 3}) == 87.5


def peers(*scores, group="甲"):
    return [Standing(number, group, one, due=9) for number, one in enumerate(scores, 1)]


def test_flag_at_exactly_its_points():
    values = {"due": 1, "peers": 2}
    assert black_flags(peers(60, 90), below=60, **values) == []
    assert black_flags(peers(59.99, 90), below=60, **values) == [1]
    assert red_flags(peers(60, 90), start=90, **values) == [2]
    assert red_flags(peers(60, 89.99), start=90, **values) == []


def test_scores_tie_when_they_print_alike_and_no_sooner():
    values = {"below": 80, "due": 1, "peers": 2}
    assert black_flags(peers(70.001, 70.002, 90), **values) == [1, 2]
    assert black_flags(peers(70.1, 70.2, 90), **values) == [1]


def test_small_group_does_not_keep_the_next_one_from_its_flag():
    small = [Standing(9, "小组", 10, due=9)]
    assert black_flags([*small, *peers(50, 90)], below=80, due=1, peers=2) == [1]


def test_black_list_takes_the_lowest_one_after_the_other():
    rates = [Rate(number, number, 10) for number in range(1, 10)]
    sides = {one.rate.unit: one.side for one in placed(rates, top=1, bottom=3, due=1)}
    assert {unit for unit, side in sides.items() if side == "black"} == {1, 2, 3}
    assert {unit for unit, side in sides.items() if side == "red"} == {9}
