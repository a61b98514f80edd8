"""The city itself: units, posts, accounts, standards, places."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from django.contrib.auth.hashers import make_password

from chuangwen.accounts.models import User
from chuangwen.accounts.roles import Role
from chuangwen.config.demo.accounts import PASSWORD
from chuangwen.config.demo.content import words
from chuangwen.organizations.enums import Branch, GroupKind, PostKind, Slot
from chuangwen.organizations.models import ContractedArea, Group, Membership, Post, Unit
from chuangwen.organizations.services import (
    create_unit,
    found_region,
    grant_role,
    hold_post,
    name_post,
    remember_alias,
)
from chuangwen.places.models import Place
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.models import PlaceType, StandardVersion
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
        data = files("chuangwen.standards").joinpath(f"data/{name}.yaml").read_bytes()
        city.versions[name], _new = publish_standard(
            read_standard(data, f"{name}.yaml"), region=city.root.region, actor=city.office
        )
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
    user.password = _demo_password() if open_to_sign_in else make_password(None)
    user.save()
    city.people[login] = user
    return user


@lru_cache(maxsize=1)
def _demo_password() -> str:
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


def _add_groups(city: City, begins: date) -> None:
    people, region = words("people"), city.root.region
    told = people["leading_group"]
    group = Group.objects.create(
        region=region, kind=GroupKind.LEADING, name=told["name"], office=city.units[told["office"]]
    )
    seats = [("city", "组长", 1), *((code, "成员", 9) for code in told["members"])]
    _seat(city, group, seats)
    for working in people["working_groups"]:
        group = Group.objects.create(
            region=region, kind=GroupKind.WORKING, name=working["name"], office=city.units[working["lead"]]
        )
        _seat(city, group, [(working["lead"], "组长", 1), *((code, "成员", 9) for code in working["members"])])
    for area in people["contracted_areas"]:
        post = name_post(city.root, PostKind.CHARGE, area["post"], actor=None)
        unit = city.units[area["area"]]
        ContractedArea.objects.create(region=region, leader=post, unit=unit, name=unit.name, starts=begins)


def _seat(city: City, group: Group, seats: list[tuple[str, str, int]]) -> None:
    Membership.objects.bulk_create(
        Membership(region=group.region, group=group, post=city.posts[code, "first"], seat=seat, rank=rank)
        for code, seat, rank in seats
        if (code, "first") in city.posts
    )


def _add_places(city: City) -> None:
    """The register; in a real office it comes by workbook, here straight from the words."""
    types = {row.code: row for row in PlaceType.objects.filter(region=city.root.region)}
    told = [*words("places")["places"], *words("adhoc")["places"]]
    Place.objects.bulk_create(
        Place(
            region=city.root.region,
            code=place["code"],
            name=place["name"],
            place_type=types[place["type"]],
            address=place["address"],
            territory=city.units[place["territory"]],
            keeper=city.units[place["keeper"]],
            department=city.units.get(place.get("lead") or ""),
            hours=place.get("hours", ""),
            longitude=place["lon"],
            latitude=place["lat"],
            batch="2026年第一批",
            declared=not types[place["type"]].ad_hoc,
        )
        for place in told
    )
    rows = Place.objects.filter(region=city.root.region).select_related("place_type", "territory", "keeper")
    city.places = {place.code: place for place in rows}
