"""The start page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from chuangwen.campaigns.context import current_campaign
from chuangwen.core import clock
from chuangwen.core.pages import signed_in
from chuangwen.core.panels import key_figures, panels
from chuangwen.desk import queries


@signed_in()
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for me, what is late, how we stand."""
    campaign = current_campaign(request)
    tabs, matters = queries.late_tabs(request, request.GET.get("due", ""))
    context = {
        "page_title": _("Desk"),
        "today": clock.today(),
        "days_left": (campaign.assessment_on - clock.today()).days if campaign else None,
        "figures": key_figures(request),
        "groups": queries.grouped_items(request),
        "late_tabs": tabs,
        "matters": matters,
        "plan": queries.plan_steps(campaign) if campaign else [],
        "teams": queries.teams_today(request, campaign) if campaign else [],
        "panels": panels("desk", request, campaign),
    }
    return render(request, "desk/desk.html", context)
