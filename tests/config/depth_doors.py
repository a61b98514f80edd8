"""What the doors tests need of duties below the unit: a road with a section and a shop."""

from __future__ import annotations

from typing import Any

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.organizations.models import Handover
from chuangwen.places.models import Place
from chuangwen.responsibilities.models import (
    Assignment,
    Claim,
    ClaimPool,
    LevelMark,
    Objection,
    Part,
    RoadSection,
    ShopFront,
)
from tests.support.factories import DAY, NOON


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
    leaf = world.record_leaf
    shared = {"region": region, "campaign": world.campaign, "node": leaf}
    world.share = Assignment.objects.create(**shared, unit=world.lead, share="cooperate")
    world.part = Part.objects.create(**shared, giver=world.lead, unit=world.lead, post=world.post)
    world.handover = Handover.objects.create(
        region=region, post=world.post, coming=world.people[Role.LIAISON], day=DAY, items=[]
    )
    pool = ClaimPool.objects.create(region=region, campaign=world.campaign, closes_on=clock.today())
    world.claim = Claim.objects.create(**shared, pool=pool, unit=world.lead, made_at=NOON)
    world.mark = LevelMark.objects.create(
        region=region, campaign=world.campaign, judge=world.root, unit=world.lead, first=DAY.replace(day=1), months=1,
        facts={"late": 1}, closes_on=clock.today(),
    )  # fmt: skip
    world.objection = Objection.objects.create(
        **shared, unit=world.lead, share="cooperate", reason="不归我局", made_at=NOON, due_at=NOON
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
        "organizations:edit_grid": {"pk": world.grid.pk},
        "organizations:visit": {"pk": world.grid.pk},
        "organizations:edit_area": {"pk": world.area.pk},
        "organizations:new_handover": {"pk": world.holding.pk},
        **{
            f"organizations:{name}": {"pk": world.handover.pk}
            for name in ("handover", "sign_handover", "handover_paper")
        },
        "responsibilities:hand_on": {"pk": world.lead.pk},
        "responsibilities:take_back": {"pk": world.part.pk},
        "responsibilities:chain": {"pk": world.task.pk},
        "responsibilities:claims_of": {"pk": world.claim.node_id},
        "responsibilities:level_mark": {"pk": world.mark.pk},
        "responsibilities:level_rows": {"pk": world.lead.pk, "key": "late"},
        "responsibilities:object": {"pk": world.share.pk},
        "responsibilities:objection": {"pk": world.objection.pk},
    }
