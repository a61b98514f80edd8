"""Scores that others gave: those of our peers in a year, and our own in a campaign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chuangwen.core.models import Region
from chuangwen.organizations.models import UnitAlias
from chuangwen.scoring.enums import OutsideState
from chuangwen.scoring.models import OutsideResult, OutsideRow


@dataclass(frozen=True, slots=True)
class PeerTotal:
    """One region's total as printed on an outside sheet, with the rank printed there and its group of peers."""

    subject: str
    total: float
    rank: int | None
    group: str
    own: bool


def peer_totals(region: Region, year: int, kind: str) -> list[PeerTotal]:
    """Every region on the newest standing sheet of a year and kind of round, in the order of the sheet.

    Empty where no sheet came, and where the newest holds our own row alone: one query for the sheet, one for rows.
    """
    sheet = (
        OutsideResult.objects.filter(region=region, year=year, kind=kind, state=OutsideState.STANDING)
        .order_by("-issued_on", "-pk")
        .first()
    )
    rows = list(OutsideRow.objects.filter(result=sheet)) if sheet else []
    if all(row.own for row in rows):
        return []
    return [PeerTotal(row.subject, row.total, row.rank, row.group, row.own) for row in rows]


def own_rows(campaign_id: int) -> Any:
    """Our own row of every standing outside score of a campaign, the oldest first, with its sheet."""
    rows = OutsideRow.objects.filter(own=True, result__campaign=campaign_id, result__state=OutsideState.STANDING)
    return rows.select_related("result__version").order_by("result__issued_on", "result_id")


def own_names(region: Region) -> list[str]:
    """By what names a sheet may call us: the region's, those of the unit at its top, remembered ones. Two queries."""
    top = list(region.units.filter(depth=1).values_list("name", "short_name"))
    known = UnitAlias.objects.filter(region=region, unit__depth=1).values_list("name", flat=True)
    return [region.name, *(name for pair in top for name in pair if name), *known]
