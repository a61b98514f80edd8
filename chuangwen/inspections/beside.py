"""What fieldwork shows on pages of lower areas: what a person has to visit, where a dossier counts."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import CampaignState, Round, RoundState
from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.panels import Panel, PanelLine, lines_panel
from chuangwen.inspections.enums import WAITING_STATES, VisitState
from chuangwen.inspections.models import EnteredResult, Visit
from chuangwen.inspections.wording import result_words

# A task with one of these in its words is itself a look at places: 暗访 at the stage's end (届时), 模拟测评, 验收.
_LOOKS = re.compile("暗访|明察|明查|抽查|实地考察|实地检查|现场检查|督查|模拟测评|实地测评|验收|考察组")
_NEAR = timedelta(days=7)  # a round that begins so near to the deadline is the one that was meant


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


def task_round(request: HttpRequest, task: Any) -> Panel | None:
    """Rounds around the deadline of a task that asks for a look at places, or the way to plan one: one query."""
    if not _LOOKS.search(task.title) or not may(request.user, "inspections.plan", task):
        return None
    due = clock.local(task.due_at).date()
    near = Round.objects.visible_to(request.user, "inspections.plan").filter(
        campaign=task.campaign_id, starts__range=(due - _NEAR, due + _NEAR)
    )
    lines = [
        PanelLine(one.name, reverse("inspections:round", args=[one.pk]), end=str(one.get_state_display()))
        for one in near.exclude(state=RoundState.CANCELLED).order_by("starts", "pk")
    ]
    if not lines and task.campaign.state != CampaignState.ENDED:
        asked = {"name": task.title[:60], "on": due.isoformat(), "unannounced": "1" if "暗访" in task.title else ""}
        way = f"{reverse('inspections:round_new')}?{urlencode(asked)}"
        lines = [PanelLine(_("Plan the round it asks for"), way, _("Name and day are filled in."))]
    return lines_panel("round", _("The look at places"), lines, order=15)
