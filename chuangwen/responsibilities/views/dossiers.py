"""The breakdown as dossiers: who leads a criterion keeps its evidence."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.core import clock
from chuangwen.core.access import require
from chuangwen.core.errors import Refusal
from chuangwen.core.pages import signed_in
from chuangwen.evidence.models import Dossier
from chuangwen.evidence.queries.dossiers import nodes_with_slots
from chuangwen.evidence.services import default_due, open_dossiers
from chuangwen.responsibilities.forms import DossiersForm
from chuangwen.responsibilities.queries import lead_pairs, without_dossier
from chuangwen.responsibilities.views.breakdown import crumbs


@signed_in("responsibilities.edit")
@require_http_methods(["GET", "POST"])
def open_page(request: HttpRequest) -> HttpResponse:
    """How many dossiers the breakdown would open for whom; then the year and the deadline."""
    campaign = campaign_or_404(request)
    require(request.user, "responsibilities.edit", campaign)
    asked = nodes_with_slots(campaign)
    pairs = [pair for pair in lead_pairs(campaign) if pair[0] in asked]
    years = range(campaign.starts.year, campaign.ends.year + 1)
    year = min(max(clock.today().year, years[0]), years[-1])
    form = DossiersForm(request.POST or None, years=years, initial={"year": year, "due": default_due(campaign, year)})
    if request.method == "POST" and form.is_valid():
        year, due = form.cleaned_data["year"], form.cleaned_data["due"]
        try:
            made = open_dossiers(campaign, year, pairs, due_on=due, actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            words = ngettext("%d dossier opened.", "%d dossiers opened.", made) % made
            messages.success(request, words) if made else messages.info(request, _("All are open already."))
            return redirect(reverse("evidence:completeness") + f"?year={year}")
    context = {
        "page_title": _("Open the leads' dossiers"),
        "breadcrumbs": crumbs(_("Open the leads' dossiers")),
        "form": form,
        "submit": _("Open dossiers"),
        "cancel_url": reverse("responsibilities:breakdown"),
        "year": year,
        "missing": len(without_dossier(campaign, year, pairs)),
        "open": Dossier.objects.filter(campaign=campaign, year=year).count(),
        "units": len({unit for _node, unit in pairs}),
    }
    return render(request, "responsibilities/dossiers.html", context, status=422 if form.errors else 200)
