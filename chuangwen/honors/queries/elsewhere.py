"""What other areas know of a unit and the rules ask for: the single place at which it is read.

What is not there is left out, or None where nobody keeps it; the condition stays open in honest words until a person
has settled it from papers, and is never taken for met.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from chuangwen.core import clock
from chuangwen.core.models import Region
from chuangwen.evidence.models import Dossier
from chuangwen.evidence.queries.dossiers import INCOMPLETE
from chuangwen.organizations.models import Unit
from chuangwen.scoring.models import Run
from chuangwen.supervision.enums import VetoState
from chuangwen.supervision.models import VetoEvent
from chuangwen.supervision.queries.consequences import barred_by_consequence


def veto_events(region: Region, unit_ids: Collection[int]) -> Mapping[int, tuple[tuple[date, date], ...]] | None:
    """Unit -> (day, bars until) of its confirmed veto events; units without one are left out: one query."""
    rows = VetoEvent.objects.filter(region=region, unit__in=list(unit_ids), state=VetoState.CONFIRMED)
    found: defaultdict[int, list[tuple[date, date]]] = defaultdict(list)
    for unit, day, until in rows.values_list("unit", "day", "bars_until"):
        found[unit].append((day, until))
    return {unit: tuple(events) for unit, events in found.items()}


def consequences_until(region: Region, unit_ids: Collection[int]) -> Mapping[int, date]:
    """Unit -> the last day on which a consequence in force bars it; units without one are left out: one query."""
    return barred_by_consequence(region, unit_ids)


def reported_events(region: Region, unit_ids: Collection[int]) -> Mapping[int, VetoEvent]:
    """Unit -> an event that somebody entered and nobody has confirmed or dropped yet, and that would bar: one query.

    The earliest that was entered, where there are several.
    """
    rows = VetoEvent.objects.filter(region=region, unit__in=list(unit_ids), state=VetoState.REPORTED)
    rows = rows.filter(bars_until__gte=clock.today()).select_related("kind").order_by("-created_at", "-pk")
    return {row.unit_id: row for row in rows}


def anything_reported(region: Region) -> bool:
    """Whether any event waits to be confirmed or dropped."""
    return VetoEvent.objects.filter(region=region, state=VetoState.REPORTED).exists()


def complete_dossiers(region: Region, unit_ids: Collection[int], year: int) -> Mapping[int, tuple[int, int]] | None:
    """Unit -> (complete, expected) dossiers of the year; units without any are left out: one query."""
    rows = Dossier.objects.filter(region=region, unit__in=list(unit_ids), year=year).values("unit")
    counted = rows.annotate(complete=Count("pk", filter=~Q(INCOMPLETE)), expected=Count("pk"))
    return {row["unit"]: (row["complete"], row["expected"]) for row in counted}


def lacking_dossiers(unit: Unit, year: int, user: Any) -> QuerySet[Any]:
    """The unit's dossiers of the year that lack something and that the person may see, the longest missing first."""
    rows = Dossier.objects.visible_to(user).filter(INCOMPLETE, unit=unit, year=year)
    return rows.select_related("node").order_by("missing_since", "pk")


def last_scores(region: Region, unit_ids: Collection[int]) -> Mapping[int, Decimal]:
    """Unit -> the total of the newest run of its own campaign; units without one are left out: one query."""
    runs = Run.objects.filter(region=region, round__campaign__subject__in=list(unit_ids), total__isnull=False)
    rows = runs.order_by("created_at", "pk").values_list("round__campaign__subject", "total")
    return {unit: Decimal(str(round(total, 2))) for unit, total in rows}
