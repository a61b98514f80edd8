"""The campaign a person works in: kept in the session, shown in the top bar."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, IntegerField, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Campaign, CampaignState
from chuangwen.core.access import may
from chuangwen.core.errors import Missing

SESSION_KEY = "campaign"


def current_campaign(request: HttpRequest) -> Campaign | None:
    """The chosen campaign, else the running one whose assessment is last. One query a request."""
    if not hasattr(request, "_campaign"):
        request._campaign = _find(request)  # type: ignore[attr-defined]  # noqa: SLF001 (a per-request cache)
        shape = request._campaign.shape if request._campaign else "city"  # type: ignore[attr-defined]  # noqa: SLF001
        request.campaign_shape = shape  # type: ignore[attr-defined]
        request.campaign_key = request._campaign and request._campaign.pk  # type: ignore[attr-defined]  # noqa: SLF001
    return request._campaign  # type: ignore[attr-defined]  # noqa: SLF001


def campaign_or_404(request: HttpRequest) -> Campaign:
    """The current campaign. Raises Missing (404), which leads to making one, where the person sees none."""
    campaign = current_campaign(request)
    if campaign is None:
        step = (_("Set up a campaign"), reverse("campaigns:new")) if may(request.user, "campaigns.edit") else None
        way_out = _("It says which standard, years and assessment date this page works with.") if step else ""
        raise Missing(
            _("There is no campaign yet."), way_out or _("The campaign office sets one up; then this page opens."), step
        )
    return campaign


def campaign(request: HttpRequest) -> dict[str, Any]:
    """`campaign` for the top bar."""
    user = getattr(request, "user", None)
    if not (user and user.is_authenticated):
        return {}
    found = current_campaign(request)
    if found is None:
        return {"campaign": None}
    subtitle = f"{found.starts.year}—{found.ends.year}"
    return {
        "campaign": {
            "title": found.name,
            "subtitle": subtitle,
            "switch_url": reverse("campaigns:list"),
            "object": found,
        }
    }


def _find(request: HttpRequest) -> Campaign | None:
    visible = Campaign.objects.visible_to(request.user).select_related("subject", "title", "region")
    rank = Case(
        When(pk=_chosen(request), then=0),
        When(state=CampaignState.RUNNING, then=1),
        When(state=CampaignState.PREPARING, then=2),
        default=3,
        output_field=IntegerField(),
    )
    return visible.order_by(rank, "-assessment_on", "-pk").first()


def _chosen(request: HttpRequest) -> int:
    """The key kept in the session; 0, which no row has, where there is none."""
    kept = request.session.get(SESSION_KEY)
    return kept if isinstance(kept, int) else 0
