"""The second demo: a municipal agencies' committee (市直机关工委) with its agencies, their offices and a campaign.

A region of its own, so that nobody of the city meets it: most campaigns are those of agencies, companies and
schools, which have no places and no draws (practice.md).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password

from chuangwen.accounts.models import User
from chuangwen.accounts.roles import Role
from chuangwen.campaigns.backplan import default_weights
from chuangwen.campaigns.models import Campaign
from chuangwen.campaigns.services import (
    CampaignPlan,
    create_campaign,
    finish_milestone,
    keep_title,
    start_campaign,
)
from chuangwen.config.demo.calendar import Year, moment
from chuangwen.config.demo.city import demo_password
from chuangwen.config.demo.content import standard, words
from chuangwen.core import clock
from chuangwen.organizations.enums import PostKind, UnitKind
from chuangwen.organizations.models import Unit
from chuangwen.organizations.services import create_unit, found_region, grant_role, hold_post, name_post
from chuangwen.responsibilities.models import Origin, Share
from chuangwen.responsibilities.services import Cell, mark_split, set_shares
from chuangwen.standards.models import Node, StandardVersion
from chuangwen.standards.services import publish_standard

REGION = "chujiang-agencies"
KINDS = {
    "party": UnitKind.PARTY, "government": UnitKind.GOVERNMENT, "mass": UnitKind.MASS,
    "vertical": UnitKind.VERTICAL, "institution": UnitKind.INSTITUTION,
}  # fmt: skip
PEERS = {"mass": "群团组织", "vertical": "条管单位", "institution": "事业单位"}


@dataclass(frozen=True, slots=True)
class Agency:
    """One agency as the content tells it. `title` is province, city, district or ""; `since` the year of its award."""

    code: str
    name: str
    short_name: str
    kind: str
    title: str
    since: int
    offices: tuple[str, ...]


@dataclass
class Committee:
    """What the later chapters of this demo need to find again."""

    root: Unit
    version: StandardVersion
    campaign: Campaign
    agencies: dict[str, Agency]
    units: dict[str, Unit] = field(default_factory=dict)
    offices: dict[str, list[Unit]] = field(default_factory=dict)  # by the agency's code
    people: dict[str, User] = field(default_factory=dict)
    liaisons: dict[str, User] = field(default_factory=dict)  # by the agency's code


def told_agencies() -> dict[str, Agency]:
    """The agencies by code, in the order of the content, each with all of its offices."""
    told = words("agencies")
    found = {}
    for code, name, short_name, kind, title, since, offices in told["agencies"]:
        found[code] = Agency(code, name, short_name, kind, title, since, (*told["common"][kind], *offices))
    return found


def build_committee(year: Year) -> Committee:
    """The region with agencies, offices, posts, accounts, the unit standard and a running campaign."""
    told = words("agencies")
    root = found_region(REGION, told["root"]["name"], actor=None)
    begins, agencies = year.begins, told_agencies()
    people = {one["login"]: _user(root, one["login"], one["name"], may_sign_in=True) for one in told["accounts"]}
    units, offices = _add_units(root, agencies)
    for one in told["accounts"]:
        scope = units.get(one["unit"], root)
        grant_role(people[one["login"]], Role(one["role"]), scope, actor=None, starts=begins)
    version = _standard(root, people["gongwei"])
    campaign = _campaign(root, version, people["gongwei"], year)
    committee = Committee(root, version, campaign, agencies, units, offices, people)
    _add_posts(committee, begins)
    _break_down(committee)
    return committee


def _add_units(root: Unit, agencies: dict[str, Agency]) -> tuple[dict[str, Unit], dict[str, list[Unit]]]:
    units: dict[str, Unit] = {}
    offices: dict[str, list[Unit]] = {}
    for position, agency in enumerate(agencies.values()):
        unit = create_unit(
            root, actor=None, code=agency.code, name=agency.name, short_name=agency.short_name,
            kind=KINDS[agency.kind], peer_group=PEERS.get(agency.kind, "党政机关"), position=position,
        )  # fmt: skip
        units[agency.code] = unit
        offices[agency.code] = [
            create_unit(
                unit, actor=None, code=f"{agency.code}-{number:02}", name=f"{agency.short_name}{name}",
                short_name=name, kind=UnitKind.OFFICE, position=number,
            )
            for number, name in enumerate(agency.offices, start=1)
        ]  # fmt: skip
    return units, offices


def _user(root: Unit, login: str, name: str, *, may_sign_in: bool = False) -> User:
    user = User(username=login, name=name, region=root.region)
    user.password = demo_password() if may_sign_in else make_password(None)
    user.save()
    return user


def _standard(root: Unit, office: User) -> StandardVersion:
    version, _new = publish_standard(standard("unit-2026"), region=root.region, actor=office)
    return version


def _campaign(root: Unit, version: StandardVersion, office: User, year: Year) -> Campaign:
    title = keep_title(root.region, "省级文明单位", subject="unit", level="province", actor=office)
    first, last = year.today.year, year.assessment.year
    campaign = create_campaign(
        CampaignPlan(
            name="楚江市直机关创建文明单位", subject=root, title=title,
            starts=date(first, 1, 1), ends=date(last, 12, 31), assessment_on=year.assessment,
            years=dict(zip(range(first, last + 1), default_weights(last - first + 1), strict=True)),
            versions=[version], target=85,
        ),
        actor=office,
    )  # fmt: skip
    start_campaign(campaign, actor=office)
    for milestone in campaign.milestones.filter(due_on__lt=year.today):
        with clock.at(moment(milestone.due_on, 16)):
            finish_milestone(milestone, actor=office)
    return campaign


def _break_down(committee: Committee) -> None:
    """Every agency answers for every criterion itself: all lead side by side, and that is no overlap."""
    office = committee.people["gongwei"]
    nodes = list(Node.objects.filter(version=committee.version, is_leaf=True))
    cells = [Cell(node.pk, unit.pk, Share.LEAD) for node in nodes for unit in committee.units.values()]
    set_shares(committee.campaign, cells, origin=Origin.HAND, actor=office)
    for node in nodes:
        mark_split(committee.campaign, node, split=True, actor=office)


def _add_posts(committee: Committee, begins: date) -> None:
    """Each agency's two responsible posts and its liaison; accounts of those who are not told sign in by a code."""
    told: dict[str, Any] = words("agencies")
    signing_in = {one["unit"]: committee.people[one["login"]] for one in told["accounts"] if one["role"] == "liaison"}
    names = words("people")
    for number, (code, unit) in enumerate(committee.units.items()):
        titles = told["posts"][committee.agencies[code].kind]
        first, acting, liaison = (
            name_post(unit, kind, titles[kind.value], actor=None)
            for kind in (PostKind.FIRST, PostKind.ACTING, PostKind.LIAISON)
        )
        user = signing_in.get(code)
        if user is None:
            user = _user(committee.root, f"gw-{code}", _name(names, number))
            grant_role(user, Role.LIAISON, unit, actor=None, starts=begins)
        committee.liaisons[code] = user
        hold_post(liaison, user, starts=begins, actor=None)
        head = _user(committee.root, f"gw-{code}-1", _name(names, number + 200))
        hold_post(first, head, starts=begins - timedelta(days=400), actor=None)
        hold_post(acting, head, starts=begins, actor=None)


def _name(names: dict[str, Any], number: int) -> str:
    return str(names["surnames"][number % len(names["surnames"])]) + str(
        names["given_names"][number * 11 % len(names["given_names"])]
    )
