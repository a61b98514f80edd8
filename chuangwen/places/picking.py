"""Places to choose among, for fields and filters that look up what is typed."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chuangwen.core.picking import Source, register_source
from chuangwen.places.models import Place, PlaceState


def place_source(key: str, rows: Any, *permissions: str) -> Source:
    """A source of places under `key`: found by name, code or address, told apart by type, territory and code."""
    return Source(key, rows, lambda place: place.name, _second, ("name", "code", "address"), ("name", "code"),
                  code="code", hint=_("Name, code or address"), permissions=permissions)  # fmt: skip


def _second(place: Place) -> str:
    return " · ".join(filter(None, (str(place.place_type), str(place.territory), place.code)))


def _seen(user: Any) -> QuerySet[Place]:
    return _joined(Place.objects.visible_to(user))


def _reported(user: Any) -> QuerySet[Place]:
    return _joined(Place.objects.visible_to(user, "rectification.report").exclude(state=PlaceState.GONE))


def _joined(rows: QuerySet[Place]) -> QuerySet[Place]:
    return rows.select_related("place_type", "territory").order_by("code")


def register_sources() -> None:
    """Called when the program starts. A finder need not see the register to name the place of a finding."""
    register_source(place_source("places", _seen, "places.view"))
    register_source(place_source("places-to-report", _reported, "rectification.report"))
