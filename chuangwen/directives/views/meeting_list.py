"""The lists of meetings and of the series that they come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.campaigns.context import current_campaign
from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.addresses import address
from chuangwen.core.lists import Column, Filter, ListPage, Tab, opens, two_lines
from chuangwen.core.lists.page import Listing
from chuangwen.core.sources import bare
from chuangwen.core.templatetags.chuangwen import source_tag, state
from chuangwen.core.templatetags.wording import day
from chuangwen.directives.enums import AHEAD, MeetingKind, MeetingStage
from chuangwen.directives.meeting_words import rhythm_words, when
from chuangwen.directives.models import Meeting, MeetingSeries
from chuangwen.directives.queries.meetings import awaits_signature, meetings_of, not_passed_on, series_of, with_counts
from chuangwen.directives.workflow import EDIT

SHAPES = {
    MeetingStage.PLANNED: "found", MeetingStage.CALLED: "assigned", MeetingStage.HELD: "closed",
    MeetingStage.CANCELLED: "not-applicable",
}  # fmt: skip


def stage_tag(meeting: Meeting) -> SafeString:
    """Where a meeting stands, with its shape."""
    return state(SHAPES[MeetingStage(meeting.state)], meeting.get_state_display())


def is_moved(meeting: Meeting) -> bool:
    """Whether it is not on the day that its rule gave."""
    return meeting.day != meeting.planned_day


def crumbs(title: Any, *between: tuple[Any, str]) -> list[dict[str, Any]]:
    """The way from the calendar of meetings to the page `title`."""
    steps = [(gettext("Meetings"), reverse("directives:meetings")), *between, (title, "")]
    return [{"label": label, "url": url} for label, url in steps]


def _name(row: Meeting) -> SafeString:
    moved = gettext("moved from %s") % day(row.planned_day) if is_moved(row) else ""
    second = " · ".join(filter(None, (str(row.get_kind_display()), row.place, moved)))
    return two_lines(row.name, second, address("directives:meeting", row.pk))


def _share(done: int | None, total: int | None) -> str:
    return f"{done or 0} / {total}" if total else ""


def _kinds(_request: HttpRequest) -> Iterable[tuple[str, Any]]:
    return MeetingKind.choices


class MeetingList(ListPage):
    """The campaign's meetings; a unit sees those that it was called to."""

    name = "meetings"
    title = _("Meetings")
    noun = pgettext_lazy("noun", "meetings")
    permission = "directives.attend"
    sort = "day"
    search = ("name__icontains", "place__icontains", "chair__icontains", "number__icontains")
    search_words = _("Name, room, chair or number of the minutes")
    columns = (
        Column("name", pgettext_lazy("noun", "Meeting"), lambda row: row.name, _name, css="cw-table__title", width=36),
        Column("kind", pgettext_lazy("meeting", "Kind"), lambda row: row.get_kind_display(), screen=False),
        Column("day", pgettext_lazy("meeting", "Day"), lambda row: row.day, when, sort="day", kind="date",
               css="cw-nowrap"),
        Column("place", pgettext_lazy("meeting", "Room"), lambda row: row.place, screen=False),
        Column("chair", _("In the chair"), lambda row: row.chair, css="cw-wide"),
        Column("items", pgettext_lazy("meeting", "Agenda items"), lambda row: row.items or "", kind="number",
               css="cw-wide"),
        Column("absent", pgettext_lazy("meeting", "Absent"), lambda row: row.absent or "", kind="number",
               css="cw-wide"),
        Column("passed", _("Passed on"), lambda row: _share(row.passed, row.passing),
               lambda row: opens(_share(row.passed, row.passing), address("directives:passings", row.pk))),
        Column("number", _("Number of the minutes"), lambda row: row.number, css="cw-wide"),
        Column("state", _("State"), lambda row: row.get_state_display(), stage_tag, css="cw-table__state"),
    )  # fmt: skip
    filters = (Filter("kind", pgettext_lazy("meeting", "Kind"), _kinds, lambda rows, value: rows.filter(kind=value)),)
    tabs = (
        Tab("ahead", pgettext_lazy("meeting", "Ahead"), Q(state__in=AHEAD)),
        Tab("minutes", pgettext_lazy("meeting", "Without minutes"), Q(state=MeetingStage.HELD, number="")),
        Tab("sign", pgettext_lazy("meeting", "To be signed"), lambda _request: awaits_signature()),
        Tab("unpassed", _("Not passed on"), lambda request: not_passed_on(request.user)),
        Tab("held", pgettext_lazy("meeting", "Held"), Q(state=MeetingStage.HELD)),
        Tab("cancelled", pgettext_lazy("meeting", "Cancelled"), Q(state=MeetingStage.CANCELLED)),
        Tab("all", _("All"), Q()),
    )
    empty = _("No meetings here")
    empty_url = "directives:meeting_series"
    empty_permission = "directives.edit"
    empty_action = _("Lay out the series of meetings")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return with_counts(meetings_of(request), request.user)

    def shown_tabs(self, request: HttpRequest) -> Sequence[Tab]:
        """Minutes are written by the office and signed by leaders: no unit has any that wait."""
        hidden = set() if may(request.user, EDIT) else {"minutes"}
        if hidden and not may(request.user, "directives.sign"):
            hidden.add("sign")
        return [tab for tab in self.tabs if tab.key not in hidden]

    def row_url(self, row: Any) -> str:
        return address("directives:meeting", row.pk)

    def message_line(self, row: Any) -> tuple[str, str]:
        return "", " ".join(filter(None, (when(row), row.name, row.place)))

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        year = clock.today().year
        glance = {
            "label": gettext("The year at a glance"), "icon": "calendar-event",
            "url": reverse("directives:meeting_year", args=[year]),
        }  # fmt: skip
        came = {"label": gettext("Who came, who reported"), "icon": "user-check",
                "url": reverse("directives:meeting_attendance")}  # fmt: skip
        written = {"label": gettext("Written reports"), "icon": "file-upload", "url": reverse("directives:written")}
        if not may(request.user, EDIT):
            return {"page_actions": [glance, came, written]}
        topics = {"label": gettext("Topics for study"), "icon": "book", "url": reverse("directives:topics")}
        series = {"label": gettext("Series"), "icon": "calendar-time", "url": reverse("directives:meeting_series")}
        new = {"label": gettext("Write down a meeting"), "icon": "plus", "url": reverse("directives:meeting_new")}
        return {"page_actions": [glance, series, written, came, topics, {**new, "primary": True}]}


def _rhythm(row: MeetingSeries) -> str | SafeString:
    words = rhythm_words(row)
    if not words:
        return state("disputed", gettext("How often? Not known yet"))
    window = gettext("only in the %d working days before an assessment") % row.window_days if row.window_days else ""
    return two_lines(words, window)


def _with(row: MeetingSeries) -> str:
    several = [pgettext("meeting", "every unit")] if row.everybody else []
    several += [str(one) for one in (*row.groups.all(), *row.posts.all(), *row.units.all())]
    return "、".join(several)


class SeriesList(ListPage):
    """The series of the campaign with their rules."""

    name = "meeting-series"
    template = "directives/meeting_series_list.html"
    title = _("Series of meetings")
    noun = pgettext_lazy("noun", "series")
    permission = "directives.attend"
    sort = "pk"
    columns = (
        Column("name", pgettext_lazy("meeting", "Series"), lambda row: row.name,
               lambda row: two_lines(row.name, row.get_kind_display(), address("directives:meeting_rule", row.pk)),
               css="cw-table__title"),
        Column("kind", pgettext_lazy("meeting", "Kind"), lambda row: row.get_kind_display(), screen=False),
        Column("rhythm", pgettext_lazy("meeting", "How often"), rhythm_words, _rhythm),
        Column("with", pgettext_lazy("meeting", "Who takes part"), _with, css="cw-wide", width=30),
        Column("pass", _("Working days to pass it on"), lambda row: row.pass_within or "", kind="number",
               css="cw-wide"),
        Column("report", _("Written report, working days before"), lambda row: row.report_before or "", kind="number",
               css="cw-wide"),
        Column("ahead", pgettext_lazy("meeting", "Ahead"), lambda row: row.ahead, kind="number"),
        Column("source", _("Source"), lambda row: bare(row.source), lambda row: source_tag(row.source), css="cw-wide",
               width=30),
    )  # fmt: skip
    tabs = (
        Tab("all", _("All"), Q()),
        Tab("unknown", _("How often is not known"), Q(schedule={})),
    )
    empty = _("No series yet")
    empty_url = "directives:meeting_series_new"
    empty_permission = "directives.edit"
    empty_action = _("Write down a series")
    definition = _("Working days are those of mainland China. Nobody is told of a date before the meeting is called.")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        rows = series_of(current_campaign(request)).filter(
            pk__in=MeetingSeries.objects.visible_to(request.user).values("pk")
        )
        return rows.prefetch_related("units", "groups", "posts__unit")

    def row_url(self, row: Any) -> str:
        return address("directives:meeting_rule", row.pk)

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        year = clock.today().year
        glance = {
            "label": gettext("The year at a glance"), "icon": "calendar-event",
            "url": reverse("directives:meeting_year", args=[year]),
        }  # fmt: skip
        if not may(request.user, EDIT):
            return {"breadcrumbs": crumbs(self.title), "page_actions": [glance]}
        new = {"label": gettext("Write down a series"), "icon": "plus",
               "url": reverse("directives:meeting_series_new"), "primary": True}  # fmt: skip
        return {"breadcrumbs": crumbs(self.title), "page_actions": [glance, new], "can_fill": True}


MEETINGS, SERIES = MeetingList(), SeriesList()
