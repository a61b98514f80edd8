"""Planned visits go along with their round when the assessment date moves; a frozen draw keeps its release.

Only rounds that have not begun move (campaigns), so only their visits do. The release time of a strict draw
was published with its commitment: it stays, and the preview says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.campaigns.backplan import moved_along
from chuangwen.campaigns.models import Campaign, RoundState
from chuangwen.campaigns.shifting import Move, Stay
from chuangwen.core import clock
from chuangwen.core.workdays import default_calendar
from chuangwen.inspections.enums import OPEN_DRAW_STATES, VisitState
from chuangwen.inspections.models import Draw, Visit
from chuangwen.workflow.services import note_many


def visit_moves(campaign: Campaign, old: date, new: date) -> Iterator[Move | Stay]:
    """The visits that have a day in rounds not yet begun, and released draws: two queries."""
    for visit in _visits(campaign):
        day = moved_along(visit.planned_on, old, new, default_calendar())
        if day != visit.planned_on:
            yield Move(_("Visit"), f"{visit.round}: {visit.place}", visit.planned_on, day)
    draws = Draw.objects.filter(round__campaign=campaign, state__in=OPEN_DRAW_STATES, release_at__isnull=False)
    for draw in draws.select_related("round"):
        assert draw.release_at is not None  # noqa: S101  (the filter says so)
        day = clock.local(draw.release_at).date()
        yield Stay(_("Draw"), str(draw.round), day, _("release time published"))


def move_visits(campaign: Campaign, old: date, new: date, *, actor: Any) -> None:
    """Move them; history and audit keep both days. Nobody is told: an inspector sees the day's list on the day."""
    moved: list[Visit] = []
    data: dict[int, dict[str, Any]] = {}
    with transaction.atomic():
        for visit in _visits(campaign):
            day = moved_along(visit.planned_on, old, new, default_calendar())
            if day != visit.planned_on:
                data[visit.pk] = {"from": visit.planned_on, "to": day}
                visit.planned_on, visit.updated_at = day, clock.now()
                moved.append(visit)
        Visit.objects.bulk_update(moved, ["planned_on", "updated_at"], batch_size=500)
        note_many(moved, "move", actor=actor, data=data, note=_("The assessment date has moved."))


def _visits(campaign: Campaign) -> Any:
    rows = Visit.objects.filter(round__campaign=campaign, round__state=RoundState.PLANNED, state=VisitState.PLANNED)
    return rows.select_related("round", "place", "region").order_by("planned_on", "pk")
