"""The table of who lost what, for the whole result and for a unit's own page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from chuangwen.scoring.models import Run
from chuangwen.scoring.queries.losses import losses_of_unit, unit_losses

UNITS_SHOWN = 40  # of a thousand; a line leads to the others


def loss_table(request: HttpRequest, found: Run, losses: Any) -> dict[str, Any]:
    """Units by what they lost: the greatest, and the others as one line unless all are asked for."""
    most = None if request.GET.get("losses") == "all" or "unit" in request.GET else UNITS_SHOWN
    rows = unit_losses(found, losses, most)
    shown, others = rows[:most], rows[most:] if most else []
    points = [row.points for row in rows]
    return {
        "losses": shown,
        "more_units": len(others),
        "more_lost": sum(row.points for row in others),
        "greatest": max(points, default=1.0),
        "lost_total": sum(points),
    }


def criteria_lost(found: Run, unit_id: int) -> list[tuple[str, str, float, str]]:
    """(code, title, points, code of the section) of what a unit lost."""
    rows = losses_of_unit(found, unit_id)
    return [(code, title, lost, code.split(".")[0]) for code, title, lost in rows]
