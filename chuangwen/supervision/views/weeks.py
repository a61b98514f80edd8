"""The red and black lists of weeks (红黑榜): made from the week's rates, released by a person."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from chuangwen.core import clock
from chuangwen.core.access import may, visible_or_404
from chuangwen.core.addresses import address
from chuangwen.core.errors import Refusal
from chuangwen.core.lists import Column, ListPage, Tab, respond, two_lines
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.chuangwen import source_tag
from chuangwen.core.templatetags.chuangwen import state as state_tag
from chuangwen.core.templatetags.wording import moment, span
from chuangwen.core.wording import percent_words
from chuangwen.rectification.queries import RATE_DEFINITION
from chuangwen.supervision.enums import ListState, Side
from chuangwen.supervision.forms import FlagActForm, NumberForm, WeekForm
from chuangwen.supervision.models import ListLine, PeerNumber, ScoreWeight, WeekList
from chuangwen.supervision.queries.standings import week_of
from chuangwen.supervision.services import make_list, release_list, save_number, save_weight
from chuangwen.supervision.views.parts import form_page, region_with_numbers, the_region, way_to
from chuangwen.supervision.words import side_cell

WEEKS = 8
PLACE = (_("Red and black lists"), "supervision:weeks")


def _state(week: WeekList) -> Any:
    return state_tag("closed" if week.state == ListState.RELEASED else "found", week.get_state_display())


class WeekLists(ListPage):
    """One list a week, the latest first."""

    name = "week-lists"
    title = _("Red and black lists")
    noun = _("lists")
    permission = "supervision.view"
    sort = "-starts"
    definition = RATE_DEFINITION
    empty = _("No lists here")
    empty_url = "supervision:week_make"
    empty_permission = "supervision.edit"
    empty_action = _("Make a list")
    columns = (
        Column(
            "week",
            _("Week"),
            lambda w: span(w.starts, w.ends),
            lambda w: two_lines(span(w.starts, w.ends), "", address("supervision:week", w.pk)),
            css="cw-table__title",
            sort="starts",
        ),
        Column("red", _("Red list"), lambda w: w.red, kind="number"),
        Column("black", _("Black list"), lambda w: w.black, kind="number"),
        Column("units", pgettext_lazy("list", "Units"), lambda w: w.units, kind="number"),
        Column("made", _("Status date"), lambda w: w.made_at, lambda w: moment(w.made_at), kind="datetime"),
        Column("state", _("State"), lambda w: w.get_state_display(), _state, css="cw-table__state"),
    )
    tabs = (Tab("all", _("All"), Q()), Tab("draft", _("Drafts"), Q(state=ListState.DRAFT)))

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return WeekList.objects.visible_to(request.user).annotate(
            units=Count("lines"), red=Count("lines", filter=Q(lines__side=Side.RED)),
            black=Count("lines", filter=Q(lines__side=Side.BLACK)),
        )  # fmt: skip

    def row_url(self, row: Any) -> str:
        return reverse("supervision:week", args=[row.pk])

    def more(self, request: HttpRequest, listing: Any) -> dict[str, Any]:
        actions: list[dict[str, Any]] = []
        if may(request.user, "supervision.edit"):
            numbers = {
                "label": gettext("Numbers and weights"),
                "icon": "list-check",
                "url": reverse("supervision:numbers"),
            }
            new = {"label": gettext("Make a list"), "icon": "plus", "url": reverse("supervision:week_make")}
            actions = [numbers, {**new, "primary": True}]
        return {"page_actions": actions, "breadcrumbs": way_to(PLACE)}


class WeekLines(ListPage):
    """The lines of one week's list."""

    name = "week-lines"
    title = _("Red and black list")
    noun = pgettext_lazy("list", "units")
    permission = "supervision.view"
    search = ("unit__name__icontains", "unit__short_name__icontains")
    search_words = _("Unit")
    sort = "rank"
    definition = RATE_DEFINITION
    signature = (_("Filled in by"), _("Checked by"))
    empty = _("No problem was due in that week")
    columns = (
        Column("rank", _("Rank"), lambda one: one.rank, kind="number", sort="rank"),
        Column("unit", _("Unit"), lambda one: str(one.unit), css="cw-table__title"),
        Column("good", pgettext_lazy("list", "Closed in time"), lambda one: one.numerator, kind="number"),
        Column("due", pgettext_lazy("list", "Due"), lambda one: one.denominator, kind="number"),
        Column("rate", _("Rate"), lambda one: one.share, lambda one: percent_words(one.share), kind="percent"),
        Column("side", _("List"), lambda one: one.get_side_display() if one.side else "", side_cell,
               css="cw-table__state"),
        Column("running", _("Times running"), lambda one: one.running or None, kind="number", css="cw-wide"),
        Column("brings", _("What it brings"), lambda one: one.get_brings_display() if one.brings else "",
               css="cw-wide"),
    )  # fmt: skip
    tabs = (
        Tab("lines", _("Departments"), Q(branch="line")),
        Tab("territories", _("Towns and streets"), Q(branch="territory")),
        Tab("red", _("Red list"), Q(side=Side.RED)),
        Tab("black", _("Black list"), Q(side=Side.BLACK)),
    )

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        week = _asked(request)
        return ListLine.objects.filter(week=week).select_related("unit")

    def message_line(self, row: Any) -> tuple[str, str]:
        return "", f"{row.rank} {row.unit} {row.numerator}/{row.denominator} {percent_words(row.share)}"

    def period(self, request: HttpRequest) -> str:
        week = _asked(request)
        return str(span(week.starts, week.ends))

    def more(self, request: HttpRequest, listing: Any) -> dict[str, Any]:
        week = _asked(request)
        actions: list[dict[str, Any]] = []
        if week.state == ListState.DRAFT and may(request.user, "supervision.edit", week):
            url = reverse("supervision:week_release", args=[week.pk])
            actions = [{"label": gettext("Release the list"), "icon": "send", "url": url, "primary": True}]
        words = gettext("%(period)s, %(state)s, status of %(made)s") % {
            "period": span(week.starts, week.ends), "state": week.get_state_display(), "made": moment(week.made_at),
        }  # fmt: skip
        return {
            "page_actions": actions,
            "page_subtitle": words,
            "breadcrumbs": way_to(PLACE, span(week.starts, week.ends)),
        }


WEEK_LISTS, WEEK_LINES = WeekLists(), WeekLines()


@signed_in("supervision.view")
def weeks(request: HttpRequest) -> HttpResponse:
    """All lists."""
    return respond(request, WEEK_LISTS)


@signed_in("supervision.view")
def week(request: HttpRequest, pk: int) -> HttpResponse:
    """One list with its lines."""
    return respond(request, WEEK_LINES)


@signed_in("supervision.edit")
@require_http_methods(["GET", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    """The list of a week that is over."""
    region = region_with_numbers(request)
    form = WeekForm(request.POST if request.method == "POST" else None, weeks=_weeks())
    if request.method == "POST" and form.is_valid():
        try:
            made = make_list(region, date.fromisoformat(form.cleaned_data["week"]), actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("The draft is made"))
            return redirect("supervision:week", made.pk)
    return form_page(request, form, gettext("Make a list"), PLACE, reverse("supervision:weeks"))


@signed_in("supervision.edit")
@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Shown to all units of the region; those on a side are told."""
    found = _asked(request)
    form = FlagActForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            release_list(found, actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("The list is released"))
            return redirect("supervision:week", pk)
    note = gettext("All units of the region see it, and those on a side are told. A released list does not change.")
    back = reverse("supervision:week", args=[pk])
    return form_page(
        request, form, gettext("Release the list"), PLACE, back, note=note, subtitle=span(found.starts, found.ends)
    )


@signed_in("supervision.edit")
def numbers(request: HttpRequest) -> HttpResponse:
    """The numbers and weights with their sources."""
    region = the_region(request)
    rows = [{"row": one, "source": source_tag(one.source), "url": reverse("supervision:number", args=[one.pk])}
            for one in PeerNumber.objects.filter(region=region).order_by("pk")]  # fmt: skip
    weights = [{"row": one, "source": source_tag(one.source), "url": reverse("supervision:weight", args=[one.pk])}
               for one in ScoreWeight.objects.filter(region=region).order_by("branch", "pk")]  # fmt: skip
    context = {"page_title": gettext("Numbers and weights"), "numbers": rows, "weights": weights,
               "breadcrumbs": way_to(PLACE, gettext("Numbers and weights"))}  # fmt: skip
    return render(request, "supervision/numbers.html", context)


@signed_in("supervision.edit")
@require_http_methods(["GET", "POST"])
def number(request: HttpRequest, pk: int) -> HttpResponse:
    """Another value for a number."""
    row = visible_or_404(PeerNumber.objects, request.user, "supervision.edit", pk=pk)
    return _edit(request, row, str(row.get_key_display()), row.value, save_number)


@signed_in("supervision.edit")
@require_http_methods(["GET", "POST"])
def weight(request: HttpRequest, pk: int) -> HttpResponse:
    """Another weight for a part."""
    row = visible_or_404(ScoreWeight.objects, request.user, "supervision.edit", pk=pk)
    title = row.get_branch_display() + gettext(": ") + row.get_part_display()
    return _edit(request, row, title, row.weight, save_weight)


def _edit(request: HttpRequest, row: Any, title: str, value: int, save: Any) -> HttpResponse:
    initial = {"value": value, "source": row.source}
    form = NumberForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        save(row, actor=request.user, **form.cleaned_data)
        messages.success(request, gettext("Kept"))
        return redirect("supervision:numbers")
    return form_page(request, form, title, PLACE, reverse("supervision:numbers"), submit=gettext("Keep"))


def _asked(request: HttpRequest) -> WeekList:
    """The list that the address names and the person may see."""
    found: WeekList = visible_or_404(
        WeekList.objects.select_related("region"),
        request.user,
        pk=request.resolver_match.kwargs["pk"],  # type: ignore[union-attr]
    )
    return found


def _weeks() -> list[tuple[str, str]]:
    """The last weeks that are over, the latest first."""
    monday = week_of(clock.today())[0]
    starts = [monday - timedelta(days=7 * number) for number in range(1, WEEKS + 1)]
    return [(one.isoformat(), span(one, one + timedelta(days=6))) for one in starts]
