"""A city with an office, an inspector, a round and places to draw from: what tests of fieldwork begin with."""

from __future__ import annotations

import io
import itertools
import uuid
from dataclasses import dataclass
from typing import Any

from PIL import Image

from chuangwen.accounts.models import User
from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Round
from chuangwen.inspections.models import Visit
from chuangwen.inspections.services.answering import Given
from chuangwen.inspections.services.planning import plan_visit
from chuangwen.organizations.enums import Branch, UnitKind
from chuangwen.organizations.models import Unit
from chuangwen.places.models import Place
from chuangwen.standards.models import PlaceType, StandardVersion
from tests.support.factories import (
    make_campaign,
    make_check,
    make_place,
    make_place_type,
    make_root,
    make_round,
    make_unit,
    make_user,
    make_version,
)

_shades = itertools.count(1)


@dataclass
class Field:
    """Everything around one round."""

    root: Unit
    street: Unit
    office: User
    inspector: User
    version: StandardVersion
    round: Round
    market: PlaceType
    toilet: PlaceType  # an ad hoc kind

    def place(self, place_type: PlaceType | None = None, **fields: Any) -> Place:
        return make_place(self.street, place_type=place_type or self.market, **fields)

    def visit(self, place: Place | None = None, **fields: Any) -> Visit:
        visit = plan_visit(self.round, place or self.place(), actor=None)
        values = {"inspector": self.inspector} | fields
        Visit.objects.filter(pk=visit.pk).update(**values)
        return Visit.objects.select_related("place__place_type", "round", "region").get(pk=visit.pk)


def make_field(**round_fields: Any) -> Field:
    """A running round with an office, one inspector, a market type (quota 2) and an ad hoc type."""
    root = make_root()
    street = make_unit(root, name="东关街道", kind=UnitKind.STREET, branch=Branch.TERRITORY)
    version = make_version(root.region)
    round_ = make_round(make_campaign(root, version=version), **round_fields)
    return Field(
        root, street, make_user(Role.OFFICE, root), make_user(Role.INSPECTOR, root), version, round_,
        make_place_type(root.region, code="market", name_zh="农贸市场", quota=2),
        make_place_type(root.region, code="toilet", name_zh="公厕", ad_hoc=True, position=9),
    )  # fmt: skip


def make_checks(field: Field, number: int = 2, place_type: PlaceType | None = None, **fields: Any) -> list[Any]:
    return [make_check(field.version, place_type or field.market, **fields) for _ in range(number)]


def given(check: Any, value: str = "met", **fields: Any) -> Given:
    return Given(fields.pop("uid", uuid.uuid4()), check.pk, value, **fields)


def photo() -> bytes:
    """A small JPEG, another one each time."""
    shade = next(_shades)
    buffer = io.BytesIO()
    colour = (shade % 256, shade // 256 % 256, 90)
    Image.new("RGB", (32, 24), colour).save(buffer, "JPEG", comment=str(shade))  # like shades may pack alike
    return buffer.getvalue()
