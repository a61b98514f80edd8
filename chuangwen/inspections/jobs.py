"""Takes what a source brings into a round in the worker, where it is much."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from chuangwen.campaigns.models import Round
from chuangwen.campaigns.result_sources import result_source
from chuangwen.core.jobs import Progress, job_kind
from chuangwen.inspections.services.sources import take_from


@job_kind("take_results")
def take_results(progress: Progress, *, owner: Any, round_id: int, source: str, also: list[str]) -> None:
    """All of it or nothing; the round's results are the result."""
    progress.total(1)
    round_ = Round.objects.select_related("campaign", "region").get(pk=round_id)
    found = result_source(source)
    if found is not None:
        take_from(round_, found, actor=owner, also=frozenset(also))
    progress.step()
    progress.result(reverse("inspections:results", args=[round_.pk]))
