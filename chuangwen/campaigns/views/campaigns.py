"""The list of campaigns, one campaign, its standards and its state."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.campaigns import workflow
from chuangwen.campaigns.context import SESSION_KEY, current_campaign
from chuangwen.campaigns.forms import NoteForm
from chuangwen.campaigns.listing import CAMPAIGNS, campaign_url
from chuangwen.campaigns.models import Campaign, CampaignState
from chuangwen.campaigns.queries import plan_lines, rounds_of, versions_to_choose
from chuangwen.campaigns.round_facts import round_facts
from chuangwen.campaigns.services import (
    add_standard,
    drop_standard,
    end_campaign,
    resume_campaign,
    start_campaign,
)
from chuangwen.campaigns.views.pages import EDIT, campaign_of, crumbs
from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.addresses import asked_key
from chuangwen.core.lists import respond
from chuangwen.core.pages import signed_in
from chuangwen.core.panels import panels
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.queries import titles_of
from chuangwen.workflow.models import Step
from chuangwen.workflow.queries import history_of
from chuangwen.workflow.services import available

STEPS = {"start": start_campaign, "end": end_campaign, "resume": resume_campaign}


@signed_in("campaigns.view")
def campaign_list(request: HttpRequest) -> HttpResponse:
    """The campaigns one may see; choosing one changes the campaign one works in."""
    return respond(request, CAMPAIGNS)


@signed_in("campaigns.view")
@require_POST
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Work in this campaign from now on."""
    campaign = campaign_of(request, pk)
    request.session[SESSION_KEY] = campaign.pk
    messages.success(request, _("You now work in: %s") % campaign.name)
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return redirect(target if safe else reverse("desk:desk"))


@signed_in("campaigns.view")
def campaign_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What the campaign is, its standards, years, rounds and what comes next."""
    campaign = campaign_of(request, pk)
    rounds = list(rounds_of(campaign))
    facts = round_facts(request, rounds)
    edits = may(request.user, EDIT, campaign)
    standards = list(campaign.standards.select_related("version").order_by("-is_main", "pk"))
    chosen = {row.version_id for row in standards}
    context = {
        "object": campaign,
        "page_title": campaign.name,
        "page_actions": [{"label": _("Back plan"), "url": reverse("campaigns:plan", args=[campaign.pk]),
                          "icon": "calendar-time", "primary": True}],
        "breadcrumbs": crumbs(campaign),
        "standards": standards,
        "addable": [v for v in versions_to_choose(campaign.region) if v.pk not in chosen] if edits else [],
        "years": campaign.years.all(),
        "rounds": [(round_, facts.get(round_.pk, [])) for round_ in rounds],
        "plan": plan_lines(campaign),
        "panels": panels("campaign", request, campaign),
        "history": _history(campaign),
        "steps": available(campaign, workflow.CAMPAIGN, request.user) if edits else [],
        "days_left": (campaign.assessment_on - clock.today()).days,
        "workdays_left": default_calendar().workdays_between(clock.today(), campaign.assessment_on),
        "is_current": current_campaign(request) == campaign,
        "may_edit": edits,
        "may_plan": edits and campaign.state != CampaignState.ENDED,
    }  # fmt: skip
    return render(request, "campaigns/campaign.html", context)


def _history(campaign: Campaign) -> list[tuple[Step, str]]:
    """The last steps, each with who took it, by unit and post."""
    steps = list(history_of(campaign).order_by("-at", "-pk")[:8])
    titles = titles_of({step.actor_id for step in steps if step.actor_id})
    return [(step, titles.get(step.actor_id or 0, step.actor_name)) for step in steps]


@signed_in(EDIT)
@require_POST
def step(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Start, end or take up the campaign again."""
    campaign = campaign_of(request, pk, EDIT)
    form = NoteForm(request.POST)
    if action not in STEPS or not form.is_valid():
        raise Http404
    STEPS[action](campaign, actor=request.user, note=form.cleaned_data["note"])
    messages.success(request, str(workflow.CAMPAIGN[action].done))
    return redirect(campaign_url(campaign))


@signed_in(EDIT)
@require_POST
def standard(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a standard, make one the main one, or leave one out."""
    campaign = campaign_of(request, pk, EDIT)
    version = versions_to_choose(campaign.region).filter(pk=asked_key(request.POST.get("version", "")) or 0).first()
    if version is None:
        raise Http404
    act = request.POST.get("act", "add")
    if act == "drop":
        row = campaign.standards.filter(version=version).first()
        if row is None:
            raise Http404
        drop_standard(row, actor=request.user)
    else:
        add_standard(campaign, version, actor=request.user, main=act == "main")
    return redirect(campaign_url(campaign))
