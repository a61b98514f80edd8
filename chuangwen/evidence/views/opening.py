"""Opening dossiers: for the unit that campaigns, for the units below it, or for units named."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import require
from chuangwen.core.errors import Missing, Refusal
from chuangwen.core.jobs import start_job
from chuangwen.core.pages import signed_in
from chuangwen.evidence.forms import OpenForm
from chuangwen.evidence.queries.dossiers import expected_pairs, nodes_with_slots
from chuangwen.evidence.services import default_due, open_dossiers
from chuangwen.evidence.views.dossier_list import this_year
from chuangwen.evidence.workflow import EDIT
from chuangwen.organizations.enums import UnitKind
from chuangwen.organizations.queries import line_authorities, units_today

AT_ONCE = 1000  # dossiers; more are opened by the worker


@signed_in(EDIT)
@require_http_methods(["GET", "POST"])
def open_page(request: HttpRequest) -> HttpResponse:
    """For whom, which year, due when; many become work for the worker."""
    campaign = campaign_or_404(request)
    require(request.user, EDIT, campaign)
    criteria = len(nodes_with_slots(campaign))
    if not criteria:
        raise Missing(
            _("The campaign's standard asks for no evidence."), _("Choose a standard with evidence slots first."),
            (_("To the campaign"), reverse("campaigns:campaign", args=[campaign.pk])),
        )  # fmt: skip
    below = list(_below(campaign))
    year = this_year(request)
    whom = _whom(campaign, below)
    initial = {"whom": whom[0][0], "year": year, "due_on": default_due(campaign, year)}
    form = OpenForm(request.POST or None, campaign=campaign, whom=whom, initial=initial)
    if request.method == "POST" and form.is_valid():
        units = _chosen(form.cleaned_data, campaign, below)
        try:
            return _open(request, campaign, form.cleaned_data, units)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    title = _("Open dossiers")
    context = {
        "page_title": title,
        "page_subtitle": campaign.name,
        "breadcrumbs": [{"label": _("Ledger"), "url": reverse("evidence:dossiers")}, {"label": title}],
        "form": form,
        "submit": title,
        "cancel_url": reverse("evidence:dossiers"),
        "criteria": criteria,
    }
    return render(request, "evidence/open.html", context, status=422 if form.errors else 200)


def _open(request: HttpRequest, campaign: Campaign, data: dict[str, Any], units: list[int]) -> HttpResponse:
    pairs = expected_pairs(campaign, units)
    year, due_on = data["year"], data["due_on"]
    if len(pairs) > AT_ONCE:
        params = {"campaign": campaign.pk, "year": year, "due_on": due_on.isoformat(), "units": units}
        job = start_job("open_dossiers", owner=request.user, title=_("Open dossiers"), params=params)
        return redirect("core:job", job.uid)
    made = open_dossiers(campaign, year, pairs, due_on=due_on, actor=request.user)
    if made:
        messages.success(request, ngettext("%d dossier opened.", "%d dossiers opened.", made) % made)
    else:
        messages.info(request, _("All are open already."))
    return redirect(reverse("evidence:completeness") + f"?year={year}")


def _whom(campaign: Campaign, below: list[int]) -> list[tuple[str, Any]]:
    """The choices that make sense here, the likeliest first."""
    own = ("own", _("%s itself") % campaign.subject)
    found = [own] if campaign.shape == "unit" else []
    if below:
        words = ngettext(
            "the %(n)d unit right below %(unit)s", "each of the %(n)d units right below %(unit)s", len(below)
        )
        found.append(("below", words % {"n": len(below), "unit": campaign.subject}))
    return [*found, ("chosen", _("the units named here"))]


def _below(campaign: Campaign) -> Any:
    """The units right below the subject, without its own offices and without line authorities above the region."""
    subject = campaign.subject
    rows = units_today(campaign.region).filter(path__startswith=subject.path, depth=subject.depth + 1)
    rows = rows.exclude(pk__in=line_authorities(campaign.region))
    return rows.exclude(kind=UnitKind.OFFICE).values_list("pk", flat=True)


def _chosen(data: dict[str, Any], campaign: Campaign, below: list[int]) -> list[int]:
    if data["whom"] == "own":
        return [campaign.subject_id]
    return below if data["whom"] == "below" else list(data["units"].values_list("pk", flat=True))
