"""The campaign with its years, rounds and back plan, the routing rules, the breakdown."""

from __future__ import annotations

from datetime import date
from typing import Any

from chuangwen.campaigns.backplan import default_weights
from chuangwen.campaigns.models import Campaign, Round
from chuangwen.campaigns.services import (
    CampaignPlan,
    create_campaign,
    edit_milestone,
    finish_milestone,
    keep_title,
    plan_round,
    start_campaign,
    start_round,
)
from chuangwen.config.demo.calendar import Year, moment
from chuangwen.config.demo.city import City
from chuangwen.core import clock
from chuangwen.organizations.queries import name_index
from chuangwen.rectification.services import save_rule
from chuangwen.responsibilities.services import apply_hints
from chuangwen.standards.models import ProblemType

TITLES = (
    ("全国文明城市", "city", "nation"),
    ("省级文明城市", "city", "province"),
    ("省级文明单位", "unit", "province"),
)


def plan_campaign(city: City, year: Year) -> tuple[Campaign, Round, Round]:
    """The running campaign; returns it with its finished and its running round."""
    region, office = city.root.region, city.office
    titles = [keep_title(region, name, subject=kind, level=level, actor=office) for name, kind, level in TITLES]
    first = year.today.year - 2
    campaign = create_campaign(
        CampaignPlan(
            name="云溪市创建全国文明城市",
            subject=city.root,
            title=titles[0],
            starts=date(first, 1, 1),
            ends=max(date(year.today.year, 12, 31), year.assessment),
            assessment_on=year.assessment,
            years=_years(first, max(year.today.year, year.assessment.year)),
            versions=[city.versions["city-2026"]],
            target=90,
        ),
        actor=office,
    )
    start_campaign(campaign, actor=office)
    rounds = [
        _round(city, campaign, "第一轮模拟测评", year.first_from, year.first_to),
        _round(city, campaign, "第二轮模拟测评", year.running_from, year.running_to),
    ]
    _milestones(city, campaign, year, rounds)
    return campaign, rounds[0], rounds[1]


def _years(first: int, last: int) -> dict[int, float]:
    return dict(zip(range(first, last + 1), default_weights(last - first + 1), strict=True))


def _round(city: City, campaign: Campaign, name: str, starts: date, ends: date) -> Round:
    made = plan_round(campaign, name=name, starts=starts, ends=ends, actor=city.office)
    with clock.at(moment(starts, 8.5)):
        start_round(made, actor=city.office)
    return made


def _milestones(city: City, campaign: Campaign, year: Year, rounds: list[Round]) -> None:
    """The default plan; what lies before the running round is done, each on its day."""
    by_name = {made.name: made for made in rounds}
    for milestone in campaign.milestones.all():
        if milestone.name in by_name:
            offset = milestone.offset_workdays
            edit_milestone(
                milestone,
                name=milestone.name,
                offset_workdays=offset,
                round_=by_name[milestone.name],
                actor=city.office,
            )
        if milestone.due_on < year.running_from:
            with clock.at(moment(milestone.due_on, 17)):
                finish_milestone(milestone, actor=city.office)


def write_rules(city: City) -> int:
    """Routing rules from the standard's hints: the first party that is one unit leads such problems."""
    index = name_index(city.root.region)
    by_pk = {unit.pk: unit for unit in city.units.values()}
    written = 0
    for problem_type in ProblemType.objects.filter(region=city.root.region):
        for party in problem_type.lead_hints:
            units = index.resolve(party).units
            if len(units) == 1:
                save_rule(problem_type, None, None, lead=by_pk[units[0]], origin="workbook", actor=city.office)
                written += 1
                break
    return written


def break_down(city: City, campaign: Campaign) -> tuple[int, list[str]]:
    """Fill the matrix by the standard's own hints; a few gaps stay for the office to see."""
    result: tuple[int, list[Any]] = apply_hints(campaign, actor=city.office)
    return result
