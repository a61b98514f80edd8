"""Whole verdicts, as they are frozen with an application, at the limits of every condition."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chuangwen.honors.eligibility import (
    MET,
    NOT_MET,
    OFFICE,
    PENDING,
    UNIT,
    HeldTitle,
    Outcome,
    Rule,
    Verdict,
    Yearly,
    judge,
)
from chuangwen.honors.tally import mean, unbroken_since, weighed, winners
from tests.honors.test_eligibility import CITY, DEADLINE, FACTS, PROVINCE, TODAY

pytestmark = pytest.mark.once
CONTEST = date(2026, 12, 8)
ENOUGH = Yearly(200, 60, Decimal(1500), confirmed=True)


def whole(kind, facts, threshold="0", **rule):
    """(the rule of the verdict is the one asked, all the rest of it)."""
    asked = Rule(7, kind, Decimal(threshold), **rule)
    found = judge([asked], replace(FACTS, **facts)).verdicts[0]
    assert found.rule is asked
    return found


def verdict(state, **rest):
    return replace(Verdict(Rule(0, ""), state), **rest)


@pytest.mark.parametrize(
    ("kind", "facts", "rule", "state", "rest"),
    [
        ("held", {}, {"months": 24, "rank": CITY}, NOT_MET, {"need": 24}),
        ("held", {"held": (HeldTitle(CITY, date(2024, 12, 18)),)}, {"months": 24, "rank": CITY}, MET,
         {"have": date(2024, 12, 18), "need": 24}),
        ("held", {"held": (HeldTitle(CITY, date(2024, 12, 19)),)}, {"months": 24, "rank": CITY}, NOT_MET,
         {"have": date(2024, 12, 19), "need": 24, "earliest": date(2026, 12, 19)}),
        ("civil-share", {}, {"threshold": "50"}, PENDING, {"need": 50, "waits_for": OFFICE}),
        ("civil-share", {"findings": {7: False}}, {"threshold": "50"}, NOT_MET, {"need": 50, "by_person": True}),
        ("civil-share", {"offices": 16, "civil": 8, "next_civil_contest": CONTEST}, {"threshold": "50"}, MET,
         {"have": 50, "whole": 16, "need": 50}),
        ("civil-share", {"offices": 16, "civil": 7, "next_civil_contest": CONTEST}, {"threshold": "50"}, NOT_MET,
         {"have": Decimal("43.75"), "whole": 16, "need": 50, "short": 1, "earliest": CONTEST}),
        ("civil-count", {"offices": 16, "civil": 3, "next_civil_contest": TODAY}, {"threshold": "4"}, NOT_MET,
         {"have": 3, "whole": 16, "need": 4, "short": 1, "earliest": TODAY}),
        ("model-count", {"civil": 5, "model": 1, "next_model_contest": CONTEST}, {"threshold": "1"}, MET,
         {"have": 1, "whole": 5, "need": 1}),
        ("model-count", {"civil": 5, "next_model_contest": CONTEST}, {"threshold": "0.4"}, NOT_MET,
         {"have": 0, "whole": 5, "need": Decimal("0.4"), "short": 1, "earliest": CONTEST}),
        ("dossiers", {}, {"threshold": "95"}, PENDING, {"need": 95, "waits_for": OFFICE}),
        ("dossiers", {"dossiers": (38, 40)}, {"threshold": "95"}, MET, {"have": 95, "whole": 40, "need": 95}),
        ("dossiers", {"dossiers": (38, 40)}, {"threshold": "95.5"}, NOT_MET,
         {"have": 95, "whole": 40, "need": Decimal("95.5"), "short": 1, "earliest": TODAY}),
        ("dossiers", {"dossiers": (95, 101)}, {"threshold": "95"}, NOT_MET,
         {"have": Decimal(9500) / 101, "whole": 101, "need": 95, "short": 1, "earliest": TODAY}),
        ("self-score", {}, {"threshold": "85"}, PENDING, {"need": 85, "waits_for": UNIT}),
        ("self-score", {"self_score": Decimal(85)}, {"threshold": "85"}, MET, {"have": 85, "need": 85}),
        ("last-score", {}, {"threshold": "85"}, PENDING, {"need": 85, "waits_for": OFFICE}),
        ("last-score", {"last_score": Decimal("84.99")}, {"threshold": "85"}, NOT_MET,
         {"have": Decimal("84.99"), "need": 85}),
        ("no-veto", {}, {"months": 12}, PENDING, {"need": 12, "waits_for": OFFICE}),
        ("no-veto", {"events": (date(2025, 11, 18),)}, {"months": 12}, MET, {"have": date(2025, 11, 18), "need": 12}),
        ("no-veto", {"events": (date(2025, 11, 19),)}, {"months": 12}, NOT_MET,
         {"have": date(2025, 11, 19), "need": 12, "earliest": date(2026, 11, 19)}),
        ("no-veto", {"events": (), "veto_until": TODAY}, {"months": 12}, NOT_MET,
         {"need": 12, "earliest": date(2026, 11, 19)}),
        ("no-veto", {"events": (date(2026, 11, 1),), "veto_until": TODAY}, {"months": 12}, NOT_MET,
         {"have": date(2026, 11, 1), "need": 12, "earliest": date(2027, 11, 1)}),
        ("no-card", {"card_until": date(2026, 11, 1)}, {}, NOT_MET, {"have": date(2026, 11, 1), "earliest": TODAY}),
        ("no-card", {"card_until": CONTEST}, {}, NOT_MET, {"have": CONTEST, "earliest": CONTEST}),
        ("not-barred", {"barred_until": date(2025, 12, 31)}, {}, MET, {}),
        ("not-barred", {"barred_until": TODAY, "year": 2027}, {}, NOT_MET,
         {"have": TODAY, "earliest": date(2026, 11, 19)}),
        ("not-barred", {"barred_until": date(2026, 11, 17)}, {}, NOT_MET, {"have": date(2026, 11, 17)}),
        ("not-barred", {"barred_until": date(2026, 12, 31)}, {}, NOT_MET, {"have": date(2026, 12, 31)}),
        ("not-held", {"held": (HeldTitle(PROVINCE, CONTEST),)}, {}, NOT_MET, {"have": CONTEST}),
        ("volunteers", {}, {"threshold": "30"}, PENDING, {"need": 30, "waits_for": UNIT}),
        ("volunteers", {"yearly": ENOUGH}, {"threshold": "30"}, MET, {"have": 30, "whole": 200, "need": 30}),
        ("volunteers", {"yearly": Yearly(101, 30, Decimal(0))}, {"threshold": "30"}, NOT_MET,
         {"have": Decimal(3000) / 101, "whole": 101, "need": 30, "short": 1}),
        ("volunteers", {"yearly": Yearly(1, 1, Decimal(0), confirmed=True)}, {"threshold": "30"}, MET,
         {"have": 100, "whole": 1, "need": 30}),
        ("volunteer-hours", {}, {"threshold": "25"}, PENDING, {"need": 25, "waits_for": UNIT}),
        ("volunteer-hours", {"yearly": Yearly(9, 1, Decimal(25))}, {"threshold": "25"}, PENDING,
         {"have": 25, "whole": 1, "need": 25, "waits_for": OFFICE}),
        ("by-hand", {"findings": {7: True}}, {}, MET, {"by_person": True}),
    ],
)  # fmt: skip
def test_verdict_is_whole(kind, facts, rule, state, rest):
    found = whole(kind, facts, **rule)
    assert replace(found, rule=Rule(0, "")) == verdict(state, **rest)


def test_conditions_that_hold_always_are_judged_without_a_row_of_their_own():
    rules = [one.rule for one in judge([], FACTS).verdicts]
    assert rules == [Rule(0, "not-held"), Rule(0, "not-barred")]


@pytest.mark.parametrize(("earliest", "told"), [(DEADLINE, True), (date(2026, 12, 19), False), (None, None)])
def test_what_can_be_met_on_the_last_day_is_in_time(earliest, told):
    assert Outcome((Verdict(Rule(1, "held"), NOT_MET, earliest=earliest),), DEADLINE).in_time is told


def test_judges_points_are_rounded_up_at_the_half_and_the_least_is_enough():
    assert weighed({"a": Decimal("90.005")}, {"a": Decimal(40)}) == Decimal("90.01")
    assert mean([Decimal("90.00"), Decimal("90.01")], trimmed=False) == Decimal("90.01")
    assert winners({1: Decimal(80), 2: Decimal("79.99")}, places=2, least=Decimal(80)) == {1}


@pytest.mark.parametrize(
    ("spans", "since"),
    [
        ([(TODAY, None)], TODAY),
        ([(date(2020, 1, 1), TODAY)], date(2020, 1, 1)),
        ([(date(2020, 1, 1), date(2026, 11, 17))], None),
        ([(date(2026, 11, 19), None)], None),
        ([(date(2020, 1, 1), date(2022, 12, 31)), (date(2023, 1, 1), None)], date(2020, 1, 1)),
        ([(date(2020, 1, 1), date(2022, 12, 30)), (date(2023, 1, 1), None)], date(2023, 1, 1)),
        ([(date(2023, 1, 1), None), (date(2023, 1, 1), date(2025, 1, 1))], date(2023, 1, 1)),
    ],
)
def test_chain_reaches_today_without_a_day_between(spans, since):
    assert unbroken_since(spans, TODAY) == since
    assert unbroken_since(spans[::-1], TODAY) == since
