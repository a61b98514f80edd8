"""What supervision brings before a meeting: notices still running, and the frozen list of what is late."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import ngettext, pgettext

from chuangwen.core.panels import AGENDA_LINES, AgendaAsk, AgendaPoint, AgendaSource, PanelLine, register_agenda
from chuangwen.core.templatetags.wording import day, span
from chuangwen.supervision.enums import LagState, LookBackState, RuleCondition
from chuangwen.supervision.models import SupervisionNotice
from chuangwen.supervision.queries.look_backs import last_list
from chuangwen.supervision.queries.meetings import list_for
from chuangwen.supervision.queries.notices import OPEN
from chuangwen.supervision.words import ground_words, sheet_number


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
            ground_words(RuleCondition.LATE, one.days_late),
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


def look_back(ask: AgendaAsk) -> AgendaPoint | None:
    """The quarterly look-back that is not closed: what stands on it and is not judged as done, the longest first."""
    found = last_list(ask.campaign, ask.day)
    if found is None or found.state == LookBackState.DRAFT:
        return None
    rows = found.lines.filter(state__in=[LagState.LISTED, LagState.ANSWERED, LagState.STILL])
    number = rows.count()
    if not number:
        return None
    lines = tuple(
        PanelLine(one.title, reverse("supervision:lag_line", args=[one.pk]), str(one.unit), one.fact)
        for one in rows.select_related("unit").order_by("since", "pk")[:AGENDA_LINES]
    )
    words = ngettext("Quarterly look-back %(quarter)s: %(n)d matter lags",
                     "Quarterly look-back %(quarter)s: %(n)d matters lag", number)  # fmt: skip
    url = reverse("supervision:look_back", args=[found.pk])
    return AgendaPoint(words % {"quarter": found, "n": number}, number, url, lines)


LOOK_BACK_MEETINGS = frozenset({"regular", "bulletin", "supervision", "study"})
register_agenda(AgendaSource("look-back", 12, look_back, LOOK_BACK_MEETINGS))
register_agenda(AgendaSource("late-list", 5, late_list, frozenset({"supervision"})))
register_agenda(AgendaSource("notices", 15, open_notices))
