"""A small city for the tests of organizations: root, two lines, a street with its community."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from chuangwen.accounts.models import User
from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.models import Region
from chuangwen.organizations.enums import Branch, PostKind, Slot, UnitKind
from chuangwen.organizations.models import Holding, Post, Unit
from tests.support.factories import NOON, make_root, make_unit, make_user

LONG_AGO = date(2025, 1, 1)


@dataclass
class City:
    """What most tests need; `office` may edit everything."""

    root: Unit
    office: User
    admin: User
    urban: Unit
    school: Unit
    street: Unit
    community: Unit

    @property
    def region(self) -> Region:
        return self.root.region


def make_city(name: str = "云溪市") -> City:
    root = make_root(name=name)
    urban = make_unit(root, code="A01", name=f"{name}城市管理局", short_name="城管局")
    school = make_unit(root, code="A02", name=f"{name}教育局", short_name="教育局")
    street = make_unit(root, code="B01", name="东关街道", kind=UnitKind.STREET, branch=Branch.TERRITORY)
    community = make_unit(street, code="B0101", name="幸福社区", kind=UnitKind.COMMUNITY, branch=Branch.TERRITORY)
    root = Unit.objects.get(pk=root.pk)  # the tree has grown below it since
    street = Unit.objects.get(pk=street.pk)
    return City(
        root, make_user(Role.OFFICE, root), make_user(Role.ADMINISTRATOR, root), urban, school, street, community
    )


def make_post(unit: Unit, kind: PostKind = PostKind.LIAISON, title: str = "联络员") -> Post:
    return Post.objects.create(region=unit.region, unit=unit, kind=kind, title=title)


def make_holding(post: Post, user: User, slot: Slot = Slot.A, starts: date = LONG_AGO, **fields: Any) -> Holding:
    return Holding.objects.create(region=post.region, post=post, user=user, slot=slot, starts=starts, **fields)


def at_noon() -> Any:
    """Wednesday 18 November 2026, 12:00."""
    return clock.at(NOON)
