"""Which run: a round's newest, the campaign's newest, the one of the round before."""

from __future__ import annotations

from typing import Any

from chuangwen.campaigns.models import Round
from chuangwen.scoring.models import Run


def last_runs(region_id: int, campaign_id: int) -> Any:
    """The runs of a campaign, the newest first."""
    rows = Run.objects.filter(region=region_id, round__campaign=campaign_id)
    return rows.select_related("round", "version").order_by("-round__starts", "-pk")


def last_run_of(round_: Round) -> Run | None:
    """The round's newest score; None where none was computed."""
    rows = Run.objects.filter(round=round_, total__isnull=False).select_related("version", "round", "region")
    return rows.order_by("-created_at", "-pk").first()


def run_before(run: Run) -> Run | None:
    """The latest run of the round before this one, under the same standard: what a result is compared with."""
    rows = Run.objects.filter(
        region=run.region_id, round__campaign=run.round.campaign_id, version__urn=run.version.urn, total__isnull=False,
        round__starts__lt=run.round.starts,
    )  # fmt: skip
    return rows.select_related("round", "version").order_by("-round__starts", "-created_at", "-pk").first()
