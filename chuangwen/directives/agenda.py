"""What meetings bring before the next one: decisions not done, units that lag, what was not passed on, late answers."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from chuangwen.core.panels import AGENDA_LINES, AgendaAsk, AgendaPoint, AgendaSource, PanelLine, register_agenda
from chuangwen.core.templatetags.wording import day
from chuangwen.directives.enums import PassStage
from chuangwen.directives.lagging import lagging_units, month_span
from chuangwen.directives.models import Letter, PassingOn
from chuangwen.directives.queries.letters import late_answer
from chuangwen.directives.queries.meetings import held_before
from chuangwen.responsibilities.models import Task, TaskState

DONE = (TaskState.CONFIRMED, TaskState.CANCELLED)
SETTLED = frozenset({"regular", "bulletin", "supervision", "standup", "deployment", "study"})


def open_decisions(ask: AgendaAsk) -> AgendaPoint | None:
    """Tasks that the last meeting of the series decided and that are not closed."""
    before = held_before(ask.meeting) if ask.meeting is not None else None
    if before is None:
        return None
    rows = Task.objects.filter(meeting_decisions__meeting=before).exclude(state__in=DONE).distinct()
    found = list(rows.select_related("unit").order_by("due_at", "pk"))
    if not found:
        return None
    due = pgettext("agenda", "due %s")
    lines = tuple(
        PanelLine(one.title, reverse("responsibilities:task", args=[one.pk]), str(one.unit), due % day(one.due_at))
        for one in found[:AGENDA_LINES]
    )
    words = ngettext(
        "%(n)d decision of %(day)s is not done", "%(n)d decisions of %(day)s are not done", len(found)
    ) % {"n": len(found), "day": day(before.day)}  # fmt: skip
    return AgendaPoint(words, len(found), reverse("directives:meeting", args=[before.pk]) + "#decisions", lines)


def not_passed_on(ask: AgendaAsk) -> AgendaPoint | None:
    """Units that have not passed on the last meeting, though the day is over."""
    rows = PassingOn.objects.filter(meeting__campaign=ask.campaign, state=PassStage.OPEN, due_on__lt=ask.day)
    found = list(rows.select_related("unit", "meeting").order_by("due_on", "pk"))
    if not found:
        return None
    lines = tuple(
        PanelLine(str(one.unit), "", one.meeting.name, pgettext("agenda", "due %s") % day(one.due_on))
        for one in found[:AGENDA_LINES]
    )
    words = ngettext("%d unit has not passed a meeting on", "%d units have not passed a meeting on", len(found))
    url = reverse("directives:meeting", args=[found[0].meeting_id])
    return AgendaPoint(words % len(found), len(found), url, lines)


def units_that_lag(ask: AgendaAsk) -> AgendaPoint | None:
    """Units of the month that lag: absent, not reported, not passed on, late (例会通报落后单位)."""
    first, last = month_span(ask.day)
    rows = lagging_units(ask.campaign.region_id, first, last)
    found = list(rows)
    if not found:
        return None
    lines = tuple(PanelLine(str(unit), "", "", _lag_words(unit)) for unit in found[:AGENDA_LINES])
    words = ngettext("%d unit lags this month", "%d units lag this month", len(found)) % len(found)
    url = reverse("directives:meeting_attendance") + f"?month={first.isoformat()}"
    return AgendaPoint(words, len(found), url, lines)


def _lag_words(unit: object) -> str:
    labels = (
        ("absent", _("absent %d")), ("missing", _("reports missing %d")), ("unpassed", _("not passed on %d")),
        ("late_tasks", _("late tasks %d")), ("late_problems", _("late problems %d")),
    )  # fmt: skip
    told = [words % number for name, words in labels if (number := getattr(unit, name))]
    return pgettext("between names", ", ").join(told)


def late_letters(ask: AgendaAsk) -> AgendaPoint | None:
    """Letters from above whose sender waits longer than the day that they name."""
    rows = Letter.objects.filter(late_answer(), campaign=ask.campaign).order_by("due_on", "pk")
    found = list(rows)
    if not found:
        return None
    lines = tuple(
        PanelLine(
            one.title, reverse("directives:letter", args=[one.pk]), one.sender,
            pgettext("agenda", "due %s") % day(one.due_on),
        )
        for one in found[:AGENDA_LINES]
    )  # fmt: skip
    words = ngettext("%d letter from above is not answered in time", "%d letters from above are not answered in time",
                     len(found))  # fmt: skip
    return AgendaPoint(words % len(found), len(found), reverse("directives:letters") + "?tab=late", lines)


register_agenda(
    AgendaSource("letters", 8, late_letters),
    AgendaSource("decisions", 3, open_decisions, SETTLED), AgendaSource("not-passed-on", 35, not_passed_on),
    AgendaSource("lagging", 50, units_that_lag, frozenset({"regular", "bulletin"})),
)  # fmt: skip
