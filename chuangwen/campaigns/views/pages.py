"""What the pages of a campaign share: the row by rights, the crumbs, a refusal put beside a form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.campaigns.listing import campaign_url
from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import visible_or_404
from chuangwen.core.errors import Refusal

EDIT = "campaigns.edit"
Result = TypeVar("Result")


def campaign_of(request: HttpRequest, pk: int, permission: str = "") -> Campaign:
    """The campaign by rights, with all that its pages name; 404 otherwise."""
    found: Campaign = visible_or_404(
        Campaign.objects.select_related("subject", "title", "region"), request.user, permission, pk=pk
    )
    return found


def crumbs(campaign: Campaign, *further: tuple[str, str]) -> list[dict[str, Any]]:
    """Campaigns / this campaign / …; the last one is the page itself."""
    steps = [(_("Campaigns"), reverse("campaigns:list")), (campaign.name, campaign_url(campaign)), *further]
    return [{"label": label, "url": url} for label, url in [*steps[:-1], (steps[-1][0], "")]]


def attempt(form: forms.Form, act: Callable[[], Result]) -> Result | None:
    """What `act` returns; where it refuses, the refusal stands in the form, with everything typed, and None returns."""
    try:
        return act()
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return None
