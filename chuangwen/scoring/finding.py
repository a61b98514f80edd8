"""Finds the run that an address names among those that the person sees, once a request: for pages and their lists."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest

from chuangwen.core.access import scope_of, visible_or_404
from chuangwen.scoring.models import Run

WHOLE, OWN = "scoring.view", "scoring.view_own"


def find_run(request: HttpRequest, pk: int, held_by: str = WHOLE) -> Run:
    """The run for who sees it whole or, with OWN, is of its region and sees of it what is theirs. Raises Http404."""
    kept = request.__dict__.setdefault("_runs", {})
    if (pk, held_by) not in kept:
        kept[pk, held_by] = _found(request.user, pk, held_by)
    found: Run = kept[pk, held_by]
    return found


def run_of(request: HttpRequest, held_by: str = WHOLE) -> Run:
    """The same for a list, whose filters and rows know their request alone."""
    if not request.resolver_match:
        raise Http404
    return find_run(request, request.resolver_match.kwargs["pk"], held_by)


def _found(user: Any, pk: int, held_by: str) -> Any:
    runs = Run.objects.select_related("round__campaign", "version", "region", "observations")
    if held_by == WHOLE:
        return visible_or_404(runs, user, pk=pk)
    found = runs.filter(pk=pk, region__in=scope_of(user, held_by).home_regions).first()
    if found is None:
        raise Http404
    return found
