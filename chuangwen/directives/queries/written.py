"""Reads written reports: calls with their numbers, what is like one that is open, what the ledger holds already."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Q, QuerySet

from chuangwen.core import clock
from chuangwen.directives.enums import WrittenStage
from chuangwen.directives.likeness import most_alike
from chuangwen.directives.models import WrittenReport
from chuangwen.directives.workflow import WITH_UNIT
from chuangwen.evidence.models import Piece

OFFERED = 8
LOOKED_AT = 400  # the latest files of a unit that are looked through
MISSING = Q(state__in=WITH_UNIT)


def with_numbers(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Calls with how many of the units that the person sees are asked, are in, are in late and are missing; those let
    off are left out."""
    seen = Q(reports__in=WrittenReport.objects.visible_to(user).order_by().values("pk"))
    counted = seen & ~Q(reports__state=WrittenStage.WAIVED)
    return rows.annotate(
        asked=Count("reports", filter=counted),
        received=Count("reports", filter=seen & Q(reports__state=WrittenStage.HANDED_IN)),
        late=Count("reports", filter=counted & Q(reports__handed_in_at__gt=F("due_at"))),
        missing=Count("reports", filter=seen & Q(reports__state__in=WITH_UNIT)),
    )


def late_report() -> Q:
    """In after the deadline, or not in and past it."""
    gone = Q(call__due_at__lt=clock.now()) & MISSING
    return gone | Q(handed_in_at__gt=F("call__due_at"))


def known_pieces(report: WrittenReport) -> list[Piece]:
    """Files in the ledger of the unit whose title is like what is asked: they need not be given again."""
    rows = Piece.objects.filter(unit=report.unit_id, file__isnull=False).select_related("file")
    found = {piece.pk: piece for piece in rows.order_by("-pk")[:LOOKED_AT]}
    asked = f"{report.call.title} {report.call.detail}"
    return [found[key] for key in most_alike(asked, [(one.pk, one.title) for one in found.values()], OFFERED)]
