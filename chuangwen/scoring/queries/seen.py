"""What was seen: the observations that stood when a run was made, and what they hold at each criterion."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from chuangwen.inspections.enums import VisitKind
from chuangwen.inspections.models import EnteredResult, Observation
from chuangwen.scoring.models import Run

MISSED = F("weight") * (1 - F("value"))


def observed(run: Run) -> Any:
    """The observations that went into the run: those of its round that stood when it was made."""
    return Observation.objects.as_of(run.created_at).filter(round=run.round_id, version=run.version_id)


def ad_hoc_places(run: Run) -> int:
    """How many places were chosen on the spot (随机查看): they count in shares and in no interval. One query."""
    rows = observed(run).filter(place=None, answer__visit__kind=VisitKind.AD_HOC, value__isnull=False)
    return int(rows.aggregate(places=Count("answer__visit__place", distinct=True))["places"])


def seen_at(run: Run) -> dict[str, tuple[int, float]]:
    """How many places were seen at each criterion, and the weight of what was missed there: kept with the run."""
    place = Coalesce("place_id", "answer__visit__place_id")
    rows = observed(run).filter(value__isnull=False).order_by().values_list("code")
    sums = rows.annotate(places=Count(place, distinct=True), missed=Sum(MISSED, filter=Q(value__lt=1)))
    return {code: (places, missed or 0.0) for code, places, missed in sums}


def entered_codes(run: Run) -> set[str]:
    """The codes whose figures were entered rather than seen, in this run."""
    known = EnteredResult.objects.filter(round=run.round_id, version=run.version_id).values("code")
    rows = observed(run).filter(code__in=known).exclude(result=None)
    return set(rows.order_by().values_list("code", flat=True).distinct())
