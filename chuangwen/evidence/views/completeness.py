"""The matrix of completeness: units across, criteria down, what is missing since when."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.core.access import may
from chuangwen.core.addresses import asked_key
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.wording import month
from chuangwen.core.wording import figure_words, percent_words
from chuangwen.evidence.enums import DossierState
from chuangwen.evidence.grid import CellWriter
from chuangwen.evidence.queries.matrix import Matrix, View, matrix_of
from chuangwen.evidence.slots import MONTHS
from chuangwen.evidence.views.dossier_list import this_year
from chuangwen.evidence.workflow import EDIT
from chuangwen.standards.models import Node

SHOWN = ("all", "missing", "late")


@signed_in("evidence.view")
@require_GET
def completeness(request: HttpRequest) -> HttpResponse:
    """How full the ledger of a year is, unit by criterion."""
    campaign = campaign_or_404(request)
    view = view_of(request.GET, this_year(request))
    matrix = matrix_of(campaign, view, request.user)
    writer = CellWriter()
    units = [column.unit.pk for column in matrix.columns]
    context = {
        "page_title": _("Completeness of the ledger"),
        "page_subtitle": _subtitle(matrix),
        "breadcrumbs": [{"label": _("Ledger"), "url": reverse("evidence:dossiers")}, {"label": _("Completeness")}],
        "page_actions": _actions(request, campaign),
        "matrix": matrix,
        "view": view,
        "lines": [
            (section, [(node, writer.row(node.pk, units, matrix.cells)) for node in section.rows])
            for section in matrix.sections
        ],
        "chips": _chips(request.GET, view, matrix),
        "filters": _filters(request.GET, campaign, view),
        "pages": {
            "before": _url(request.GET, before=matrix.before, after="") if matrix.before else "",
            "after": _url(request.GET, after=matrix.after, before="") if matrix.after else "",
        },
        "months": [month(date(view.year, number, 1)) for number in range(1, MONTHS + 1)] if view.by_month else (),
        "may_open": may(request.user, EDIT, campaign),
    }
    return render(request, "evidence/completeness.html", context)


def view_of(params: QueryDict, year: int) -> View:
    """What the address asks for; anything it cannot mean is left out."""
    show = params.get("show", "all")
    return View(
        year,
        section=asked_key(params.get("section", "")) or 0,
        show=show if show in SHOWN else "all",
        after=params.get("after", "").replace("\x00", "")[:255],
        before=params.get("before", "").replace("\x00", "")[:255],
        unit=asked_key(params.get("unit", "")) or 0,
        by_month=params.get("by") == "month",
    )


def _subtitle(matrix: Matrix) -> str:
    totals = matrix.totals
    if not totals.dossiers:
        return ""
    told = {"n": figure_words(totals.complete), "all": figure_words(totals.dossiers),
            "share": percent_words(totals.complete / totals.dossiers)}  # fmt: skip
    return _("%(n)s of %(all)s dossiers complete, %(share)s") % told


def _actions(request: HttpRequest, campaign: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"label": _("As a list"), "icon": "list", "url": reverse("evidence:dossiers") + "?tab=missing"}
    ]
    if may(request.user, EDIT, campaign):
        found.append({"label": _("Open dossiers"), "icon": "plus", "url": reverse("evidence:open"), "primary": True})
    return found


def _chips(params: QueryDict, view: View, matrix: Matrix) -> list[dict[str, Any]]:
    words = {"all": _("All units"), "missing": _("With something missing"), "late": _("With something late")}
    states = matrix.totals.by_state
    narrowing = [
        {"label": words[key], "url": _url(params, show="" if key == "all" else key, after="", before=""),
         "current": view.show == key}
        for key in SHOWN
    ]  # fmt: skip
    ledger = reverse("evidence:dossiers")
    waiting = [
        {"label": DossierState(key).label, "n": figure_words(states[key]),
         "url": f"{ledger}?tab={tab}&year={view.year}", "current": False}
        for key, tab in (("submitted", "submitted"), ("accepted", "accepted"), ("approved", "approved")) if states[key]
    ]  # fmt: skip
    turned = {
        "label": _("By criterion") if view.by_month else _("Month by month"), "current": False,
        "url": _url(params, by="" if view.by_month else "month"),
    }  # fmt: skip
    return [*narrowing, turned, *waiting]


def _filters(params: QueryDict, campaign: Any, view: View) -> list[dict[str, Any]]:
    years = [
        {"label": str(year), "url": _url(params, year=str(year), after="", before=""), "current": year == view.year}
        for year in range(campaign.starts.year, campaign.ends.year + 1)
    ]
    tops = Node.objects.filter(version__in=campaign.standards.values("version"), depth=1)
    listed = [(0, _("All sections")), *((one.pk, f"{one.code} {one.title}") for one in
                                        tops.order_by("version", "position"))]  # fmt: skip
    sections = [
        {"label": label, "url": _url(params, section=str(pk or ""), after="", before=""), "current": pk == view.section}
        for pk, label in listed
    ]
    menus = [("year", _("Year"), years), ("section", _("Section"), sections)]
    return [
        {"key": key, "label": label, "options": options,
         "chosen": next((one["label"] for one in options if one["current"]), "")}
        for key, label, options in menus
    ]  # fmt: skip


def _url(params: QueryDict, **changes: str) -> str:
    query = params.copy()
    for key, value in changes.items():
        query[key] = value
    for key in [key for key, values in query.lists() if not any(values)]:
        del query[key]
    return f"?{query.urlencode()}" if query else reverse("evidence:completeness")
