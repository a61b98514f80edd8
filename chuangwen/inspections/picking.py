"""Inspectors and ad hoc places to choose among."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chuangwen.core.picking import Source, register_source
from chuangwen.inspections.queries import inspectors
from chuangwen.places.models import Place, PlaceState
from chuangwen.places.picking import place_source


def _inspectors(user: Any) -> QuerySet[Any]:
    return inspectors(user.region)


def _ad_hoc(user: Any) -> QuerySet[Place]:
    seen = Place.objects.visible_to(user, "inspections.inspect") | Place.objects.visible_to(user, "inspections.plan")
    rows = seen.filter(place_type__ad_hoc=True).exclude(state=PlaceState.GONE)
    return rows.select_related("place_type", "territory").order_by("place_type__position", "name", "pk")


def register_sources() -> None:
    """Called when the program starts."""
    register_source(Source("inspectors", _inspectors, lambda user: user.name, lambda user: user.username,
                           ("name", "username"), ("name", "username"), code="username", hint=_("Name or account"),
                           permissions=("inspections.plan",)))  # fmt: skip
    register_source(place_source("ad-hoc-places", _ad_hoc, "inspections.inspect", "inspections.plan"))
