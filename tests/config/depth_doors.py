"""What the doors tests need of duties below the unit: a road with a section and a shop."""

from __future__ import annotations

from typing import Any

from chuangwen.places.models import Place
from chuangwen.responsibilities.models import RoadSection, ShopFront
from tests.support.factories import DAY


def add_depth(world: Any) -> None:
    """The world's place is a road; half of it is contracted, one shop stands there."""
    region = world.root.region
    Place.objects.filter(pk=world.place.pk).update(length=400)
    world.section = RoadSection.objects.create(
        region=region, road=world.place, starts_at=0, ends_at=200, unit=world.lead, starts=DAY
    )
    world.front = ShopFront.objects.create(
        region=region, road=world.place, number="1", name="早餐店", unit=world.street
    )


def depth_samples(world: Any) -> dict[str, dict[str, Any]]:
    """Arguments for the addresses of what stands in this file."""
    road, section = {"code": world.place.code}, {"pk": world.section.pk}
    return {
        "responsibilities:road": road,
        "responsibilities:new_section": road,
        "responsibilities:section": section,
        "responsibilities:section_end": section,
        "responsibilities:front": {"pk": world.front.pk},
    }
