"""The conditions of titles: each kind at its edges, and what no set of facts may get past."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.honors.eligibility import (
    BY_FIGURES,
    BY_HAND,
    CIVIL_COUNT,
    CIVIL_SHARE,
    DOSSIERS,
    HELD,
    LAST_SCORE,
    MET,
    MODEL_COUNT,
    NO_CARD,
    NO_CONSEQUENCE,
    NO_VETO,
    NOT_BARRED,
    NOT_HELD,
    NOT_MET,
    OFFICE,
    PENDING,
    SELF_SCORE,
    UNIT,
    Facts,
    HeldTitle,
    Rule,
    Yearly,
    judge,
    months_after,
)

TODAY, DEADLINE = date(2026, 11, 18), date(2026, 12, 18)
CITY, PROVINCE = 2, 3
FACTS = Facts(today=TODAY, deadline=DEADLINE, year=2026, rank=PROVINCE)


def verdict(kind, facts=FACTS, **rule):
    """The verdict on one rule of the kind."""
    return judge([Rule(7, kind, **rule)], facts).verdicts[0]


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 11, 18), 12, date(2026, 11, 18)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 1), 0, date(2026, 12, 1)),
    ],
)
def test_months_later_is_the_same_day_or_the_months_last(day, months, later):
    assert months_after(day, months) == later


@pytest.mark.parametrize(
    ("since", "state", "earliest"),
    [
        (date(2023, 12, 8), MET, None),
        (date(2024, 12, 18), MET, None),  # two years are full on the last day
        (date(2024, 12, 19), NOT_MET, date(2026, 12, 19)),
    ],
)
def test_lower_title_is_measured_on_the_last_day_of_applying(since, state, earliest):
    facts = replace(FACTS, held=(HeldTitle(CITY, since),))
    found = verdict(HELD, facts, months=24, rank=CITY)
    assert (found.state, found.have, found.earliest) == (state, since, earliest)


def test_lower_title_that_is_suspended_or_too_low_does_not_count():
    long_ago = date(2020, 1, 1)
    assert (
        verdict(HELD, replace(FACTS, held=(HeldTitle(CITY, long_ago, suspended=True),)), months=24, rank=CITY).have
        is None
    )
    assert verdict(HELD, replace(FACTS, held=(HeldTitle(1, long_ago),)), months=24, rank=CITY).state == NOT_MET


@pytest.mark.parametrize(
    ("offices", "civil", "threshold", "state", "short"),
    [
        (18, 11, 50, MET, 0),
        (10, 3, 30, MET, 0),
        (10, 2, 30, NOT_MET, 1),
        (7, 2, 30, NOT_MET, 1),  # 2.1 offices are needed: three
        (3, 1, Decimal("33.33"), MET, 0),
        (3, 1, Decimal("33.34"), NOT_MET, 1),
    ],
)
def test_share_of_civil_offices_is_exact(offices, civil, threshold, state, short):
    found = verdict(CIVIL_SHARE, replace(FACTS, offices=offices, civil=civil), threshold=Decimal(threshold))
    assert (found.state, found.short, found.whole) == (state, short, offices)


def test_share_without_any_office_waits_for_the_office():
    found = verdict(CIVIL_SHARE, threshold=Decimal(30))
    assert (found.state, found.waits_for) == (PENDING, OFFICE)


def test_missing_offices_can_come_with_the_next_contest():
    facts = replace(
        FACTS, offices=10, civil=2, next_civil_contest=date(2026, 12, 8), next_model_contest=date(2026, 11, 1)
    )
    assert verdict(CIVIL_SHARE, facts, threshold=Decimal(30)).earliest == date(2026, 12, 8)
    model = verdict(MODEL_COUNT, facts, threshold=Decimal(1))
    assert (model.state, model.have, model.whole, model.short, model.earliest) == (NOT_MET, 0, 2, 1, None)


@pytest.mark.parametrize(("kind", "field"), [(CIVIL_COUNT, "civil"), (MODEL_COUNT, "model")])
@pytest.mark.parametrize(("number", "state"), [(0, NOT_MET), (1, MET)])
def test_civil_and_model_offices_are_counted(kind, field, number, state):
    assert verdict(kind, replace(FACTS, **{field: number}), threshold=Decimal(1)).state == state


@pytest.mark.parametrize(
    ("dossiers", "state", "short", "waits"),
    [((39, 43), NOT_MET, 2, ""), ((41, 43), MET, 0, ""), (None, PENDING, 0, OFFICE), ((0, 0), PENDING, 0, OFFICE)],
)
def test_dossiers_say_how_many_more_would_do(dossiers, state, short, waits):
    found = verdict(DOSSIERS, replace(FACTS, dossiers=dossiers), threshold=Decimal(95))
    assert (found.state, found.short, found.waits_for) == (state, short, waits)


@pytest.mark.parametrize(
    ("kind", "field", "waits"), [(SELF_SCORE, "self_score", UNIT), (LAST_SCORE, "last_score", OFFICE)]
)
def test_points_are_compared_and_their_absence_waits(kind, field, waits):
    least = Decimal(85)
    assert verdict(kind, threshold=least).waits_for == waits
    assert verdict(kind, replace(FACTS, **{field: Decimal("84.99")}), threshold=least).state == NOT_MET
    assert verdict(kind, replace(FACTS, **{field: least}), threshold=least).state == MET


@pytest.mark.parametrize(
    ("events", "state", "earliest"),
    [
        ((), MET, None),
        ((date(2025, 11, 18),), MET, None),  # twelve months ago to the day
        ((date(2025, 11, 19), date(2024, 1, 1)), NOT_MET, date(2026, 11, 19)),
        ((date(2027, 1, 1),), MET, None),  # not happened yet
    ],
)
def test_veto_event_bars_for_its_months(events, state, earliest):
    found = verdict(NO_VETO, replace(FACTS, events=events), months=12)
    assert (found.state, found.earliest) == (state, earliest)


def test_veto_event_may_bar_longer_by_its_own_kind():
    events = (date(2024, 1, 8),)
    until = verdict(NO_VETO, replace(FACTS, events=events, veto_until=date(2027, 1, 7)), months=12)
    assert (until.state, until.earliest) == (NOT_MET, date(2027, 1, 8))
    assert verdict(NO_VETO, replace(FACTS, events=events, veto_until=TODAY - timedelta(days=1)), months=12).state == MET


def test_unknown_veto_events_wait_and_a_person_may_settle_them():
    assert verdict(NO_VETO, months=12).waits_for == OFFICE
    settled = verdict(NO_VETO, replace(FACTS, findings={7: True}), months=12)
    assert (settled.state, settled.by_person) == (MET, True)


def test_finding_never_overrules_what_the_program_knows():
    facts = replace(FACTS, events=(TODAY,), dossiers=(1, 43), offices=9, findings={7: True})
    for kind in (NO_VETO, DOSSIERS, CIVIL_SHARE, MODEL_COUNT, SELF_SCORE):
        assert verdict(kind, facts, threshold=Decimal(50), months=12).state != MET


@pytest.mark.parametrize(
    ("facts", "state", "earliest"),
    [
        ({}, MET, None),
        ({"card_until": date(2026, 12, 1)}, NOT_MET, date(2026, 12, 1)),
        ({"card_until": date(2026, 10, 1)}, NOT_MET, TODAY),  # its term is over, nobody has lifted it
        ({"suspended": True}, NOT_MET, None),
    ],
)
def test_card_and_suspension_bar(facts, state, earliest):
    found = verdict(NO_CARD, replace(FACTS, **facts))
    assert (found.state, found.earliest) == (state, earliest)


@pytest.mark.parametrize(
    ("until", "year", "state"),
    [
        (None, 2026, MET),
        (date(2025, 12, 31), 2026, MET),
        (date(2026, 12, 31), 2026, NOT_MET),
        (date(2026, 12, 31), 2027, NOT_MET),  # opened early: today still lies within the bar
        (date(2027, 12, 31), 2027, NOT_MET),
    ],
)
def test_delisting_bars_the_next_years_programme(until, year, state):
    assert verdict(NOT_BARRED, replace(FACTS, barred_until=until, year=year)).state == state


@pytest.mark.parametrize(
    ("until", "state", "earliest"),
    [
        (None, MET, None), (TODAY - timedelta(days=1), MET, None),
        (TODAY, NOT_MET, TODAY + timedelta(days=1)), (date(2027, 12, 31), NOT_MET, date(2028, 1, 1)),
    ],
)  # fmt: skip
def test_consequence_bars_up_to_and_with_its_last_day(until, state, earliest):
    found = verdict(NO_CONSEQUENCE, replace(FACTS, consequence_until=until))
    assert (found.state, found.earliest) == (state, earliest)


def test_who_holds_the_title_or_a_higher_one_does_not_apply():
    for rank, state in ((CITY, MET), (PROVINCE, NOT_MET), (4, NOT_MET)):
        assert verdict(NOT_HELD, replace(FACTS, held=(HeldTitle(rank, TODAY),))).state == state


def test_condition_in_words_is_a_persons():
    assert verdict(BY_HAND).waits_for == OFFICE
    assert verdict(BY_HAND, replace(FACTS, findings={7: False})).state == NOT_MET


def test_outcome_sums_up_what_is_missing_and_by_when_it_can_be_met():
    rules = [Rule(1, CIVIL_SHARE, Decimal(50)), Rule(2, SELF_SCORE, Decimal(85)), Rule(3, NO_VETO, months=12)]
    facts = replace(FACTS, offices=18, civil=8, next_civil_contest=date(2026, 12, 8))
    found = judge(rules, facts)
    assert [one.rule.kind for one in found.verdicts] == [CIVIL_SHARE, SELF_SCORE, NO_VETO, NOT_HELD, NOT_BARRED]
    assert (found.met, len(found.missing), len(found.waiting)) == (2, 2, 2)
    assert (found.earliest, found.in_time) == (date(2026, 12, 8), True)
    assert not found.may_submit
    ready = judge(rules, replace(facts, civil=9, self_score=Decimal(90)))
    assert (ready.may_submit, ready.may_be_granted, ready.earliest) == (True, False, None)
    assert judge(rules, replace(facts, civil=9, self_score=Decimal(90), findings={3: True})).may_be_granted


def test_two_conditions_hold_even_where_no_rule_is_written():
    assert judge([], replace(FACTS, barred_until=date(2027, 12, 31))).may_be_granted is False
    assert judge([], FACTS).may_be_granted is True


days = st.dates(date(2020, 1, 1), date(2028, 12, 31))
facts_of_any = st.builds(
    Facts,
    today=days, deadline=days, year=st.integers(2020, 2028), rank=st.integers(1, 4),
    held=st.lists(st.builds(HeldTitle, st.integers(1, 4), days, st.booleans()), max_size=3).map(tuple),
    offices=st.integers(0, 20), civil=st.integers(0, 20), model=st.integers(0, 3),
    dossiers=st.none() | st.tuples(st.integers(0, 50), st.integers(0, 50)),
    self_score=st.none() | st.decimals(0, 100, places=2), last_score=st.none() | st.decimals(0, 100, places=2),
    veto_until=st.none() | days,
    events=st.none() | st.lists(days, max_size=3).map(tuple), card_until=st.none() | days, suspended=st.booleans(),
    yearly=st.none() | st.builds(
        Yearly, st.integers(1, 50), st.integers(0, 50), st.decimals(0, 2000, places=1), st.booleans()
    ),
    barred_until=st.none() | days, findings=st.dictionaries(st.integers(0, 9), st.booleans()),
)  # fmt: skip
KINDS = (
    HELD,
    CIVIL_SHARE,
    CIVIL_COUNT,
    MODEL_COUNT,
    DOSSIERS,
    SELF_SCORE,
    LAST_SCORE,
    NO_VETO,
    NO_CARD,
    NOT_BARRED,
    NOT_HELD,
    BY_HAND,
    *BY_FIGURES,
)
any_rule = st.builds(
    Rule,
    st.integers(0, 9),
    st.sampled_from(KINDS),
    st.decimals(0, 100, places=2),
    st.integers(0, 60),
    st.integers(1, 4),
)


@settings(max_examples=60)
@given(st.lists(any_rule, max_size=8), facts_of_any)
def test_nobody_is_granted_past_a_rule(rules, facts):
    found = judge(rules, facts)
    if found.may_be_granted:
        assert found.may_submit
        assert {one.state for one in found.verdicts} == {MET}
        assert facts.barred_until is None or facts.barred_until.year < facts.year
        assert all(one.rank < facts.rank for one in facts.held)
        if any(one.kind in BY_FIGURES for one in rules):
            assert facts.yearly is not None
            assert facts.yearly.confirmed
    assert found.met + len(found.barred) + len(found.waiting) == len(found.verdicts)


@settings(max_examples=60)
@given(any_rule, facts_of_any)
def test_more_is_never_worse(rule, facts):
    better = replace(
        facts, offices=facts.offices, civil=facts.civil + 1, model=facts.model + 1, events=(), card_until=None,
        veto_until=None,
        suspended=False, barred_until=None,
        self_score=Decimal(100) if facts.self_score is not None else None,
    )  # fmt: skip
    if judge([rule], facts).verdicts[0].state == MET:
        assert judge([rule], better).verdicts[0].state == MET


@settings(max_examples=60)
@given(any_rule, facts_of_any)
def test_day_that_is_named_is_right_where_time_alone_decides(rule, facts):
    found = judge([rule], facts).verdicts[0]
    if found.state == NOT_MET and found.earliest and rule.kind == NO_VETO:
        events = tuple(day for day in facts.events if day <= facts.today)
        at = replace(facts, events=events)
        assert judge([rule], replace(at, today=found.earliest)).verdicts[0].state == MET
        assert judge([rule], replace(at, today=found.earliest - timedelta(days=1))).verdicts[0].state == NOT_MET
