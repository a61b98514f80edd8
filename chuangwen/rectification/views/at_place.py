"""What problems say on a place's page, and where the scan of its plate leads who only reports."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse

from chuangwen.core.access import may, scope_of
from chuangwen.core.panels import Panel
from chuangwen.places.models import Place, PlaceState
from chuangwen.rectification.enums import ProblemState
from chuangwen.rectification.models import Problem
from chuangwen.rectification.queries import OPEN
from chuangwen.rectification.words import due_cell, state_of

SHOWN = 6
_CLOSED = Q(state=ProblemState.CLOSED)


def problems_of_place(request: HttpRequest, place: Place) -> Panel | None:
    """The open problems here, the most urgent first, with the way to all of them and to a new one."""
    if not scope_of(request.user, "rectification.view"):
        return None
    rows = Problem.objects.visible_to(request.user).filter(place=place)
    counts = rows.aggregate(
        open=Count("pk", filter=OPEN), closed=Count("pk", filter=_CLOSED),
        back=Count("pk", filter=Q(recurrence_of__isnull=False)),
    )  # fmt: skip
    waiting = rows.filter(OPEN).select_related("place", "lead", "problem_type").order_by("due_at", "pk")[:SHOWN]
    ledger = f"{reverse('rectification:ledger')}?tab=all&place={place.code}"
    can_report = place.state != PlaceState.GONE and may(request.user, "rectification.report", place)
    context = counts | {
        "rows": [_row(problem) for problem in waiting],
        "ledger": ledger,
        "register": f"{reverse('rectification:register')}?place={place.code}" if can_report else "",
    }
    return Panel("rectification/parts/at_place.html", context, order=20)


def plate_target(request: HttpRequest, place: Place) -> str:
    """The form for a new problem here, for who may report one but does not see the register itself."""
    if place.state == PlaceState.GONE or may(request.user, "places.view", place):
        return ""
    if not may(request.user, "rectification.report", place):
        return ""
    return f"{reverse('rectification:register')}?place={place.code}"


def _row(problem: Problem) -> dict[str, Any]:
    shape, word = state_of(problem)
    return {"problem": problem, "shape": shape, "word": word, "due": due_cell(problem)}
