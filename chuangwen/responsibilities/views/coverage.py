"""The page that says at once whether everything has somebody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chuangwen.campaigns.context import current_campaign
from chuangwen.core import clock
from chuangwen.core.pages import signed_in
from chuangwen.places.models import Place
from chuangwen.responsibilities.queries.coverage import has_ground, kinds_of, metres_of
from chuangwen.responsibilities.queries.roads import words_of

ROADS_SHOWN = 12


@signed_in("responsibilities.view")
@require_GET
def coverage(request: HttpRequest) -> HttpResponse:
    """Every criterion, every place, every metre, every shop: how many there are, how many have nobody."""
    metres, campaign = metres_of(request.user), current_campaign(request)
    kinds = kinds_of(request.user, campaign, metres)
    ground = has_ground(campaign)
    shown = metres.roads[: ROADS_SHOWN if ground else 0]
    names = Place.objects.in_bulk([road for road, _found in shown])
    roads = [(names[road], found.open_metres, words_of(found.gaps)) for road, found in shown]
    context = {
        "page_title": _("Coverage"),
        "page_subtitle": _("Whether every criterion, every place and every metre has somebody")
        if ground
        else _("Whether every criterion has somebody"),
        "page_actions": [
            {"label": _("How deep duties go"), "icon": "list-tree", "url": reverse("responsibilities:depth")},
            *(_ground_pages() if ground else []),
            {"label": _("Print"), "icon": "printer", "url": "", "print": True},
        ],
        "kinds": kinds,
        "ground": ground,
        "roads": roads,
        "more_roads": len(metres.roads) - len(roads),
        "now": clock.now(),
    }
    return render(request, "responsibilities/coverage.html", context)


def _ground_pages() -> list[dict[str, str]]:
    return [
        {"label": _("Roads by sections"), "icon": "route", "url": reverse("responsibilities:roads")},
        {"label": _("Shop fronts"), "icon": "building-community", "url": reverse("responsibilities:fronts")},
    ]
