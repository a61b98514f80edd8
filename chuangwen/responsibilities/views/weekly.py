"""Weekly reports: the list with who is missing and with the own ones, one of them to be confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from chuangwen.core import clock
from chuangwen.core.access import may, scope_of, visible_or_404
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.lists import BulkAction, Column, Filter, ListPage, Tab, pick_filter, respond, two_lines
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import deadline, moment, span
from chuangwen.responsibilities import services
from chuangwen.responsibilities.forms.weekly import WaiveForm, WeekForm
from chuangwen.responsibilities.models import WeekReport, WeekState
from chuangwen.responsibilities.queries.tasks import papers_of
from chuangwen.responsibilities.queries.weekly import missing, not_yet_due, reports_of, to_confirm
from chuangwen.responsibilities.week_days import WEEK, monday_of
from chuangwen.responsibilities.words import WEEK_WORDS
from chuangwen.responsibilities.workflow import speaks_for
from chuangwen.workflow.queries import history_of

WEEKS_SHOWN = 12
SHAPES = {WeekState.OPEN: "open", WeekState.CONFIRMED: "closed", WeekState.WAIVED: "not-applicable"}
MISSING = "missing"  # no state of its own: it waits although its time is over


def _said(name: str) -> Any:
    return lambda report: getattr(report, name)


def _week(monday: date) -> str:
    return str(span(monday, monday + timedelta(days=6)))


def is_missing(report: WeekReport) -> bool:
    """As queries.weekly.missing, of one row."""
    return report.state == WeekState.OPEN and report.due_at <= clock.now()


def _state_words(report: WeekReport) -> str:
    return str(STATES[MISSING]) if is_missing(report) else str(report.get_state_display())


def _state(report: WeekReport) -> SafeString:
    return state("not-met" if is_missing(report) else SHAPES[WeekState(report.state)], _state_words(report))


def _due(report: WeekReport) -> Any:
    return deadline(report.due_at) if report.state == WeekState.OPEN else moment(report.due_at)


def _remind(report: WeekReport, *, actor: Any, data: dict[str, Any]) -> None:
    services.remind_week(report, actor=actor)


def _weeks(_request: HttpRequest) -> Iterable[tuple[str, str]]:
    this = monday_of(clock.today())
    return [(str(this - number * WEEK), _week(this - number * WEEK)) for number in range(WEEKS_SHOWN)]


def _of_week(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(monday=date.fromisoformat(value))


STATES = {MISSING: pgettext_lazy("weekly", "Missing"), **dict(WeekState.choices)}


def _in_state(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    if value == MISSING:
        return rows.filter(missing())
    return rows.filter(not_yet_due() if value == WeekState.OPEN else Q(state=value))


def _lately(_request: HttpRequest) -> Q:
    return Q(state=WeekState.CONFIRMED, monday__gte=monday_of(clock.today()) - WEEK)


def _waive(report: WeekReport, *, actor: Any, data: dict[str, Any]) -> None:
    services.waive_week(report, reason=data["reason"], actor=actor)


def _own(request: HttpRequest) -> Q:
    return to_confirm(scope_of(request.user, "responsibilities.answer").unit_ids)


class WeekList(ListPage):
    name = "weekly"
    title = _("Weekly reports")
    noun = _("weekly reports")
    permission = "responsibilities.view"
    forms_kept_by = "responsibilities.edit"
    own_path = "responsibilities:weeks"
    form_words: ClassVar = {
        "unit": ("责任单位", "报送单位"),
        "focus": ("本周重点工作", "重点工作"),
        "done": ("完成情况", "本周完成情况", "工作进展"),
        "difficulty": ("存在困难", "存在问题", "困难和问题"),
        "coordinate": ("需协调解决事项", "需要协调的事项"),
        "following": ("下周工作安排", "下周计划", "下步打算"),
    }
    columns: ClassVar = [
        Column("unit", _("Unit"), lambda w: str(w.unit), lambda w: two_lines(str(w.unit), _week(w.monday), _address(w)),
               css="cw-table__title", sort="unit__path"),
        Column("week", _("Week"), lambda w: w.monday, sort="monday", kind="date", screen=False),
        Column("state", _("State"), _state_words, _state, css="cw-table__state"),
        Column("due", _("Deadline"), lambda w: w.due_at, _due, sort="due_at", kind="datetime", css="cw-table__due"),
        Column("confirmed", _("Confirmed at"), lambda w: w.confirmed_at,
               lambda w: moment(w.confirmed_at) if w.confirmed_at else "", kind="datetime", css="cw-wide"),
        Column("reminded", _("Reminded at"), lambda w: w.reminded_at,
               lambda w: moment(w.reminded_at) if w.reminded_at else "", kind="datetime", css="cw-wide", paper=False),
        *(Column(name, label, _said(name), screen=False) for name, label in WEEK_WORDS.items()),
    ]  # fmt: skip
    filters: ClassVar = [
        pick_filter("unit", _("Unit"), "units", lambda rows, value: rows.filter(unit=int(value))),
        Filter("week", _("Week"), _weeks, _of_week),
        Filter("state", _("State"), lambda _request: STATES.items(), _in_state),
    ]
    tabs: ClassVar = [
        Tab(MISSING, pgettext_lazy("weekly", "Missing"), lambda _request: missing()),
        Tab("waiting", pgettext_lazy("weekly", "Not yet due"), lambda _request: not_yet_due()),
        Tab("confirmed", _("Confirmed, this week and last"), _lately),
        Tab("own", _("To be confirmed"), _own),
        Tab("all", _("All"), Q()),
    ]
    bulk: ClassVar = [
        BulkAction("remind", _("Remind"), _remind, icon="bell", permission="responsibilities.edit"),
        BulkAction("waive", pgettext_lazy("weekly", "Let off"), _waive, icon="x", permission="responsibilities.edit",
                   form=WaiveForm),
    ]  # fmt: skip
    search: ClassVar = ["unit__name__icontains", "unit__short_name__icontains"]
    search_words = _("Unit")
    sort = "-monday"
    tab_sorts: ClassVar = dict.fromkeys((MISSING, "waiting", "confirmed"), "unit__path")
    empty = _("No weekly reports here")
    definition = _(
        "Reports are put together on Thursday; units confirm them by Friday 17:30 (proposed), before a holiday by the "
        "working day before it. What is missing stays here until it is confirmed or the unit is let off."
    )

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return reports_of(request).select_related("unit", "region", "campaign")

    def row_url(self, row: Any) -> str:
        return _address(row)

    def message_line(self, row: Any) -> tuple[str, str]:
        return str(row.unit), gettext("please confirm the weekly report of %s") % _week(row.monday)


def _address(row: Any) -> str:
    return reverse("responsibilities:week", args=[row.pk])


WEEKS = WeekList()


@signed_in("responsibilities.view")
def weeks(request: HttpRequest) -> HttpResponse:
    """Who has confirmed and who is missing."""
    return respond(request, WEEKS)


@signed_in("responsibilities.view")
@require_http_methods(["GET", "POST"])
def week(request: HttpRequest, pk: int) -> HttpResponse:
    """One report: assembled and to be confirmed, or frozen."""
    rows = WeekReport.objects.select_related("unit", "campaign", "region")
    found = visible_or_404(rows, request.user, pk=pk)
    answers = found.state != WeekState.CONFIRMED and may(request.user, "responsibilities.answer", found)
    form = _form(found, request) if answers else None
    if request.method == "POST":
        if form is None:
            raise Refusal(_("This report is closed, or another unit's."), _("Look at the list of weekly reports."))
        if form.is_valid() and _confirmed(found, form, request):
            messages.success(request, _("Confirmed; the office has it."))
            return redirect(_address(found))
    context = {
        "page_title": _("Weekly report of %s") % found.unit,
        "page_subtitle": _week(found.monday),
        "breadcrumbs": [
            {"label": WEEKS.title, "url": reverse("responsibilities:weeks")}, {"label": str(found.unit)},
        ],
        "report": found,
        "state": _state(found),
        "due": _due(found),
        "waived": _why_waived(found),
        "form": form,
        "columns": _columns(found) if form is None else [],
        "papers": papers_of([found]).get(found.pk, []),
    }  # fmt: skip
    return render(request, "responsibilities/week.html", context, status=422 if form and form.errors else 200)


def _why_waived(found: WeekReport) -> str:
    """Why the office let the unit off, while it does."""
    last = history_of(found).filter(action="waive").last() if found.state == WeekState.WAIVED else None
    return last.note if last else ""


def _form(found: WeekReport, request: HttpRequest) -> WeekForm:
    speaks = speaks_for(request.user, found)
    initial = services.proposed_report(found)
    return WeekForm(request.POST or None, request.FILES or None, task=found, speaks=speaks, initial=initial)


def _confirmed(found: WeekReport, form: WeekForm, request: HttpRequest) -> bool:
    data = dict(form.cleaned_data)
    voice = {name: data.pop(name) for name in ("on_behalf", "at", "paper") if name in data}
    try:
        services.confirm_week(found, actor=request.user, changes=data, **voice)
    except Conflict:
        raise
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _columns(found: WeekReport) -> list[tuple[Any, str]]:
    """The frozen columns; for a report that waits, what the program has so far."""
    if found.state != WeekState.CONFIRMED:
        said = services.proposed_report(found)
    else:
        said = {name: getattr(found, name) for name in WEEK_WORDS}
    return [(label, said[name]) for name, label in WEEK_WORDS.items()]
