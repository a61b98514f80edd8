"""Taking reviewed dossiers into a round: what would count, what would not and why, then one button."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chuangwen.core.errors import Refusal
from chuangwen.core.pages import signed_in
from chuangwen.inspections.services.taking import outdated, take_dossiers, takeable
from chuangwen.inspections.views.lists import round_of
from chuangwen.inspections.views.result_lists import crumbs
from chuangwen.inspections.views.sources import tell_taken
from chuangwen.inspections.workflow import ASSESS


@signed_in(ASSESS)
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """The reviewed dossiers of the round's year, what becomes of each, and what is taken back."""
    round_ = round_of(request, pk, ASSESS)
    if request.method == "POST":
        try:
            taken = take_dossiers(round_, actor=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            tell_taken(request, *taken)
        return redirect("inspections:results", pk)
    back = outdated(round_)
    found = takeable(round_, [result.pk for result, _reason in back])
    title = _("Take reviewed dossiers")
    context = {
        "page_title": title,
        "page_subtitle": round_.name,
        "breadcrumbs": crumbs(round_, title),
        "round": round_,
        "ready": [one for one in found if not one.why],
        "back": back,
        "left": [one for one in found if one.why],
    }
    return render(request, "inspections/take.html", context)
