"""Counts what is asked of units, by unit and month, over all areas that registered (core.asked.AskedSource)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Any, Final

from django.db import transaction
from django.db.models import Count

from chuangwen.core import clock
from chuangwen.core.asked import AskedSource, asked_sources
from chuangwen.core.models import Region
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.models import RepeatedRequest, UnitBurden

COLUMNS: Final = {
    "task": "tasks", "dossier": "dossiers", "report": "reports", "weekly": "weekly", "survey": "surveys",
    "problem": "problems", "prefilled": "prefilled",
}  # fmt: skip
APART: Final = frozenset({"problem", "prefilled"})  # counted beside what is asked
PORTION: Final = 500


def count_burdens(today: date) -> int:
    """Count the month of `today` for every region, and in its first week the one before once more; returns rows."""
    first = today.replace(day=1)
    months = [first] if today.day > 7 else [(first - timedelta(days=1)).replace(day=1), first]
    return sum(count_month(region, month) for region in Region.objects.all() for month in months)


def count_month(region: Region, month: date) -> int:
    """Count one month of one region anew; returns how many units were asked for something. Safe to run again."""
    rows: defaultdict[int, dict[str, Any]] = defaultdict(lambda: dict.fromkeys(COLUMNS.values(), 0) | {"asked": 0})
    units = set(Unit.objects.filter(region=region, depth__gt=1).values_list("pk", flat=True))
    first, end = clock.midnight(month), clock.midnight((month + timedelta(days=32)).replace(day=1))
    days: defaultdict[int, list[int]] = defaultdict(list)
    for source in asked_sources():
        for unit, number in _numbers(source, region, first, end):
            if unit in units:
                rows[unit][COLUMNS[source.kind]] += number
                rows[unit]["asked"] += 0 if source.kind in APART else number
        for unit, took in _answers(source, region, first, end):
            days[unit].append(took)
    repeats = RepeatedRequest.objects.filter(region=region, created_at__gte=first, created_at__lt=end).order_by()
    for unit, number in repeats.values_list("unit").annotate(Count("pk")):
        rows[unit]["repeated"] = number
    made = [
        UnitBurden(
            region=region, unit_id=unit, month=month, **values,
            median_days=Decimal(str(median(days[unit]))) if days[unit] else None,
        )
        for unit, values in rows.items()
    ]  # fmt: skip
    with transaction.atomic():
        UnitBurden.objects.filter(region=region, month=month).delete()
        UnitBurden.objects.bulk_create(made, batch_size=PORTION)
    return len(made)


def _numbers(source: AskedSource, region: Region, first: datetime, end: datetime) -> Any:
    """(unit, how many) asked in the month."""
    rows = source.rows().filter(region=region, **{f"{source.asked}__gte": first, f"{source.asked}__lt": end})
    return rows.order_by().values_list(source.unit).annotate(Count("pk"))


def _answers(source: AskedSource, region: Region, first: datetime, end: datetime) -> Any:
    """(unit, working days) of what was answered in the month, whenever it was asked; problems are not in it."""
    if not source.answered or source.kind in APART:
        return
    rows = source.rows().filter(region=region, **{f"{source.answered}__gte": first, f"{source.answered}__lt": end})
    calendar = default_calendar()
    for unit, asked, answered in rows.order_by().values_list(source.unit, source.asked, source.answered):
        if asked is not None:
            yield unit, max(0, calendar.workdays_between(clock.local(asked).date(), clock.local(answered).date()))
