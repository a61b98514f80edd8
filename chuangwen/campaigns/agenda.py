"""What the back plan brings before a meeting: milestones that are late or come within a month."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import ngettext, pgettext

from chuangwen.campaigns.models import Milestone
from chuangwen.core.panels import AGENDA_LINES, AgendaAsk, AgendaPoint, AgendaSource, PanelLine, register_agenda
from chuangwen.core.templatetags.wording import day

AHEAD = timedelta(days=31)


def near_milestones(ask: AgendaAsk) -> AgendaPoint | None:
    """Milestones not done that were due before the meeting or are within a month after it."""
    rows = Milestone.objects.filter(campaign=ask.campaign, done_on__isnull=True, due_on__lte=ask.day + AHEAD)
    found = list(rows.order_by("due_on", "pk"))
    if not found:
        return None
    url = reverse("campaigns:plan", args=[ask.campaign.pk])
    lines = tuple(
        PanelLine(one.name, url, "", pgettext("agenda", "due %s") % day(one.due_on)) for one in found[:AGENDA_LINES]
    )
    words = ngettext("%d milestone is late or near", "%d milestones are late or near", len(found)) % len(found)
    return AgendaPoint(words, len(found), url, lines)


register_agenda(AgendaSource("milestones", 40, near_milestones))
