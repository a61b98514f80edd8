"""The start page."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chuangwen.campaigns.context import campaign_or_404, current_campaign
from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.pages import signed_in
from chuangwen.core.panels import key_figures, panels
from chuangwen.desk import queries
from chuangwen.desk.beginning import first_steps
from chuangwen.desk.weekly import weekly_sheet


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
        "weekly": campaign is not None and _oversees(request, campaign),
        "teams": queries.teams_today(request, campaign) if campaign else [],
        "panels": panels("desk", request, campaign),
    }
    return render(request, "desk/desk.html", context)


@signed_in("responsibilities.view")
@require_GET
def weekly(request: HttpRequest) -> HttpResponse:
    """The leader's weekly sheet: looked at, printed, written on, and its instruction entered by the office."""
    campaign = campaign_or_404(request)
    if not _oversees(request, campaign):
        raise PermissionDenied("responsibilities.view")
    context = {"page_title": _("Weekly sheet"), "campaign_name": campaign.name, "now": clock.now()}
    context["may_instruct"] = may(request.user, "responsibilities.instruct")
    return render(request, "desk/weekly.html", context | {"sheet": weekly_sheet(request, campaign)})


def _oversees(request: HttpRequest, campaign: Campaign) -> bool:
    """Whether the person answers for the whole of what strives, not for one unit in it."""
    return may(request.user, "responsibilities.view", campaign.subject)


def _plan_url(campaign: Campaign, *, adjust: bool) -> str:
    return reverse("campaigns:plan" if adjust else "campaigns:campaign", args=[campaign.pk])
