"""The page of two runs side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.core.access import visible_or_404
from chuangwen.core.addresses import asked_key
from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import signed_in
from chuangwen.core.workbooks.writing import Column, OutTable, write_tables
from chuangwen.scoring.changes import Change
from chuangwen.scoring.models import Run
from chuangwen.scoring.queries.comparing import (
    Comparison,
    Side,
    comparison,
    kinds_before_and_after,
    places_before_and_after,
    units_before_and_after,
)
from chuangwen.scoring.views.crumbs import crumbs

SORTS = {"data": lambda row: -abs(row.data), "standard": lambda row: -abs(row.standard), "code": lambda _row: 0}
POINTS = "0.00##"
ROWS_SHOWN = 40  # of many; a line leads to the others


@signed_in("scoring.view")
def compare(request: HttpRequest) -> HttpResponse:
    """Two runs of the campaign; without a choice the newest and the newest of a round before it."""
    runs = _runs(request)
    earlier, later = _chosen(request, runs)
    context: dict[str, Any] = {
        "page_title": _("Two scores compared"), "breadcrumbs": [*crumbs(), {"label": _("Compare"), "url": ""}],
        "runs": runs, "earlier": earlier, "later": later,
    }  # fmt: skip
    if earlier is None or later is None:
        return render(request, "scoring/compare.html", context)
    found = comparison(earlier, later)
    if found is None:
        context["unlike"] = True
        return render(request, "scoring/compare.html", context)
    if request.GET.get("format") == "xlsx":
        return file_response(_workbook(found), f"{earlier.round}-{later.round}.xlsx")
    context |= {"found": found, **_table(request, found), **_asides(found), "chart": _chart(found)}
    query = request.GET.copy()
    query["a"], query["b"], query["format"] = str(earlier.pk), str(later.pk), "xlsx"
    export = {"label": _("Export"), "url": f"?{query.urlencode()}", "icon": "download"}
    context["page_actions"] = [{"label": _("Print"), "icon": "printer", "print": True}, export]
    return render(request, "scoring/compare.html", context)


def _runs(request: HttpRequest) -> list[Run]:
    """The campaign's runs that have a total, the newest round first."""
    rows = Run.objects.visible_to(request.user).filter(round__campaign=campaign_or_404(request), total__isnull=False)
    return list(rows.select_related("round", "version").order_by("-round__starts", "-created_at", "-pk")[:200])


def _chosen(request: HttpRequest, runs: Sequence[Run]) -> tuple[Run | None, Run | None]:
    """The runs that the address names (404 for one that is not the person's), else the newest two of two rounds."""
    pks = [asked_key(request.GET.get(name, "")) for name in ("a", "b")]
    seen = Run.objects.filter(total__isnull=False).select_related("round", "version", "region")
    seen = seen.select_related("observations", "places", "frames", "round__campaign")
    named = [visible_or_404(seen, request.user, pk=pk) if pk else None for pk in pks]
    later = named[1] or next((run for run in runs if named[0] is None or run.pk != named[0].pk), None)
    if later is None:
        return named[0], None
    before = (run for run in runs if run.round_id != later.round_id and run.version.urn == later.version.urn)
    return named[0] or next(before, None), later


def _table(request: HttpRequest, found: Comparison) -> dict[str, Any]:
    """The rows by criterion as the address wants them: of one section, those that changed alone, in which order."""
    section, sort = request.GET.get("section", ""), request.GET.get("sort", "data")
    sort = sort if sort in SORTS else "data"
    rows = [row for row in found.rows if not section or row.section == section]
    whole = bool(request.GET.get("all"))
    changed = rows if whole else [row for row in rows if row.shows]
    shown = sorted(changed, key=SORTS[sort])[: None if whole else ROWS_SHOWN]
    return {
        "rows": shown, "hidden": len(rows) - len(shown), "sort": sort, "section": section,
        "all_rows": whole, "here": f"?a={found.earlier.pk}&b={found.later.pk}",
    }  # fmt: skip


def _asides(found: Comparison) -> dict[str, Any]:
    """By unit; under one standard by type of place and by draw too."""
    more: dict[str, Any] = {"units": units_before_and_after(found.earlier, found.later)}
    if found.same_standard:
        more["kinds"] = kinds_before_and_after(found.earlier, found.later)
        more["places"] = places_before_and_after(found.earlier, found.later)
    return more


def _chart(found: Comparison) -> dict[str, Any]:
    """Both parts by section as lying bars."""
    parts = [*found.sections, *([found.beside] if found.beside.shows else [])]
    labels = [_name(one) for one in parts]
    series = [{"name": _("Because of the data"), "values": [round(one.data, 2) for one in parts], "tone": "got"}]
    if not found.same_standard or any(abs(one.standard) > 0 for one in parts):
        values = [round(one.standard, 2) for one in parts]
        series.append({"name": _("Because of the standard"), "values": values, "tone": "good"})
    return {"kind": "rows", "labels": labels, "series": series, "digits": 2}


def _name(one: Change) -> str:
    return f"{one.code} {one.title}" if one.code else _("Bonuses, penalties, caps")


def _workbook(found: Comparison) -> bytes:
    """Sections, criteria and units, exact."""
    columns = (
        Column("code", _("Code"), width=10), Column("title", _("Criterion"), width=44),
        *(Column(key, label, kind="number", number_format=POINTS) for key, label in (
            ("before", str(found.earlier.round)), ("standard", _("Because of the standard")),
            ("data", _("Because of the data")), ("after", str(found.later.round)), ("whole", _("Change")),
        )),
    )  # fmt: skip
    note = (_("Before and both parts add up to after, in every row and in the sum."),)
    sums = [*found.sections, found.beside, found.total]
    names = [_name(one) for one in found.sections] + [_("Bonuses, penalties, caps"), _("Total")]
    sections: list[list[Any]] = [["", name, *_figures(one)] for name, one in zip(names, sums, strict=True)]
    rows: list[list[Any]] = [[row.code, row.title, *_figures(row)] for row in found.rows]
    units = units_before_and_after(found.earlier, found.later)
    return write_tables([
        OutTable(columns, sections, _("Two scores compared"), note, _("Sections"), True),
        OutTable(columns, rows, _("Two scores compared"), note, _("Criteria"), True),
        OutTable(_side_columns(found), _sides(units), _("Points lost"), (), _("Units"), True),
    ])  # fmt: skip


def _figures(row: Change) -> tuple[float, ...]:
    return row.before, row.standard, row.data, row.after, row.whole


def _side_columns(found: Comparison) -> tuple[Column, ...]:
    figures = ((str(found.earlier.round), "before"), (str(found.later.round), "after"), (_("Change"), "change"))
    numbers = (Column(key, label, kind="number", number_format=POINTS) for label, key in figures)
    return Column("unit", _("Unit"), width=24), *numbers


def _sides(rows: Sequence[Side]) -> list[tuple[Any, ...]]:
    return [(row.name or _("Nobody"), row.before, row.after, row.change) for row in rows]
