"""What rectification brings before a meeting: the problems that are late."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import ngettext, pgettext

from chuangwen.core.panels import AGENDA_LINES, AgendaAsk, AgendaPoint, AgendaSource, PanelLine, register_agenda
from chuangwen.core.templatetags.wording import day
from chuangwen.rectification.models import Problem
from chuangwen.rectification.queries import late


def late_problems(ask: AgendaAsk) -> AgendaPoint | None:
    """The region's problems on a unit's clock past their deadline, the longest first."""
    rows = Problem.objects.filter(late(), region=ask.campaign.region_id).order_by("due_at", "pk")
    number = rows.count()
    if not number:
        return None
    due = pgettext("agenda", "due %s")
    lines = tuple(
        PanelLine(
            one.title, reverse("rectification:problem", args=[one.number]),
            " · ".join(filter(None, (str(one.lead), str(one.place or one.spot)))), due % day(one.due_at),
        )
        for one in rows.select_related("lead", "place")[:AGENDA_LINES]
    )  # fmt: skip
    words = ngettext("%d problem is late", "%d problems are late", number) % number
    return AgendaPoint(words, number, reverse("rectification:ledger") + "?tab=late", lines)


register_agenda(AgendaSource("problems", 10, late_problems))
