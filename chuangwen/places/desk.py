"""What the register puts on the start page: places for which nobody answers."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core.access import may
from chuangwen.core.panels import DeskItem
from chuangwen.places.models import Place
from chuangwen.places.queries import without_keeper


def bare_places(request: HttpRequest) -> Iterable[DeskItem]:
    """One line for the office while any place has no keeper."""
    if not may(request.user, "places.edit"):
        return
    number = Place.objects.visible_to(request.user, "places.edit").filter(without_keeper()).count()
    if number:
        yield DeskItem(
            "mine",
            ngettext("%d place has no keeper", "%d places have no keeper", number) % number,
            f"{reverse('places:list')}?tab=bare",
            sub=_("Problems there have nobody to go to"),
            icon="map-pin",
            action=_("Name keepers"),
            count=number,
        )
