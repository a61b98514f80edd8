"""Before a ledger is uploaded: what holds for the rows that do not say it themselves."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chuangwen.core.pages import signed_in
from chuangwen.rectification.forms import LedgerForm


@signed_in("rectification.assign")
@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """Source, batch and type for the whole sheet; they go on to the wizard in its address."""
    context = {
        "page_title": _("Import problems"),
        "breadcrumbs": [
            {"label": _("Problems"), "url": reverse("rectification:ledger")},
            {"label": _("Import problems")},
        ],
        "form": LedgerForm(region=request.user.region),  # type: ignore[union-attr]
        "wizard": reverse("core:import", args=["problems"]),
    }
    return render(request, "rectification/import.html", context)
