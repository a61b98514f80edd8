"""Roads to choose among, for fields and filters that look up what is typed."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chuangwen.core.picking import Source, register_source
from chuangwen.places.models import Place
from chuangwen.responsibilities.queries.roads import roads_of


def _roads(user: Any) -> QuerySet[Place]:
    return roads_of(user).select_related("territory").order_by("code")


def register_sources() -> None:
    """Called when the program starts."""
    register_source(Source("roads", _roads, lambda road: road.name, lambda road: f"{road.territory} · {road.code}",
                           ("name", "code"), ("name", "code"), code="code", hint=_("Name or code"),
                           permissions=("responsibilities.view",)))  # fmt: skip
