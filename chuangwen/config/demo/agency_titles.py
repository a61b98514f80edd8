"""Titles of the agencies: what they and their offices hold, a yellow card, a delisting, two calls with applicants.

The figures are those of a committee's yearly report: 25 provincial, 30 municipal and 15 district titles among 85
agencies, which is 82 %.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chuangwen.accounts.models import User
from chuangwen.campaigns.models import Title
from chuangwen.config.demo.agencies import Agency, Committee
from chuangwen.config.demo.assessing import assess
from chuangwen.config.demo.calendar import Year, moment
from chuangwen.core import clock
from chuangwen.core.workdays import default_calendar
from chuangwen.honors.customs import CIVIL, MODEL
from chuangwen.honors.models import Award, Programme
from chuangwen.honors.services import (
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
    submit_application,
)
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.queries import holders

LEVELS = {"district": "county", "city": "city", "province": "province"}
# Of ten offices so many are civil ones, and so many of all are model offices, where CHOSEN does not say otherwise.
SHARES = {"province": (7, 1), "city": (4, 0), "district": (2, 0), "": (0, 0)}
# Agencies that a rule allows or refuses: civil offices, model offices
CHOSEN = {
    "transport": (5, 1),  # 5 of 9 and a model office: may apply for the provincial title
    "water": (11, 0),  # 11 of 18, but no model office
    "statistics": (3, 1),  # 3 of 9: a third is not half
    "petitions": (2, 0),  # 2 of 6: a third is enough for the municipal title
    "commerce-federation": (1, 0),  # 1 of 4: less than 30 %
}
CARD, DELISTED = "housing", "supply-coop"
NAMED_ON = (12, 8)  # month and day on which titles were granted


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applies where, in its own words, and how it sees itself where its ledger says nothing (assessing.assess).

    `volunteers` of `staff` are registered; without them the unit has not entered this year's figures.
    """

    code: str
    share: str
    report: str
    submits: bool
    staff: int = 0
    volunteers: int = 0
    boldly: bool = False


PROVINCE = (
    Applicant("transport", "0.8", "道德讲堂每季一次，司机志愿服务队常年护学。薄弱处：绿色出行宣传还不够经常。", True,
              staff=186, volunteers=97),
    Applicant("water", "0.85", "河湖长制全覆盖，节水宣传进社区12次。标兵科室还没有，台账缺4条，正在补。", False,
              staff=214, volunteers=58),
)  # fmt: skip
CITY = (
    Applicant("petitions", "0.7", "接访群众件件有回音，文明科室2个。", True, staff=43, volunteers=19),
    Applicant("commerce-federation", "0.85", "服务民营企业走访一百二十户，文明科室还只有1个。", False, boldly=True),
)


def give_agency_titles(committee: Committee, year: Year) -> None:
    """The register as it stands, and what happened this year. By the services of the screens, at the told days."""
    office, calendar = committee.people["gongwei"], default_calendar()
    with clock.at(moment(calendar.add_workdays(year.begins, 1), 9.2)):
        ensure_defaults(committee.root.region, office)
        titles = _by_level(committee)
        awards = {}
        for code, agency in committee.agencies.items():
            level, since = (
                (LEVELS["district"], 2021) if code == DELISTED else (LEVELS.get(agency.title, ""), agency.since)
            )
            if level:
                awards[code] = _award(committee, code, titles[level], date(since, *NAMED_ON))
            _civil_offices(committee, agency, titles, year)
    with clock.at(moment(calendar.add_workdays(year.today, -48), 10)):
        delist(
            awards[DELISTED], reason="干部受刑事处罚，属一票否决事项，经查实", decided_by="市文明委",
            document=f"楚文明委〔{year.today.year}〕9号", actor=office,
        )  # fmt: skip
    with clock.at(moment(calendar.add_workdays(year.today, -17), 10)):
        give_card(awards[CARD], reason="窗口服务暗访两次不合格，限期整改", decided_by="市直机关工委", actor=office)


def call_for_titles(committee: Committee, year: Year) -> None:
    """Two open calls. Call after the dossiers are there: their completeness is one of the conditions."""
    titles = _by_level(committee)
    for level, authority, quota, applicants in (
        ("province", "省文明委", 6, PROVINCE), ("city", "市文明委", 8, CITY),
    ):  # fmt: skip
        programme = _programme(committee, titles[level], authority, quota, year)
        for applicant in applicants:
            _apply(committee, programme, applicant, year)


def _by_level(committee: Committee) -> dict[str, Title]:
    """Titles of agencies and their offices by level; villages, schools and cities have ladders of their own."""
    rows = Title.objects.filter(region=committee.root.region, subject__in=["unit", "office"])
    return {title.level: title for title in rows}


def _award(committee: Committee, code: str, title: Title, day: date) -> Award:
    number = f"文明委〔{day.year}〕{4 + day.month}号"
    return enter_award(committee.units[code], title, granted_on=day, document=number, actor=committee.people["gongwei"])


def _civil_offices(committee: Committee, agency: Agency, titles: dict[str, Title], year: Year) -> None:
    """Civil offices, and among them the model ones; who they are is drawn once and for all by the agency's code."""
    offices = list(committee.offices[agency.code])
    tenths, models = SHARES[agency.title]
    civil, models = CHOSEN.get(agency.code, (round(len(offices) * tenths / 10), models))
    random.Random(agency.code).shuffle(offices)  # noqa: S311 (the same demo each time)
    day = date(year.begins.year - 1, *NAMED_ON)
    for number, unit in enumerate(offices[:civil]):
        for level in (CIVIL, MODEL) if number < models else (CIVIL,):
            enter_award(
                unit, titles[level], granted_on=day, document=f"{agency.short_name}党〔{day.year}〕5号",
                actor=committee.people["gongwei"],
            )  # fmt: skip


def _programme(committee: Committee, title: Title, authority: str, quota: int, year: Year) -> Programme:
    calendar, office = default_calendar(), committee.people["gongwei"]
    opened, until = calendar.add_workdays(year.today, -14), calendar.add_workdays(year.today, 21)
    meeting = calendar.add_workdays(until, 13)
    first = calendar.add_workdays(meeting, 1)
    programme = Programme(
        region=committee.root.region, title=title, year=until.year, name=f"{until.year}年度{title.name}", quota=quota,
        authority=authority, basis=f"《{until.year}年度{title.name}评选办法》", reviewers=3, trimmed=True,
        apply_from=opened, apply_until=until, review_until=calendar.add_workdays(until, 5), deliberate_on=meeting,
        notice_from=first, notice_until=calendar.add_workdays(first, 6), award_on=calendar.add_workdays(first, 10),
    )  # fmt: skip
    with clock.at(moment(opened, 9.3)):
        create_programme(programme, actor=office)
        open_programme(programme, actor=office)
    return programme


def _apply(committee: Committee, programme: Programme, applicant: Applicant, year: Year) -> None:
    unit, actor = committee.units[applicant.code], committee.liaisons[applicant.code]
    yesterday = default_calendar().add_workdays(year.today, -1)
    with clock.at(moment(yesterday, 15)):
        if applicant.staff:
            _figures(committee, applicant, actor, year)
        made = begin_application(programme, unit, actor=actor)
        assess(made, applicant.share, applicant.report, actor=actor, boldly=applicant.boldly)
        if applicant.submits:
            head = holders([unit], [PostKind.FIRST]).first()
            submit_application(made, responsible=str(head.user if head else unit), signed_on=yesterday, actor=actor)
            enter_review(
                made,
                Score("许明哲", (made.self_score or Decimal(90)) - 2, yesterday, "材料齐全"),
                actor=committee.people["gongwei"],
            )


def _figures(committee: Committee, applicant: Applicant, actor: User, year: Year) -> None:
    """This year's staff and volunteers; the office has confirmed those of the unit that applies in earnest."""
    register = f"中国志愿服务网注册名册，{year.today.year}年{year.today.month}月{year.today.day}日导出"
    told = Told(year.today.year, applicant.staff, applicant.volunteers, Decimal(applicant.volunteers * 26), register)
    made = enter_figures(committee.units[applicant.code], told, actor=actor)
    if applicant.submits:
        confirm_figures(made, actor=committee.people["gongwei"])
