"""The page of two runs side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from chuangwen.core.lists import Listing, respond
from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import signed_in
from chuangwen.core.workbooks.writing import Column, OutTable, write_tables
from chuangwen.scoring.changes import Change
from chuangwen.scoring.compared import Asked, asked_of
from chuangwen.scoring.compared_list import ComparedList
from chuangwen.scoring.queries.comparing import (
    Comparison,
    Side,
    kinds_before_and_after,
    places_before_and_after,
    units_before_and_after,
)
from chuangwen.scoring.views.crumbs import crumbs

POINTS = "0.00##"


@signed_in("scoring.view")
@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """Two runs of the campaign; `?format=` as on a list, `whole` for all tables of the page."""
    asked = asked_of(request)
    if asked.found is None:
        unlike = asked.earlier is not None and asked.later is not None
        return render(request, "scoring/compare.html", _head(asked) | {"unlike": unlike})
    if request.GET.get("format") == "whole":
        return file_response(_workbook(asked.found), f"{asked.found.earlier.round}-{asked.found.later.round}.xlsx")
    return respond(request, _Screen())


class _Screen(ComparedList):
    """The list on its page, under what made the difference in all."""

    template = "scoring/compared.html"

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        asked = asked_of(request)
        if asked.found is None:
            raise Http404
        found = asked.found
        here = f"?a={found.earlier.pk}&b={found.later.pk}"
        whole = {"label": _("All tables"), "url": f"{here}&format=whole", "icon": "download"}
        paper = {"label": _("Print the page"), "icon": "printer", "print": True}
        more = {"found": found, "here": here, "chart": _chart(found), "page_actions": [paper, whole]}
        return _head(asked) | more | _asides(found)


def _head(asked: Asked) -> dict[str, Any]:
    return {
        "page_title": _("Two scores compared"), "breadcrumbs": [*crumbs(), {"label": _("Compare"), "url": ""}],
        "runs": asked.runs, "earlier": asked.earlier, "later": asked.later,
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
    """Every table of the page, exact."""
    columns = (
        Column("code", _("Code"), width=10), Column("title", _("Criterion"), width=44),
        *(Column(key, label, kind="number", number_format=POINTS) for key, label in (
            ("before", str(found.earlier.round)), ("standard", _("Because of the standard")),
            ("data", _("Because of the data")), ("after", str(found.later.round)),
            ("whole", pgettext("difference", "Change")),
        )),
    )  # fmt: skip
    note = (_("Before and both parts add up to after, in every row and in the sum."),)
    sums = [*found.sections, found.beside, found.total]
    names = [_name(one) for one in found.sections] + [_("Bonuses, penalties, caps"), _("Total")]
    sections: list[list[Any]] = [["", name, *_figures(one)] for name, one in zip(names, sums, strict=True)]
    rows: list[list[Any]] = [[row.code, row.title, *_figures(row)] for row in found.rows]
    units = units_before_and_after(found.earlier, found.later)
    kinds = kinds_before_and_after(found.earlier, found.later) if found.same_standard else []
    by_kind = OutTable(_side_columns(found, _("Place type")), _sides(kinds, _("Not at a place")), _("Points lost"), (),
                       _("Place type"), True)  # fmt: skip
    return write_tables([
        OutTable(columns, sections, _("Two scores compared"), note, _("Sections"), True),
        OutTable(columns, rows, _("Two scores compared"), note, _("Criteria"), True),
        OutTable(_side_columns(found, _("Unit")), _sides(units, _("Nobody")), _("Points lost"), (), _("Units"), True),
        *([by_kind] if kinds else []),
    ])  # fmt: skip


def _figures(row: Change) -> tuple[float, ...]:
    return row.before, row.standard, row.data, row.after, row.whole


def _side_columns(found: Comparison, head: str) -> tuple[Column, ...]:
    figures = (
        (str(found.earlier.round), "before"),
        (str(found.later.round), "after"),
        (pgettext("difference", "Change"), "change"),
    )
    numbers = (Column(key, label, kind="number", number_format=POINTS) for label, key in figures)
    return Column("name", head, width=24), *numbers


def _sides(rows: Sequence[Side], nobody: str) -> list[tuple[Any, ...]]:
    return [(row.name or nobody, row.before, row.after, row.change) for row in rows]
