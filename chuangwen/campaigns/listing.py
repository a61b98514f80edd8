"""The list of campaigns."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangwen.campaigns.context import current_campaign
from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import may
from chuangwen.core.lists import Column, ListPage, Tab, two_lines
from chuangwen.core.lists.page import Listing
from chuangwen.core.templatetags.wording import day


def campaign_url(campaign: Campaign) -> str:
    return reverse("campaigns:campaign", args=[campaign.pk])


class CampaignList(ListPage):
    """Who strives for which title; choosing one changes the campaign one works in."""

    name = "campaigns"
    title = gettext_lazy("Campaigns")
    noun = gettext_lazy("campaigns")
    permission = "campaigns.view"
    template = "campaigns/list.html"
    search: ClassVar = ["name__icontains", "title__name__icontains", "subject__name__icontains"]
    search_words = gettext_lazy("Name, title or unit")
    sort = "-assessment_on"
    empty = gettext_lazy("No campaign yet")
    empty_url = "campaigns:new"
    empty_permission = "campaigns.edit"
    empty_action = gettext_lazy("Set up a campaign")
    columns: ClassVar = [
        Column(
            "name", gettext_lazy("Campaign"), lambda c: c.name,
            lambda c: two_lines(c.name, f"{c.subject} · {c.title}", campaign_url(c)), css="cw-table__title", width=36,
        ),
        Column("state", gettext_lazy("State"), lambda c: c.get_state_display()),
        Column("period", gettext_lazy("Period"), lambda c: f"{c.starts.year}—{c.ends.year}"),
        Column(
            "assessment", gettext_lazy("Assessment"), lambda c: c.assessment_on, lambda c: day(c.assessment_on),
            kind="date", sort="assessment_on",
        ),
    ]  # fmt: skip
    tabs: ClassVar = [
        Tab("all", gettext_lazy("All"), Q()),
        Tab("running", pgettext_lazy("campaign", "Running"), Q(state="running")),
        Tab("preparing", gettext_lazy("Preparing"), Q(state="preparing")),
        Tab("ended", pgettext_lazy("campaign", "Ended"), Q(state="ended")),
    ]

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return Campaign.objects.visible_to(request.user).select_related("title", "subject")

    def row_url(self, row: Any) -> str:
        return campaign_url(row)

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        edits = may(request.user, "campaigns.edit")
        new = {"label": _("Set up a campaign"), "url": reverse("campaigns:new"), "icon": "plus", "primary": True}
        return {"page_actions": [new] if edits else [], "may_edit": edits, "current": current_campaign(request)}


CAMPAIGNS = CampaignList()
