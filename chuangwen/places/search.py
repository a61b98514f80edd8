"""Places found by name or number from anywhere."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import pgettext

from chuangwen.core.search import Group, Hit, matching
from chuangwen.places.models import Place


def search_places(request: HttpRequest, words: str) -> Group:
    """By number, name or address."""
    rows = Place.objects.visible_to(request.user).select_related("territory").order_by("code")
    found = matching(rows, words, begins=("code",), holds=("name", "address"))
    hits = [
        Hit(place.name, reverse("places:place", args=[place.code]), f"{place.code} {place.territory}")
        for place in found
    ]
    return Group(pgettext("find", "Places"), "map-pin", hits, f"{reverse('places:list')}?q={quote(words)}")
