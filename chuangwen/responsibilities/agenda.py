"""What duties bring before a meeting: the tasks that are late."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import ngettext, pgettext

from chuangwen.core.panels import AGENDA_LINES, AgendaAsk, AgendaPoint, AgendaSource, PanelLine, register_agenda
from chuangwen.core.templatetags.wording import day
from chuangwen.responsibilities.models import Task
from chuangwen.responsibilities.queries.tasks import late


def late_tasks(ask: AgendaAsk) -> AgendaPoint | None:
    """Running tasks of the campaign past their deadline, the longest first."""
    rows = Task.objects.filter(late(), campaign=ask.campaign).order_by("due_at", "pk")
    number = rows.count()
    if not number:
        return None
    shown = rows.select_related("unit")[:AGENDA_LINES]
    lines = tuple(
        PanelLine(
            one.title,
            reverse("responsibilities:task", args=[one.pk]),
            str(one.unit),
            pgettext("agenda", "due %s") % day(one.due_at),
        )
        for one in shown
    )
    words = ngettext("%d task is late", "%d tasks are late", number) % number
    return AgendaPoint(words, number, reverse("responsibilities:tasks") + "?tab=late", lines)


register_agenda(AgendaSource("tasks", 20, late_tasks))
