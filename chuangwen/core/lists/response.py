"""Answers a list's request: the screen, the whole as Excel, on paper, or as a message for a chat group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.jobs import start_job
from chuangwen.core.lists.page import Listing, ListPage
from chuangwen.core.workbooks.writing import Column as SheetColumn
from chuangwen.core.workbooks.writing import write_table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DIRECT_EXPORT = 3000  # rows; above it an export runs as a job with progress
PAPER_ROWS = 2000
MESSAGE_ROWS = 500

_lists: dict[str, ListPage] = {}


def respond(request: HttpRequest, page: ListPage) -> HttpResponse:
    """The list in the form that `?format=` asks for."""
    _lists[page.name] = page
    listing = Listing(page, request, request.GET)
    form = request.GET.get("format", "")
    if form == "xlsx":
        return _export(request, listing)
    if form == "print":
        return _paper(request, listing)
    if form == "message":
        return HttpResponse(message_text(listing), content_type="text/plain; charset=utf-8")
    listing.load()
    context = {
        "page_title": page.title,
        "listing": listing,
        "heads": listing.heads(),
        "table": listing.table(),
        "tabs": listing.tab_counts(),
        "filters": listing.filter_fields(),
        "page_def": page,
    }
    return render(request, page.template, context | page.more(request, listing))


def workbook_bytes(page: ListPage, rows: Iterable[Any]) -> bytes:
    """All columns of the list, whole, as an Excel file."""
    columns = [SheetColumn(c.key, str(c.label), kind=c.kind, width=c.width) for c in page.columns]
    values = ([column.value(row) for column in page.columns] for row in rows)
    notes = [str(page.definition)] if page.definition else []
    stamp = clock.local(clock.now()).strftime("%Y-%m-%d %H:%M")
    return write_table(columns, values, title=str(page.title), notes=[*notes, _("Data as of %s") % stamp])


def file_response(data: bytes, name: str, media_type: str = XLSX) -> HttpResponse:
    """`data` as a download under `name`, which may be Chinese."""
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _export(request: HttpRequest, listing: Listing) -> HttpResponse:
    rows = listing.narrowed().order_by(listing.sort, "pk")
    if rows.count() > DIRECT_EXPORT:
        params = {
            "list": listing.page.name,
            "params": {k: v for k, v in request.GET.items() if k != "format"},
        }
        job = start_job("export_list", owner=request.user, title=str(listing.page.title), params=params)
        return redirect("core:job", job.uid)
    name = f"{listing.page.title}{clock.today():%Y%m%d}.xlsx"
    return file_response(workbook_bytes(listing.page, rows.iterator(chunk_size=500)), name)


def _paper(request: HttpRequest, listing: Listing) -> HttpResponse:
    rows = list(listing.narrowed().order_by(listing.sort, "pk")[: PAPER_ROWS + 1])
    columns = [column for column in listing.page.columns if column.paper]
    context = {
        "page_title": listing.page.title,
        "columns": columns,
        "rows": [[column.value(row) for column in columns] for row in rows[:PAPER_ROWS]],
        "cut": len(rows) > PAPER_ROWS,
        "limit": PAPER_ROWS,
        "listing": listing,
        "now": clock.now(),
    }
    return render(request, "core/list_print.html", context)


def message_text(listing: Listing) -> str:
    """The list as text for a chat group: a heading, then one line a unit with its matters."""
    by_unit: defaultdict[str, list[str]] = defaultdict(list)
    for row in listing.narrowed().order_by(listing.sort, "pk")[:MESSAGE_ROWS]:
        unit, text = listing.page.message_line(row)
        by_unit[unit].append(text)
    head = f"【{listing.page.title}】{clock.local(clock.now()):%m-%d %H:%M}"
    lines = [f"{unit}：{'；'.join(texts)}" if unit else "\n".join(texts) for unit, texts in by_unit.items()]
    return "\n".join([head, *lines])


def list_page(name: str) -> ListPage | None:
    """The list registered under `name`, for the export job."""
    return _lists.get(name)


def register_list(page: ListPage) -> ListPage:
    """Make a list known to the worker, which never answers a request of its own."""
    _lists[page.name] = page
    return page
