"""Titles in the demo: what units hold, a yellow card, a delisting, an open programme with two bureaus on their way."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from chuangwen.campaigns.models import Title
from chuangwen.config.demo.assessing import assess
from chuangwen.config.demo.calendar import Year, moment
from chuangwen.config.demo.city import City
from chuangwen.core import clock
from chuangwen.core.workdays import default_calendar
from chuangwen.honors.customs import CIVIL, MODEL
from chuangwen.honors.models import Award, Programme
from chuangwen.honors.services import (
    ContestPlan,
    Score,
    Told,
    begin_application,
    confirm_figures,
    create_programme,
    delist,
    ensure_defaults,
    enter_award,
    enter_figures,
    enter_review,
    give_card,
    open_programme,
    plan_contest,
    submit_application,
)
from chuangwen.organizations.enums import UnitKind
from chuangwen.organizations.models import Unit
from chuangwen.organizations.services import create_unit

# unit -> its offices; the first so many are civil ones, the first of them a model office where the last number says so
OFFICES = {
    "urban-management": (("综合科", "法规科", "市容科", "环卫科", "执法监督科", "公用科", "宣教科", "督查科"), 3, 0),
    "water": (("综合科", "水资源科", "河湖科", "工程科", "水政科", "农水科"), 4, 1),
}
HELD = {
    "nation": ("people-hospital",),
    "province": ("tax", "power", "education", "no1-middle"),
    "city": ("urban-management", "water", "commerce", "transport", "finance", "health", "court", "post"),
    "county": ("culture-tourism", "agriculture", "veterans", "women", "mobile"),
}
# Days before the told year begins
GRANTED = {"nation": 1900, "province": 1400, "city": 720, "county": 380, CIVIL: 290, MODEL: 290}


def give_titles(city: City, year: Year) -> None:
    """Call after the units are there. All by the services of the screens, at the told days."""
    with clock.at(moment(default_calendar().add_workdays(year.begins, 1), 9.2)):
        ensure_defaults(city.root.region, city.office)
        offices = {code: _offices(city, code) for code in OFFICES}
        awards = {code: _award(city, city.units[code], level, year) for level, codes in HELD.items() for code in codes}
        for code, (_names, civil, model) in OFFICES.items():
            for one in offices[code][:civil]:
                _award(city, one, CIVIL, year)
            for one in offices[code][:model]:
                _award(city, one, MODEL, year)
    with clock.at(moment(default_calendar().add_workdays(year.today, -60), 10)):
        delist(awards["transport"], reason="发生重大安全责任事故，经查实", decided_by="市文明委",
               document="云文明委〔2026〕7号", actor=city.office)  # fmt: skip
    with clock.at(moment(default_calendar().add_workdays(year.today, -20), 10)):
        give_card(awards["commerce"], reason="服务窗口投诉集中，限期整改", decided_by="市文明办", actor=city.office)
    _open_programme(city, year, offices)


def _offices(city: City, code: str) -> list[Unit]:
    unit = city.units[code]
    return [
        create_unit(
            unit, actor=city.office, code=f"{code}-{number}", name=f"{unit.name}{name}",
            short_name=f"{unit.short_name or unit.name}{name}", kind=UnitKind.OFFICE, position=number,
        )
        for number, name in enumerate(OFFICES[code][0])
    ]  # fmt: skip


def _title(city: City, level: str) -> Title:
    rows = Title.objects.filter(region=city.root.region, subject__in=["unit", "office"])
    return rows.get(level=level, ladder_step__isnull=False)


def _award(city: City, unit: Unit, level: str, year: Year) -> Award:
    day = year.begins - timedelta(days=GRANTED[level])
    return enter_award(
        unit, _title(city, level), granted_on=day, document=f"文明委〔{day.year}〕2号", actor=city.office
    )


def _open_programme(city: City, year: Year, offices: dict[str, list[Unit]]) -> None:
    """Water meets what the program knows and has submitted; urban management lacks civil and model offices."""
    calendar, today = default_calendar(), year.today
    opened = calendar.add_workdays(today, -8)
    until = calendar.add_workdays(today, 20)
    meeting = calendar.add_workdays(until, 10)
    first = calendar.add_workdays(meeting, 2)
    title = _title(city, "province")
    programme = Programme(
        region=city.root.region, title=title, year=until.year, name=f"{until.year}年度{title.name}", quota=6,
        authority="省文明委", basis=f"《{until.year}年度{title.name}评选办法》", reviewers=3, trimmed=True,
        apply_from=opened, apply_until=until, review_until=calendar.add_workdays(until, 7), deliberate_on=meeting,
        notice_from=first, notice_until=calendar.add_workdays(first, 6),
        award_on=calendar.add_workdays(first, 12),
    )  # fmt: skip
    with clock.at(moment(opened, 9.3)):
        create_programme(programme, actor=city.office)
        open_programme(programme, actor=city.office)
    water, urban = city.units["water"], city.units["urban-management"]
    yesterday = calendar.add_workdays(today, -1)
    with clock.at(moment(yesterday, 15)):
        register = f"中国志愿服务网注册名册，{today.year}年{today.month}月{today.day}日导出"
        figures = Told(today.year, 132, 61, Decimal(1830), register)
        confirm_figures(enter_figures(water, figures, actor=city.answering_for(water)), actor=city.office)
        made = begin_application(programme, water, actor=city.answering_for(water))
        told = "河湖长制全覆盖，窗口“一次办成”，志愿服务队常年巡河。薄弱处：节水宣传进社区还不够经常。"
        assess(made, "0.925", told, actor=city.answering_for(water))
        submit_application(made, responsible="梁志远", signed_on=yesterday, actor=city.answering_for(water))
        enter_review(made, Score("秦文", Decimal(91), yesterday, "材料齐全"), actor=city.office)
        plan = ContestPlan(
            _title(city, CIVIL), f"{today.year}年度文明处室评比", calendar.add_workdays(today, 12), 2,
            offices["urban-management"][3:], Decimal(85),
        )  # fmt: skip
        plan_contest(urban, plan, actor=city.answering_for(urban))
