"""The pages of an authority's own forms: taken, looked at, taken into use, replaced, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangwen.core.access import require
from chuangwen.core.errors import BadUpload, Refusal
from chuangwen.core.files.services import read
from chuangwen.core.imports.forms import SheetForm
from chuangwen.core.imports.pages import asked_sheet, sheet_rows
from chuangwen.core.imports.queries import parse_upload
from chuangwen.core.lists.export import file_response
from chuangwen.core.models import Region, TableForm
from chuangwen.core.pages import attempt, signed_in
from chuangwen.core.pages import kept as was_kept
from chuangwen.core.workbook_templates import pages, services
from chuangwen.core.workbook_templates.filling import filled
from chuangwen.core.workbook_templates.forms import ColumnsForm, FileForm, TakeForm
from chuangwen.core.workbook_templates.proposing import Proposal
from chuangwen.core.workbook_templates.queries import (
    form_to_keep,
    forms_to_keep,
    region_to_keep,
    vocabulary_of,
)
from chuangwen.core.workbook_templates.registry import OwnTable, own_table_or_404
from chuangwen.core.workbook_templates.table import Table
from chuangwen.core.workbook_templates.taking import Looked

page = require_http_methods(["GET", "HEAD", "POST"])
Answer = Callable[..., HttpResponseBase]


def keeping(view: Answer) -> Answer:
    """Resolve the table and the form, for who keeps the forms of its region."""

    @signed_in()
    @wraps(view)
    def opened(request: HttpRequest, key: str, pk: int | None = None) -> HttpResponseBase:
        table = own_table_or_404(key)
        require(request.user, table.keep)
        if pk is None:
            return view(request, table)
        return view(request, table, form_to_keep(request.user, table, pk))

    return opened


@page
@keeping
def forms(request: HttpRequest, table: OwnTable) -> HttpResponse:
    """The forms of a table, what a form may ask for, and another one to take."""
    region = region_to_keep(request.user, table)
    form = TakeForm(request.POST, request.FILES) if request.method == "POST" else TakeForm()
    if taken := _taken(request, table, form, region=region):
        return taken
    context = pages.frame(table, _("Own Excel forms")) | {
        "form": form, "kept": forms_to_keep(region, table), "words": pages.words_shown(vocabulary_of(table)),
    }  # fmt: skip
    return render(request, "core/workbook_templates/forms.html", context, status=422 if form.is_bound else 200)


def _taken(
    request: HttpRequest, table: OwnTable, form: FileForm, *, region: Region, replaces: TableForm | None = None
) -> HttpResponse | None:
    """On to the next step where a form was sent and taken; why it was not stands beside the file or the name."""
    if not (form.is_bound and form.is_valid()):
        return None
    file = form.cleaned_data["file"]
    try:
        made, looked = services.take_form(
            table, file.read(), file.name, name=form.cleaned_data.get("name", ""), region=region, actor=request.user,
            replaces=replaces,
        )  # fmt: skip
    except Refusal as refusal:
        about_file = isinstance(refusal, BadUpload) or "name" not in form.fields
        form.add_error("file" if about_file else "name", str(refusal))
        return None
    return redirect(_next_step(table, made, looked))


def _next_step(table: OwnTable, form: TableForm, looked: Looked) -> str:
    """Where a form that was just taken is gone on with: its columns, unless placeholders say all."""
    if looked.marked.rows:
        return reverse("core:form", args=[table.key, form.pk])
    return reverse("core:form-columns" if form.layout else "core:form-sheet", args=[table.key, form.pk])


@require_GET
@keeping
def example(request: HttpRequest, table: OwnTable) -> HttpResponse:
    """A workbook with all placeholders, to begin with."""
    return file_response(pages.example_form(table, vocabulary_of(table)), _("Example of a form") + ".xlsx")


@page
@keeping
def form(request: HttpRequest, table: OwnTable, kept: TableForm) -> HttpResponse:
    """One form: filled with a few rows as a preview; another workbook in its place."""
    asked = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if taken := _taken(request, table, asked, region=kept.region, replaces=kept):
        return taken
    context = pages.frame(table, kept.name) | _looked(request, table, kept) | {"kept": kept, "form": asked}
    return render(request, "core/workbook_templates/form.html", context, status=422 if asked.is_bound else 200)


def _looked(request: HttpRequest, table: OwnTable, kept: TableForm) -> dict[str, Any]:
    """The form with a few rows in it, as the page shows it; or why it can be filled no more."""
    try:
        found = services.looked_again(kept, table)
    except Refusal as refusal:
        return {"fault": str(refusal)}
    told = {"findings": pages.findings(found, kept), "marked": found.marked.rows}
    layout = Table.from_json(kept.layout)
    if not found.marked.rows and (layout is None or not layout.columns):
        return told
    vocabulary = vocabulary_of(table)
    content, is_real = pages.example_content(request, table, vocabulary)
    book = parse_upload(kept.workbook.name, filled(read(kept.workbook.file), vocabulary, content, layout))
    name = layout.sheet if layout else next(iter(found.marked.rows))
    return told | {"preview": pages.preview(book.sheet(name)), "sheet_name": name, "is_real": is_real}


@page
@keeping
def sheet(request: HttpRequest, table: OwnTable, kept: TableForm) -> HttpResponse:
    """Which sheet holds the table, and which rows its header."""
    found = services.looked_again(kept, table)
    form = SheetForm(request.POST) if request.method == "POST" else SheetForm()
    if form.is_bound and was_kept(
        form,
        lambda: services.choose_sheet(
            kept, table, sheet=form.cleaned_data["sheet"], header=form.header_rows(), actor=request.user
        ),
    ):
        return redirect("core:form-columns", table.key, kept.pk)
    layout = Table.from_json(kept.layout)
    names = [one.name for one in found.book.sheets]
    usual = names.index(layout.sheet) if layout and layout.sheet in names else 0
    asked = asked_sheet(request, found.book)
    current = usual if asked is None else asked
    if layout and current == usual:
        rows = [row - 1 for row in layout.header]
    else:
        rows = list(services.header_of(found.book.sheets[current], table))
    here = (kept.name, reverse("core:form", args=[table.key, kept.pk]))
    context = pages.frame(table, _("Where is the table?"), here) | {
        "form": form, "kept": kept, "book": found.book, "current": current,
        "preview": sheet_rows(found.book.sheets[current], rows), "two_rows": len(rows) == 2,
    }  # fmt: skip
    return render(request, "core/workbook_templates/sheet.html", context, status=422 if form.is_bound else 200)


@page
@keeping
def columns(request: HttpRequest, table: OwnTable, kept: TableForm) -> HttpResponse:
    """Which of our columns goes in which column of the form."""
    layout = Table.from_json(kept.layout)
    if layout is None:
        return redirect("core:form-sheet", table.key, kept.pk)
    vocabulary = vocabulary_of(table)
    proposal = _proposal(kept, table, layout)
    form = ColumnsForm(proposal, vocabulary, request.POST if request.method == "POST" else None)
    if form.is_bound and was_kept(
        form,
        lambda: services.choose_columns(
            kept, table, form.columns(), form.cleaned_data["last"], actor=request.user
        ),
    ):  # fmt: skip
        return redirect("core:form", table.key, kept.pk)
    here = (kept.name, reverse("core:form", args=[table.key, kept.pk]))
    context = pages.frame(table, _("Which column is which?"), here) | {
        "form": form, "kept": kept, "layout": layout, "columns": pages.column_rows(form, proposal),
        "words": pages.words_shown(vocabulary),
    }  # fmt: skip
    return render(request, "core/workbook_templates/columns.html", context, status=422 if form.is_bound else 200)


def _proposal(kept: TableForm, table: OwnTable, layout: Table) -> Proposal:
    """What is proposed for the form's columns, with what was chosen already."""
    found = services.looked_again(kept, table)
    header = [row - 1 for row in layout.header]
    made = services.proposed_columns(table, found, found.book.sheet(layout.sheet), header, kept.region)
    return Proposal(layout, made.headers, made.mapping)


@require_POST
@keeping
def use(request: HttpRequest, table: OwnTable, kept: TableForm) -> HttpResponse:
    """Take the form into use."""
    return attempt(
        request, lambda: services.use_form(kept, table, actor=request.user),
        done=reverse("core:form", args=[table.key, kept.pk]), said=_("“%s” is used from now on.") % kept.name,
    )  # fmt: skip


@require_POST
@keeping
def withdraw(request: HttpRequest, table: OwnTable, kept: TableForm) -> HttpResponse:
    """Use the form no more."""
    return attempt(
        request, lambda: services.withdraw_form(kept, table, actor=request.user),
        done=reverse("core:forms", args=[table.key]), said=_("“%s” is used no more.") % kept.name,
    )  # fmt: skip


@require_GET
@keeping
def file(request: HttpRequest, table: OwnTable, kept: TableForm) -> HttpResponse:
    """The workbook as it was taken."""
    return file_response(read(kept.workbook.file), kept.workbook.name)


@require_GET
@keeping
def trial(request: HttpRequest, table: OwnTable, kept: TableForm) -> HttpResponse:
    """The form filled with a few rows, to be opened in Excel or WPS."""
    vocabulary = vocabulary_of(table)
    content, _is_real = pages.example_content(request, table, vocabulary)
    data = filled(read(kept.workbook.file), vocabulary, content, Table.from_json(kept.layout))
    return file_response(data, _("Trial of %s") % f"{kept.name}.xlsx")
