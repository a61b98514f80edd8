"""The campaign with its years, rounds and back plan, the routing rules, the breakdown."""

from __future__ import annotations

from datetime import date
from typing import Any

from chuangwen.campaigns.models import Campaign, CampaignStandard, CampaignYear, Milestone, Round, Title
from chuangwen.config.demo.calendar import Year
from chuangwen.config.demo.city import City
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.queries import name_index
from chuangwen.rectification.services import save_rule
from chuangwen.responsibilities.services import apply_hints
from chuangwen.standards.models import ProblemType

TITLES = (
    ("全国文明城市", "city", "nation"),
    ("省级文明城市", "city", "province"),
    ("省级文明单位", "unit", "province"),
)
# (name, working days before the assessment)
MILESTONES = (
    ("方案印发、责任分解", 210), ("动员部署、培训到位", 190), ("第一轮模拟测评", 62), ("第一轮问题清零", 44),
    ("第二轮模拟测评", 20), ("第二轮问题清零", 10), ("材料封卷", 6), ("正式测评", 0),
)  # fmt: skip


def plan_campaign(city: City, year: Year) -> tuple[Campaign, Round, Round]:
    """The running campaign under both standards; returns it with its finished and its running round."""
    region = city.root.region
    titles = [Title.objects.create(region=region, name=n, subject=s, level=level) for n, s, level in TITLES]
    campaign = Campaign.objects.create(
        region=region,
        name="云溪市创建全国文明城市",
        subject=city.root,
        subject_kind="city",
        title=titles[0],
        starts=date(year.today.year - 2, 1, 1),
        ends=date(year.today.year, 12, 31),
        assessment_on=year.assessment,
        target=90,
        state="running",
    )
    CampaignStandard.objects.create(region=region, campaign=campaign, version=city.versions["city-2026"], is_main=True)
    for number, weight in enumerate((0.15, 0.25, 0.60)):
        CampaignYear.objects.create(region=region, campaign=campaign, year=year.today.year - 2 + number, weight=weight)
    first = _round(campaign, "第一轮模拟测评", year.first_from, year.first_to, year.today.year)
    running = _round(campaign, "第二轮模拟测评", year.running_from, year.running_to, year.today.year)
    _milestones(campaign, year, {"第一轮模拟测评": first, "第二轮模拟测评": running})
    return campaign, first, running


def _round(campaign: Campaign, name: str, starts: date, ends: date, number: int) -> Round:
    made = Round.objects.create(
        region=campaign.region, campaign=campaign, name=name, year=number, starts=starts, ends=ends, state="running"
    )
    made.versions.set([standard.version for standard in campaign.standards.all()])
    return made


def _milestones(campaign: Campaign, year: Year, rounds: dict[str, Round]) -> None:
    for name, offset in MILESTONES:
        due = default_calendar().add_workdays(campaign.assessment_on, -offset) if offset else campaign.assessment_on
        Milestone.objects.create(
            region=campaign.region,
            campaign=campaign,
            name=name,
            offset_workdays=offset,
            due_on=due,
            round=rounds.get(name),
            done_on=due if due < year.running_from else None,
        )


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
