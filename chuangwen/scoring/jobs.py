"""Scores a round in the worker."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from chuangwen.campaigns.models import Round
from chuangwen.core.access import require
from chuangwen.core.jobs import Progress, job_kind
from chuangwen.scoring.services import run_scoring
from chuangwen.scoring.services.gains import check_gains
from chuangwen.standards.models import StandardVersion

STAGES = 8  # words that the engine says on its way


@job_kind("score_round")
def score_round(progress: Progress, *, owner: Any, round_id: int, version_id: int, missing: str = "exclude") -> None:
    """One run, and what each of its problems would win back; its page is the result."""
    progress.total(STAGES)
    round_ = Round.objects.select_related("campaign", "region").get(pk=round_id)
    require(owner, "scoring.run", round_)
    version = StandardVersion.objects.get(pk=version_id)
    run = run_scoring(round_, version, actor=owner, missing=missing, tell=lambda _words: progress.step())
    check_gains(run)
    progress.result(reverse("scoring:run", args=[run.pk]))
