"""What fieldwork says on a place's page, and where an inspector's scan of its plate leads."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from chuangwen.core.access import scope_of
from chuangwen.core.panels import Panel
from chuangwen.inspections.enums import WAITING_STATES, VisitState
from chuangwen.inspections.models import Visit
from chuangwen.inspections.queries import days_visits
from chuangwen.places.models import Place

SHOWN = 6


def visits_of_place(request: HttpRequest, place: Place) -> Panel | None:
    """The visits here, the latest first; who is still to come is seen by those alone who plan."""
    if not scope_of(request.user, "inspections.view"):
        return None
    rows = Visit.objects.visible_to(request.user).filter(place=place).select_related("round")
    shown = list(rows.order_by("-planned_on", "-pk")[: SHOWN + 1])
    if not shown:
        return None
    context = {"rows": [(visit, _shape(visit)) for visit in shown[:SHOWN]], "more": len(shown) > SHOWN}
    return Panel("inspections/parts/at_place.html", context, order=30)


def plate_target(request: HttpRequest, place: Place) -> str:
    """The checklist of the inspector's own visit that waits here today."""
    if not scope_of(request.user, "inspections.inspect"):
        return ""
    for visit in days_visits(request.user):
        if visit.place_id == place.pk and visit.state in WAITING_STATES:
            return reverse("inspections:checklist", args=[visit.uid])
    return ""


def _shape(visit: Visit) -> str:
    if visit.state == VisitState.FINISHED:
        return "not-met" if visit.not_met else "met"
    return {VisitState.PLANNED: "found", VisitState.STARTED: "assigned"}.get(VisitState(visit.state), "not-applicable")
