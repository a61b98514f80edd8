"""A standard file on its way in: upload, look, publish."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.core.access import scope_of, visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.jobs import start_job
from chuangwen.core.models import Job, Region
from chuangwen.core.pages import signed_in
from chuangwen.standards import queries
from chuangwen.standards.comparison import compare
from chuangwen.standards.enums import UploadStatus
from chuangwen.standards.fileformat.raw import MAX_FILE_BYTES
from chuangwen.standards.forms import UploadForm
from chuangwen.standards.jobs import READ_STANDARD
from chuangwen.standards.listing import version_url
from chuangwen.standards.models import StandardUpload
from chuangwen.standards.services import publish_upload, receive_standard, ship_models
from chuangwen.standards.services.importing import uploaded_standard


def home_region(request: HttpRequest) -> Region:
    """The region for which this person edits standards."""
    regions = scope_of(request.user, "standards.edit").home_regions
    return Region.objects.filter(pk__in=regions).order_by("pk")[0]


@signed_in("standards.edit")
@require_POST
def ship(request: HttpRequest) -> HttpResponse:
    """Install the two model standards."""
    versions = ship_models(region=home_region(request), actor=request.user)
    messages.success(request, _("Published: %s") % "、".join(version.title for version in versions))
    return redirect("standards:list")


@signed_in("standards.edit")
def upload_standard(request: HttpRequest) -> HttpResponse:
    """Take a file; nothing is published by this."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    context: dict[str, Any] = {"form": form, "max_mb": MAX_FILE_BYTES // 1024 // 1024}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        jobs: list[Job] = []
        try:
            upload = receive_standard(
                file.read(MAX_FILE_BYTES + 1), file.name, region=home_region(request), actor=request.user,
                queue=lambda one: jobs.append(_read_later(one, request.user)),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("core:job", jobs[0].uid) if jobs else redirect("standards:upload", upload.uid)
    crumbs = [
        {"label": _("Standards"), "url": reverse("standards:list")},
        {"label": pgettext("standard", "Import"), "url": ""},
    ]
    context |= {"page_title": _("Import a standard"), "breadcrumbs": crumbs}
    return render(request, "standards/import.html", context, status=422 if form.errors else 200)


def _read_later(upload: StandardUpload, user: Any) -> Job:
    title = _("Reading %s") % upload.name
    back = reverse("standards:import")
    return start_job(READ_STANDARD, owner=user, title=title, params={"upload": upload.pk}, back=back)


@signed_in("standards.edit")
def upload_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What an uploaded file says, or its faults; a POST publishes it."""
    found = StandardUpload.objects.select_related("version", "file", "region")
    upload = visible_or_404(found, request.user, uid=uid)
    if request.method == "POST":
        version = publish_upload(upload, actor=request.user)
        messages.success(request, _("Published: %s") % version.title)
        return redirect(version_url(version))
    crumbs = [
        {"label": _("Standards"), "url": reverse("standards:list")},
        {"label": pgettext("standard", "Import"), "url": reverse("standards:import")},
        {"label": upload.name, "url": ""},
    ]
    context = {"upload": upload, "page_title": upload.name, "breadcrumbs": crumbs}
    if upload.status == UploadStatus.FAULTY:
        return render(request, "standards/faults.html", context | _faults(upload))
    if upload.status == UploadStatus.READING:
        return render(request, "standards/reading.html", context)
    return render(request, "standards/preview.html", context | _preview(upload))


def _faults(upload: StandardUpload) -> dict[str, Any]:
    english = (get_language() or "").startswith("en")
    rows = [(_place_words(place), en if english else zh) for place, en, zh in upload.faults]
    words = ngettext("%d place needs a change", "%d places need a change", upload.fault_count) % upload.fault_count
    return {"faults": rows, "more": upload.fault_count - len(rows), "page_subtitle": words}


def _place_words(place: str) -> str:
    """Where a fault lies, in the reader's language; a cell such as nodes!C7 is the same in both."""
    kind, _space, number = place.partition(" ")
    if kind == "line" and number.isdecimal():
        return _("line %s") % number
    return _("the whole file") if place == "file" else place


def _preview(upload: StandardUpload) -> dict[str, Any]:
    standard = uploaded_standard(upload)
    previous = queries.newest_version(upload.region, standard.urn)
    comparison = compare(queries.tree_of(previous), standard) if previous and not upload.version_id else None
    return {
        "standard": standard,
        "facts": queries.facts_of(standard),
        "sections": queries.sections(standard),
        "previous": previous,
        "comparison": comparison,
        "same_version": bool(previous and previous.version == standard.version and not upload.version_id),
    }
