"""Reads roads: who has which metres, what nobody has, which shops signed for what lies before their door."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from chuangwen.core.access import scope_of
from chuangwen.organizations.queries import lasting
from chuangwen.places.models import Place, PlaceState
from chuangwen.responsibilities.enums import RoadSide
from chuangwen.responsibilities.metres import SIDES, Coverage, Stretch, coverage_of
from chuangwen.responsibilities.models import RoadSection, ShopFront

VIEW = "responsibilities.view"
SIGNED = Q(signed_on__isnull=False, keeps_clean=True, keeps_order=True, keeps_green=True)


def roads_of(user: Any, permission: str = VIEW) -> QuerySet[Place]:
    """The roads that a person may see: in the own territory or care, or with a section of the own unit."""
    rows: QuerySet[Place] = Place.objects.filter(length__isnull=False).exclude(state=PlaceState.GONE)
    scope = scope_of(user, permission)
    if not scope:
        return rows.none()
    inside = Place.scope_filter(scope)
    if scope.unit_ids:
        inside |= Q(pk__in=RoadSection.objects.filter(lasting(), unit__in=scope.unit_ids).values("road"))
    return rows.filter(inside)


def road_or_404(user: Any, code: str, permission: str = VIEW) -> Place:
    """The road of this code that the person may see, with its sections of today as `now`."""
    rows = with_sections(roads_of(user, permission).select_related("territory", "keeper", "region").filter(code=code))
    found = list(rows[:20])
    if not found:
        raise Http404
    return min(found, key=lambda road: (road.region_id != user.region_id, road.pk))


def with_sections(rows: QuerySet[Place]) -> QuerySet[Place]:
    """`rows` with the sections that hold today in `now`, along the road: one query more."""
    sections = RoadSection.objects.filter(lasting()).select_related("unit", "post__unit", "leader__unit")
    return rows.prefetch_related(Prefetch("sections", sections.order_by("starts_at", "side", "pk"), to_attr="now"))


def coverage(road: Any, sections: Iterable[RoadSection]) -> Coverage:
    """What these sections leave open and hold twice."""
    return coverage_of(road.length, [Stretch(one.starts_at, one.ends_at, one.side, one.pk) for one in sections])


def has_gap() -> Q:
    """Roads of which some metre has nobody today.

    Where a gap begins is the road's beginning or some section's end; so it is enough to look there, side by side.
    """
    found = Q()
    for side in SIDES:
        here = RoadSection.objects.filter(lasting(), side__in=(RoadSide.BOTH, side))
        goes_on = here.filter(
            road=OuterRef("road"), starts_at__lte=OuterRef("ends_at"), ends_at__gt=OuterRef("ends_at")
        )
        breaks = here.filter(~Exists(goes_on), road=OuterRef("pk"), ends_at__lt=OuterRef("length"))
        found |= ~Q(Exists(here.filter(road=OuterRef("pk"), starts_at=0))) | Q(Exists(breaks))
    return Q(length__isnull=False) & found


def has_overlap() -> Q:
    """Roads of which two units have the same metres today."""
    here = RoadSection.objects.filter(lasting(), starts_at__lt=F("road__length"))
    other = here.filter(
        road=OuterRef("road"), pk__gt=OuterRef("pk"), starts_at__lt=OuterRef("ends_at"),
        ends_at__gt=OuterRef("starts_at"),
    )  # fmt: skip
    meets = other.filter(Q(side=RoadSide.BOTH) | Q(side=OuterRef("side")))
    pair = here.filter(Q(Exists(meets)) | Q(Q(side=RoadSide.BOTH) & Q(Exists(other))), road=OuterRef("pk"))
    return Q(Exists(pair))


def open_fronts() -> Q:
    """Shops that are there and have not signed all three."""
    return Q(closed_on__isnull=True) & ~SIGNED


def fronts_of(user: Any, permission: str = VIEW) -> QuerySet[ShopFront]:
    rows: QuerySet[ShopFront] = ShopFront.objects.visible_to(user, permission)
    return rows.select_related("road", "unit")


def words_of(stretches: Sequence[Stretch]) -> str:
    """120—300米(左侧)、450—500米."""
    return "、".join(stretch_words(one) for one in stretches)


def stretch_words(one: Stretch) -> str:
    metres = metres_words(one.starts, one.ends)
    return metres if one.side == RoadSide.BOTH else f"{metres}({RoadSide(one.side).label})"


def metres_words(starts: int, ends: int) -> str:
    return _("%(starts)d—%(ends)dm") % {"starts": starts, "ends": ends}
