"""Makes what tests of families need: a town with a village, its liaison, and families that have agreed or not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Title
from chuangwen.core import clock
from chuangwen.honors.eligibility import OFFICE
from chuangwen.honors.models import Application, Award, Family, Programme
from chuangwen.honors.queries.family_facts import outcome_for
from chuangwen.honors.services import (
    Meeting,
    Score,
    begin_family_application,
    begin_notice,
    close_review,
    deliberate,
    ensure_family_ladder,
    enter_family_award,
    enter_review,
    register_family,
    settle_condition,
    submit_application,
    write_deed,
)
from tests.honors.making import MET_ON, NOTICE, House, make_programme, noon
from tests.support.factories import make_unit, make_user

AGREED = date(2026, 11, 3)
DEED = "照顾独居邻居八年，家里的书房向孩子们开放。"


def with_families(house: House) -> House:
    """The house with the ladder of families, a town, and two villages of which the first has a liaison."""
    house.town = make_unit(house.root, kind="town", branch="territory", name="东关镇")  # type: ignore[attr-defined]
    house.village = make_unit(house.town, kind="village", branch="territory", name="柳林村")  # type: ignore[attr-defined]
    house.hamlet = make_unit(house.town, kind="village", branch="territory", name="石桥村")  # type: ignore[attr-defined]
    house.speaker = make_user(Role.LIAISON, house.village)  # type: ignore[attr-defined]
    ensure_family_ladder(house.root.region, house.office)
    return house


def family_title(house: House, level: str) -> Title:
    return Title.objects.get(region=house.root.region, subject="family", level=level)


def make_family(house: Any, name: str = "李桂兰家庭", *, agreed: bool = True, unit: Any = None) -> Family:
    return register_family(unit or house.village, name, agreed_on=AGREED if agreed else None, actor=house.office)


def give_family(house: House, family: Family, level: str, day: date = date(2025, 6, 1)) -> Award:
    return enter_family_award(family, family_title(house, level), granted_on=day, document="3号", actor=house.office)


def make_call(house: House, level: str = "town", **fields: Any) -> Programme:
    return make_programme(house, title=family_title(house, level), name=f"{level}文明家庭", **fields)


def make_put_forward(house: House, programme: Programme, family: Family) -> Application:
    made = begin_family_application(programme, family, actor=house.office)
    write_deed(made, deed=DEED, seen_on=clock.today(), actor=house.office)
    submit_application(made, responsible="赵村", signed_on=clock.today(), actor=house.office)
    return made


def settle_family(house: House, application: Application) -> None:
    for one in outcome_for(application).verdicts:
        if one.waits_for == OFFICE:
            rule = application.programme.rules.get(pk=one.rule.key)
            settle_condition(application, rule, met=True, source="派出所 11月16日", actor=house.office)


def make_family_reviewed(house: House, programme: Programme, family: Family) -> Application:
    made = make_put_forward(house, programme, family)
    settle_family(house, made)
    for name in "甲乙":
        enter_review(made, Score(name, Decimal(90), clock.today()), actor=house.office)
    close_review(made, actor=house.office)
    return made


def notice_families(house: House, programme: Programme, *made: Application) -> None:
    with clock.at(noon(MET_ON)):
        chosen = {one.pk: ("recommend", "") for one in made}
        deliberate(programme, Meeting(MET_ON, "组长", "3号"), chosen, actor=house.office)
        begin_notice(programme, first=NOTICE[0], last=NOTICE[1], actor=house.office)
    for one in made:
        one.refresh_from_db()
    programme.refresh_from_db()
