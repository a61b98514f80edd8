"""What an inspector's phone can open without a network: the outbox, the manual, and the worker that keeps pages."""

from __future__ import annotations

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

import chuangwen.core
from chuangwen.campaigns.context import current_campaign
from chuangwen.core.pages import open_page, signed_in
from chuangwen.inspections.queries import days_visits

WORKER = Path(chuangwen.core.__file__).parent / "static/chuangwen/worker.js"


@signed_in("inspections.inspect")
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """What is only on this phone; the page is filled by outbox-page.ts, also without a network."""
    context = {"page_title": _("Outbox"), "visits": days_visits(request.user)}
    return render(request, "inspections/outbox.html", context)


@signed_in("inspections.inspect")
@require_GET
def manual(request: HttpRequest) -> HttpResponse:
    """What to do in the field, on one page."""
    context = {"page_title": _("Field manual"), "campaign": current_campaign(request)}
    return render(request, "inspections/manual.html", context)


@open_page
@require_GET
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It must lie under /field/ to serve the pages there; it holds no data."""
    if not WORKER.exists():
        raise Http404
    return HttpResponse(WORKER.read_text(encoding="utf-8"), content_type="text/javascript; charset=utf-8")
