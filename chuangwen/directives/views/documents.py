"""Documents: list, upload, facts, the breakdown table."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import require
from chuangwen.core.addresses import asked_key
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import store_bytes
from chuangwen.core.files.sniffing import DOCX, XLSX
from chuangwen.core.jobs import start_job
from chuangwen.core.lists import respond
from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import signed_in
from chuangwen.core.word_templates.placeholders import known
from chuangwen.core.workbook_templates.pages import own_form_file
from chuangwen.core.workbook_templates.queries import form_actions
from chuangwen.directives.breakdown import (
    OWN_FORM,
    excel,
    headers,
    lines,
    notes_of,
    own_form,
    title_of,
    word,
    workbook_content,
)
from chuangwen.directives.forms.documents import ACCEPT, FactsForm, OwnForm, UploadForm
from chuangwen.directives.lists import DOCUMENTS
from chuangwen.directives.models import Document
from chuangwen.directives.own_workbooks import BREAKDOWN
from chuangwen.directives.queries.documents import READ, review_of, typed_before
from chuangwen.directives.reading.document import MAX_FILE_BYTES
from chuangwen.directives.services import (
    LongReading,
    SameDocument,
    add_document,
    add_revision,
    change_document,
    discard_document,
)
from chuangwen.directives.views.answers import crumbs, posted, review_url
from chuangwen.directives.views.review import find_document

DIRECT_BYTES = 1024 * 1024  # a larger file is read as a job with progress


@signed_in("directives.view")
@require_GET
def document_list(request: HttpRequest) -> HttpResponse:
    """Documents and how far each has been reviewed."""
    return respond(request, DOCUMENTS)


@signed_in("directives.edit")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Upload a file or paste a text."""
    campaign = campaign_or_404(request)
    require(request.user, "directives.edit", campaign)
    before = typed_before(request.user, request.GET.get("again", ""))
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm(initial=before)
    asked = asked_key((request.POST if request.method == "POST" else request.GET).get("revises", ""))
    asked = asked or before.get("revises")
    revises = find_document(request, asked, "directives.edit") if asked else None
    same: Document | None = None
    if request.method == "POST" and form.is_valid():
        try:
            return _taken(request, campaign, form.cleaned_data, revises)
        except SameDocument as known:
            same = known.document
        except Refusal as refusal:
            form.add_error("file" if form.cleaned_data["file"] else "text", str(refusal))
    context = {
        "form": form, "same": same, "revises": revises, "accept": ACCEPT, "max_mb": MAX_FILE_BYTES // 1024 // 1024,
        "page_title": _("Upload a revised version") if revises else _("Upload a document"),
        "breadcrumbs": crumbs(_("Upload a document"), document=revises),
    }  # fmt: skip
    return render(request, "directives/new.html", context, status=422 if form.is_bound else 200)


def _taken(request: HttpRequest, campaign: Campaign, values: dict[str, Any], revises: Document | None) -> HttpResponse:
    """Read the document at once, or as a job where it is large."""
    file = values["file"]
    data, name = (file.read(), file.name) if file else (values["text"].encode(), "")
    if len(data) > DIRECT_BYTES and name:
        return _as_job(request, campaign, data, values, revises)
    try:
        return _read_now(request, campaign, data, values, revises)
    except LongReading:
        return _as_job(request, campaign, data, values, revises)


def _as_job(
    request: HttpRequest, campaign: Campaign, data: bytes, values: dict[str, Any], revises: Document | None
) -> HttpResponse:
    """Read a large file, a scan or a photo with a bar that shows how far it is."""
    name, digest = values["file"].name, store_bytes(data).sha256
    params = {
        "campaign": campaign.pk,
        "sha256": digest,
        "name": name,
        "title": values["title"],
        "kind": values["kind"],
        "day": values["day"].isoformat() if values["day"] else "",
        "revises": revises.pk if revises else 0,
    }
    back = f"{reverse('directives:new')}?again={digest}"  # where the work fails, what was typed is there again
    job = start_job(READ, owner=request.user, title=name, params=params, back=back)
    return redirect("core:job", job.uid)


def _read_now(
    request: HttpRequest, campaign: Campaign, data: bytes, values: dict[str, Any], revises: Document | None
) -> HttpResponse:
    name = values["file"].name if values["file"] else ""
    facts = {"title": values["title"], "kind": values["kind"]}
    if revises:
        document = add_revision(revises, data, name=name, day=values["day"], actor=request.user, **facts)
        return redirect("directives:changes", document.pk)
    document = add_document(campaign, data, name=name, day=values["day"], actor=request.user, **facts)
    number = document.candidates.count()
    messages.success(request, ngettext("%d directive was found.", "%d directives were found.", number) % number)
    return redirect(review_url(document))


@signed_in("directives.edit")
@require_http_methods(["GET", "POST"])
def facts(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct title, kind and date; deadlines move along."""
    document = find_document(request, pk, "directives.edit")
    form = FactsForm(posted(request), initial={"title": document.title, "kind": document.kind, "day": document.day})
    if request.method == "POST" and form.is_valid():
        try:
            moved = change_document(document, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            if moved:
                words = ngettext("%d deadline moved along.", "%d deadlines moved along.", moved) % moved
                messages.success(request, words)
            return redirect(review_url(document))
    context = {
        "document": document, "form": form, "page_title": _("Title and date"),
        "breadcrumbs": crumbs(_("Title and date"), document=document),
    }  # fmt: skip
    return render(request, "directives/facts.html", context, status=422 if form.is_bound else 200)


@signed_in("directives.edit")
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away a document that was uploaded by mistake."""
    document = find_document(request, pk, "directives.edit")
    title = document.title
    try:
        discard_document(document, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("directives:facts", pk)
    messages.success(request, _("“%s” was taken away.") % title)
    return redirect("directives:list")


@signed_in("directives.view")
@require_http_methods(["GET", "POST"])
def table(request: HttpRequest, pk: int) -> HttpResponse:
    """The breakdown table: a page to print, or ?format=xlsx, ?format=docx; POST fills the authority's own form."""
    document = find_document(request, pk)
    filled = own_form_file(
        request, BREAKDOWN, lambda: workbook_content(document, lines(review_of(document)), request.user)
    )
    if filled:
        return filled
    rows = lines(review_of(document))
    name = f"{title_of(document)}{clock.today():%Y%m%d}"
    wanted = request.GET.get("format", "")
    if wanted in {"xlsx", "docx"}:
        data, kind = (excel(document, rows), XLSX) if wanted == "xlsx" else (word(document, rows), DOCX)
        return file_response(data, f"{name}.{wanted}", kind)
    form = OwnForm(request.POST, request.FILES) if request.method == "POST" else OwnForm()
    if form.is_bound and form.is_valid():
        try:
            return file_response(own_form(document, rows, form.cleaned_data["file"].read()), f"{name}.docx", DOCX)
        except Refusal as refusal:
            form.add_error("file", str(refusal))
    context = {
        "document": document, "lines": rows, "headers": headers(), "notes": notes_of(document),
        "page_title": title_of(document), "back_url": review_url(document), "form": form, "known": known(OWN_FORM),
        "workbooks": form_actions(request, BREAKDOWN, lambda key: f"?form={key}"),
    }  # fmt: skip
    return render(request, "directives/table.html", context, status=422 if form.is_bound else 200)
