"""Pages of campaigns."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from chuangwen.campaigns.models import Campaign
from chuangwen.core.pages import signed_in


@signed_in("campaigns.view")
def campaign_list(request: HttpRequest) -> HttpResponse:
    """The campaigns one may see; choosing one changes the campaign one works in."""
    rows = Campaign.objects.visible_to(request.user).select_related("title", "subject")
    return render(request, "campaigns/list.html", {"campaigns": rows})
