"""What problems add to a unit's weekly report: how many were closed, how many are late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import ngettext

from chuangwen.core import clock
from chuangwen.core.workdays import ZONE
from chuangwen.rectification.models import Problem
from chuangwen.responsibilities.weekly import register_week_lines


def problem_lines(campaign: Any, units: Collection[int], monday: date) -> dict[int, list[tuple[str, str]]]:
    """By unit that leads: closed in the week, open past the deadline, due in the week after: one query."""
    first = datetime.combine(monday, time(0), ZONE)
    end = first + timedelta(days=7)
    rows = Problem.objects.filter(region=campaign.region_id, lead__in=units).values("lead").order_by("lead")
    counted = rows.annotate(
        done=Count("pk", filter=Q(closed_at__gte=first, closed_at__lt=end)),
        late=Count("pk", filter=Q(is_open=True, due_at__lt=min(end, clock.now()))),
        following=Count("pk", filter=Q(is_open=True, due_at__gte=end, due_at__lt=end + timedelta(days=7))),
    ).filter(Q(done__gt=0) | Q(late__gt=0) | Q(following__gt=0))
    found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for row in counted:
        if number := row["done"]:
            found[row["lead"]].append(("done", ngettext("%d problem closed", "%d problems closed", number) % number))
        if number := row["late"]:
            found[row["lead"]].append(("difficulty", ngettext("%d problem late", "%d problems late", number) % number))
        if number := row["following"]:
            said = ngettext("%d problem due", "%d problems due", number) % number
            found[row["lead"]].append(("following", said))
    return found


register_week_lines(problem_lines)
