"""Open pages in the demo: both regions show theirs, and two agencies are on public notice at this moment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from chuangwen.accounts.models import User
from chuangwen.campaigns.models import Title
from chuangwen.config.demo.agencies import Committee
from chuangwen.config.demo.assessing import assess
from chuangwen.config.demo.calendar import Year, moment
from chuangwen.core import clock
from chuangwen.core.models import Region
from chuangwen.core.workdays import default_calendar
from chuangwen.honors.customs import CIVIL
from chuangwen.honors.models import Application, Programme
from chuangwen.honors.services import (
    Meeting,
    Score,
    begin_application,
    begin_notice,
    close_review,
    create_programme,
    deliberate,
    enter_award,
    enter_review,
    open_programme,
    submit_application,
)
from chuangwen.public.services import save_site

REVIEWERS = ("许明哲", "秦文", "方知远")
# agency -> its civil office, the share of points it gives itself, what it says
ON_NOTICE = {
    "data-bureau": ("政策法规科", "0.92", "数据惠民十件实事办结，志愿服务队进社区教老年人用手机。"),
    "fire": ("防火监督科", "0.95", "消防宣传进企业、进学校，站点常年向市民开放。"),
}


def open_pages(region: Region, year: Year, *, actor: User, office: str, telephone: str, address: str) -> None:
    """The office switches its public pages on when the campaign begins."""
    with clock.at(moment(default_calendar().add_workdays(year.begins, 1), 9.6)):
        save_site(
            region, actor=actor, is_open=True, office_name=office, telephone=telephone, address=address, is_found=False
        )


def put_on_notice(committee: Committee, year: Year) -> None:
    """A call for the district title that has come as far as its public notice. Call after the titles are given."""
    calendar, office, today = default_calendar(), committee.people["gongwei"], year.today
    opened, submitted, reviewed, met, first = (calendar.add_workdays(today, -days) for days in (40, 25, 18, 12, 3))
    programme = _programme(committee, year, opened, first)
    with clock.at(moment(opened, 9.3)):
        create_programme(programme, actor=office)
        open_programme(programme, actor=office)
    with clock.at(moment(submitted, 10)):
        made = [_submitted(committee, programme, code, submitted) for code in ON_NOTICE]
    with clock.at(moment(reviewed, 15)):
        for application in made:
            for number, name in enumerate(REVIEWERS):
                points = (application.self_score or Decimal(90)) - 1 - number
                enter_review(application, Score(name, points, reviewed, "材料齐全"), actor=office)
            close_review(application, actor=office)
    with clock.at(moment(met, 16)):
        chosen = {application.pk: ("recommend", "") for application in made}
        deliberate(programme, Meeting(met, "工委书记", f"〔{today.year}〕11号"), chosen, actor=office)
    with clock.at(moment(first, 9)):
        begin_notice(programme, first=first, last=programme.notice_until, actor=office)


def _programme(committee: Committee, year: Year, opened: date, first: date) -> Programme:
    calendar = default_calendar()
    region = committee.root.region
    title = Title.objects.get(region=region, subject="unit", level="county", ladder_step__isnull=False)
    last = calendar.add_workdays(first, 6)
    return Programme(
        region=region, title=title, year=year.today.year, name=f"{year.today.year}年度{title.name}", quota=3,
        authority="区文明委", basis=f"《{title.name}评选办法》", reviewers=3, trimmed=False, apply_from=opened,
        apply_until=calendar.add_workdays(opened, 18), review_until=calendar.add_workdays(opened, 24),
        deliberate_on=calendar.add_workdays(opened, 28), notice_from=first, notice_until=last,
        award_on=calendar.add_workdays(last, 3),
    )  # fmt: skip


def _submitted(committee: Committee, programme: Programme, code: str, day: date) -> Application:
    """The agency has a civil office, so nothing bars it; the office enters what it applied for on paper."""
    name, share, report = ON_NOTICE[code]
    unit, office = committee.units[code], committee.people["gongwei"]
    civil = Title.objects.get(region=committee.root.region, subject="office", level=CIVIL)
    room = next(one for one in committee.offices[code] if one.name.endswith(name))
    granted = day.replace(month=1, day=12)
    enter_award(room, civil, granted_on=granted, document=f"党〔{day.year}〕1号", actor=office)
    made = begin_application(programme, unit, actor=office)
    assess(made, share, report, actor=office, boldly=True)
    submit_application(made, responsible="单位主要负责人", signed_on=day, actor=office)
    return made
