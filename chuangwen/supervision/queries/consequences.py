"""Reads consequences and rewards: what holds now, what waits for whom. Other areas ask here."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Q, QuerySet

from chuangwen.core import clock
from chuangwen.core.models import Region
from chuangwen.supervision.enums import ConsequenceState
from chuangwen.supervision.models import Consequence, ConsequenceReply

STANDS = Q(state=ConsequenceState.CONFIRMED)


def holds(day: date | None = None) -> Q:
    """Confirmed, and its term is not over."""
    return STANDS & (Q(until__isnull=True) | Q(until__gte=day or clock.today()))


def barred_by_consequence(region: Region, units: Collection[int], day: date | None = None) -> dict[int, date]:
    """Unit -> the last day on which a consequence in force bars it from applying for titles: one query."""
    on = day or clock.today()
    rows = Consequence.objects.filter(STANDS, region=region, unit__in=list(units), kind__bars=True)
    rows = rows.filter(day__lte=on, until__gte=on).order_by()
    return dict(rows.values_list("unit").annotate(last=Max("until")))


def to_confirm(user: Any) -> QuerySet[Any]:
    """What others entered and `user` may confirm."""
    rows = Consequence.objects.visible_to(user, "supervision.veto").filter(state=ConsequenceState.REPORTED)
    return rows.exclude(entered_by=user)


def appeals_open(user: Any) -> QuerySet[Any]:
    """Appeals of units that nobody has decided."""
    rows = ConsequenceReply.objects.visible_to(user, "supervision.veto")
    return rows.filter(is_appeal=True, decided_at__isnull=True, consequence__state=ConsequenceState.CONFIRMED)


def lately(unit_id: int, days: int = 365) -> QuerySet[Any]:
    """What was confirmed of a unit in the last days or still holds, the latest first."""
    since = clock.today() - timedelta(days=days)
    rows = Consequence.objects.filter(STANDS, unit=unit_id).filter(Q(day__gte=since) | Q(until__gte=clock.today()))
    return rows.select_related("kind").order_by("-day", "-pk")


def of_title(title_id: int, unit_id: int, since: date, user: Any) -> QuerySet[Any]:
    """What `user` sees of the consequences that come from a title which the unit got on `since`, the latest first."""
    rows = Consequence.objects.visible_to(user).filter(unit=unit_id, award=title_id, day__gte=since)
    return rows.select_related("kind").order_by("-day", "-pk")
