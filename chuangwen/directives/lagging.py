"""Which units lag (缺会、缺报、未传达、逾期): a month's facts for the regular meeting, of units and never of persons.

Units stand in the order of the tree: nobody is ranked.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from chuangwen.core import clock
from chuangwen.core.models import Region
from chuangwen.core.workdays import ZONE
from chuangwen.directives.enums import Attendance, CallStage, MeetingStage, PassStage, WrittenStage
from chuangwen.directives.models import PassingOn, Seat, WrittenReport
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import units_today
from chuangwen.rectification.models import Problem
from chuangwen.rectification.queries import late as late_problem
from chuangwen.responsibilities.models import Task
from chuangwen.responsibilities.queries.tasks import late as late_task

LAGS = ("absent", "missing", "unpassed", "late_tasks", "late_problems")


def month_span(day: date) -> tuple[date, date]:
    """The first and last day of the month of `day`."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def units_with_lags(region: Region | int, first: date, last: date) -> QuerySet[Unit]:
    """All units with how they came to the meetings of a period, what they did not hand in or pass on, what is late.

    seated, absent, excused, represented: meetings held in the period; missing: written reports due in it and past
    that are not in; late_reports: in after their day; unpassed: meetings to be passed on in it and past; late_tasks
    and late_problems: as of now.
    """
    facts = _facts(region, first, last)
    return units_today(region).filter(depth__gt=1).annotate(**{name: _number(*fact) for name, fact in facts.items()})


def _facts(region: Region | int, first: date, last: date) -> dict[str, tuple[QuerySet[Any], str]]:
    """The rows of each figure, and by which column they are a unit's."""
    held = Seat.objects.filter(meeting__state=MeetingStage.HELD, meeting__day__range=(first, last))
    begins = datetime.combine(first, time.min, ZONE)
    ends = min(datetime.combine(last + timedelta(days=1), time.min, ZONE), clock.now())
    reports = WrittenReport.objects.filter(call__due_at__gte=begins, call__due_at__lt=ends)
    reports = reports.exclude(call__state=CallStage.WITHDRAWN)
    passing = PassingOn.objects.filter(due_on__range=(first, last), due_on__lt=clock.today(), state=PassStage.OPEN)
    return {
        "seated": (held, "unit"),
        "absent": (held.filter(presence=Attendance.ABSENT), "unit"),
        "excused": (held.filter(presence=Attendance.EXCUSED), "unit"),
        "represented": (held.filter(presence=Attendance.REPRESENTED), "unit"),
        "missing": (reports.filter(handed_in_at__isnull=True).exclude(state=WrittenStage.WAIVED), "unit"),
        "late_reports": (reports.filter(handed_in_at__gt=F("call__due_at")), "unit"),
        "unpassed": (passing, "unit"),
        "late_tasks": (Task.objects.filter(late_task(), region=region), "unit"),
        "late_problems": (Problem.objects.filter(late_problem(), region=region), "lead"),
    }


def _number(rows: QuerySet[Any], unit: str) -> Any:
    counted = rows.filter(**{unit: OuterRef("pk")}).order_by().values(unit).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def lags(region: Region | int, first: date, last: date, names: Iterable[str] = LAGS) -> Q:
    """A unit with any of these facts; of those that a meeting speaks of where none is named.

    Asked by the few rows there are of each fact: to count them anew for each of a thousand units takes twenty times
    as long.
    """
    facts = _facts(region, first, last)
    found = Q()
    for name in names:
        rows, unit = facts[name]
        found |= Q(pk__in=rows.order_by().values(unit))
    return found


def lagging_units(region: Region | int, first: date, last: date) -> QuerySet[Unit]:
    """The units that lag in a period, in the order of the tree; with the numbers of `units_with_lags`."""
    return units_with_lags(region, first, last).filter(lags(region, first, last))
