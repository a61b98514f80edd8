"""Planning rounds, starting and closing them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from chuangwen.campaigns import workflow
from chuangwen.campaigns.forms import NoteForm, RoundForm
from chuangwen.campaigns.listing import campaign_url
from chuangwen.campaigns.models import Campaign, Round, RoundKind
from chuangwen.campaigns.services import cancel_round, change_round, close_round, plan_round, start_round
from chuangwen.campaigns.views.pages import EDIT, attempt, campaign_of, crumbs
from chuangwen.core.access import visible_or_404
from chuangwen.core.pages import signed_in

STEPS = {"start": start_round, "close": close_round, "cancel": cancel_round}


@signed_in(EDIT)
def round_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a round."""
    campaign = campaign_of(request, pk, EDIT)
    first = {"kind": RoundKind.MOCK, "versions": [row.version_id for row in campaign.standards.all()]}
    form = RoundForm(request.POST if request.method == "POST" else None, campaign=campaign, initial=first)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: plan_round(campaign, actor=request.user, **form.cleaned_data))
        if made:
            messages.success(request, _("Planned: %s") % made.name)
            return redirect(campaign_url(campaign))
    return _page(request, campaign, form, pgettext("campaign", "Plan a round"))


@signed_in(EDIT)
def round_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a round that has not begun."""
    round_ = _round(request, pk)
    campaign = round_.campaign
    names = ("name", "kind", "starts", "ends", "unannounced")
    there = {name: getattr(round_, name) for name in names} | {"versions": list(round_.versions.all())}
    data = request.POST if request.method == "POST" else None
    form = RoundForm(data, campaign=campaign, round_=round_, initial=there)
    if request.method == "POST" and form.is_valid():
        values = {"unannounced": False, **form.cleaned_data}
        if attempt(form, lambda: change_round(round_, actor=request.user, **values)):
            messages.success(request, _("Saved: %s") % round_.name)
            return redirect(campaign_url(campaign))
    return _page(request, campaign, form, round_.name, round_)


@signed_in(EDIT)
@require_POST
def round_step(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Start, close or cancel a round."""
    round_ = _round(request, pk)
    form = NoteForm(request.POST)
    if action not in STEPS or not form.is_valid():
        raise Http404
    STEPS[action](round_, actor=request.user, note=form.cleaned_data["note"])
    messages.success(request, f"{round_.name}: {workflow.ROUND[action].done}")
    return redirect(campaign_url(round_.campaign))


def _round(request: HttpRequest, pk: int) -> Round:
    found: Round = visible_or_404(
        Round.objects.select_related("campaign__region", "campaign__subject"), request.user, EDIT, pk=pk
    )
    return found


def _page(
    request: HttpRequest, campaign: Campaign, form: RoundForm, title: str, round_: Round | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form, "page_title": title, "breadcrumbs": crumbs(campaign, (title, "")), "object": campaign,
        "round": round_, "back": campaign_url(campaign),
    }  # fmt: skip
    return render(request, "campaigns/round.html", context, status=422 if form.errors else 200)
