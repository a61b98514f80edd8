"""What the register puts on the start page: places for which nobody answers."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core.access import may
from chuangwen.core.panels import DeskLine, waiting_line
from chuangwen.places.models import Place
from chuangwen.places.queries import without_keeper


def bare_places(request: HttpRequest) -> Iterable[DeskLine]:
    """One line for the office while any place has no keeper."""
    if may(request.user, "places.edit"):
        yield waiting_line(
            "mine", Place.objects.visible_to(request.user, "places.edit").filter(without_keeper()),
            lambda n: ngettext("%d place has no keeper", "%d places have no keeper", n) % n,
            f"{reverse('places:list')}?tab=bare", sub=_("Problems there have nobody to go to"), icon="map-pin",
            action=_("Name keepers"),
        )  # fmt: skip
