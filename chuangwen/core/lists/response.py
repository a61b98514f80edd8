"""Answers a list's request: the screen, the whole as Excel, on paper, as a message; and acts on chosen rows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.lists.bulk import act, chosen_rows
from chuangwen.core.lists.columns import BulkAction, Cell, Column, Effect
from chuangwen.core.lists.export import (
    MESSAGE_ROWS,
    export_name,
    file_response,
    has_pictures,
    message_text,
    tell_exported,
    workbook_bytes,
)
from chuangwen.core.lists.jobs import start_bulk, start_export
from chuangwen.core.lists.own_forms import asked_form, list_actions, list_in_form
from chuangwen.core.lists.page import PAGE_SIZE, Listing, ListPage
from chuangwen.core.lists.paper import lay_on_paper
from chuangwen.core.lists.registry import list_page, register_list
from chuangwen.core.templatetags import wording
from chuangwen.core.workbook_templates.queries import own_form_name

__all__ = ["DIRECT_EXPORT", "list_page", "register_list", "respond"]
DIRECT_EXPORT = 3000  # rows; above it an export runs as a job with progress
DIRECT_PICTURES = 100  # rows of a list with photos
DIRECT_BULK = PAGE_SIZE  # rows; above it a bulk action runs as a job
PAPER_ROWS = 2000
PREVIEW_ROWS = 50


def respond(request: HttpRequest, page: ListPage) -> HttpResponse:
    """The list in the form that `?format=` asks for; a POST acts on chosen rows (page.bulk)."""
    if list_page(page.name) is None:
        register_list(page)
    listing = Listing(page, request, request.GET)
    if request.method == "POST":
        return _bulk(request, listing)
    answers: dict[str, Callable[[], HttpResponse]] = {
        "xlsx": lambda: _export(listing),
        "own": lambda: _own_form(listing),
        "print": lambda: _paper(request, listing),
        "filters": lambda: _filters(request, listing),
        "message": lambda: _message(page, listing.ordered()[:MESSAGE_ROWS]),
    }
    return answers.get(request.GET.get("format", ""), lambda: _screen(request, listing))()


def _screen(request: HttpRequest, listing: Listing) -> HttpResponse:
    page = listing.page
    listing.load()
    more = page.more(request, listing)
    own = list(more.pop("page_actions", ()))
    tabs = listing.tab_counts() if page.tabs else []
    elsewhere = next((tab for tab in reversed(tabs) if tab["count"] and not tab["current"]), None)
    step = more.pop("first_step", None) or _first_step(request, page)
    if elsewhere:  # something has been begun: an empty tab leads to those that hold it
        step = None
    if step and not listing.total and not listing.is_narrowed:  # the filled button of the page is the one in it
        own = [{**action, "primary": False} for action in own if action.get("url") != step["url"]]
    first = [action for action in own if not action.get("primary")]
    context = {
        "page_title": page.title,
        "page_actions": [
            *first,
            *_forms(listing),
            *list_actions(listing),
            *(action for action in own if action not in first),
        ],
        "listing": listing,
        "heads": listing.heads(),
        "table": listing.table(),
        "tabs": tabs,
        "elsewhere": elsewhere,
        "empty_tab": next((tab["label"] for tab in tabs if tab["current"]), "") if elsewhere else "",
        "filters": listing.filter_fields(whole=False),
        "filters_url": listing.filters_url,
        "bulk_actions": _buttons(listing),
        "noun": page.noun or _("rows"),
        "page_def": page,
        "first_step": step,
    }
    return render(request, page.template, context | more)


def _first_step(request: HttpRequest, page: ListPage) -> dict[str, Any] | None:
    """What an empty list offers to begin with, to those who may; `more` can name another one."""
    if not page.empty_url or (page.empty_permission and not may(request.user, page.empty_permission)):
        return None
    return {"label": page.empty_action, "url": reverse(page.empty_url)}


def _filters(request: HttpRequest, listing: Listing) -> HttpResponse:
    """The filters with all their choices: a page of its own, from which the list's menu takes the form."""
    context = {
        "page_title": _("Filter"),
        "breadcrumbs": [{"label": listing.page.title, "url": listing.url(format="")}, {"label": _("Filter")}],
        "listing": listing,
        "filters": listing.filter_fields(),
    }
    return render(request, "core/list_filter.html", context)


def _forms(listing: Listing) -> list[dict[str, Any]]:
    """Paper and workbook, in the head of every list that holds anything."""
    if not listing.total:
        return []
    return [
        {"label": _("Print list"), "icon": "printer", "url": listing.url(format="print", at="")},
        {"label": _("Export Excel"), "icon": "download", "url": listing.url(format="xlsx", at="")},
    ]


def _buttons(listing: Listing) -> list[dict[str, Any]]:
    """The bulk bar's buttons: the page's own, then message and export of what is chosen."""
    own = [{"label": one.label, "icon": one.icon, "name": "bulk", "value": one.key} for one in listing.bulk_actions]
    if not own:
        return []
    return [
        *own,
        {"label": _("Copy as group message"), "icon": "copy", "name": "bulk", "value": "message"},
        {"label": _("Export"), "icon": "download", "name": "bulk", "value": "xlsx"},
    ]


def _is_long(page: ListPage, number: int) -> bool:
    """Whether so many rows make a workbook that nobody should wait for."""
    return number > (DIRECT_PICTURES if has_pictures(page) else DIRECT_EXPORT)


def _export(listing: Listing) -> HttpResponse:
    rows = listing.ordered()
    if _is_long(listing.page, rows.count()):
        return redirect("core:job", start_export(listing).uid)
    return _workbook(listing, rows)


def _own_form(listing: Listing) -> HttpResponse:
    """The whole list in an authority's own form."""
    form = asked_form(listing)
    if form is None:
        raise Http404
    number = listing.ordered().count()
    if number > DIRECT_EXPORT:
        return redirect("core:job", start_export(listing).uid)
    data = list_in_form(listing, form)
    tell_exported(listing, number)
    return file_response(data, own_form_name(form))


def _workbook(listing: Listing, rows: Any) -> HttpResponse:
    period = str(listing.page.period(listing.request))
    data = workbook_bytes(listing.page, rows.iterator(chunk_size=500), period=period)
    tell_exported(listing, rows.count())
    return file_response(data, export_name(listing.page))


def _message(page: ListPage, rows: Any) -> HttpResponse:
    return HttpResponse(message_text(page, rows), content_type="text/plain; charset=utf-8")


def _paper(request: HttpRequest, listing: Listing) -> HttpResponse:
    rows = list(listing.ordered()[: PAPER_ROWS + 1])
    columns = [column for column in listing.page.columns if column.paper and column.kind != "picture"]
    cells = [[_paper_cell(column, row) for column in columns] for row in rows[:PAPER_ROWS]]
    sheet = lay_on_paper(
        [str(column.label) for column in columns], [[str(one.content) for one in row] for row in cells]
    )
    context = {
        "page_title": listing.page.title,
        "columns": list(zip(columns, sheet.whole, strict=True)),
        "rows": [list(zip(row, sheet.whole, strict=True)) for row in cells],
        "wide": sheet.wide,
        "cut": len(rows) > PAPER_ROWS,
        "limit": PAPER_ROWS,
        "listing": listing,
        "page_def": listing.page,
        "period": listing.page.period(request),
        "back_url": listing.url(format=""),
        "filters": [one for one in listing.filter_fields() if one["value"]],
        "now": clock.now(),
    }
    return render(request, "core/list_print.html", context)


def _paper_cell(column: Column, row: Any) -> Cell:
    value = column.value(row)
    if value is None or value == "":
        text: str = wording.NOTHING
    elif isinstance(value, datetime):
        text = wording.moment(value)
    elif isinstance(value, date):
        text = wording.day(value)
    elif column.kind == "percent":
        text = wording.percent(value)
    elif column.kind == "number":
        text = wording.figure(value)
    else:
        text = str(value)
    return Cell("", text, column.classes)


def _bulk(request: HttpRequest, listing: Listing) -> HttpResponse:
    """Do to the chosen rows what the pressed button says, asking first where the action asks."""
    ids, everything = request.POST.getlist("id"), request.POST.get("select_all") == "1"
    key = request.POST.get("bulk", "")
    action = next((one for one in listing.bulk_actions if one.key == key), None)
    if action is None and key not in {"message", "xlsx"}:
        if any(one.key == key for one in listing.page.bulk):
            raise PermissionDenied(key)
        raise Http404
    rows = chosen_rows(listing, action, ids=ids, everything=everything)
    number = rows.count()
    if not number:
        messages.warning(request, _("Nothing was chosen that this can be done to."))
        return redirect(request.get_full_path())
    if action is None and key == "xlsx":
        return _export(listing) if everything else _workbook(listing, rows)
    if action is None:
        return _shown_message(request, listing, rows[:MESSAGE_ROWS])
    form = action.form(request.POST if "sure" in request.POST else None, actor=request.user) if action.form else None
    unsure = "sure" not in request.POST or (form is not None and not form.is_valid())
    faults = action.check(rows, form) if action.check is not None and not unsure else []
    unsure = unsure or bool(form is not None and form.errors)
    unseen = action.preview is not None and not unsure and request.POST.get("seen") != _seen(form)
    if action.asks and (unsure or unseen):
        effects = _effects(action, rows, form) if unseen else faults[:PREVIEW_ROWS] or None
        more = (number if unseen else len(faults)) - len(effects or ())
        return _ask(request, listing, action, number, form, effects, more)
    if number > DIRECT_BULK:
        job = start_bulk(listing, key, ids=ids, everything=everything, data=request.POST.urlencode() if form else "")
        return redirect("core:job", job.uid)
    outcome = act(action, list(rows), actor=request.user, data=form.cleaned_data if form else {})
    level = messages.WARNING if outcome.refused else messages.SUCCESS
    messages.add_message(request, level, outcome.words(str(action.label)))
    return redirect(request.get_full_path())


def _seen(form: Any) -> str:
    """What was typed, in short: a preview holds for these very words."""
    return hashlib.sha256(repr(sorted(form.cleaned_data.items())).encode()).hexdigest()[:16]


def _effects(action: BulkAction, rows: Any, form: Any) -> list[tuple[str, Effect]]:
    """What would become of the first rows."""
    preview = action.preview
    return [(str(row), preview(row, form.cleaned_data)) for row in rows[:PREVIEW_ROWS]] if preview else []


def _ask(
    request: HttpRequest, listing: Listing, action: BulkAction, number: int, form: Any,
    effects: list[tuple[str, Effect]] | None = None, more: int = 0,
) -> HttpResponse:  # fmt: skip
    """The page between button and act: how many rows, the effect, and what must be chosen."""
    noun = listing.page.noun or _("rows")
    context = {
        "page_title": action.label,
        "page_subtitle": ngettext("For %(n)d %(noun)s", "For %(n)d %(noun)s", number) % {"n": number, "noun": noun},
        "breadcrumbs": [{"label": listing.page.title, "url": request.get_full_path()}, {"label": action.label}],
        "action": action,
        "form": form,
        "ids": request.POST.getlist("id"),
        "everything": request.POST.get("select_all", ""),
        "previews": action.preview is not None,
        "effects": effects,
        "unseen": more,
        "seen": _seen(form) if effects is not None and action.preview is not None else "",
        "target": request.get_full_path(),
    }
    return render(request, "core/bulk.html", context, status=400 if form and form.errors else 200)


def _shown_message(request: HttpRequest, listing: Listing, rows: Any) -> HttpResponse:
    context = {
        "page_title": _("Group message"),
        "breadcrumbs": [{"label": listing.page.title, "url": request.get_full_path()}, {"label": _("Group message")}],
        "text": message_text(listing.page, rows),
        "target": request.get_full_path(),
    }
    return render(request, "core/message.html", context)
