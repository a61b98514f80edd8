"""What shall not be kept of a family is found in a text; what is harmless passes; the engine asks for consent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.honors.discreet import core_of, kept_private, names_family
from chuangwen.honors.eligibility import (
    ALWAYS_FAMILY,
    CONSENT,
    FAMILY_KINDS,
    MET,
    NOT_MET,
    PENDING,
    RECOMMENDER,
    UNIT,
    Facts,
    HeldTitle,
    Rule,
    judge,
)

pytestmark = pytest.mark.once
TODAY = date(2026, 11, 18)
days = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("李桂兰家庭", ""), ("星河里 12 号楼王家", ""), ("文明委〔2026〕12号", ""), ("城关派出所 2026-11-16", ""),
        ("照顾邻居8年，捐款3000元", ""), ("2026年11月16日答复", ""),
        ("13812345678", "number"), ("138 1234 5678", "number"), ("138-1234-5678", "number"), ("8888888", "number"),
        ("0730-8888888", "number"), ("43230119880203456X", "number"), ("432301880203456", "number"),
        ("６２１７００１２３４５６７８", "number"), ("1988年2月3日生", "born"), ("生于1988年", "born"),
        ("出生：1988.2.3", "born"), ("2栋3单元", "address"), ("502室", "address"), ("家住东街", "address"),
    ],
)  # fmt: skip
def test_numbers_birthdays_and_addresses_are_found(text, found):
    assert kept_private(text) == found


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("李桂兰家庭", "李桂兰"),
        ("李桂兰之家", "李桂兰"),
        ("李桂兰一家", "李桂兰"),
        ("书香周家", "书香周"),
        ("王家", "王家"),
    ],
)
def test_what_gives_a_family_away_is_its_name_without_the_word_at_the_end(name, core):
    assert core_of(name) == core
    assert names_family(f"关于{core}的答复", name)
    assert not names_family("该家庭符合条件", name)


@settings(max_examples=40)
@given(
    st.builds(
        Facts, today=st.just(TODAY), deadline=days, year=st.just(2026), rank=st.just(2), is_family=st.just(True),
        held=st.lists(st.builds(HeldTitle, st.integers(1, 3), days, st.booleans()), max_size=2).map(tuple),
        card_until=st.none() | days, suspended=st.booleans(), barred_until=st.none() | days,
        agreed_on=st.none() | days, seen_on=st.none() | days, recommender_until=st.none() | days,
        findings=st.dictionaries(st.integers(0, 6), st.booleans()),
    ),
    st.lists(st.builds(Rule, st.integers(1, 6), st.sampled_from(FAMILY_KINDS), st.just(Decimal(0)), st.just(12),
                       st.just(1)), max_size=5),
)  # fmt: skip
def test_no_family_may_be_granted_without_consent_or_while_barred(facts, rules):
    outcome = judge(rules, facts)
    kinds = {one.rule.kind for one in outcome.verdicts}
    assert set(ALWAYS_FAMILY) <= kinds
    if facts.agreed_on is None or facts.seen_on is None:
        assert not outcome.may_be_granted
        assert not outcome.may_submit
    if outcome.may_be_granted:
        assert not any(one.rank >= facts.rank for one in facts.held)
        assert facts.barred_until is None or (facts.barred_until < TODAY and facts.barred_until.year < facts.year)
        if RECOMMENDER in kinds:
            assert facts.recommender_until is None or facts.recommender_until < TODAY


def test_consent_waits_for_the_unit_and_no_finding_stands_in_for_it():
    plain = Facts(TODAY, date(2026, 12, 18), 2026, 2, is_family=True, agreed_on=TODAY, findings={7: True, 0: True})
    (found,) = (one for one in judge([Rule(7, CONSENT)], plain).verdicts if one.rule.kind == CONSENT)
    assert (found.state, found.waits_for) == (PENDING, UNIT)


@pytest.mark.parametrize(
    ("until", "state"), [(None, MET), (date(2026, 11, 17), MET), (TODAY, NOT_MET), (date(2027, 12, 31), NOT_MET)]
)
def test_recommending_unit_is_barred_to_its_last_day(until, state):
    facts = Facts(TODAY, date(2026, 12, 18), 2026, 2, is_family=True, recommender_until=until)
    assert judge([Rule(1, RECOMMENDER)], facts).verdicts[0].state == state
