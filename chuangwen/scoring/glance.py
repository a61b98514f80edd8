"""The last score, for the desk."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.campaigns.context import current_campaign
from chuangwen.core.access import may
from chuangwen.core.panels import KeyFigure
from chuangwen.scoring.engine import show
from chuangwen.scoring.queries import last_runs


def last_score(request: HttpRequest) -> Iterator[KeyFigure]:
    """The campaign's newest total with its interval, for who may see scores."""
    campaign = current_campaign(request)
    if campaign is None or not may(request.user, "scoring.view"):
        return
    run = last_runs(campaign.region_id, campaign.pk).first()
    if run is None or run.total is None:
        return
    sub = ""
    if run.low is not None and run.high is not None:
        sub = _("95%% interval %(low)s to %(high)s") % {"low": show(run.low), "high": show(run.high)}
    yield KeyFigure(_("Last score"), show(run.total), reverse("scoring:run", args=[run.pk]), sub=sub, order=90)
