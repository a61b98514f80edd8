"""Which units recommend families, the families that can be put forward, and the figures of households."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from chuangwen.campaigns.models import Title
from chuangwen.core import clock
from chuangwen.core.models import Region
from chuangwen.honors.customs import FAMILY
from chuangwen.honors.enums import STANDING_AWARDS, FiguresState
from chuangwen.honors.models import Family, LadderStep, YearlyFigures
from chuangwen.organizations.enums import UnitKind
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import units_today

NEVER = (UnitKind.REGION, UnitKind.OFFICE)


def recommends(unit: Unit) -> bool:
    """Whether the unit can recommend families: every unit that exists, but the region itself and offices in units."""
    return unit.kind not in NEVER and not (unit.valid_to and unit.valid_to < clock.today())


def recommenders(region: Region) -> QuerySet[Unit]:
    """The units that can recommend families today."""
    return units_today(region).filter(depth__gt=1).exclude(kind__in=NEVER)


def family_titles(region: Region) -> QuerySet[Title]:
    """The ladder of families, the lowest first; empty where the office has not asked for it."""
    rows = Title.objects.filter(region=region, subject=FAMILY, ladder_step__isnull=False)
    return rows.select_related("region").order_by("ladder_step__rank")


def lowest_title(region: Region) -> Title | None:
    """The title that a unit's own selection gives."""
    return family_titles(region).first()


def has_ladder(region: Region) -> bool:
    """Whether the region deals with families at all."""
    return LadderStep.objects.filter(region=region, title__subject=FAMILY).exists()


def agreed_families(user: Any, permission: str) -> QuerySet[Family]:
    """The families for which the person may act and whose consent is in force."""
    rows: QuerySet[Family] = Family.objects.visible_to(user, permission)
    return rows.filter(agreed_on__isnull=False, withdrawn_on__isnull=True).select_related("unit__region", "region")


def titled_households(user: Any) -> QuerySet[Unit]:
    """Units with families: how many, how many with a title in force, and of how many households as last confirmed."""
    mine = Family.objects.visible_to(user)
    standing = Q(families__awards__state__in=STANDING_AWARDS)
    confirmed = YearlyFigures.objects.filter(
        unit=OuterRef("pk"), state=FiguresState.CONFIRMED, households__isnull=False, year__lte=clock.today().year
    )
    newest = confirmed.order_by("-year", "-pk")
    rows: QuerySet[Unit] = Unit.objects.filter(families__in=mine).annotate(
        known=Count("families", distinct=True),
        titled=Count("families", filter=standing, distinct=True),
        whole=Subquery(newest.values("households")[:1]), year=Subquery(newest.values("year")[:1]),
    )  # fmt: skip
    return rows.annotate(share=F("titled") * 100.0 / F("whole"))
