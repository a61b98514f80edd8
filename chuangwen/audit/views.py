"""The audit: read by auditors of their regions, verified, exported; nothing can be changed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from chuangwen.audit.lists import EntryList, moment_of
from chuangwen.audit.models import Entry
from chuangwen.audit.queries import chains_of
from chuangwen.audit.telling import told
from chuangwen.audit.wording import action_words
from chuangwen.core.access import visible_or_404
from chuangwen.core.jobs import start_job
from chuangwen.core.lists import respond
from chuangwen.core.pages import signed_in


@signed_in("audit.view")
@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    return respond(request, EntryList())


@signed_in("audit.view")
@require_GET
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry in words, with all that its digest is taken over."""
    found = visible_or_404(Entry.objects.select_related("chain"), request.user, pk=pk)
    words = action_words(found.action)
    context = {
        "page_title": words,
        "page_subtitle": found.action if words != found.action else "",
        "breadcrumbs": [{"label": _("Audit"), "url": reverse("audit:entries")}, {"label": words, "url": ""}],
        "entry": found,
        "moment": moment_of(found),
        "told": list(told(found)),
        "data": list(_flat(found.data)),
    }
    return render(request, "audit/entry.html", context)


@signed_in("audit.view")
@require_GET
def chains(request: HttpRequest) -> HttpResponse:
    """The heads of the chains, to be written down elsewhere, and the button that verifies them."""
    context = {
        "page_title": _("Verify the chain"),
        "breadcrumbs": [{"label": _("Audit"), "url": reverse("audit:entries")}, {"label": _("Chain"), "url": ""}],
        "chains": chains_of(request.user),
    }
    return render(request, "audit/chains.html", context)


@signed_in("audit.view")
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """A POST starts the job that verifies; who comes by the address alone sees the page with the button."""
    if request.method != "POST":
        return redirect("audit:chains")
    back = reverse("audit:chains")
    job = start_job("audit.verify", owner=request.user, title=_("Verify the chain"), params={}, back=back)
    return redirect("core:job", job.uid)


def _flat(data: Any, path: str = "") -> Any:
    """(name, value) of what the entry's data holds, nested names joined by dots."""
    if isinstance(data, dict) and data:
        for name, value in data.items():
            yield from _flat(value, f"{path}.{name}" if path else str(name))
    elif isinstance(data, list) and data:
        yield path, ", ".join(str(item) for item in data)
    elif path:
        yield path, data
