"""What units and nobody lost in a run, for other papers; the lines of the result page are in loss_lines."""

from __future__ import annotations

from django.db.models import Q, Sum

from chuangwen.scoring.models import Loss, Run


def lost_by_units(run: Run) -> dict[int | None, float]:
    """Unit (None: nobody) -> the points that it carries: one query."""
    rows = Loss.objects.filter(run=run).order_by().values_list("unit_id")
    return dict(rows.annotate(points=Sum("points")))


def lost_by_nobody(run: Run) -> float:
    """Points that no unit carries."""
    nobody = Loss.objects.filter(Q(run=run) & Q(unit__isnull=True))
    return nobody.aggregate(points=Sum("points"))["points"] or 0.0
