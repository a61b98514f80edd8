"""The trial of rules on past days: the ladder asked morning by morning, only faster."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.core.workdays import ZONE, default_calendar
from chuangwen.supervision.ladder import COLOURS, RANK, Condition, Given, Matter, Rule, Step, finding, look_at
from chuangwen.supervision.replay import CountedDays, History, Phase, notices, replay
from tests.supervision.test_ladder import LADDER, at

CALENDAR = default_calendar()
NOVEMBER = (date(2026, 11, 2), date(2026, 11, 20))


def test_replay_follows_deadlines_and_hands():
    early, later = datetime(2026, 11, 2, 1, tzinfo=UTC), at(11)
    history = History("p1", (
        Phase(early, at(9, 10), 1, at(5, 17), running=True),
        Phase(at(9, 10), later, 1, at(5, 17), running=False),  # reported as fixed
        Phase(later, None, 2, at(13, 17), running=True, returned=1),
    ))  # fmt: skip
    found = replay([history], LADDER, NOVEMBER, CALENDAR)
    told = [(one.step, one.unit, one.day.day) for one in found]
    assert told == [
        (Step.REMINDER, 1, 4), (Step.WHITE, 1, 6), (Step.REMINDER, 2, 12), (Step.WHITE, 2, 16), (Step.YELLOW, 2, 19),
    ]  # fmt: skip
    days = [(1, Step.WHITE, 6), (2, Step.WHITE, 16), (2, Step.YELLOW, 19)]
    assert notices(found) == {(unit, step, date(2026, 11, day)) for unit, step, day in days}


def test_what_a_unit_had_before_is_not_given_again_and_counts_from_its_day():
    late = Phase(at(2, 1), None, 1, at(2, 7), running=True)
    had = (1, Given(Step.WHITE, date(2026, 10, 30)))
    told = [
        (one.step, one.day.day) for one in replay([History("p1", (late,), given=(had,))], LADDER, NOVEMBER, CALENDAR)
    ]
    assert told == [(Step.YELLOW, 5), (Step.RED, 10)]
    kept_back = (1, Given(Step.WHITE, date(2026, 10, 30), sent=False))
    assert replay([History("p1", (late,), given=(kept_back,))], LADDER, NOVEMBER, CALENDAR) == []
    others = (2, Given(Step.WHITE, date(2026, 10, 30)))
    told = [one.step for one in replay([History("p1", (late,), given=(others,))], LADDER, NOVEMBER, CALENDAR)]
    assert told == [Step.WHITE, Step.YELLOW, Step.RED]


def test_falsification_brings_red_only_while_it_stands():
    closed = Phase(at(2, 1), None, 1, at(30, 7), running=False)
    stood = History("p1", (closed,), falsified=((at(7), at(10)),))  # a Saturday to a Tuesday
    assert [(one.step, one.day.day) for one in replay([stood], LADDER, NOVEMBER, CALENDAR)] == [(Step.RED, 9)]
    lifted = replace(stood, falsified=((at(7), at(8)),))
    assert replay([lifted], LADDER, NOVEMBER, CALENDAR) == []


def test_matters_of_a_kind_are_told_each_by_its_own_name():
    late = Phase(at(2, 1), None, 0, at(2, 7), running=True)
    found = replay([History("p1", (late,), 1), History("d2", (late,), 2)], LADDER[1:2], NOVEMBER, CALENDAR)
    assert [(one.key, one.unit, one.day.day) for one in found] == [("p1", 1, 3), ("d2", 2, 3)]


days = st.integers(0, 1500).map(lambda number: date(2025, 6, 1) + timedelta(days=number))


@given(days, days)
@settings(max_examples=60)
def test_counted_days_are_the_calendars(one, other):
    counted = CountedDays(CALENDAR, date(2026, 11, 1), date(2026, 11, 30))
    assert counted.is_workday(one) == CALENDAR.is_workday(one)
    assert counted.workdays_between(one, other) == CALENDAR.workdays_between(one, other)


moments = st.integers(0, 60 * 24 * 50).map(
    lambda minutes: datetime(2026, 9, 20, tzinfo=ZONE) + timedelta(minutes=minutes)
)
spans = st.tuples(moments, st.none() | moments)
rule_sets = st.lists(
    st.builds(Rule, st.integers(1, 9), st.sampled_from(Step), st.sampled_from(Condition), st.integers(0, 5)), max_size=6
) | st.just(LADDER)


@st.composite
def histories(draw, key: str) -> History:
    """A past of up to five stretches, some of them in other hands, with what was given before."""
    edges = sorted(set(draw(st.lists(moments, min_size=1, max_size=5))))
    phases = tuple(
        Phase(since, until, draw(st.integers(1, 2)), draw(moments), draw(st.booleans()), draw(st.integers(0, 3)))
        for since, until in zip(edges, [*edges[1:], None], strict=True)
    )
    had = st.tuples(
        st.integers(1, 2), st.builds(Given, st.sampled_from(Step), moments.map(datetime.date), st.booleans())
    )
    return History(
        key, phases, 0, draw(st.none() | st.integers(0, 40)), tuple(draw(st.lists(spans, max_size=2))),
        tuple(draw(st.lists(had, max_size=2))),
    )  # fmt: skip


def every_morning(history, rules, first, last):
    """The same asked as the daily work asks it."""
    had = defaultdict(tuple)
    for unit, one in history.given:
        had[unit] += (one,)
    for number in range((last - first).days + 1):
        now = look_at(first + timedelta(days=number))
        phase = next((p for p in history.phases if p.since <= now and (p.until is None or now < p.until)), None)
        if phase is None:
            continue
        falsified = any(since <= now and (until is None or now < until) for since, until in history.falsified)
        stood = Matter(history.key, phase.unit, phase.due, phase.running, phase.returned, history.came_back_after,
                       falsified, had[phase.unit])  # fmt: skip
        found = finding(stood, rules, now, CALENDAR)
        if found:
            had[phase.unit] += (Given(found.step, found.day),)
            yield found


@given(st.lists(histories("p1"), min_size=1, max_size=3), rule_sets, moments.map(datetime.date), st.integers(0, 40))
@settings(max_examples=120)
def test_replay_is_what_every_morning_would_have_asked_for(several, rules, first, length):
    several = [replace(one, key=f"p{number}") for number, one in enumerate(several)]
    last = first + timedelta(days=length)
    expected = [found for one in several for found in every_morning(one, rules, first, last)]
    found = replay(several, rules, (first, last), CALENDAR)
    assert found == expected
    sheets = [(one.unit, one.step, one.day, one.key) for one in found if one.step in COLOURS]
    assert len(sheets) == len(set(sheets))
    for one in several:
        for unit in (1, 2):
            ranks = [RANK[step.step] for step in found if (step.key, step.unit) == (one.key, unit)]
            assert ranks == sorted(set(ranks))
