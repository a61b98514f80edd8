"""What units and nobody lost in a run, for other papers; the lines of the result page are in loss_lines."""

from __future__ import annotations

from django.db.models import Case, F, IntegerField, Q, Sum, When

from chuangwen.scoring.models import Loss, LossCell, Run, Standing


def lost_by_units(run: Run) -> dict[int | None, float]:
    """Unit (None: nobody) -> the points that it carries: one query."""
    rows = Loss.objects.filter(run=run).order_by().values_list("unit_id")
    return dict(rows.annotate(points=Sum("points")))


def lost_by_types(run: Run) -> dict[int | None, float]:
    """Type of place (None: not at a place of the draw) -> the points lost there; of a run with cells. One query."""
    kind = Case(When(standing=Standing.DRAWN, then=F("place_type")), default=None, output_field=IntegerField())
    rows = LossCell.objects.filter(run=run).order_by().annotate(kind=kind).values_list("kind")
    return dict(rows.annotate(lost=Sum("points")))


def lost_by_nobody(run: Run) -> float:
    """Points that no unit carries."""
    nobody = Loss.objects.filter(Q(run=run) & Q(unit__isnull=True))
    return nobody.aggregate(points=Sum("points"))["points"] or 0.0
