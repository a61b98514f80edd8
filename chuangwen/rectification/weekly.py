"""What problems add to a unit's weekly report: how many were due, closed and late, and how many are due next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import ngettext

from chuangwen.rectification.enums import ProblemState, Source
from chuangwen.rectification.models import Problem
from chuangwen.rectification.queries import RUNNING
from chuangwen.responsibilities.week_days import Week
from chuangwen.responsibilities.weekly import register_week_lines


def problem_lines(campaign: Any, units: Collection[int], week: Week) -> dict[int, list[tuple[str, str]]]:
    """By unit that leads: due in the week, closed in it, late, due in the week after; one query.

    What the unit found itself never counts as late (practice.md); what was put right since a week was over, still ran
    in it.
    """
    known = Q(found_at__lt=week.till)
    put_right = Q(state__in=[ProblemState.FIXED, ProblemState.CLOSED])
    ran = known & (RUNNING | put_right & Q(fixed_at__gte=week.till))
    numbers = {
        "focus": known & (RUNNING | put_right) & Q(due_at__gte=week.first, due_at__lt=week.end),
        "done": Q(closed_at__gte=week.first, closed_at__lt=week.end),
        "difficulty": ran & Q(due_at__lt=week.till) & ~Q(source=Source.SELF),
        "following": ran & Q(due_at__gte=week.end, due_at__lt=week.after),
    }
    rows = Problem.objects.filter(region=campaign.region_id, lead__in=units).values("lead").order_by("lead")
    some = Q()
    for name in numbers:
        some |= Q(**{f"{name}__gt": 0})
    counted = rows.annotate(**{name: Count("pk", filter=held) for name, held in numbers.items()}).filter(some)
    found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for row in counted:
        found[row["lead"]] = [(name, _words(name, row[name])) for name in numbers if row[name]]
    return found


def _words(column: str, number: int) -> str:
    if column == "done":
        return ngettext("%d problem closed", "%d problems closed", number) % number
    if column == "difficulty":
        return ngettext("%d problem late", "%d problems late", number) % number
    return ngettext("%d problem due", "%d problems due", number) % number


register_week_lines(problem_lines)
