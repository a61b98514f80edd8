"""The lists of written reports: calls with how many are in, and the units of one call."""

from __future__ import annotations

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
from chuangwen.core.lists import BulkAction, Column, ListPage, Tab, opens, pick_filter, two_lines
from chuangwen.core.lists.page import Listing
from chuangwen.core.sources import bare
from chuangwen.core.templatetags.chuangwen import source_tag, state
from chuangwen.core.templatetags.wording import day, deadline, moment
from chuangwen.directives.enums import CallStage, WrittenStage
from chuangwen.directives.forms.written import WhyForm
from chuangwen.directives.models import WrittenCall, WrittenReport
from chuangwen.directives.queries.written import MISSING, late_report, with_numbers
from chuangwen.directives.services import written as services
from chuangwen.directives.views import meeting_list
from chuangwen.directives.workflow import EDIT

CALL_SHAPES = {CallStage.OPEN: "assigned", CallStage.CLOSED: "closed", CallStage.WITHDRAWN: "not-applicable"}
SHAPES = {
    WrittenStage.DUE: "found", WrittenStage.RETURNED: "returned", WrittenStage.HANDED_IN: "closed",
    WrittenStage.WAIVED: "not-applicable",
}  # fmt: skip


def crumbs(title: Any, *between: tuple[Any, str]) -> list[dict[str, Any]]:
    """The way from the meetings over the calls to the page `title`."""
    return meeting_list.crumbs(title, (gettext("Written reports"), reverse("directives:written")), *between)


def report_state(row: WrittenReport) -> SafeString:
    """Where a report stands; one that came late says so."""
    if row.state == WrittenStage.HANDED_IN and row.handed_in_at and row.handed_in_at > row.call.due_at:
        return state("closed", gettext("Handed in late"))
    missed = row.state == WrittenStage.DUE and row.call.due_at < clock.now()
    return state("not-met" if missed else SHAPES[WrittenStage(row.state)], row.get_state_display())


def _title(row: WrittenCall) -> SafeString:
    return two_lines(row.title, row.get_form_display(), address("directives:written_call", row.pk))


def _rows(row: WrittenCall, tab: str) -> str:
    """Where the units of a call stand that a figure counts."""
    return f"{address('directives:written_call', row.pk)}?tab={tab}"


def _waits(row: Any) -> bool:
    """Whether it runs and something is missing, of all units for the office and of the own for a unit."""
    return row.state == CallStage.OPEN and row.missing > 0


def _stage(row: Any) -> tuple[str, str]:
    """Shape and word; nobody is called late for a call to which everybody has answered."""
    if row.state == CallStage.OPEN and not row.missing:
        return "closed", pgettext("written report", "All in")
    return CALL_SHAPES[CallStage(row.state)], str(row.get_state_display())


class CallList(ListPage):
    """Calls for written reports, the latest first."""

    name = "written-calls"
    title = _("Written reports")
    noun = pgettext_lazy("noun", "calls for reports")
    permission = "directives.attend"
    sort = "-due_at"
    search = ("title__icontains", "detail__icontains")
    search_words = _("What is to be reported")
    columns = (
        Column("title", pgettext_lazy("written report", "What is to be reported"), lambda row: row.title, _title,
               css="cw-table__title", width=36),
        Column("form", pgettext_lazy("written report", "Form"), lambda row: row.get_form_display(), screen=False),
        Column("due", _("Deadline"), lambda row: row.due_at,
               lambda row: deadline(row.due_at) if _waits(row) else moment(row.due_at), sort="due_at", kind="datetime",
               css="cw-table__due"),
        Column("received", pgettext_lazy("written report", "In"), lambda row: f"{row.received} / {row.asked}",
               lambda row: opens(f"{row.received} / {row.asked}", _rows(row, "in"))),
        Column("late", pgettext_lazy("written report", "Late"), lambda row: row.late or "", kind="number",
               css="cw-wide"),
        Column("missing", pgettext_lazy("written report", "Missing"), lambda row: row.missing or "",
               lambda row: opens(row.missing or "", _rows(row, "missing")), kind="number"),
        Column("source", _("Source"), lambda row: bare(row.source), lambda row: source_tag(row.source), css="cw-wide",
               width=24),
        Column("state", _("State"), lambda row: _stage(row)[1], lambda row: state(*_stage(row)), css="cw-table__state"),
    )  # fmt: skip
    tabs = (
        Tab("open", pgettext_lazy("written report", "Running"), Q(state=CallStage.OPEN)),
        Tab("over", pgettext_lazy("written report", "Deadline over, some missing"),
            lambda _request: Q(state=CallStage.OPEN, due_at__lt=clock.now(), missing__gt=0)),
        Tab("all", _("All"), Q()),
    )  # fmt: skip
    empty = _("No written report is asked for")
    empty_url = "directives:written_new"
    empty_permission = EDIT
    empty_action = _("Ask for a written report")
    definition = _("Units that were let off are not counted. A unit sees its own calls and its own state in them.")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        rows = WrittenCall.objects.visible_to(request.user).filter(campaign=current_campaign(request))
        return with_numbers(rows.select_related("region"), request.user)

    def row_url(self, row: Any) -> str:
        return address("directives:written_call", row.pk)

    def message_line(self, row: Any) -> tuple[str, str]:
        words = gettext("%(title)s: %(received)d of %(asked)d in, due %(due)s")
        values = {"title": row.title, "received": row.received, "asked": row.asked, "due": moment(row.due_at)}
        return "", words % values

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        way = meeting_list.crumbs(self.title)
        if not may(request.user, EDIT):
            return {"breadcrumbs": way}
        new = {"label": gettext("Ask for a written report"), "icon": "plus", "url": reverse("directives:written_new")}
        return {"breadcrumbs": way, "page_actions": [{**new, "primary": True}]}


def _unit(row: WrittenReport) -> SafeString:
    reminded = gettext("reminded %s") % day(row.reminded_at) if row.reminded_at and row.state == "due" else ""
    return two_lines(row.unit, row.note or reminded, address("directives:written_report", row.pk))


class ReportList(ListPage):
    """The units of one call."""

    name = "written-reports"
    template = "directives/missing_list.html"
    title = _("Written reports")
    noun = pgettext_lazy("noun", "units")
    permission = "directives.attend"
    sort = "unit__path"
    search = ("unit__name__icontains", "unit__short_name__icontains")
    search_words = _("Unit")
    columns = (
        Column("unit", _("Unit"), lambda row: str(row.unit), _unit, css="cw-table__title", sort="unit__path"),
        Column("in", _("Handed in"), lambda row: row.handed_in_at,
               lambda row: moment(row.handed_in_at) if row.handed_in_at else "", kind="datetime"),
        Column("note", _("A few words"), lambda row: row.note, screen=False),
        Column("state", _("State"), lambda row: row.get_state_display(), report_state, css="cw-table__state"),
    )  # fmt: skip
    filters = (pick_filter("unit", _("Unit"), "units", lambda rows, value: rows.filter(unit=value)),)
    tabs = (
        Tab("missing", pgettext_lazy("written report", "Missing"), lambda _request: MISSING),
        Tab("in", pgettext_lazy("written report", "In"), Q(state=WrittenStage.HANDED_IN)),
        Tab("late", pgettext_lazy("written report", "Late"), lambda _request: late_report()),
        Tab("all", _("All"), Q()),
    )
    bulk = (
        BulkAction("remind", pgettext_lazy("written report", "Remind"),
                   lambda row, *, actor, data: services.remind_report(row, actor=actor), icon="bell",
                   permission=EDIT),
        BulkAction("return", pgettext_lazy("written report", "Return"),
                   lambda row, *, actor, data: services.return_report(row, reason=data["reason"], actor=actor),
                   icon="arrow-back-up", permission=EDIT, form=WhyForm),
        BulkAction("waive", pgettext_lazy("written report", "Let off"),
                   lambda row, *, actor, data: services.waive_report(row, reason=data["reason"], actor=actor),
                   icon="x", permission=EDIT, form=WhyForm),
    )  # fmt: skip
    empty = _("Nobody is missing")
    signature = (_("Filled in by"), _("Checked by"))

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        pk = request.resolver_match.kwargs["pk"]  # type: ignore[union-attr]
        rows = WrittenReport.objects.visible_to(request.user).filter(call=pk)
        return rows.select_related("unit", "call", "region")

    def row_url(self, row: Any) -> str:
        return address("directives:written_report", row.pk)

    def message_line(self, row: Any) -> tuple[str, str]:
        words = gettext("not yet in: %(title)s, due %(due)s")
        if row.state == WrittenStage.HANDED_IN:
            words = gettext("in: %(title)s")
        return str(row.unit), words % {"title": row.call.title, "due": moment(row.call.due_at)}

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        pk = request.resolver_match.kwargs["pk"]  # type: ignore[union-attr]
        call = WrittenCall.objects.select_related("region").get(pk=pk)
        form, due = str(call.get_form_display()), gettext("due %s") % moment(call.due_at)
        subtitle = " · ".join(filter(None, (form, due, bare(call.source), call.get_state_display())))
        actions = []
        if may(request.user, EDIT, call) and call.state == CallStage.OPEN:
            url = reverse("directives:written_withdraw", args=[pk])
            actions = [{"label": gettext("Withdraw the call"), "icon": "x", "url": url}]
        hand_out = reverse("directives:written_links", args=[pk]) if actions and listing.total else ""
        close = "close" if actions else "reopen" if call.state == CallStage.CLOSED and may(request.user, EDIT) else ""
        return {
            "page_title": call.title, "page_subtitle": subtitle, "page_actions": actions, "links_url": hand_out,
            "step_url": reverse("directives:written_step", args=[pk, close]) if close else "", "step": close,
            "breadcrumbs": crumbs(call.title),
        }  # fmt: skip


CALLS, REPORTS = CallList(), ReportList()
