"""The city itself: units, posts, accounts, standards, places."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from django.contrib.auth.hashers import make_password

from chuangwen.accounts.models import User
from chuangwen.accounts.roles import Role
from chuangwen.config.demo.accounts import PASSWORD
from chuangwen.config.demo.content import standard, table, words
from chuangwen.core.imports.queries import proposed_mapping, table_of
from chuangwen.core.imports.services import choose_columns, import_rows, start_import
from chuangwen.organizations.enums import Branch, GroupKind, PostKind, Slot
from chuangwen.organizations.models import ContractedArea, Group, Membership, Post, Unit
from chuangwen.organizations.services import (
    create_unit,
    found_region,
    grant_role,
    hold_post,
    keep_row,
    name_post,
    remember_alias,
)
from chuangwen.places.importers import PlaceImporter
from chuangwen.places.models import Place
from chuangwen.responsibilities.services import name_collective
from chuangwen.standards.models import StandardVersion
from chuangwen.standards.services import publish_standard

POST_KINDS = {
    "first": PostKind.FIRST,
    "acting": PostKind.ACTING,
    "liaison": PostKind.LIAISON,
    "charge": PostKind.CHARGE,
}


@dataclass
class City:
    """What the later chapters of the demo need to find again."""

    root: Unit
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    liaisons: dict[int, User] = field(default_factory=dict)  # unit id -> who answers for it
    posts: dict[tuple[str, str], Post] = field(default_factory=dict)
    versions: dict[str, StandardVersion] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)

    @property
    def office(self) -> User:
        return self.people["office"]

    def answering_for(self, unit: Unit) -> User:
        """The liaison of a unit, or of the nearest unit above it that has one."""
        while unit.pk not in self.liaisons:
            parent = Unit.objects.get_parent(unit)
            if parent is None:
                return self.office
            unit = parent
        return self.liaisons[unit.pk]


def build_city(begins: date) -> City:
    """The region with units, posts, accounts, standards and places."""
    told = words("units")["units"]
    root = next(unit for unit in told if unit["parent"] is None)
    city = City(found_region("yunxi", root["name"], actor=None))
    city.units[root["code"]] = city.root
    _add_units(city, told)
    _add_accounts(city, begins)
    _add_posts(city, begins)
    _add_groups(city, begins)
    for name in ("city-2026", "unit-2026"):
        city.versions[name], _new = publish_standard(standard(name), region=city.root.region, actor=city.office)
    _add_places(city)
    return city


def _add_units(city: City, told: list[dict[str, Any]]) -> None:
    waiting = [unit for unit in told if unit["parent"] is not None]
    above = words("units").get("line_authorities", [])
    for position, unit in enumerate([*above, *waiting]):
        parent = city.units.get(unit.get("parent") or "city", city.root)
        made = create_unit(
            parent,
            actor=None,
            code=unit["code"],
            name=unit["name"],
            short_name=unit.get("short_name") or unit.get("short") or "",
            kind=unit.get("kind", "other"),
            branch=Branch(unit.get("branch", "line")),
            resident=bool(unit.get("resident", False)),
            peer_group=unit.get("peer_group") or "",
            position=position,
            line_authority=city.units.get(unit.get("line_authority") or ""),
        )
        city.units[unit["code"]] = made
    for unit in told:
        for alias in unit.get("aliases", ()):
            remember_alias(city.units[unit["code"]], alias, actor=None)


def _add_accounts(city: City, begins: date) -> None:
    for told in words("people")["accounts"]:
        user = _user(city, told["login"], told["name"])
        scope = city.units[told["scope"]]
        grant_role(user, Role(told["role"]), scope, actor=None, starts=begins)
        if told["role"] == Role.LIAISON:
            city.liaisons[city.units[told["unit"]].pk] = user
    for code, unit in city.units.items():
        if unit.depth > 1 and unit.pk not in city.liaisons:
            user = _user(city, f"u-{code}", _name(len(city.people)), open_to_sign_in=False)
            grant_role(user, Role.LIAISON, unit, actor=None, starts=begins)
            city.liaisons[unit.pk] = user


def _user(city: City, login: str, name: str, *, open_to_sign_in: bool = True) -> User:
    user = User(username=login, name=name, region=city.root.region)
    # One hash for all: a good hash is slow on purpose, and these accounts share their password.
    user.password = demo_password() if open_to_sign_in else make_password(None)
    user.save()
    city.people[login] = user
    return user


@lru_cache(maxsize=1)
def demo_password() -> str:
    return make_password(PASSWORD)


def _name(number: int) -> str:
    people = words("people")
    surnames, given = people["surnames"], people["given_names"]
    return str(surnames[number % len(surnames)]) + str(given[number * 7 % len(given)])


def _add_posts(city: City, begins: date) -> None:
    people = words("people")
    for code, unit in city.units.items():
        titles = people["posts"]["default"] | people["posts"].get(unit.kind, {}) | people["post_titles"].get(code, {})
        for key, title in titles.items():
            post = name_post(unit, POST_KINDS[key], title, actor=None)
            city.posts[code, key] = post
            if key == "liaison" and unit.pk in city.liaisons:
                hold_post(post, city.liaisons[unit.pk], starts=begins, actor=None)
            elif key in {"first", "acting"}:
                holder = _user(city, f"p-{code}-{key}", _name(len(city.people)), open_to_sign_in=False)
                hold_post(post, holder, slot=Slot.A, starts=begins, actor=None)
            elif key == "charge":  # whose account looks after the whole city
                hold_post(post, city.people["leader"], starts=begins, actor=None)


def _add_groups(city: City, begins: date) -> None:
    """The leading group, the working groups, the areas that leaders look after, and what collective names mean."""
    people, region, office = words("people"), city.root.region, city.office
    told = people["leading_group"]
    leading = Group(region=region, kind=GroupKind.LEADING, name=told["name"], office=city.units[told["office"]])
    _seat(city, leading, [("city", "组长", 1), *((code, "成员", 9) for code in told["members"])])
    for working in people["working_groups"]:
        group = Group(region=region, kind=GroupKind.WORKING, name=working["name"], office=city.units[working["lead"]])
        _seat(city, group, [(working["lead"], "组长", 1), *((code, "成员", 9) for code in working["members"])])
    for area in people["contracted_areas"]:
        post = name_post(city.root, PostKind.CHARGE, area["post"], actor=office)
        unit = city.units[area["area"]]
        keep_row(ContractedArea(region=region, leader=post, unit=unit, name=unit.name, starts=begins), actor=office)
    for collective in words("units")["groups"]:
        if units := [city.units[code] for code in collective.get("units", ())]:
            name_collective(region, collective["name"], units, actor=office)


def _seat(city: City, group: Group, seats: list[tuple[str, str, int]]) -> None:
    keep_row(group, actor=city.office)
    for code, seat, rank in seats:
        if (code, "first") in city.posts:
            post = city.posts[code, "first"]
            seated = Membership(region=group.region, group=group, post=post, seat=seat, rank=rank)
            keep_row(seated, actor=city.office)


def _add_places(city: City) -> None:
    """The register comes in by the office's own workbooks (点位信息表), as in a real office."""
    for name, paper in (("places", "云溪市实地考察点位信息表.csv"), ("adhoc", "云溪市随机查看点位信息表.csv")):
        _import_register(city, table(name), paper)
    rows = Place.objects.filter(region=city.root.region)
    related = rows.select_related("region", "place_type", "territory__region", "keeper__region")
    city.places = {place.code: place for place in related}


def _import_register(city: City, data: bytes, paper: str) -> None:
    """The steps of the import wizard, each with what it proposes."""
    importer, region = PlaceImporter(), city.root.region
    task = start_import(importer, data, paper, region=region, actor=city.office, context={})
    proposed = proposed_mapping(task, importer, table_of(task))
    choose_columns(task, importer, {match.field: match.column for match in proposed.matches})
    import_rows(task, importer, actor=city.office, good_only=False)
