"""Attendance and written reports by unit and month (缺会、缺报), and who lags for the regular meeting (落后单位)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from chuangwen.core import clock
from chuangwen.core.lists import Column, Filter, ListPage, Tab, pick_filter, respond
from chuangwen.core.lists.page import Listing
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.wording import month
from chuangwen.core.workdays import ONE_DAY
from chuangwen.directives.lagging import LAGS, lags, month_span, units_with_lags
from chuangwen.directives.views.meeting_list import crumbs
from chuangwen.organizations.models import Unit

MONTHS = 12


def _asked(request: HttpRequest) -> date:
    """The first day of the month that the address names, else of this one."""
    text = str(request.GET.get("month", ""))
    known = [first.isoformat() for first, _label in _months(request)]
    return date.fromisoformat(text) if text in known else clock.today().replace(day=1)


def _months(_request: HttpRequest) -> list[tuple[date, str]]:
    first, found = clock.today().replace(day=1), []
    for _number in range(MONTHS):
        found.append((first, f"{first.year}-{first.month:02}"))
        first = (first - ONE_DAY).replace(day=1)
    return found


def _choices(request: HttpRequest) -> list[tuple[str, str]]:
    return [(first.isoformat(), label) for first, label in _months(request)]


def _with(request: HttpRequest, *facts: str) -> Q:
    """Units of which one of these facts holds in the month."""
    region = getattr(request.user, "region", None)
    return Q() if region is None else lags(region, *month_span(_asked(request)), facts)


def _figure(name: str, label: Any, css: str = "") -> Column:
    return Column(name, label, lambda row: getattr(row, name) or "", kind="number", css=css)


class AttendanceList(ListPage):
    """Units and how they came, reported and passed on in a month."""

    name = "meeting-attendance"
    title = _("Who came, who reported")
    noun = pgettext_lazy("noun", "units")
    permission = "directives.attend"
    sort = "path"
    search = ("name__icontains", "short_name__icontains", "code__icontains")
    search_words = _("Unit or code")
    columns = (
        Column("unit", _("Unit"), str, css="cw-table__title"),
        _figure("seated", pgettext_lazy("meeting", "Meetings")),
        _figure("absent", pgettext_lazy("meeting", "Absent")),
        _figure("excused", pgettext_lazy("meeting", "Excused"), "cw-wide"),
        _figure("represented", pgettext_lazy("meeting", "Represented"), "cw-wide"),
        _figure("missing", _("Reports missing")),
        _figure("late_reports", _("Reports late"), "cw-wide"),
        _figure("unpassed", _("Not passed on")),
        _figure("late_tasks", _("Late tasks")),
        _figure("late_problems", _("Late problems")),
    )
    filters = (
        Filter("month", pgettext_lazy("meeting", "Month"), _choices, lambda rows, _value: rows),
        pick_filter("unit", _("Unit"), "units", lambda rows, value: rows.filter(pk=value)),
    )
    tabs = (
        Tab("lag", _("Who lags"), lambda request: _with(request, *LAGS)),
        Tab("absent", pgettext_lazy("meeting", "Absent"), lambda request: _with(request, "absent")),
        Tab("missing", _("Reports missing"), lambda request: _with(request, "missing")),
        Tab("all", _("All"), Q()),
    )
    empty = _("No unit lags")
    signature = (_("Filled in by"), _("Checked by"))
    definition = _(
        "Meetings held, reports due and meetings to be passed on in the month; late tasks and problems as of now. "
        "Units stand in the order of the tree: nobody is ranked, and no person is named."
    )

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        region = getattr(request.user, "region", None)
        if region is None:
            return Unit.objects.none()
        seen = Unit.objects.visible_to(request.user, "directives.attend").values("pk")
        return units_with_lags(region, *month_span(_asked(request))).filter(pk__in=seen)

    def message_line(self, row: Any) -> tuple[str, str]:
        words = [
            ngettext("absent %d time", "absent %d times", row.absent) % row.absent if row.absent else "",
            ngettext("%d report missing", "%d reports missing", row.missing) % row.missing if row.missing else "",
            ngettext("%d meeting not passed on", "%d meetings not passed on", row.unpassed) % row.unpassed
            if row.unpassed else "",
            ngettext("%d task late", "%d tasks late", row.late_tasks) % row.late_tasks if row.late_tasks else "",
            ngettext("%d problem late", "%d problems late", row.late_problems) % row.late_problems
            if row.late_problems else "",
        ]  # fmt: skip
        return str(row), pgettext("between names", ", ").join(filter(None, words))

    def period(self, request: HttpRequest) -> str:
        return str(month(_asked(request)))

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        return {"breadcrumbs": crumbs(self.title), "page_subtitle": month(_asked(request))}


ATTENDANCE = AttendanceList()


@signed_in("directives.attend")
def attendance(request: HttpRequest) -> HttpResponse:
    """The list."""
    return respond(request, ATTENDANCE)
