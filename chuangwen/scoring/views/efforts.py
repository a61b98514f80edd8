"""What problems of each type take: proposed, and set by the office on one page."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.core.access import may
from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import signed_in
from chuangwen.scoring.forms.plans import EffortForm
from chuangwen.scoring.next_up_sheets import effort_workbook
from chuangwen.scoring.queries.efforts import efforts_of
from chuangwen.scoring.services.efforts import set_efforts
from chuangwen.scoring.views.crumbs import crumbs
from chuangwen.standards.models import ProblemType


@signed_in("scoring.view")
@require_http_methods(["GET", "POST"])
def efforts(request: HttpRequest) -> HttpResponse:
    """All types with person-days, least days and cost; whoever may score changes them in place."""
    region = campaign_or_404(request).region
    edits = may(request.user, "scoring.run")
    if request.method == "POST" and not edits:
        raise PermissionDenied("scoring.run")
    held = efforts_of(region.pk)
    data = request.POST if request.method == "POST" else None
    kinds = ProblemType.objects.filter(region=region).order_by("position", "pk")
    if request.GET.get("format") == "xlsx":
        return file_response(effort_workbook(kinds, held), _("Effort by type") + ".xlsx")
    rows = [EffortForm(data, kind=kind, effort=held[kind.pk]) for kind in kinds]
    sound = [row.is_valid() for row in rows]  # all of them, so that every fault is shown
    if data is not None and all(sound):
        number = set_efforts(region, {row.kind.pk: row.typed for row in rows}, actor=request.user)
        messages.success(request, ngettext("%d type changed.", "%d types changed.", number) % number)
        return redirect("scoring:efforts")
    context = {
        "page_title": _("Effort by type"),
        "page_subtitle": _("What one problem takes; plans and the order of what to do next follow from it."),
        "breadcrumbs": [*crumbs(), {"label": _("Effort by type"), "url": ""}],
        "page_actions": [
            {"label": _("Print"), "icon": "printer", "print": True},
            {"label": _("Export Excel"), "icon": "download", "url": "?format=xlsx"},
        ],
        "rows": rows,
        "edits": edits,
    }
    return render(request, "scoring/efforts.html", context, status=422 if data is not None else 200)
