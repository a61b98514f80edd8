"""Contests of offices: planned, judged, decided; civil offices first, model offices among them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.core import clock
from chuangwen.honors.models import Aspect, Award
from chuangwen.honors.queries.facts import outcome_of
from chuangwen.honors.services import (
    ContestPlan,
    begin_judging,
    cancel_contest,
    decide_contest,
    enter_sheet,
    plan_contest,
    save_aspect,
)
from tests.honors.making import make_programme
from tests.support.refusals import said

DAY = date(2026, 12, 8)


def planned(house, level="civil", number=3, *, actor=None, **fields):
    values = {
        "title": house.title(level), "name": "2026年度评比", "decide_on": DAY, "places": 2,
        "offices": house.offices[house.bureau.pk][:number],
    }  # fmt: skip
    return plan_contest(house.bureau, ContestPlan(**values | fields), actor=actor or house.liaison)


def judge(house, contest, points, *, name="甲"):
    """One judge gives each office the same points in every aspect."""
    for one, given in zip(contest.contestants.all(), points, strict=True):
        aspects = dict.fromkeys(contest.weight_of(), Decimal(given))
        enter_sheet(one, judge=name, aspects=aspects, actor=house.liaison)


def test_winners_hold_the_title_at_once_and_count_for_the_unit(house):
    contest = planned(house)
    programme = make_programme(house)
    share = outcome_of(programme, house.bureau).verdicts[1]
    assert (share.short, share.earliest) == (5, DAY)
    begin_judging(contest, actor=house.liaison)
    judge(house, contest, [90, 95, 80])
    judge(house, contest, [91, 97, 99], name="乙")
    judge(house, contest, [92, 96, 60], name="丙")
    awards = decide_contest(contest, actor=house.liaison)
    assert [one.unit.name for one in awards] == ["1科", "2科"]
    assert [str(one.points) for one in contest.contestants.all()] == ["91.00", "96.00", "80.00"]
    assert outcome_of(programme, house.bureau).verdicts[1].have == Decimal(20)


def test_model_offices_come_from_among_the_civil_ones(house):
    assert "no civil office" in said(planned, house, "model")
    house.offices_civil(house.bureau, 2)
    contest = planned(house, "model", 2, places=1)
    begin_judging(contest, actor=house.liaison)
    judge(house, contest, [90, 95])
    (award,) = decide_contest(contest, actor=house.liaison)
    assert (award.title.level, award.unit.name) == ("model", "2科")


def test_refusal_names_every_office_that_cannot_compete(house):
    house.offices_civil(house.bureau, 2)
    assert "“1科”, “2科” hold the title" in said(planned, house)
    assert "“3科”, “4科” are no civil offices" in said(planned, house, "model", 4)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": " "}, "no name"),
        ({"decide_on": date(2026, 11, 17)}, "lies behind"),
        ({"offices": []}, "No office"),
        ({"places": 4}, "more winners"),
        ({"places": 0}, "more winners"),
    ],
)
def test_plan_that_cannot_work_is_refused(house, fields, words):
    assert words in said(planned, house, **fields)


def test_plan_is_for_the_units_own_offices_and_an_office_title(house):
    assert "no title for offices" in said(planned, house, title=house.title("city"))
    foreign = house.offices[house.other.pk][:2]
    plan = ContestPlan(house.title("civil"), "评比", DAY, 1, foreign)
    assert "no office of" in said(plan_contest, house.bureau, plan, actor=house.liaison)
    with pytest.raises(PermissionDenied):
        plan_contest(house.other, plan, actor=house.liaison)
    house.offices_civil(house.bureau, 1)
    assert "holds the title" in said(planned, house)


def test_without_aspects_there_is_nothing_to_judge_by(house):
    Aspect.objects.all().delete()
    assert "no aspects" in said(planned, house)


def test_weights_stand_as_they_were_when_it_was_planned(house):
    contest = planned(house)
    save_aspect(Aspect.objects.get(code="thought"), name="指导思想", weight=Decimal(90), actor=house.office)
    contest.refresh_from_db()
    assert contest.weight_of()["thought"] == Decimal(20)
    aspect = Aspect.objects.get(code="thought")
    assert aspect.source.startswith("site: ")
    assert "between" in said(save_aspect, aspect, name="x", weight=Decimal(0), actor=house.office)


def test_sheet_is_whole_and_a_second_one_of_the_judge_replaces_it(house):
    contest = planned(house)
    one = contest.contestants.first()
    whole = dict.fromkeys(contest.weight_of(), Decimal(90))
    assert "not being judged" in said(enter_sheet, one, judge="甲", aspects=whole, actor=house.liaison)
    begin_judging(contest, actor=house.liaison)
    one = contest.contestants.select_related("contest").first()
    for judge_name, aspects, words in (
        (" ", whole, "who judged"), ("甲", {"thought": Decimal(90)}, "Not every aspect"),
        ("甲", whole | {"thought": Decimal(101)}, "between"),
    ):  # fmt: skip
        assert words in said(enter_sheet, one, judge=judge_name, aspects=aspects, actor=house.liaison)
    enter_sheet(one, judge="甲", aspects=whole, actor=house.liaison)
    sheet = enter_sheet(one, judge="甲", aspects=whole | {"thought": Decimal(80)}, actor=house.liaison)
    assert (one.sheets.count(), sheet.points) == (1, Decimal("88.00"))


def test_contest_is_decided_on_equal_sheets_and_without_a_tie(house):
    contest = planned(house, places=1)
    begin_judging(contest, actor=house.liaison)
    assert "same number" in said(decide_contest, contest, actor=house.liaison)
    judge(house, contest, [90, 90, 86])
    assert "Equal points" in said(decide_contest, contest, actor=house.liaison)
    judge(house, contest, [90, 91, 86])
    with pytest.raises(PermissionDenied):
        decide_contest(contest, actor=house.leader)
    assert [one.unit.name for one in decide_contest(contest, actor=house.liaison)] == ["2科"]


def test_sheet_comes_too_late_once_it_is_decided_also_on_an_old_page(house):
    contest = planned(house, number=2)
    begin_judging(contest, actor=house.liaison)
    judge(house, contest, [90, 95])
    seen = list(contest.contestants.select_related("contest__unit"))
    decide_contest(contest, actor=house.liaison)
    aspects = dict.fromkeys(contest.weight_of(), Decimal(10))
    assert "not being judged" in said(enter_sheet, seen[0], judge="乙", aspects=aspects, actor=house.liaison)


def test_nobody_wins_below_the_points_to_be_reached_or_when_called_off(house):
    contest = planned(house)
    begin_judging(contest, actor=house.liaison)
    judge(house, contest, [84, 70, 60])
    assert decide_contest(contest, actor=house.liaison) == []
    other = planned(house)
    cancel_contest(other, reason="改期", actor=house.office)
    assert Award.objects.count() == 0
    assert clock.today() == date(2026, 11, 18)
