"""Pages that belong to no area: files by rights, the progress of long work, health."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import connection
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from chuangwen.core import clock
from chuangwen.core.files.services import PREVIEW_SIDES, preview, read
from chuangwen.core.jobs import INTERRUPTED
from chuangwen.core.models import Attachment, Job
from chuangwen.core.pages import open_page, signed_in
from chuangwen.core.picking import look_up, source_of
from chuangwen.core.search import LONGEST, search

INLINE = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "application/pdf"})


@open_page
def home(request: HttpRequest) -> HttpResponse:
    """The desk for who is signed in, else the sign-in page."""
    return redirect(settings.LOGIN_REDIRECT_URL)


@open_page
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """ok while the database answers; for load balancers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@signed_in()
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Everything of a name or number that the person may see."""
    words = " ".join(request.GET.get("q", "").split())[:LONGEST]
    context = {"page_title": _("Find"), "words": words, "groups": search(request, words)}
    return render(request, "core/find.html", context)


@signed_in()
@require_GET
def pick(request: HttpRequest, key: str) -> HttpResponse:
    """What fits the words typed into a field, among what the person may choose; `of` names the field."""
    source = source_of(key)
    if source is None:
        raise Http404
    if not source.is_open_to(request.user):
        raise PermissionDenied(key)
    words = request.GET.get(request.GET.get("of", "q"), "")
    context = {"found": look_up(source, source.rows(request.user), words, several="several" in request.GET)}
    return render(request, "core/parts/pick_options.html", context)


@open_page
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language in a cookie and go back."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 86400, samesite="Lax", httponly=True)
    return response


def visible_attachment(request: HttpRequest, uid: UUID) -> Attachment:
    """The attachment whose owner the person may see; 404 otherwise."""
    attachment = get_object_or_404(Attachment.objects.select_related("file"), uid=uid)
    try:
        owner_model = apps.get_model(attachment.owner_type)
    except LookupError as error:
        raise Http404 from error
    if not owner_model.objects.visible_to(request.user).filter(pk=attachment.owner_id).exists():
        raise Http404
    return attachment


@signed_in()
@require_GET
@cache_control(private=True, max_age=86400, immutable=True)
def file(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The file as it was given; pictures and PDF open in the page, all else is saved."""
    attachment = visible_attachment(request, uid)
    response = HttpResponse(read(attachment.file), content_type=attachment.file.media_type)
    shown = "inline" if attachment.file.media_type in INLINE and "save" not in request.GET else "attachment"
    response["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(attachment.name)}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"
    return response


@signed_in()
@require_GET
@cache_control(private=True, max_age=604800, immutable=True)
def picture(request: HttpRequest, uid: UUID, size: str) -> HttpResponse:
    """A smaller copy of a picture: small or large."""
    attachment = visible_attachment(request, uid)
    if size not in PREVIEW_SIDES or not attachment.file.is_picture:
        raise Http404
    return HttpResponse(preview(attachment.file, size), content_type="image/jpeg")


@signed_in()
@require_GET
def job(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The progress of one's own long work; may be left and returned to."""
    found = get_object_or_404(Job, uid=uid, owner_id=request.user.pk)
    seconds = found.seconds_left(clock.now())
    context = {
        "job": found,
        "page_title": found.title,
        "seconds_left": seconds,
        "minutes_left": (seconds or 0) // 60,
        "kept_until": found.finished_at and found.finished_at + timedelta(days=settings.EXPORT_DAYS),
        "is_gone": bool(found.result_name) and found.result_file_id is None,
        "is_quiet": clock.now() - found.updated_at > INTERRUPTED,
    }
    return render(request, "core/parts/job_state.html" if "part" in request.GET else "core/job.html", context)


@signed_in()
@require_GET
def job_file(request: HttpRequest, uid: UUID) -> FileResponse:
    """What one's own long work made; nobody else's."""
    found = get_object_or_404(Job.objects.select_related("result_file"), uid=uid, owner_id=request.user.pk)
    if found.result_file is None:
        raise Http404
    opened = default_storage.open(found.result_file.storage_name)  # sent piece by piece: it may be gigabytes
    kind = found.result_file.media_type
    response = FileResponse(opened, as_attachment=True, filename=found.result_name, content_type=kind)
    response.block_size = 256 * 1024
    return response
