"""Reads veto events; titles ask here and nowhere else."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from chuangwen.core import clock
from chuangwen.organizations.models import Unit
from chuangwen.supervision.enums import VetoState
from chuangwen.supervision.models import VetoEvent


def veto_events(unit: Unit, *, since: date | None = None, until: date | None = None) -> QuerySet[VetoEvent]:
    """The unit's confirmed events whose day lies in the period (both days in it), the latest first."""
    rows = VetoEvent.objects.filter(unit=unit, state=VetoState.CONFIRMED).select_related("kind")
    rows = rows.filter(day__gte=since) if since else rows
    rows = rows.filter(day__lte=until) if until else rows
    return rows.order_by("-day", "-pk")


def barred_until(unit: Unit, day: date | None = None) -> date | None:
    """The last day on which a confirmed event bars the unit from applying, None where nothing does on `day`."""
    on = day or clock.today()
    rows = VetoEvent.objects.filter(unit=unit, state=VetoState.CONFIRMED, day__lte=on, bars_until__gte=on)
    return rows.order_by("-bars_until").values_list("bars_until", flat=True).first()
