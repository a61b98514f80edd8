"""The meeting on open problems (每两月问题反馈督办会): its lists, what it decided, the notices that follow."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from chuangwen.core.access import may, visible_or_404
from chuangwen.core.addresses import address
from chuangwen.core.errors import Refusal
from chuangwen.core.lists import BulkAction, Column, ListPage, Tab, pick_filter, respond, two_lines
from chuangwen.core.pages import signed_in
from chuangwen.core.panels import Words
from chuangwen.core.templatetags.chuangwen import state as state_tag
from chuangwen.core.templatetags.wording import day, moment, span
from chuangwen.rectification.words import state_of as problem_state
from chuangwen.supervision.enums import MeetingState, NumberKey, RuleCondition
from chuangwen.supervision.forms import DecisionForm, HoldForm, MeetingForm, PressForm
from chuangwen.supervision.models import FeedbackMeeting, MeetingLine
from chuangwen.supervision.queries.meetings import period_of
from chuangwen.supervision.queries.standings import numbers_of
from chuangwen.supervision.services import decide_line, hold_meeting, make_meeting, press_line
from chuangwen.supervision.views.notice import papers_of
from chuangwen.supervision.views.parts import periods_back, region_with_numbers
from chuangwen.supervision.words import ground_words, sheet_number

LISTS = (_("Lists of late problems for meetings"), "supervision:meetings")
DEFINITION = _(
    "On the list stands what was late when it was made and on a unit's clock, the longest first, at most 500. What "
    "units found themselves, what is disputed or approved as long-term is not among them. Days late are working days."
)


def _state(meeting: FeedbackMeeting) -> SafeString:
    shape = "closed" if meeting.state == MeetingState.HELD else "found"
    return state_tag(shape, meeting.get_state_display())


class Meetings(ListPage):
    """One meeting for each block of months, the latest first."""

    name = "feedback-meetings"
    title = LISTS[0]
    noun = pgettext_lazy("noun", "meetings")
    permission = "supervision.view"
    sort = "-starts"
    empty = _("No meetings here")
    empty_url = "supervision:meeting_make"
    empty_permission = "supervision.edit"
    empty_action = _("Make the list of a meeting")
    columns = (
        Column("period", pgettext_lazy("meeting", "Months"), lambda m: span(m.starts, m.ends),
               lambda m: two_lines(span(m.starts, m.ends), "", address("supervision:meeting", m.pk)),
               css="cw-table__title", sort="starts"),
        Column("problems", pgettext_lazy("meeting", "Problems"), lambda m: m.problems, kind="number"),
        Column("decided", pgettext_lazy("meeting", "Decided"), lambda m: m.decided, kind="number"),
        Column("pressed", _("On a notice"), lambda m: m.pressed, kind="number"),
        Column("made", _("Status date"), lambda m: m.made_at, lambda m: moment(m.made_at), kind="datetime",
               css="cw-wide"),
        Column("held", _("Held on"), lambda m: m.held_on, lambda m: day(m.held_on), kind="date"),
        Column("chair", _("In the chair"), lambda m: m.chair, css="cw-wide"),
        Column("minutes", _("Number of the minutes"), lambda m: m.minutes, css="cw-wide"),
        Column("state", _("State"), lambda m: m.get_state_display(), _state, css="cw-table__state"),
    )  # fmt: skip
    tabs = (
        Tab("all", _("All"), Q()),
        Tab("draft", pgettext_lazy("meeting", "To be held"), Q(state=MeetingState.DRAFT)),
        Tab("held", pgettext_lazy("meeting", "Held"), Q(state=MeetingState.HELD)),
    )

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return FeedbackMeeting.objects.visible_to(request.user).annotate(
            problems=Count("lines"), decided=Count("lines", filter=~Q(lines__decision="")),
            pressed=Count("lines", filter=Q(lines__notice__isnull=False)),
        )  # fmt: skip

    def row_url(self, row: Any) -> str:
        return address("supervision:meeting", row.pk)

    def more(self, request: HttpRequest, listing: Any) -> dict[str, Any]:
        actions: list[dict[str, Any]] = []
        if may(request.user, "supervision.edit"):
            new = {"label": gettext("Make the list of a meeting"), "icon": "plus"}
            actions = [{**new, "url": reverse("supervision:meeting_make"), "primary": True}]
        return {"page_actions": actions, "breadcrumbs": _way()}


def _problem(line: MeetingLine) -> SafeString:
    row = line.problem
    second = " · ".join((str(row.place or row.spot), row.number))
    return two_lines(row.title, second, address("rectification:problem", row.number))


def _bulk_decide(line: MeetingLine, *, actor: Any, data: dict[str, Any]) -> None:
    decide_line(line, decision=data["decision"], actor=actor)


def _bulk_press(line: MeetingLine, *, actor: Any, data: dict[str, Any]) -> None:
    press_line(line, colour=data["colour"], actor=actor)


class MeetingLines(ListPage):
    """The problems of one meeting, the longest late first."""

    name = "feedback-lines"
    title = _("Meeting on open problems")
    noun = pgettext_lazy("noun", "problems")
    permission = "supervision.view"
    search = ("problem__title__icontains", "problem__number__istartswith", "unit__name__icontains")
    search_words = _("Problem, number or unit")
    sort = "due_at"
    definition = DEFINITION
    signature = (_("Filled in by"), pgettext_lazy("meeting", "In the chair"))
    empty = _("Nothing was late when this list was made")
    columns = (
        Column("problem", _("Problem"), lambda one: one.problem.title, _problem, css="cw-table__title", width=32),
        Column("number", _("Number"), lambda one: one.problem.number, screen=False),
        Column("unit", _("Unit"), lambda one: str(one.unit)),
        Column("due", _("Deadline"), lambda one: one.due_at, lambda one: moment(one.due_at), sort="due_at",
               kind="datetime", css="cw-wide"),
        Column("late", pgettext_lazy("meeting", "Working days late"), lambda one: one.days_late, kind="number"),
        Column("decision", pgettext_lazy("meeting", "What was decided"), lambda one: one.decision, width=30),
        Column("notice", _("Notice"), lambda one: sheet_number(one.notice) if one.notice else "", css="cw-nowrap"),
        Column("now", _("How it stands now"), lambda one: problem_state(one.problem)[1],
               lambda one: state_tag(*problem_state(one.problem)), css="cw-table__state"),
    )  # fmt: skip
    filters = (pick_filter("unit", _("Unit"), "units-ever", lambda rows, value: rows.filter(unit=value)),)
    tabs = (
        Tab("all", _("All"), Q()),
        Tab("open", _("Still open"), Q(problem__is_open=True)),
        Tab("undecided", _("Nothing decided yet"), Q(decision="")),
        Tab("pressed", _("On a notice"), Q(notice__isnull=False)),
    )
    bulk = (
        BulkAction("decide", pgettext_lazy("meeting", "Write the decision"), _bulk_decide, icon="pencil",
                   permission="supervision.edit", form=DecisionForm),
        BulkAction("press", _("Propose notices"), _bulk_press, icon="alert-triangle", permission="supervision.edit",
                   form=PressForm),
    )  # fmt: skip

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        rows = MeetingLine.objects.visible_to(request.user).filter(meeting=_asked(request))
        return rows.select_related(
            "meeting", "region", "unit", "notice", "problem__place", "problem__lead__region", "problem__region"
        )

    def row_url(self, row: Any) -> str:
        return address("rectification:problem", row.problem.number)

    def message_line(self, row: Any) -> tuple[str, str]:
        late = ground_words(RuleCondition.LATE, row.days_late)
        return str(row.unit), " ".join(filter(None, (row.problem.title, late, row.decision)))

    def period(self, request: HttpRequest) -> str:
        meeting = _asked(request)
        return str(span(meeting.starts, meeting.ends))

    def more(self, request: HttpRequest, listing: Any) -> dict[str, Any]:
        meeting = _asked(request)
        actions: list[dict[str, Any]] = []
        if may(request.user, "supervision.edit", meeting):
            if meeting.state == MeetingState.DRAFT:
                url = reverse("supervision:meeting_hold", args=[meeting.pk])
                actions = [{"label": gettext("Enter the meeting"), "icon": "check", "url": url, "primary": True}]
            actions += [
                {"label": paper.name, "icon": "paperclip", "url": reverse("core:file", args=[paper.uid])}
                for paper in papers_of(meeting)
            ]
        return {
            "page_actions": actions, "page_subtitle": _subtitle(meeting),
            "breadcrumbs": _way(span(meeting.starts, meeting.ends)),
        }  # fmt: skip


def _subtitle(meeting: FeedbackMeeting) -> str:
    words = {"period": span(meeting.starts, meeting.ends), "made": moment(meeting.made_at)}
    if meeting.state == MeetingState.DRAFT:
        return gettext("%(period)s, status of %(made)s, to be held") % words
    held = {"day": day(meeting.held_on), "chair": meeting.chair}
    said = gettext("%(period)s, status of %(made)s, held on %(day)s, in the chair: %(chair)s") % {**words, **held}
    return said + (gettext(", minutes %s") % meeting.minutes if meeting.minutes else "")


MEETINGS, MEETING_LINES = Meetings(), MeetingLines()


@signed_in("supervision.view")
def meetings(request: HttpRequest) -> HttpResponse:
    """All meetings."""
    return respond(request, MEETINGS)


@signed_in("supervision.view")
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting with its problems."""
    return respond(request, MEETING_LINES)


@signed_in("supervision.edit")
@require_http_methods(["GET", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    """The list of these or earlier months."""
    region = region_with_numbers(request)
    months = numbers_of(region).get(NumberKey.MEETING_MONTHS, 2)
    periods = periods_back(lambda day: period_of(day, months))
    form = MeetingForm(request.POST if request.method == "POST" else None, periods=periods)
    if request.method == "POST" and form.is_valid():
        try:
            made = make_meeting(region, date.fromisoformat(form.cleaned_data["period"]), actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("The list is made"))
            return redirect("supervision:meeting", made.pk)
    title = gettext("Make the list of a meeting")
    context = {
        "page_title": title, "form": form, "submit": gettext("Make the list"), "breadcrumbs": _way(title),
        "cancel_url": reverse("supervision:meetings"),
    }  # fmt: skip
    return render(request, "supervision/form.html", context, status=422 if form.is_bound else 200)


@signed_in("supervision.edit")
@require_http_methods(["GET", "POST"])
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """The meeting as it was held; its units are told."""
    found = _asked(request)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = HoldForm(data, files)
    if request.method == "POST" and form.is_valid():
        try:
            hold_meeting(found, actor=request.user, **form.answers())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("Entered; the units on the list were told"))
            return redirect("supervision:meeting", pk)
    title = gettext("Enter the meeting")
    context = {
        "page_title": title, "form": form, "submit": title, "cancel_url": reverse("supervision:meeting", args=[pk]),
        "breadcrumbs": _way(title),
        "note": gettext("The list stands from then on. Each unit sees its own problems with what was decided."),
    }  # fmt: skip
    return render(request, "supervision/form.html", context, status=422 if form.is_bound else 200)


def _way(title: Words = "") -> list[dict[str, Any]]:
    """Breadcrumbs from the calendar of meetings over the lists made for them."""
    crumbs: list[dict[str, Any]] = [{"label": gettext("Meetings"), "url": reverse("directives:meetings")}]
    crumbs.append({"label": LISTS[0], "url": reverse(LISTS[1]) if title else ""})
    return [*crumbs, {"label": title, "url": ""}] if title else crumbs


def _asked(request: HttpRequest) -> FeedbackMeeting:
    """The meeting that the address names and the person may see."""
    found: FeedbackMeeting = visible_or_404(
        FeedbackMeeting.objects.select_related("region"),
        request.user,
        pk=request.resolver_match.kwargs["pk"],  # type: ignore[union-attr]
    )
    return found
