"""The city that is measured: units, people, places, a campaign with its breakdown."""

from __future__ import annotations

import random
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.resources import files
from itertools import islice
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.management.color import no_style
from django.db import connection

from bench.sizes import ROUNDS, Sizes
from chuangwen.accounts.models import User
from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Campaign, CampaignStandard, Round, Title
from chuangwen.organizations.enums import Branch, PostKind, UnitKind
from chuangwen.organizations.models import Post, RoleGrant, Unit
from chuangwen.organizations.services import found_region
from chuangwen.places.models import Place
from chuangwen.responsibilities.models import Assignment, Share
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.models import Node, PlaceType, StandardVersion
from chuangwen.standards.services import publish_standard

PASSWORD = "Bench-only-12345"  # noqa: S105 (of a database that is served on this machine alone and thrown away)
OFFICE, LIAISON, INSPECTOR = "office", "liaison", "inspector0"
COOPERATING = 4  # units beside the lead of a criterion
INSPECTORS = 40
STEP = string.digits + string.ascii_uppercase  # of a unit's path
BATCH = 4000


@dataclass
class City:
    """What the later parts need to find again."""

    sizes: Sizes
    today: date
    root: Unit
    version: StandardVersion
    lines: list[Unit] = field(default_factory=list)
    streets: list[Unit] = field(default_factory=list)
    communities: list[Unit] = field(default_factory=list)
    office: User | None = None
    inspectors: list[User] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)
    campaign: Campaign | None = None


def keep(model: Any, rows: Iterable[Any]) -> int:
    """Write rows by the thousand; returns how many. Rows carry their primary keys."""
    waiting, count = iter(rows), 0
    while batch := list(islice(waiting, BATCH)):
        model.objects.bulk_create(batch)
        count += len(batch)
    with connection.cursor() as cursor:  # PostgreSQL counts on from its own number, not from the rows
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)
    return count


def build_city(sizes: Sizes, today: date) -> City:
    """Everything that stands still: who, where and by which standard."""
    root = found_region("bench", "量云市", actor=None)
    data = files("chuangwen.standards").joinpath("data/city-2026.yaml").read_bytes()
    version, _new = publish_standard(read_standard(data, "city-2026.yaml"), region=root.region, actor=None)
    city = City(sizes, today, root, version)
    _add_units(city)
    _add_people(city)
    _add_places(city)
    _plan(city)
    _break_down(city)
    return city


def _path(above: str, number: int) -> str:
    """The path of the unit that stands `number`th (from 1) below `above`, as the tree's own code writes it."""
    digits = ""
    while number:
        number, rest = divmod(number, len(STEP))
        digits = STEP[rest] + digits
    return above + digits.rjust(4, "0")


def _add_units(city: City) -> None:
    root, sizes = city.root, city.sizes
    first = root.pk + 1

    def unit(number: int, above: Unit, place: int, **fields: Any) -> Unit:
        made = Unit(
            pk=first + number, region=root.region, depth=above.depth + 1, position=number, path=_path(above.path, place)
        )
        for name, value in fields.items():
            setattr(made, name, value)
        above.numchild += 1
        return made

    for number in range(sizes.lines):
        name = f"第{number + 1}局"
        city.lines.append(unit(number, root, number + 1, code=f"L{number:04d}", name=name, branch=Branch.LINE))
    for number in range(sizes.streets):
        fields = {"code": f"S{number:04d}", "name": f"第{number + 1}街道", "kind": UnitKind.STREET}
        at = sizes.lines + number
        city.streets.append(unit(at, root, at + 1, branch=Branch.TERRITORY, **fields))
    for number in range(sizes.communities):
        above = city.streets[number % sizes.streets]
        fields = {"code": f"C{number:04d}", "name": f"第{number + 1}社区", "kind": UnitKind.COMMUNITY}
        at = sizes.lines + sizes.streets + number
        made = unit(at, above, number // sizes.streets + 1, branch=Branch.TERRITORY, **fields)
        city.communities.append(made)
    units = [*city.lines, *city.streets, *city.communities]
    keep(Unit, units)
    acting = {"region": root.region, "kind": PostKind.ACTING, "title": "分管负责人"}
    keep(Post, (Post(pk=number, unit=unit, **acting) for number, unit in enumerate(units, Post.objects.count() + 1)))
    root.save(update_fields=["numchild"])


def _add_people(city: City) -> None:
    """One of each role in the whole city, inspectors, and a liaison at every unit; three can sign in."""
    password, region = make_password(PASSWORD), city.root.region
    people: list[tuple[User, Role, Unit]] = []

    def add(username: str, role: Role, unit: Unit) -> User:
        opens = username in {OFFICE, LIAISON, INSPECTOR}
        user = User(pk=len(people) + 1, username=username, name=f"张{len(people) + 1}", region=region)
        user.password = password if opens else "!"
        people.append((user, role, unit))
        return user

    city.office = add(OFFICE, Role.OFFICE, city.root)
    add(LIAISON, Role.LIAISON, city.streets[0])
    for role in (Role.ADMINISTRATOR, Role.LEADER, Role.VERIFIER, Role.ASSESSOR, Role.AUDITOR):
        add(role.value, role, city.root)
    city.inspectors = [add(f"inspector{n}", Role.INSPECTOR, city.root) for n in range(INSPECTORS)]
    for unit in (*city.lines, *city.streets[1:], *city.communities):
        add(f"u-{unit.code}", Role.LIAISON, unit)
    keep(User, (user for user, _role, _unit in people))
    starts = city.today - timedelta(days=1000)
    grants = (RoleGrant(region=region, user=u, role=r.value, unit=unit, starts=starts) for u, r, unit in people)
    keep(RoleGrant, grants)


def _add_places(city: City) -> None:
    rng = random.Random("places")  # noqa: S311
    types = list(PlaceType.objects.filter(region=city.root.region))
    for number in range(1, city.sizes.places + 1):
        kind = types[number % len(types)]
        community = city.communities[number % len(city.communities)]
        city.places.append(
            Place(
                pk=number, region=city.root.region, code=f"P{number:06d}", plate=f"bench{number:07d}",
                name=f"{kind.name_zh}{number}号", place_type=kind, address=f"云溪路{number}号", territory=community,
                keeper=None if number % 50 == 0 else community, department=city.lines[number % len(city.lines)],
                longitude=118.0 + rng.random() / 2, latitude=30.0 + rng.random() / 2, batch="2026年第一批",
                declared=not kind.ad_hoc, state="closed" if number % 97 == 0 else "open",
            )
        )  # fmt: skip
    keep(Place, city.places)


def _plan(city: City) -> None:
    region, today = city.root.region, city.today
    title = Title.objects.create(region=region, name="全国文明城市", subject="city", level="nation")
    city.campaign = Campaign.objects.create(
        region=region, name="量云市创建全国文明城市", subject=city.root, title=title, target=900,
        starts=today - timedelta(days=1000), ends=today + timedelta(days=60),
        assessment_on=today + timedelta(days=30), state="running",
    )  # fmt: skip
    CampaignStandard.objects.create(region=region, campaign=city.campaign, version=city.version, is_main=True)
    for number in range(ROUNDS):
        starts = today - timedelta(days=30 * (ROUNDS - number) - 10)
        last = number == ROUNDS - 1
        made = Round.objects.create(
            region=region, campaign=city.campaign, name=f"第{number + 1}轮模拟测评", year=starts.year, starts=starts,
            ends=today + timedelta(days=5) if last else starts + timedelta(days=5),
            state="running" if last else "closed",
        )  # fmt: skip
        made.versions.add(city.version)
        city.rounds.append(made)


def _break_down(city: City) -> None:
    """Every criterion has a lead and cooperating units."""
    leaves = list(Node.objects.filter(version=city.version, is_leaf=True).order_by("position"))
    keep(Assignment, _cells(city, leaves))


def _cells(city: City, leaves: list[Node]) -> Iterator[Assignment]:
    holders = [*city.lines, *city.streets]
    for number, node in enumerate(leaves):
        for turn in range(min(1 + COOPERATING, len(holders))):
            yield Assignment(
                region=city.root.region, campaign=city.campaign, node=node,
                unit=holders[(number * 7 + turn) % len(holders)], share=Share.COOPERATE if turn else Share.LEAD,
            )  # fmt: skip
