"""Families in the demo: star households of three communities, a call on public notice, a selection by vote.

Made-up plaque's names; one family is still to be asked, one has withdrawn its consent.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from chuangwen.campaigns.models import Title
from chuangwen.config.demo.calendar import Year, moment
from chuangwen.config.demo.city import City
from chuangwen.core import clock
from chuangwen.core.workdays import default_calendar
from chuangwen.honors.eligibility import OFFICE
from chuangwen.honors.models import Application, Contest, Contestant, Family, Programme
from chuangwen.honors.queries.family_facts import outcome_for
from chuangwen.honors.services import (
    ContestPlan,
    Meeting,
    Score,
    Told,
    begin_family_application,
    begin_judging,
    begin_notice,
    close_review,
    confirm_figures,
    create_programme,
    deliberate,
    ensure_family_ladder,
    enter_family_award,
    enter_figures,
    enter_review,
    enter_vote,
    open_programme,
    plan_contest,
    register_family,
    settle_condition,
    submit_application,
    withdraw_consent,
    write_deed,
)

# community -> the plaque's names of its star households
STARS = {
    "xuegong": ("书香周家", "林秋芬家庭", "孔庙巷郑家", "吴秀英家庭"),
    "hehuachi": ("何建国家庭", "荷花池 6 号楼唐家", "曾小满家庭"),
}
TO_ASK, TO_SELECT, VOTED = (
    ("hehuachi", "杜家小院"),
    ("wutong", ("梧桐里蒋家", "罗玉梅家庭", "谢家小店", "桥头冯家")),
    (41, 38),
)
HOUSEHOLDS = {"xuegong": 2146, "hehuachi": 1873}
# Who is put forward for the town's title: points of the two reviewers, what becomes of it, what is said of it
PUT_FORWARD = {
    "书香周家": ((94, 92), "recommend", "把临街书房向学宫片区孩子免费开放十一年，周末办读书会。"),
    "何建国家庭": ((91, 93), "recommend", "照料独居邻居八年，带头参加楼道清扫和垃圾分类督导。"),
    "荷花池 6 号楼唐家": ((85, 86), "reserve", "六口之家和睦，红白事简办，在楼栋里传开。"),
}
WITHDRAWN = "曾小满家庭"


def tell_families(city: City, year: Year) -> None:
    """Call after the titles are given and the pages are open. All by the services of the screens."""
    calendar, region = default_calendar(), city.root.region
    with clock.at(moment(calendar.add_workdays(year.today, -60), 9.4)):
        ensure_family_ladder(region, city.office)
        star = Title.objects.get(region=region, subject="family", level="village")
        found = {name: _star(city, code, name, star, year) for code, names in STARS.items() for name in names}
        register_family(city.units[TO_ASK[0]], TO_ASK[1], actor=city.answering_for(city.units[TO_ASK[0]]))
        for code, number in HOUSEHOLDS.items():
            told = Told(year.today.year, 9, 6, Decimal(310), "社区户籍台账", households=number)
            confirm_figures(
                enter_figures(city.units[code], told, actor=city.answering_for(city.units[code])), actor=city.office
            )
    _call(city, year, found)
    _select(city, year, star)
    with clock.at(moment(calendar.add_workdays(year.today, -9), 16)):
        withdraw_consent(found[WITHDRAWN], actor=city.answering_for(found[WITHDRAWN].unit))


def _star(city: City, code: str, name: str, star: Title, year: Year) -> Family:
    """A star household since long before the told year."""
    unit, day = city.units[code], year.begins - timedelta(days=330)
    made = register_family(unit, name, agreed_on=clock.today() - timedelta(days=3), actor=city.answering_for(unit))
    enter_family_award(made, star, granted_on=day, document=f"社区评议会〔{day.year}〕2号", actor=city.office)
    return made


def _call(city: City, year: Year, found: dict[str, Family]) -> None:
    """The town's call as far as its public notice."""
    calendar, office, today = default_calendar(), city.office, year.today
    opened, submitted, reviewed, met, first = (calendar.add_workdays(today, -days) for days in (40, 25, 18, 12, 3))
    last = calendar.add_workdays(first, 6)
    title = Title.objects.get(region=city.root.region, subject="family", level="town")
    programme = Programme(
        region=city.root.region, title=title, year=today.year, name=f"{today.year}年度{title.name}", quota=2,
        unit_quota=2, authority="文昌街道党工委", basis=f"《{title.name}评选办法》", reviewers=2, trimmed=False,
        apply_from=opened, apply_until=calendar.add_workdays(opened, 18), review_until=reviewed, deliberate_on=met,
        notice_from=first, notice_until=last, award_on=calendar.add_workdays(last, 3),
    )  # fmt: skip
    with clock.at(moment(opened, 9.3)):
        create_programme(programme, actor=office)
        open_programme(programme, actor=office)
    with clock.at(moment(submitted, 10)):
        made = {name: _put_forward(city, programme, found[name], deed) for name, (_p, _c, deed) in PUT_FORWARD.items()}
    with clock.at(moment(reviewed, 15)):
        for name, application in made.items():
            _review(city, application, PUT_FORWARD[name][0])
    with clock.at(moment(met, 16)):
        chosen = {made[name].pk: (choice, "") for name, (_points, choice, _deed) in PUT_FORWARD.items()}
        deliberate(programme, Meeting(met, "街道党工委书记", f"〔{today.year}〕6号"), chosen, actor=office)
    with clock.at(moment(first, 9)):
        begin_notice(programme, first=first, last=last, actor=office)


def _put_forward(city: City, programme: Programme, family: Family, deed: str) -> Application:
    actor = city.answering_for(family.unit)
    made = begin_family_application(programme, family, actor=actor)
    write_deed(made, deed=deed, seen_on=clock.today() - timedelta(days=1), actor=actor)
    submit_application(made, responsible="社区党委书记", signed_on=clock.today(), actor=actor)
    return made


def _review(city: City, application: Application, points: tuple[int, ...]) -> None:
    for verdict in outcome_for(application).verdicts:
        if verdict.waits_for == OFFICE:
            rule = application.programme.rules.get(pk=verdict.rule.key)
            asked = f"文昌派出所 {clock.today():%Y-%m-%d}"
            settle_condition(application, rule, met=True, source=asked, actor=city.office)
    for reviewer, one in zip(("秦文", "方知远"), points, strict=True):
        enter_review(application, Score(reviewer, Decimal(one), clock.today()), actor=city.office)
    close_review(application, actor=city.office)


def _select(city: City, year: Year, star: Title) -> None:
    """A community's own selection: two of three families have been voted about."""
    code, names = TO_SELECT
    unit, yesterday = city.units[code], default_calendar().add_workdays(year.today, -1)
    actor = city.answering_for(unit)
    with clock.at(moment(yesterday, 15.5)):
        families = [register_family(unit, name, agreed_on=yesterday, actor=actor) for name in names]
        plan = ContestPlan(
            star, f"{year.today.year}年星级文明户评议", default_calendar().add_workdays(year.today, 4), 2, [],
            Decimal(67), families=families, by_vote=True,
        )  # fmt: skip
        contest: Contest = plan_contest(unit, plan, actor=actor)
        begin_judging(contest, actor=actor)
        rows = Contestant.objects.filter(contest=contest).select_related("contest__unit", "contest__region", "family")
        for contestant, ayes in zip(rows.order_by("pk"), VOTED, strict=False):
            enter_vote(contestant, counted_by="居民评议会", ayes=ayes, votes=45, actor=actor)
