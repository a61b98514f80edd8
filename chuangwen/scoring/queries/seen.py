"""What was seen: the observations that stood when a run was made, and what they hold at each criterion."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F

from chuangwen.inspections.enums import VisitKind
from chuangwen.inspections.models import EnteredResult, Observation
from chuangwen.rectification.models import Problem
from chuangwen.scoring.models import Run

MISSED = F("weight") * (1 - F("value"))


def observed(run: Run) -> Any:
    """The observations that went into the run: those of its round that stood when it was made."""
    return Observation.objects.as_of(run.created_at).filter(round=run.round_id, version=run.version_id)


def ad_hoc_places(run: Run) -> int:
    """How many places were chosen on the spot (随机查看): they count in shares and in no interval. One query."""
    rows = observed(run).filter(place=None, answer__visit__kind=VisitKind.AD_HOC, value__isnull=False)
    return int(rows.aggregate(places=Count("answer__visit__place", distinct=True))["places"])


def entered_codes(run: Run) -> set[str]:
    """The codes whose figures were entered rather than seen, in this run."""
    known = EnteredResult.objects.filter(round=run.round_id, version=run.version_id).values("code")
    rows = observed(run).filter(code__in=known).exclude(result=None)
    return set(rows.order_by().values_list("code", flat=True).distinct())


def problem_keys(run: Run) -> dict[str, int]:
    """Number -> key of the problems that hang on answers of the run's round. One query."""
    rows = Problem.objects.filter(answers__visit__round=run.round_id).order_by()
    return dict(rows.values_list("number", "pk").distinct())
