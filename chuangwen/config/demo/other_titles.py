"""Titles of villages and schools in the demo: two calls, applications in several states, one of them frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from chuangwen.campaigns.models import Title
from chuangwen.config.demo.calendar import Year, moment
from chuangwen.config.demo.city import City
from chuangwen.core import clock
from chuangwen.core.workdays import default_calendar
from chuangwen.honors.eligibility import OFFICE
from chuangwen.honors.models import Application, Programme
from chuangwen.honors.queries.facts import outcome_of
from chuangwen.honors.services import (
    Score,
    begin_application,
    close_review,
    create_programme,
    enter_award,
    enter_review,
    open_programme,
    settle_condition,
    submit_application,
    write_application,
)
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.queries import holders
from chuangwen.supervision.models import VetoKind
from chuangwen.supervision.services import Event, report_event


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applies: its points, its own words, whether it has submitted, and how many reviewers scored it."""

    code: str
    points: int
    report: str
    submits: bool = True
    sheets: int = 0


VILLAGES = (
    Applicant("fenglin", 93, "十二个村建成新时代文明实践站，红白理事会全覆盖。薄弱处：集镇停车还不够规范。", sheets=3),
    Applicant("baisha", 90, "村规民约进屋场会，“最美庭院”季季评。"),
    Applicant("shibu", 86, "村村通保洁，农家书屋周末开放。", submits=False),
)
SCHOOLS = (
    Applicant("no1-middle", 95, "思政课、劳动课、志愿服务进课表，家长学校每学期两次。", sheets=2),
    Applicant("experimental-primary", 91, "红领巾志愿岗护学，校园“光盘行动”天天评。", submits=False),
)
REVIEWERS = ("秦文", "许明哲", "方知远")
FROZEN, FIRE = "baisha", "重大安全生产、消防、交通责任事故"


def call_villages_and_schools(city: City, year: Year) -> None:
    """Call after the titles are given: the ladders are there then."""
    for subject, level, authority, applicants in (
        ("village", "county", "云溪市文明委", VILLAGES), ("school", "city", "市文明委、市教育局", SCHOOLS),
    ):  # fmt: skip
        if subject == "school":
            _held_before(city, year)
        programme = _programme(city, subject, level, authority, year)
        for applicant in applicants:
            _apply(city, programme, applicant, year)


def report_accident(city: City, year: Year) -> None:
    """An event that somebody entered yesterday. Call after the rules of supervision are there."""
    yesterday = default_calendar().add_workdays(year.today, -1)
    kind = VetoKind.objects.get(region=city.root.region, name=FIRE)
    told = Event(city.units[FROZEN], kind, yesterday - timedelta(days=3), "集镇沿街商铺失火，原因和责任待查",
                 "市应急局值班快报")  # fmt: skip
    with clock.at(moment(yesterday, 16.2)):
        report_event(told, actor=city.office)


def _held_before(city: City, year: Year) -> None:
    """The middle school climbs from the county's title; the primary school has none yet, and reads so."""
    title = Title.objects.get(region=city.root.region, subject="school", level="county")
    day = year.begins - timedelta(days=500)
    with clock.at(moment(default_calendar().add_workdays(year.begins, 1), 9.4)):
        enter_award(
            city.units["no1-middle"], title, granted_on=day, document=f"云文明委〔{day.year}〕6号", actor=city.office
        )


def _programme(city: City, subject: str, level: str, authority: str, year: Year) -> Programme:
    calendar, today = default_calendar(), year.today
    opened, until = calendar.add_workdays(today, -10), calendar.add_workdays(today, 15)
    meeting = calendar.add_workdays(until, 10)
    first = calendar.add_workdays(meeting, 2)
    title = Title.objects.get(region=city.root.region, subject=subject, level=level)
    programme = Programme(
        region=city.root.region, title=title, year=until.year, name=f"{until.year}年度{title.name}", quota=2,
        authority=authority, basis=f"《{title.name}评选办法》", reviewers=3, trimmed=True, apply_from=opened,
        apply_until=until, review_until=calendar.add_workdays(until, 7), deliberate_on=meeting, notice_from=first,
        notice_until=calendar.add_workdays(first, 6), award_on=calendar.add_workdays(first, 12),
    )  # fmt: skip
    with clock.at(moment(opened, 9.5)):
        create_programme(programme, actor=city.office)
        open_programme(programme, actor=city.office)
    return programme


def _apply(city: City, programme: Programme, applicant: Applicant, year: Year) -> None:
    unit = city.units[applicant.code]
    actor = city.answering_for(unit)
    day = default_calendar().add_workdays(year.today, -2)
    with clock.at(moment(day, 15)):
        made = begin_application(programme, unit, actor=actor)
        write_application(made, self_score=Decimal(applicant.points), self_report=applicant.report, actor=actor)
        if applicant.submits:
            head = holders([unit], [PostKind.FIRST]).first()
            submit_application(made, responsible=str(head.user if head else unit), signed_on=day, actor=actor)
    if applicant.sheets:
        _review(city, made, applicant, day)


def _review(city: City, made: Application, applicant: Applicant, day: date) -> None:
    with clock.at(moment(day, 17)):
        for number, name in enumerate(REVIEWERS[: applicant.sheets]):
            enter_review(made, Score(name, Decimal(applicant.points - number), day, "材料齐全"), actor=city.office)
        if applicant.sheets < len(REVIEWERS):
            return
        for one in outcome_of(made.programme, made.unit).verdicts:
            if one.waits_for == OFFICE:
                rule = made.programme.rules.get(pk=one.rule.key)
                settle_condition(made, rule, met=True, source="现场核验记录和征求意见函", actor=city.office)
        close_review(made, actor=city.office)
