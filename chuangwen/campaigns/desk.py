"""What the back plan puts on the office's start page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Campaign
from chuangwen.campaigns.queries import milestones_near
from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.panels import DeskItem
from chuangwen.core.workdays import default_calendar


def desk_items(request: HttpRequest) -> Iterator[DeskItem]:
    """Milestones that are late or due this week, for those who keep the plan: one query."""
    if not may(request.user, "campaigns.edit"):
        return
    today = clock.today()
    for milestone in milestones_near(Campaign.objects.visible_to(request.user, "campaigns.edit")):
        due: datetime = default_calendar().end_of_day(milestone.due_on)
        yield DeskItem(
            group="late" if milestone.due_on < today else "week",
            title=_("Milestone: %s") % milestone.name,
            sub=milestone.campaign.name,
            url=reverse("campaigns:plan", args=[milestone.campaign_id]),
            icon="calendar-time",
            due=timezone.localtime(due),
            action=_("See the plan"),
        )
