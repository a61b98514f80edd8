"""Makes the rows that tests need, each with sensible values and nothing hidden.

A test says only what matters to it: `make_problem(lead=unit)`. Two regions made here never
share a row, so that a test of access can put a stranger beside the owner.
"""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chuangwen.accounts.models import User
from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Campaign, CampaignStandard, Round, Title
from chuangwen.core.models import Region
from chuangwen.organizations.enums import Branch, UnitKind
from chuangwen.organizations.models import RoleGrant, Unit
from chuangwen.places.models import Place
from chuangwen.rectification.models import Problem
from chuangwen.responsibilities.models import Task
from chuangwen.standards.models import Check, Node, PlaceType, ProblemType, StandardDocument, StandardVersion

_numbers = itertools.count(1)
NOON = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)  # Wednesday 18 November 2026, 12:00 in Shanghai
DAY = date(2026, 11, 18)


def make_region(name: str = "云溪市", **fields: Any) -> Region:
    return Region.objects.create(code=fields.pop("code", f"r{next(_numbers)}"), name=name, **fields)


def make_root(region: Region | None = None, **fields: Any) -> Unit:
    """The unit at the top of a region's tree."""
    region = region or make_region()
    values = {"code": "root", "name": region.name, "kind": UnitKind.REGION, "branch": Branch.TERRITORY}
    return Unit.objects.add_root({"region": region, **values, **fields})  # type: ignore[no-any-return]


def make_unit(parent: Unit | None = None, **fields: Any) -> Unit:
    parent = parent or make_root()
    number = next(_numbers)
    values = {"code": f"u{number}", "name": f"第{number}单位", "position": number}
    return Unit.objects.add_child(parent, {"region": parent.region, **values, **fields})  # type: ignore[no-any-return]


def make_user(role: Role | str = "", unit: Unit | None = None, **fields: Any) -> User:
    """A person; with `role`, holding it at `unit` (a new region's root where none is named)."""
    number = next(_numbers)
    unit = unit or (make_root() if role else None)
    region = fields.pop("region", unit.region if unit else None)
    values = {"username": f"user{number}", "name": f"张{number}", "region": region}
    user = User.objects.create_user(**values | fields)
    if role and unit:
        RoleGrant.objects.create(region=unit.region, user=user, role=str(role), unit=unit, starts=date(2020, 1, 1))
    return user


def make_version(region: Region | None = None, *, leaves: int = 2, **fields: Any) -> StandardVersion:
    """A version with one section "1" and `leaves` criteria "1.1", "1.2", … of method field."""
    region = region or make_region()
    slug = f"test-{next(_numbers)}"
    values = {
        "urn": f"urn:chuangwen:standard:{slug}", "version": "1", "slug": slug, "title_zh": "测试标准",
        "subject": "city", "scale": 100, "criteria_count": leaves, "digest": slug, "published_at": NOON,
    }  # fmt: skip
    version = StandardVersion.objects.create(region=region, **values | fields)
    top = Node.objects.create(
        version=version, code="1", title_zh="公共环境", position=0, depth=1, is_leaf=False, points=100
    )
    for number in range(1, leaves + 1):
        Node.objects.create(
            version=version, parent=top, code=f"1.{number}", title_zh=f"标准{number}", position=number, depth=2,
            is_leaf=True, points=100 / leaves, method="field",
        )  # fmt: skip
    told = [
        {"code": f"1.{number}", "title": f"标准{number}", "points": 100 / leaves, "method": "field"}
        for number in range(1, leaves + 1)
    ]
    content = {"urn": version.urn, "version": version.version, "title": "测试标准", "subject": "city", "scale": 100,
               "nodes": [{"code": "1", "title": "公共环境", "points": 100, "children": told}]}  # fmt: skip
    StandardDocument.objects.create(version=version, content=content)
    return version


def make_place_type(region: Region, **fields: Any) -> PlaceType:
    number = next(_numbers)
    return PlaceType.objects.create(region=region, **{"code": f"type{number}", "name_zh": f"类型{number}"} | fields)


def make_problem_type(region: Region, **fields: Any) -> ProblemType:
    number = next(_numbers)
    values = {"code": f"pt{number}", "name_zh": f"问题{number}", "problem_class": "limited", "within": "1d"}
    return ProblemType.objects.create(region=region, **values | fields)


def make_check(version: StandardVersion, place_type: PlaceType, **fields: Any) -> Check:
    number = next(_numbers)
    values = {"code": f"c{number}", "text_zh": f"检查{number}", "position": number, "group": "环境卫生"}
    if "problem_type" not in fields:
        fields["problem_type"] = make_problem_type(version.region)
    check = Check.objects.create(version=version, **values | fields)
    check.place_types.add(place_type)
    check.criteria.add(version.nodes.get(code="1.1"))
    return check


def make_campaign(subject: Unit | None = None, *, version: StandardVersion | None = None, **fields: Any) -> Campaign:
    subject = subject or make_root()
    title, _created = Title.objects.get_or_create(
        region=subject.region, name="全国文明城市", defaults={"subject": "city", "level": "nation"}
    )
    values = {
        "name": f"{subject.region.name}创建全国文明城市", "title": title, "starts": date(2024, 1, 1),
        "ends": date(2026, 12, 31), "assessment_on": date(2026, 12, 21), "state": "running",
    }  # fmt: skip
    campaign = Campaign.objects.create(region=subject.region, subject=subject, **values | fields)
    version = version or make_version(subject.region)
    CampaignStandard.objects.create(region=subject.region, campaign=campaign, version=version, is_main=True)
    return campaign


def make_round(campaign: Campaign | None = None, **fields: Any) -> Round:
    campaign = campaign or make_campaign()
    values = {
        "name": "第二轮模拟测评",
        "year": 2026,
        "starts": date(2026, 11, 16),
        "ends": date(2026, 11, 20),
        "state": "running",
    }
    made = Round.objects.create(region=campaign.region, campaign=campaign, **values | fields)
    made.versions.set([standard.version for standard in campaign.standards.all()])
    return made


def make_place(territory: Unit | None = None, **fields: Any) -> Place:
    territory = territory or make_unit(kind=UnitKind.STREET, branch=Branch.TERRITORY)
    number = next(_numbers)
    if "place_type" not in fields:
        fields["place_type"] = make_place_type(territory.region)
    values = {"code": f"P-{number:04d}", "name": f"点位{number}", "keeper": territory}
    return Place.objects.create(region=territory.region, territory=territory, **values | fields)


def make_problem(lead: Unit | None = None, **fields: Any) -> Problem:
    """A problem that has been assigned to `lead` and is due tomorrow."""
    lead = lead or make_unit()
    number = next(_numbers)
    if "problem_type" not in fields:
        fields["problem_type"] = make_problem_type(lead.region)
    values = {
        "number": f"2026-{number:04d}", "title": f"问题{number}", "problem_class": "limited", "found_at": NOON,
        "assigned_at": NOON, "due_at": NOON + timedelta(days=1), "state": "assigned",
    }  # fmt: skip
    return Problem.objects.create(region=lead.region, lead=lead, **values | fields)


def make_task(unit: Unit | None = None, **fields: Any) -> Task:
    unit = unit or make_unit()
    campaign = fields.pop("campaign", None) or make_campaign(Unit.objects.get_root(unit))
    number = next(_numbers)
    values = {"number": f"R{number}", "title": f"任务{number}", "due_at": NOON + timedelta(days=3), "state": "issued"}
    return Task.objects.create(region=unit.region, campaign=campaign, unit=unit, **values | fields)
