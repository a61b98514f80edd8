"""What lies below the units of the city that is measured: roads by sections, and duties that streets handed on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bench.city import City, keep
from chuangwen.places.models import Place
from chuangwen.responsibilities.models import Assignment, Part, RoadSection

ROADS = 400  # of the city's places
LENGTH, SECTIONS = 1000, 5
HANDED = 6  # places that a community gets with each part


def add_depth(city: City) -> int:
    """Roads, of which every tenth has a gap, and parts from each street to its communities; how many rows."""
    roads = [place.pk for place in city.places[:ROADS]]
    Place.objects.filter(pk__in=roads).update(length=LENGTH)
    return keep(RoadSection, _sections(city, roads)) + keep(Part, _parts(city))


def _sections(city: City, roads: list[int]) -> Iterator[RoadSection]:
    step = LENGTH // SECTIONS
    for number, road in enumerate(roads):
        for turn in range(SECTIONS - (number % 10 == 0)):
            yield RoadSection(
                pk=number * SECTIONS + turn + 1, region=city.root.region, road_id=road, starts_at=turn * step,
                ends_at=(turn + 1) * step, unit=city.lines[(number + turn) % len(city.lines)],
                starts=city.today - timedelta(days=300),
            )  # fmt: skip


def _parts(city: City) -> Iterator[Part]:
    below: dict[str, list[int]] = {}
    for community in city.communities:
        below.setdefault(community.path[:-4], []).append(community.pk)
    places: dict[int, list[int]] = {}
    for place in city.places:
        places.setdefault(place.territory_id, []).append(place.pk)
    number = 0
    for share in Assignment.objects.filter(campaign=city.campaign, unit__in=city.streets).select_related("unit"):
        for community in below.get(share.unit.path, []):
            for place in places.get(community, [])[:HANDED]:
                number += 1
                yield Part(
                    pk=number, region=city.root.region, campaign=city.campaign, node_id=share.node_id,
                    giver_id=share.unit_id, unit_id=community, place_id=place,
                )  # fmt: skip
