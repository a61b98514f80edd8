"""What supervision brings before a meeting: notices still running, and the frozen list of what is late."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import ngettext, pgettext

from chuangwen.core.panels import AGENDA_LINES, AgendaAsk, AgendaPoint, AgendaSource, PanelLine, register_agenda
from chuangwen.core.templatetags.wording import day, span
from chuangwen.supervision.models import SupervisionNotice
from chuangwen.supervision.queries.meetings import list_for
from chuangwen.supervision.queries.notices import OPEN
from chuangwen.supervision.words import sheet_number


def late_list(ask: AgendaAsk) -> AgendaPoint | None:
    """The list made for the supervision meeting of these months (每两月问题反馈督办会), where it was made."""
    found = list_for(ask.campaign.region_id, ask.day)
    if found is None:
        return None
    number = found.lines.count()
    period = span(found.starts, found.ends)
    words = ngettext(
        "List of late problems of %(period)s: %(n)d problem", "List of late problems of %(period)s: %(n)d problems",
        number,
    )  # fmt: skip
    shown = found.lines.select_related("problem", "unit").order_by("due_at", "pk")[:AGENDA_LINES]
    lines = tuple(
        PanelLine(
            one.problem.title, reverse("rectification:problem", args=[one.problem.number]), str(one.unit),
            ngettext("%d working day late", "%d working days late", one.days_late) % one.days_late,
        )
        for one in shown
    )  # fmt: skip
    url = reverse("supervision:meeting", args=[found.pk])
    return AgendaPoint(words % {"period": period, "n": number}, number, url, lines)


def open_notices(ask: AgendaAsk) -> AgendaPoint | None:
    """Notices of the region that are neither settled nor ended, those whose answer is due first."""
    rows = SupervisionNotice.objects.filter(OPEN, region=ask.campaign.region_id).order_by("due_at", "pk")
    number = rows.count()
    if not number:
        return None
    lines = tuple(
        PanelLine(
            f"{one.get_colour_display()} {sheet_number(one)}", reverse("supervision:notice", args=[one.number]),
            str(one.unit), pgettext("agenda", "due %s") % day(one.due_at) if one.due_at else "",
        )
        for one in rows.select_related("unit", "region")[:AGENDA_LINES]
    )  # fmt: skip
    words = ngettext("%d supervision notice is running", "%d supervision notices are running", number) % number
    return AgendaPoint(words, number, reverse("supervision:register"), lines)


register_agenda(AgendaSource("late-list", 5, late_list, frozenset({"supervision"})))
register_agenda(AgendaSource("notices", 15, open_notices))
