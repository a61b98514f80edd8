"""The pages of the import wizard."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangwen.core import clock
from chuangwen.core.access import require
from chuangwen.core.errors import Refusal
from chuangwen.core.imports import pages, services
from chuangwen.core.imports.forms import ACCEPT, ColumnsForm, ImportForm, NamesForm, SheetForm, WorkbookForm
from chuangwen.core.imports.importer import Importer, Summary, importer_or_404
from chuangwen.core.imports.jobs import start_import_job
from chuangwen.core.imports.queries import (
    dry_run,
    import_region,
    likely_header,
    own_import,
    proposed_mapping,
    sheet_of,
    table_of,
    unfinished_imports,
    workbook_of,
)
from chuangwen.core.imports.reports import fault_bytes, template_bytes
from chuangwen.core.lists.export import file_response
from chuangwen.core.models import ImportState, WorkbookImport
from chuangwen.core.pages import signed_in
from chuangwen.core.picking import look_among
from chuangwen.core.workbooks.limits import MAX_FILE_BYTES

DIRECT_IMPORT = 500  # rows; above it an import runs as a job with progress
page = require_http_methods(["GET", "HEAD", "POST"])
Answer = Callable[..., HttpResponseBase]


def importing(view: Answer) -> Answer:
    """Resolve the importer and the person's own upload, and check the permission the importer names."""

    @signed_in()
    @wraps(view)
    def opened(request: HttpRequest, key: str, uid: UUID | None = None, **rest: str) -> HttpResponseBase:
        importer = importer_or_404(key)
        require(request.user, importer.permission)
        if uid is None:
            return view(request, importer)
        return view(request, importer, own_import(request.user, importer, uid), **rest)

    return opened


@page
@importing
def upload(request: HttpRequest, importer: Importer) -> HttpResponse:
    """Step 1: choose the workbook."""
    region = import_region(request.user, importer)
    context = importer.context_from(request)
    form = WorkbookForm(request.POST, request.FILES) if request.method == "POST" else WorkbookForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            task = services.start_import(
                importer, file.read(MAX_FILE_BYTES + 1), file.name, region=region, actor=request.user, context=context
            )
        except Refusal as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("core:import-sheet", importer.key, task.uid)
    shown = {
        "form": form,
        "accept": ACCEPT,
        "max_mb": MAX_FILE_BYTES // 1024 // 1024,
        "asked": pages.asked_fields(importer.fields(region, context)),
        "unfinished": unfinished_imports(request.user, importer, region),
        "query": request.GET.urlencode(),
    }
    return _answer(request, "upload", pages.frame(request, importer, 0) | shown, form)


@require_GET
@importing
def template(request: HttpRequest, importer: Importer) -> HttpResponse:
    """The paper's columns as an empty workbook."""
    region = import_region(request.user, importer)
    fields = importer.fields(region, importer.context_from(request))
    return file_response(template_bytes(importer, fields), f"{importer.paper}.xlsx")


@page
@importing
def sheet(request: HttpRequest, importer: Importer, task: WorkbookImport) -> HttpResponse:
    """Step 2: which sheet, which header rows."""
    if task.status == ImportState.IMPORTED:
        return redirect("core:import-result", importer.key, task.uid)
    book = workbook_of(task)
    form = SheetForm(request.POST) if request.method == "POST" else SheetForm()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.choose_sheet(task, sheet=data["sheet"], header_rows=form.header_rows())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("core:import-columns", importer.key, task.uid)
    current = pages.asked_sheet(request, book)
    shown_sheet = sheet_of(task, book) if current is None else book.sheets[current]
    rows = task.header_rows if current in {None, task.sheet} else likely_header(importer, task, shown_sheet)
    shown = {
        "form": form,
        "book": book,
        "current": task.sheet if current is None else current,
        "preview": pages.sheet_rows(shown_sheet, rows),
        "two_rows": len(rows) == 2,
    }
    return _answer(request, "sheet", pages.frame(request, importer, 1, task) | shown, form)


@page
@importing
def columns(request: HttpRequest, importer: Importer, task: WorkbookImport) -> HttpResponse:
    """Step 3: which column is which."""
    if task.status == ImportState.IMPORTED:
        return redirect("core:import-result", importer.key, task.uid)
    table = table_of(task)
    fields = importer.fields(task.region, task.context)
    mapping = proposed_mapping(task, importer, table)
    form = ColumnsForm(fields, table, mapping, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.choose_columns(task, importer, form.columns())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("core:import-check", importer.key, task.uid)
    shown = {
        "form": form,
        "columns": pages.column_rows(form, fields, table, mapping),
        "unused": pages.unused_columns(table, mapping),
        "row_count": len(table.rows),
    }
    return _answer(request, "columns", pages.frame(request, importer, 2, task) | shown, form)


@require_GET
@importing
def check(request: HttpRequest, importer: Importer, task: WorkbookImport) -> HttpResponse:
    """Step 4: what would happen, all faults, unknown names."""
    if moved := _elsewhere(importer, task):
        return moved
    return _check_page(request, importer, task)


@require_POST
@importing
def names(request: HttpRequest, importer: Importer, task: WorkbookImport) -> HttpResponse:
    """Explain unknown names, once for all."""
    if moved := _elsewhere(importer, task):
        return moved
    run = dry_run(task, importer)
    form = NamesForm(run.unresolved[: pages.SHOWN_NAMES], request.POST)
    if not form.is_valid():
        messages.error(request, _("A name is too long. Choose one from the list."))
        return redirect("core:import-check", importer.key, task.uid)
    for unknown, choice in form.choices():
        try:
            services.explain_name(task, importer, unknown, choice, actor=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal))
    return redirect("core:import-check", importer.key, task.uid)


@require_GET
@importing
def look(request: HttpRequest, importer: Importer, task: WorkbookImport, field: str) -> HttpResponse:
    """What a name in this column can mean, among all that fits the words typed; `of` names the field on the page."""
    if field not in {one.key for one in importer.fields(task.region, task.context)}:
        raise Http404
    words = request.GET.get(request.GET.get("of", "q"), "")
    choices = importer.choices(field, task.region, task.context)
    found = look_among(((str(value), label) for value, label in choices), words)
    return render(request, "core/parts/pick_options.html", {"found": found})


@require_POST
@importing
def again(request: HttpRequest, importer: Importer, task: WorkbookImport) -> HttpResponse:
    """Take the corrected workbook in the place of the first; the mapping stays where the headers are the same."""
    form = WorkbookForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for error in form.errors.get("file", [])))
        return redirect("core:import-check", importer.key, task.uid)
    file = form.cleaned_data["file"]
    try:
        fits = services.replace_file(task, importer, file.read(MAX_FILE_BYTES + 1), file.name, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("core:import-check", importer.key, task.uid)
    if fits:
        return redirect("core:import-check", importer.key, task.uid)
    messages.warning(request, _("The new workbook has other columns. Please choose sheet and columns again."))
    return redirect("core:import-sheet", importer.key, task.uid)


@require_GET
@importing
def faults(request: HttpRequest, importer: Importer, task: WorkbookImport) -> HttpResponse:
    """All faults as Excel."""
    if moved := _elsewhere(importer, task):
        return moved
    data = fault_bytes(importer, dry_run(task, importer).faults)
    return file_response(data, _("Faults of %s") % f"{importer.paper}{clock.today():%Y%m%d}.xlsx")


@require_POST
@importing
def run(request: HttpRequest, importer: Importer, task: WorkbookImport) -> HttpResponse:
    """Import, here and now or as a job."""
    if moved := _elsewhere(importer, task):
        return moved
    form = ImportForm(request.POST)
    good_only = form.is_valid() and form.cleaned_data["good_only"]
    if len(table_of(task).rows) > DIRECT_IMPORT:
        job = start_import_job(task, importer, actor=request.user, good_only=good_only)
        return redirect("core:job", job.uid)
    try:
        services.import_rows(task, importer, actor=request.user, good_only=good_only)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("core:import-result", importer.key, task.uid)
    return redirect("core:import-result", importer.key, task.uid)


@require_POST
@importing
def drop(request: HttpRequest, importer: Importer, task: WorkbookImport) -> HttpResponse:
    """Forget an upload that was not imported."""
    services.drop_import(task)
    return redirect(importer.done_url(task.context))


@require_GET
@importing
def result(request: HttpRequest, importer: Importer, task: WorkbookImport) -> HttpResponse:
    """Step 5: what changed; an upload on its way goes on where it stands."""
    if task.status != ImportState.IMPORTED:
        steps = {ImportState.UPLOADED: "core:import-sheet", ImportState.MAPPED: "core:import-check"}
        return redirect(steps[ImportState(task.status)], importer.key, task.uid)
    summary = Summary.from_json(task.summary)
    shown = {
        "summary": summary,
        "says_what": any(line.text for line in summary.lines),
        "figures": pages.figures(summary, task.summary.get("left_out", 0)),
        "more_lines": max(0, summary.new + summary.changed - len(summary.lines)),
    }
    return render(request, "core/imports/result.html", pages.frame(request, importer, 4, task) | shown)


def _check_page(request: HttpRequest, importer: Importer, task: WorkbookImport) -> HttpResponse:
    fields = importer.fields(task.region, task.context)
    found = dry_run(task, importer)
    shown = pages.checked(found, task, importer, fields) | {
        "as_job": found.total > DIRECT_IMPORT,
        "accept": ACCEPT,
        "max_mb": MAX_FILE_BYTES // 1024 // 1024,
    }
    return render(request, "core/imports/check.html", pages.frame(request, importer, 3, task) | shown)


def _elsewhere(importer: Importer, task: WorkbookImport) -> HttpResponse | None:
    """Where an upload that is not ready for the dry run belongs."""
    if task.status == ImportState.MAPPED:
        return None
    return redirect("core:import-result", importer.key, task.uid)


def _answer(request: HttpRequest, name: str, context: dict[str, Any], form: Any) -> HttpResponse:
    """A step's page; with status 422 where what was sent had to be refused."""
    status = 422 if request.method == "POST" and form.errors else 200
    return render(request, f"core/imports/{name}.html", context, status=status)
