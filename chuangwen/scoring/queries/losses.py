"""Who lost what: units, what of it can be won back, where it went."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, Sum

from chuangwen.organizations.models import Unit
from chuangwen.rectification.enums import ProblemClass
from chuangwen.scoring.models import Loss, NodeResult, Run
from chuangwen.scoring.queries.seen import MISSED, entered_codes, observed
from chuangwen.standards.models import Node

CAUSES = 2  # criteria named beside a unit's loss


@dataclass
class UnitLoss:
    """What one unit carries; `unit` None is nobody, a gap."""

    unit: Unit | None
    points: float
    recoverable: float
    causes: list[str] = field(default_factory=list)

    @property
    def unrecoverable(self) -> float:
        return self.points - self.recoverable


def unit_losses(run: Run, losses: Any, most: int | None = None) -> list[UnitLoss]:
    """Losses by unit, nobody first, then the greatest; they add up to the whole loss.

    What the first `most` could win back, and where they lost it, is looked up; of the others only the points: eight
    queries. Recoverable is what hangs on problems that are not long-term (put right, they would be met) and on
    entered results: better material, better figures are judged anew in the next round.
    """
    sums = losses.order_by().values_list("unit_id").annotate(points=Sum("points"))
    totals = sorted(sums, key=lambda row: (row[0] is not None, -row[1]))
    shown = [key for key, _points in totals[:most]]
    units = Unit.objects.in_bulk([key for key in shown if key])
    causes, recoverable = _causes(run, losses, shown), _recoverable(run, shown)
    return [
        UnitLoss(units.get(key), points, min(points, recoverable.get(key, 0.0)), causes.get(key, []))
        for key, points in totals
    ]


def _of_units(shown: list[int | None]) -> Q:
    """The rows of these units; None stands for no unit."""
    found = Q(unit__in=[key for key in shown if key])
    return found | Q(unit__isnull=True) if None in shown else found


def _causes(run: Run, losses: Any, shown: list[int | None]) -> dict[int | None, list[str]]:
    """Where each of the units lost most: its two dearest criteria in words."""
    titles = dict(Node.objects.filter(version=run.version_id, is_leaf=True).values_list("code", "title_zh"))
    found: defaultdict[int | None, list[str]] = defaultdict(list)
    rows = losses.filter(_of_units(shown)).order_by("-points", "-code")
    for unit_id, code in rows.values_list("unit_id", "code"):
        if len(found[unit_id]) < CAUSES:
            found[unit_id].append(f"{code} {titles.get(code, '')}")
    return found


def _recoverable(run: Run, shown: list[int | None]) -> dict[int | None, float]:
    """Points by unit that hang on unmet rows whose problem is not long-term, or on entered results: four queries."""
    entered = entered_codes(run)
    results = NodeResult.objects.filter(run=run, lost__gt=0, missed__gt=0).exclude(code__in=entered)
    each = {code: lost / missed for code, lost, missed in results.values_list("code", "lost", "missed")}
    rows = observed(run).filter(_of_units(shown), value__lt=1)
    kept = rows.exclude(answer__problem__problem_class=ProblemClass.LONG_TERM).order_by()
    found: defaultdict[int | None, float] = defaultdict(float)
    for unit_id, code, missed in kept.values_list("unit_id", "code").annotate(missed=Sum(MISSED)):
        found[unit_id] += each.get(code, 0.0) * missed
    lost = Loss.objects.filter(_of_units(shown), run=run, code__in=entered)
    for unit_id, points in lost.values_list("unit_id", "points"):
        found[unit_id] += points
    return found


def losses_of_unit(run: Run, unit_id: int) -> list[tuple[str, str, float]]:
    """(code, title, points) of what one unit lost, the dearest first: two queries."""
    rows = dict(Loss.objects.filter(run=run, unit=unit_id).values_list("code").annotate(lost=Sum("points")))
    titles = dict(Node.objects.filter(version=run.version_id, code__in=rows).values_list("code", "title_zh"))
    return sorted(
        ((code, titles.get(code, ""), lost) for code, lost in rows.items()), key=lambda row: (-row[2], row[0])
    )


def lost_by_units(run: Run) -> dict[int | None, float]:
    """Unit (None: nobody) -> the points that it carries: one query."""
    rows = Loss.objects.filter(run=run).order_by().values_list("unit_id")
    return dict(rows.annotate(points=Sum("points")))


def lost_by_nobody(run: Run) -> float:
    """Points that no unit carries."""
    nobody = Loss.objects.filter(Q(run=run) & Q(unit__isnull=True))
    return nobody.aggregate(points=Sum("points"))["points"] or 0.0
