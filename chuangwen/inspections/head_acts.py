"""What fieldwork knows of a first responsible's own work: visits of rounds that he or she made."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from chuangwen.core.panels import PanelLine
from chuangwen.inspections.enums import VisitState
from chuangwen.inspections.models import Visit
from chuangwen.responsibilities.enums import HeadWork
from chuangwen.responsibilities.in_person import Act, ActSource, Ask, register_acts


def visited(ask: Ask) -> Iterable[Act]:
    """Places of rounds that the head went through with the checklist."""
    first, end = ask.period.moments
    rows = Visit.objects.visible_to(ask.user).filter(
        round__campaign=ask.campaign, inspector__in=ask.heads.terms, state=VisitState.FINISHED,
        finished_at__gte=first, finished_at__lt=end,
    )  # fmt: skip
    return ask.by_person(rows.select_related("place", "round"), "inspector_id", "finished_at", _line)


def _line(visit: Visit) -> PanelLine:
    return PanelLine(str(visit.place), reverse("inspections:visit_sheet", args=[visit.uid]), visit.round.name)


register_acts(ActSource("checked", 70, HeadWork.INSPECT, pgettext_lazy("in person", "Place checked"), visited))
