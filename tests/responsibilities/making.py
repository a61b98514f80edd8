"""What tests of duties need: a city with an office, departments and streets, and its matrix."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from chuangwen.accounts.models import User
from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Campaign
from chuangwen.organizations.enums import Branch, PostKind, UnitKind
from chuangwen.organizations.models import Unit
from chuangwen.organizations.services import name_post
from chuangwen.responsibilities.models import Assignment
from chuangwen.standards.models import Node, StandardVersion
from tests.support.factories import make_campaign, make_root, make_unit, make_user, make_version


@dataclass
class City:
    """A region with its campaign under one standard of criteria "1.1", "1.2", …"""

    root: Unit
    campaign: Campaign
    office: User
    units: dict[str, Unit] = field(default_factory=dict)

    def node(self, code: str) -> Node:
        return Node.objects.get(version__in=self.campaign.standards.values("version"), code=code)

    def node_of(self, version: StandardVersion, code: str) -> Node:
        return Node.objects.get(version=version, code=code)

    def unit(self, name: str, post: str = "分管领导", **fields: Any) -> Unit:
        self.units[name] = make_unit(self.root, name=name, **fields)
        if post:
            name_post(self.units[name], PostKind.ACTING, post, actor=None)
        return self.units[name]

    def street(self, name: str) -> Unit:
        return self.unit(name, kind=UnitKind.STREET, branch=Branch.TERRITORY)

    def liaison(self, unit: Unit) -> User:
        return make_user(Role.LIAISON, unit)

    def hint(self, code: str, *parties: str) -> Node:
        """Let the standard name these parties beside a criterion."""
        node = self.node(code)
        node.lead_hints = list(parties)
        node.save(update_fields=["lead_hints"])
        return node

    def cells(self) -> dict[tuple[str, str], str]:
        """The matrix as (code, unit) -> share."""
        rows = Assignment.objects.filter(campaign=self.campaign).values_list("node__code", "unit__name", "share")
        return {(code, unit): share for code, unit, share in rows}


def make_city(*, leaves: int = 3) -> City:
    root = make_root()
    campaign = make_campaign(root, version=make_version(root.region, leaves=leaves))
    return City(root, campaign, make_user(Role.OFFICE, root))
