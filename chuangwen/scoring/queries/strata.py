"""Which stratum a round's places belong to and how many places each holds: as frozen for its draws."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Q

from chuangwen.campaigns.models import Round
from chuangwen.inspections.enums import DrawState
from chuangwen.inspections.models import Draw, Visit
from chuangwen.places.models import Place, PlaceState


def strata_of_draws(round_: Round) -> dict[str, str]:
    """Code of a place -> the stratum it could be drawn from, over all draws of the round. One query.

    A later draw's pool lacks what is on the round's list already, so none alone says what a stratum holds.
    """
    pools = Draw.objects.filter(round=round_).exclude(state=DrawState.WITHDRAWN).order_by("-pk")
    return {
        code: stratum
        for pool in pools.values_list("pool", flat=True)
        for stratum, codes in pool.items()
        for code in codes
    }  # of a place in several pools the first draw decides


def places_of_round(round_: Round) -> Any:
    """The places that a round's estimate may rest on: those declared, and those it drew."""
    drawn = Visit.objects.filter(round=round_, draw__isnull=False).values("place")
    return Place.objects.filter(Q(declared=True) | Q(pk__in=drawn), region=round_.region).order_by("code")


def frame_sizes(round_: Round, strata: dict[str, str]) -> dict[str, int]:
    """How many places each stratum holds: as frozen for the draws, else as the register stands."""
    if strata:
        return Counter(strata.values())
    places = Place.objects.filter(region=round_.region, declared=True, state=PlaceState.OPEN)
    return Counter(places.values_list("place_type__code", flat=True))
