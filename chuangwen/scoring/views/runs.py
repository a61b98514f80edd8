"""The list of runs, the next run, computing one again, and a run as a workbook."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.core.jobs import start_job
from chuangwen.core.lists import respond
from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import signed_in
from chuangwen.scoring.finding import find_run
from chuangwen.scoring.forms import RunForm
from chuangwen.scoring.lists import RunList
from chuangwen.scoring.services import verify_run
from chuangwen.scoring.sheets import result_workbook
from chuangwen.scoring.views.crumbs import crumbs


@signed_in("scoring.view")
def run_list(request: HttpRequest) -> HttpResponse:
    """All runs of the campaign, and the button for the next one."""
    return respond(request, RunList())


@signed_in("scoring.run")
def new_run(request: HttpRequest) -> HttpResponse:
    """Ask for round and standard, then score in the worker."""
    campaign = campaign_or_404(request)
    form = RunForm(request.POST if request.method == "POST" else None, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        title = _("Score of %s") % chosen["round"]
        params = {"round_id": chosen["round"].pk, "version_id": chosen["version"].pk, "missing": chosen["missing"]}
        job = start_job("score_round", owner=request.user, title=title, params=params, back=request.path)
        return redirect("core:job", job.uid)
    step = {"label": _("New round"), "url": reverse("campaigns:round-new", args=[campaign.pk])}
    context = {
        "form": form, "page_title": _("Score a round"), "breadcrumbs": crumbs(),
        "has_rounds": campaign.rounds.exists(), "first_step": step,
    }  # fmt: skip
    return render(request, "scoring/new.html", context, status=422 if form.is_bound else 200)


@signed_in("scoring.view")
@require_POST
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Compute the run again from its frozen input and say whether it agrees."""
    found = find_run(request, pk)
    differing = verify_run(found)
    if differing:
        messages.error(request, _("The figures do not agree: %s.") % ", ".join(differing[:10]))
    else:
        messages.info(request, _("Computed again from the frozen input: every figure agrees within a billionth."))
    return redirect("scoring:run", pk)


@signed_in("scoring.view")
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole result as a workbook: every table of its page."""
    found = find_run(request, pk)
    return file_response(result_workbook(found, request.user), f"{found.round}.xlsx")
