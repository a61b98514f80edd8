"""The start page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.campaigns.context import current_campaign
from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.pages import signed_in
from chuangwen.core.panels import key_figures, panels
from chuangwen.desk import queries
from chuangwen.desk.beginning import first_steps


@signed_in()
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for me, what is late, how we stand."""
    campaign = current_campaign(request)
    may_plan = campaign is not None and may(request.user, "campaigns.edit", campaign)
    steps = first_steps(request) if campaign is None else []
    context = {
        "page_title": _("Desk"),
        "today": clock.today(),
        "days_left": (campaign.assessment_on - clock.today()).days if campaign else None,
        "first_steps": steps,
        "next_step": next((step for step in steps if not step.done), None),
        "figures": key_figures(request),
        "groups": queries.grouped_items(request),
        "pressing": queries.pressing(request, request.GET.get("due", "")),
        "plan": queries.plan_steps(request, campaign) if campaign else [],
        "plan_url": _plan_url(campaign, adjust=may_plan) if campaign else "",
        "may_plan": may_plan,
        "teams": queries.teams_today(request, campaign) if campaign else [],
        "panels": panels("desk", request, campaign),
    }
    return render(request, "desk/desk.html", context)


def _plan_url(campaign: Campaign, *, adjust: bool) -> str:
    return reverse("campaigns:plan" if adjust else "campaigns:campaign", args=[campaign.pk])
