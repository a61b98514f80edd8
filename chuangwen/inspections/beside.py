"""What fieldwork shows on pages of lower areas: what a person has to visit, where a dossier counts."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import RoundState
from chuangwen.core.panels import Panel, PanelLine, lines_panel
from chuangwen.inspections.enums import WAITING_STATES, VisitState
from chuangwen.inspections.models import EnteredResult, Visit
from chuangwen.inspections.wording import result_words


def person_visits(request: HttpRequest, person: Any) -> Panel | None:
    """The person's visits in rounds that run, for who plans them: one query."""
    rows = Visit.objects.visible_to(request.user, "inspections.plan").filter(
        inspector=person.pk, round__state=RoundState.RUNNING
    )
    waiting, done = Q(state__in=WAITING_STATES), Q(state=VisitState.FINISHED)
    counts = rows.order_by("round__starts", "round").values("round", "round__name").annotate(
        waiting=Count("pk", filter=waiting), done=Count("pk", filter=done)
    )  # fmt: skip
    lines = [
        PanelLine(
            one["round__name"], reverse("inspections:round", args=[one["round"]]) + f"?inspector={person.pk}",
            end=_("%(done)d done, %(waiting)d to do") % {"done": one["done"], "waiting": one["waiting"]},
        )
        for one in counts
    ]  # fmt: skip
    return lines_panel("visits", _("Visits of this person"), lines, order=40)


def dossier_results(request: HttpRequest, dossier: Any) -> Panel | None:
    """The results that were taken from a dossier: one query."""
    rows = EnteredResult.objects.visible_to(request.user).filter(dossier=dossier)
    lines = [
        PanelLine(
            one.round.name, reverse("inspections:result", args=[one.uid]), str(one.get_state_display()),
            result_words(one),
        )
        for one in rows.select_related("round", "version").order_by("pk")
    ]  # fmt: skip
    return lines_panel("results", _("Where it counts"), lines, order=30)
