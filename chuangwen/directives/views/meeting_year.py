"""Series and the year at a glance: which meeting falls on which day, and the dates that a rule proposes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.core import clock
from chuangwen.core.access import may, visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.lists import respond
from chuangwen.core.pages import attempt, signed_in
from chuangwen.core.templatetags.wording import month
from chuangwen.core.workbooks.dates import FIRST_YEAR, LAST_YEAR
from chuangwen.core.workdays import default_calendar
from chuangwen.directives.enums import AHEAD
from chuangwen.directives.forms.meetings import SeriesForm
from chuangwen.directives.meeting_words import rhythm_words
from chuangwen.directives.models import Meeting, MeetingSeries
from chuangwen.directives.queries.meetings import proposed_dates, year_rows
from chuangwen.directives.services.series import Planned, end_series, fill_series, plan_year, save_series
from chuangwen.directives.views.meeting_list import SERIES, crumbs, is_moved
from chuangwen.responsibilities.schedule import Occurrence

NEXT = 6


@signed_in("directives.attend")
@require_GET
def year(request: HttpRequest, year: int) -> HttpResponse:
    """All series of the campaign in one year, month by month."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    campaign = campaign_or_404(request)
    rows: list[dict[str, Any]] = [
        {
            "series": row.series,
            "rhythm": rhythm_words(row.series) if row.series else "",
            "months": [[_cell(one) for one in several] for several in row.months],
        }
        for row in year_rows(campaign, year, request.user)
    ]
    proposed = sum(cell["url"] == "" for row in rows for several in row["months"] for cell in several)
    context = {
        "page_title": _("Meetings of %d") % year,
        "breadcrumbs": crumbs(_("Meetings of %d") % year),
        "rows": rows, "year": year, "months": [month(date(year, number, 1)) for number in range(1, 13)],
        "this_month": clock.today().month if clock.today().year == year else 0,
        "before_url": reverse("directives:meeting_year", args=[year - 1]) if year > FIRST_YEAR else "",
        "after_url": reverse("directives:meeting_year", args=[year + 1]) if year < LAST_YEAR else "",
        "proposed": proposed, "may_edit": may(request.user, "directives.edit", campaign),
        "unknown": [row["series"] for row in rows if row["series"] and not row["series"].schedule],
        "uncertain": not default_calendar().certain(year), "now": clock.now(),
        "page_actions": [{"label": _("Print"), "icon": "printer", "print": True}],
    }  # fmt: skip
    return render(request, "directives/meeting_year.html", context)


def _cell(one: Meeting | Occurrence) -> dict[str, Any]:
    """A day in the year's table: a meeting with its address, or a date that a rule proposes."""
    if isinstance(one, Occurrence):
        return {"day": one.due, "url": "", "css": "cw-dim", "words": pgettext("meeting", "proposed")}
    words = str(one.get_state_display())
    if is_moved(one) and one.state in AHEAD:
        words = pgettext("meeting", "moved")
    return {"day": one.day, "url": reverse("directives:meeting", args=[one.pk]), "css": "", "words": words}


@signed_in("directives.attend")
def series_list(request: HttpRequest) -> HttpResponse:
    """The series with their rules."""
    return respond(request, SERIES)


@signed_in("directives.edit")
@require_http_methods(["GET", "POST"])
def new_series(request: HttpRequest) -> HttpResponse:
    """A series of its own kind."""
    return _edit(request, None)


@signed_in("directives.attend")
@require_http_methods(["GET", "POST"])
def series(request: HttpRequest, pk: int) -> HttpResponse:
    """One series: its rule, the next dates; the office changes it."""
    found: MeetingSeries = visible_or_404(MeetingSeries.objects.select_related("campaign__region"), request.user, pk=pk)
    return _edit(request, found)


def _edit(request: HttpRequest, found: MeetingSeries | None) -> HttpResponse:
    campaign = found.campaign if found else campaign_or_404(request)
    may_edit = may(request.user, "directives.edit", campaign)
    data = request.POST if request.method == "POST" and may_edit else None
    form = SeriesForm(data, region=campaign.region, series=found)
    if data is not None and form.is_valid():
        try:
            kept = save_series(campaign, form.values(), form.asked(), actor=request.user, series=found)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kept; meetings that nobody was called to follow the rule"))
            return redirect("directives:meeting_rule", kept.pk)
    title = str(found) if found else _("Write down a series")
    context = {
        "page_title": title, "page_subtitle": rhythm_words(found) if found else "",
        "form": form if may_edit else None, "series": found, "may_edit": may_edit,
        "submit": _("Keep the series"), "cancel_url": reverse("directives:meeting_series"),
        "breadcrumbs": crumbs(title, (_("Series of meetings"), reverse("directives:meeting_series"))),
        "rhythm": rhythm_words(found) if found else "", "next_dates": _next_dates(found) if found else [],
        "year": clock.today().year,
    }  # fmt: skip
    return render(request, "directives/meeting_series.html", context, status=422 if form.is_bound else 200)


def _next_dates(series: MeetingSeries) -> list[Occurrence]:
    """What the rule gives from today on."""
    today = clock.today()
    return proposed_dates(series, today, date(min(today.year + 1, LAST_YEAR), 12, 31))[:NEXT]


@signed_in("directives.edit")
@require_POST
def fill(request: HttpRequest) -> HttpResponse:
    """Write the usual series."""
    campaign = campaign_or_404(request)
    said: Callable[[int], str] = lambda n: (  # noqa: E731
        ngettext("%d series written", "%d series written", n) % n if n else _("All usual series are there")
    )
    return attempt(
        request, lambda: fill_series(campaign, actor=request.user), done=reverse("directives:meeting_series"), said=said
    )


@signed_in("directives.edit")
@require_POST
def plan(request: HttpRequest, year: int) -> HttpResponse:
    """Put the proposed dates of a year into the calendar."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    campaign = campaign_or_404(request)
    return attempt(
        request, lambda: plan_year(campaign, year, actor=request.user),
        done=reverse("directives:meeting_year", args=[year]), said=_planned_words,
    )  # fmt: skip


def _planned_words(done: Planned) -> str:
    words = [ngettext("%d meeting is in the calendar", "%d meetings are in the calendar", done.added) % done.added]
    if done.moved:
        words.append(
            ngettext("%d moved along with its rule", "%d moved along with their rule", done.moved) % done.moved
        )
    if done.unknown:
        names = "、".join(str(one) for one in done.unknown)
        words.append(_("how often is not known of: %s") % names)
    return pgettext("between names", ", ").join(words)


@signed_in("directives.edit")
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The series meets no more."""
    found: MeetingSeries = visible_or_404(
        MeetingSeries.objects.select_related("region"), request.user, "directives.edit", pk=pk
    )
    return attempt(
        request, lambda: end_series(found, actor=request.user), done=reverse("directives:meeting_series"),
        said=_("The series has ended"),
    )  # fmt: skip
