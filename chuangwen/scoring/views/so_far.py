"""What a running round comes to so far: a page of its own, and a part of the round's page."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chuangwen.campaigns.models import Round, RoundState
from chuangwen.core import clock
from chuangwen.core.access import may, visible_or_404
from chuangwen.core.pages import signed_in
from chuangwen.core.panels import Panel
from chuangwen.inspections.queries import versions_of
from chuangwen.scoring.interval import drawing
from chuangwen.scoring.queries.runs import last_run_of
from chuangwen.scoring.queries.so_far import SoFar, may_see, so_far, visited
from chuangwen.scoring.views.crumbs import crumbs
from chuangwen.standards.models import StandardVersion


@signed_in("scoring.view")
@require_GET
def round_so_far(request: HttpRequest, pk: int) -> HttpResponse:
    """Total with interval and sections of this moment; `?standard=` another of the round's, `?part=1` in short."""
    round_ = _round(request, pk)
    versions = versions_of(round_)
    version = next((one for one in versions if str(one.pk) == request.GET.get("standard")), versions[0])
    running = round_.state == RoundState.RUNNING
    context = {"round": round_, "version": version, "running": running, **(_shown(round_, version) if running else {})}
    if request.GET.get("part") and running:
        return render(request, "scoring/parts/so_far_panel.html", context | {"panel": {"url": request.path}})
    return render(request, "scoring/so_far.html", context | _around(request, round_, version, versions))


def so_far_panel(request: HttpRequest, round_: Round) -> Panel | None:
    """The place of the figures on the page of a round that runs; they come when the page is there. No query."""
    if round_.state != RoundState.RUNNING or not may_see(request.user, round_):
        return None
    return Panel("scoring/parts/so_far_panel.html", {"url": reverse("scoring:so_far", args=[round_.pk])}, order=10)


def _round(request: HttpRequest, pk: int) -> Round:
    rounds = Round.objects.select_related("campaign", "region").filter(versions__isnull=False).distinct()
    round_: Round = visible_or_404(rounds, request.user, "scoring.view", pk=pk)
    if not may_see(request.user, round_):
        raise Http404
    return round_


def _shown(round_: Round, version: StandardVersion) -> dict[str, Any]:
    figures = so_far(round_, version)
    return {
        "figures": figures, "visited": visited(round_), "interval": _interval(figures, round_, version),
        "widest": max((part.width for part in figures.sections), default=1.0), "now": clock.now(),
    }  # fmt: skip


def _interval(figures: SoFar, round_: Round, version: StandardVersion) -> Any:
    if figures.total is None or figures.low is None or figures.high is None:
        return None
    return drawing(figures.total, figures.low, figures.high, round_.campaign.target, version.scale)


def _around(
    request: HttpRequest, round_: Round, version: StandardVersion, versions: list[StandardVersion]
) -> dict[str, Any]:
    """Title, ways back, and the other standards of the round."""
    tabs = [{"label": str(one), "url": f"?standard={one.pk}", "current": one == version} for one in versions]
    field = reverse("inspections:round", args=[round_.pk])
    of_round = {"label": _("The round's page"), "icon": "map-pin", "url": field}
    paper = {"label": _("Print"), "icon": "printer", "print": True}
    return {
        "page_title": _("%s so far") % round_, "page_subtitle": str(version),
        "breadcrumbs": [*crumbs(), {"label": _("%s so far") % round_, "url": ""}],
        "page_actions": [paper, of_round], "versions": tabs, "may_run": may(request.user, "scoring.run", round_),
        "last_run": last_run_of(round_),
    }  # fmt: skip
