"""A unit's yearly figures: entered, confirmed, returned, replaced, and what the conditions make of them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.accounts.roles import Role
from chuangwen.core.errors import Refusal
from chuangwen.honors.eligibility import MET, NOT_MET, OFFICE, PENDING, UNIT, Yearly
from chuangwen.honors.models import EligibilityRule, YearlyFigures
from chuangwen.honors.queries.facts import outcome_of
from chuangwen.honors.services import Told, settle_condition
from chuangwen.honors.services.defaults import save_rule
from chuangwen.honors.services.yearly import confirm_figures, enter_figures, return_figures
from chuangwen.organizations.models import RoleGrant
from tests.honors.making import make_programme, make_submitted
from tests.honors.test_eligibility import FACTS
from tests.honors.test_eligibility import verdict as judged
from tests.support.factories import DAY, make_user

TOLD = Told(2026, 200, 60, Decimal(1500), "中国志愿服务网注册名册，2026年11月15日")


def verdict(kind: str, threshold: int, yearly: Yearly | None) -> tuple:
    one = judged(kind, replace(FACTS, yearly=yearly), threshold=Decimal(threshold))
    return one.state, one.have, one.whole, one.short, one.waits_for


@pytest.mark.parametrize(
    ("yearly", "found"),
    [
        (None, (PENDING, None, None, 0, UNIT)),
        (Yearly(200, 60, Decimal(0), confirmed=True), (MET, Decimal(30), 200, 0, "")),
        (Yearly(200, 60, Decimal(0)), (PENDING, Decimal(30), 200, 0, OFFICE)),
        (Yearly(200, 59, Decimal(0), confirmed=True), (NOT_MET, Decimal("29.5"), 200, 1, "")),
        (Yearly(199, 59, Decimal(0)), (NOT_MET, Decimal(5900) / 199, 199, 1, "")),  # 59.7 is not reached by 59
        (Yearly(200, 0, Decimal(0)), (NOT_MET, Decimal(0), 200, 60, "")),
    ],
)
def test_share_of_volunteers_is_of_all_staff(yearly, found):
    assert verdict("volunteers", 30, yearly) == found


@pytest.mark.parametrize(
    ("yearly", "found"),
    [
        (None, (PENDING, None, None, 0, UNIT)),
        (Yearly(200, 60, Decimal(1500), confirmed=True), (MET, Decimal(25), 60, 0, "")),
        (Yearly(200, 60, Decimal(1500)), (PENDING, Decimal(25), 60, 0, OFFICE)),
        (Yearly(200, 60, Decimal("1499.5"), confirmed=True), (NOT_MET, Decimal("1499.5") / 60, 60, 1, "")),
        (Yearly(200, 0, Decimal(0), confirmed=True), (NOT_MET, Decimal(0), 0, 25, "")),
    ],
)
def test_hours_are_of_each_registered_volunteer(yearly, found):
    assert verdict("volunteer-hours", 25, yearly) == found


def test_unit_enters_and_another_person_of_the_office_confirms(house):
    made = enter_figures(house.bureau, TOLD, actor=house.liaison)
    assert (made.state, made.entered_by, made.source) == ("given", house.liaison, TOLD.source)
    confirm_figures(made, actor=house.office)
    made.refresh_from_db()
    assert (made.state, made.confirmed_by) == ("confirmed", house.office)


def test_later_figures_wait_beside_those_confirmed_and_replace_them_when_confirmed(house):
    first = enter_figures(house.bureau, TOLD, actor=house.liaison)
    confirm_figures(first, actor=house.office)
    wrong = enter_figures(house.bureau, Told(2026, 200, 50, Decimal(0), "名册"), actor=house.liaison)
    later = enter_figures(house.bureau, Told(2026, 200, 70, Decimal(0), "名册"), actor=house.liaison)
    states = [YearlyFigures.objects.get(pk=one.pk).state for one in (first, wrong, later)]
    assert states == ["confirmed", "replaced", "given"]
    confirm_figures(later, actor=house.office)
    states = [YearlyFigures.objects.get(pk=one.pk).state for one in (first, wrong, later)]
    assert states == ["replaced", "replaced", "confirmed"]


def test_returned_figures_count_no_more_and_the_unit_reads_why(house):
    made = enter_figures(house.bureau, TOLD, actor=house.liaison)
    return_figures(made, reason="名册没有盖章", actor=house.office)
    made.refresh_from_db()
    assert made.state == "returned"
    assert house.liaison.notices.filter(body="名册没有盖章").count() == 1


@pytest.mark.parametrize(
    "told",
    [
        Told(2027, 200, 60, Decimal(0), "名册"), Told(1999, 200, 60, Decimal(0), "名册"),
        Told(2026, 0, 0, Decimal(0), "名册"),
        Told(2026, 200, 201, Decimal(0), "名册"), Told(2026, 200, -1, Decimal(0), "名册"),
        Told(2026, 200, 60, Decimal(-1), "名册"),
        Told(2026, 200, 1, Decimal(8785), "名册"), Told(2026, 200, 60, Decimal(0), "  "),
    ],
)  # fmt: skip
def test_figures_that_cannot_be_right_are_refused(house, told):
    with pytest.raises(Refusal):
        enter_figures(house.bureau, told, actor=house.liaison)
    assert YearlyFigures.objects.count() == 0


def test_figures_are_of_units_alone_and_of_the_own_one(house):
    for unit, actor in ((house.offices[house.bureau.pk][0], house.office), (house.root, house.office)):
        with pytest.raises(Refusal):
            enter_figures(unit, TOLD, actor=actor)
    with pytest.raises(PermissionDenied):
        enter_figures(house.other, TOLD, actor=house.liaison)


def test_nobody_confirms_the_own_entry_or_the_own_unit(house):
    entered = enter_figures(house.bureau, TOLD, actor=house.office)
    with pytest.raises(Refusal, match="yourself"):
        confirm_figures(entered, actor=house.office)
    with pytest.raises(Refusal):
        confirm_figures(entered, actor=house.liaison)
    insider = make_user(Role.OFFICE, house.root)
    RoleGrant.objects.create(
        region=house.root.region, user=insider, role=str(Role.LIAISON), unit=house.bureau, starts=DAY
    )
    with pytest.raises(Refusal, match="own unit"):
        return_figures(entered, reason="不对", actor=insider)
    confirm_figures(entered, actor=house.second)
    entered.refresh_from_db()
    assert entered.state == "confirmed"


def test_condition_is_judged_by_the_figures_of_the_programmes_year_and_by_no_finding(house):
    title = house.title("city")
    save_rule(
        EligibilityRule(region=title.region, of_title=title, kind="volunteers", threshold=Decimal(30), source="site"),
        actor=house.office,
    )  # fmt: skip
    programme = make_programme(house, "city")
    rule = programme.rules.get(kind="volunteers")

    def now():
        return next(one for one in outcome_of(programme, house.bureau).verdicts if one.rule.key == rule.pk)

    assert (now().state, now().waits_for) == (PENDING, UNIT)
    enter_figures(house.bureau, Told(2024, 200, 60, Decimal(0), "名册"), actor=house.liaison)
    assert now().waits_for == UNIT  # too long ago
    enter_figures(house.bureau, Told(2025, 200, 61, Decimal(0), "名册"), actor=house.liaison)
    assert (now().state, now().have) == (PENDING, Decimal("30.5"))  # last year's, until this year's are there
    made = enter_figures(house.bureau, TOLD, actor=house.liaison)
    assert (now().state, now().waits_for) == (PENDING, OFFICE)
    house.give(house.bureau, "county")
    house.offices_civil(house.bureau, 3)
    application = make_submitted(house, programme, house.bureau)
    with pytest.raises(Refusal, match="yearly figures"):
        settle_condition(application, rule, met=True, source="函", actor=house.office)
    confirm_figures(made, actor=house.office)
    assert now().state == MET
