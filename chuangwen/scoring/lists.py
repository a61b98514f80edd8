"""The list of runs."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.lists import Column, Listing, ListPage
from chuangwen.core.lists.columns import two_lines
from chuangwen.core.templatetags.wording import moment
from chuangwen.scoring.engine import show
from chuangwen.scoring.models import Run
from chuangwen.scoring.queries.so_far import running_round


def _total(run: Run) -> str:
    return "" if run.total is None else show(run.total)


def _range(run: Run) -> str:
    return "" if run.low is None or run.high is None else f"{show(run.low)}—{show(run.high)}"


class RunList(ListPage):
    """Every run of the campaign; nothing is overwritten by the next one."""

    name = "scoring.runs"
    title = _("Scores")
    permission = "scoring.view"
    sort = "-created_at"
    columns = (
        Column(
            "round", _("Round"), lambda run: str(run.round), css="cw-table__title",
            show=lambda run: two_lines(run.round, run.version, reverse("scoring:run", args=[run.pk])),
        ),
        Column("version", _("Standard"), lambda run: str(run.version), screen=False),
        Column(
            "total", _("Total"), lambda run: run.total, kind="number", css="cw-right",
            show=lambda run: format_html("<b>{}</b>", _total(run)), sort="total", number_format="0.00",
        ),
        Column("range", _("95% interval"), _range, css="cw-right"),
        Column("rows", _("Observations"), lambda run: run.rows, kind="integer", css="cw-right"),
        Column("made_by", _("Made by"), lambda run: str(run.made_by or "")),
        Column(
            "made", _("Computed"), lambda run: clock.local(run.created_at).replace(tzinfo=None), kind="datetime",
            show=lambda run: moment(run.created_at), sort="created_at",
        ),
    )  # fmt: skip
    empty = _("No round has been scored yet.")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        runs = Run.objects.visible_to(request.user).filter(round__campaign=campaign_or_404(request))
        return runs.select_related("round", "version", "made_by")

    def row_url(self, row: Run) -> str:
        return reverse("scoring:run", args=[row.pk])

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        others = [
            {"label": _("Trend"), "url": reverse("scoring:trend"), "icon": "trending-up"},
            {"label": _("Compare two"), "url": reverse("scoring:compare"), "icon": "scale"},
            {"label": _("Goals by group"), "url": reverse("scoring:goals"), "icon": "flag"},
            {"label": _("Outside scores"), "url": reverse("scoring:outside"), "icon": "table-import"},
        ]
        if running := running_round(request.user, campaign_or_404(request)):
            url = reverse("scoring:so_far", args=[running.pk])
            others = [{"label": _("%s so far") % running, "url": url, "icon": "clock"}, *others]
        if not may(request.user, "scoring.run"):
            return {"page_actions": others}
        action = {"label": _("Score a round"), "url": reverse("scoring:new"), "icon": "plus", "primary": True}
        return {"page_actions": [*others, action], "first_step": action}
