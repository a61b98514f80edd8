"""The register of titles in force, with search and as a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.core import clock
from chuangwen.core.files.sniffing import XLSX
from chuangwen.core.lists.paging import page_of
from chuangwen.core.workbooks.writing import Cell, Column, write_table
from chuangwen.public.queries import narrowed, site_or_404, titles_in_force, titles_taken_away, titles_to_choose
from chuangwen.public.views.showing import download, public_page, show

LONGEST = 60
SORTS = {"unit": "unit__name", "title": "title__name", "granted": "granted_on", "document": "document"}
NEWEST = "-granted"


@public_page
def register(request: HttpRequest, code: str) -> HttpResponse:
    """Titles in force, narrowed by the unit's name and the title; and those that were taken away in the last year."""
    site = site_or_404(code)
    words, title = _asked(request)
    rows = narrowed(titles_in_force(site.region), words, title)
    sort = _sort(request)
    context = page_of(request, rows, _field(sort)) | {
        "page_title": _("Titles in force"), "words": words, "title": title, "sort": sort, "count": rows.count(),
        "titles": [(str(one.pk), one.name) for one in titles_to_choose(site.region)],
        "taken_away": [] if words or title else titles_taken_away(site.region),
        "query": request.GET.urlencode(), "heads": _heads(words, title, sort),
    }  # fmt: skip
    return show(site, "public/titles.html", context, here="titles")


@public_page
def export(request: HttpRequest, code: str) -> HttpResponse:
    """The same rows, all of them, as a workbook."""
    site = site_or_404(code)
    rows = narrowed(titles_in_force(site.region), *_asked(request)).order_by(_field(_sort(request)), "pk")
    name = _("Titles in force")
    widths = {"unit": 30, "title": 24, "granted": 14, "document": 24}
    columns = [
        Column(key, label, "date" if key == "granted" else "text", widths[key]) for key, label in _labels().items()
    ]
    values: Iterator[list[Cell]] = (
        [one.holder if one.family else str(one.unit.name), one.title.name, one.granted_on, one.document] for one in rows
    )
    notes = [_("Data as of %s") % f"{clock.today():%Y-%m-%d}"]  # by the day, so that its mark stays the same
    made = datetime.combine(clock.today(), time())
    data = write_table(columns, values, title=f"{site.region} {name}", notes=notes, sheet=name, created=made)
    return download(data, f"{site.region}{name}.xlsx", XLSX)


def _asked(request: HttpRequest) -> tuple[str, str]:
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST]
    return words, request.GET.get("title", "")


def _labels() -> dict[str, str]:
    return {
        "unit": _("Unit"), "title": pgettext("honour", "Title"), "granted": _("Granted on"),
        "document": _("Document number"),
    }  # fmt: skip


def _sort(request: HttpRequest) -> str:
    """The column by which rows stand, falling with a dash before it; any other word is the newest first."""
    asked = request.GET.get("sort", NEWEST)
    return asked if asked.removeprefix("-") in SORTS else NEWEST


def _field(sort: str) -> str:
    return f"{'-' * sort.startswith('-')}{SORTS[sort.removeprefix('-')]}"


def _heads(words: str, title: str, sort: str) -> list[dict[str, str]]:
    """The heads of the table; each sorts by its column, the present one the other way round."""
    found = []
    for key, label in _labels().items():
        here = sort.removeprefix("-") == key
        way = f"-{key}" if sort == key else key
        asked = urlencode({"q": words, "title": title, "sort": way})
        direction = "descending" if sort.startswith("-") else "ascending"
        found.append({"label": label, "url": f"?{asked}", "sorted": direction if here else ""})
    return found
