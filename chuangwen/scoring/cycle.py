"""What the years of a campaign come to: weighted, the last year alone, or every year for itself.

Source: scoring specification, Cycle. A year counts by its official round, and until there is one by the
last round that was scored: then the figure says from which round it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from chuangwen.campaigns.models import Campaign, CampaignYear, CycleRule, RoundKind
from chuangwen.core.access import may
from chuangwen.core.panels import Panel
from chuangwen.scoring.engine import show
from chuangwen.scoring.models import Run

TEMPLATE = "scoring/parts/years.html"
KINDS = {CycleRule.WEIGHTED: "weights", CycleRule.LAST: "last", CycleRule.ALL_PASS: "all"}


@dataclass(frozen=True, slots=True)
class Year:
    """A year of the campaign with the run it counts by; None where nothing was scored."""

    year: int
    weight: float
    run: Run | None
    counts: bool

    @property
    def shown(self) -> str:
        return "" if self.run is None or self.run.total is None else show(self.run.total)


def years_of_campaign(request: HttpRequest, campaign: Campaign | None) -> Panel | None:
    """Each year's score and what they make together, for who sees scores, once one is there. Two queries."""
    if campaign is None or not may(request.user, "scoring.view"):
        return None
    runs = list(
        Run.objects.visible_to(request.user)
        .filter(round__campaign=campaign, total__isnull=False)
        .filter(version__in=campaign.standards.filter(is_main=True).values("version"))
        .select_related("round")
        .only("total", "round__name", "round__kind", "round__ends")
    )
    years = years_with(campaign, campaign.years.order_by("year"), runs)
    if len(years) < 2 or not runs:
        return None
    total, reached = together(campaign, years)
    missing = [str(one.year) for one in years if one.counts and one.run is None]
    context = {
        "campaign": campaign, "years": years, "total": total, "reached": reached,
        "missing": "、".join(missing), "weighted": campaign.cycle_rule == CycleRule.WEIGHTED,
    }  # fmt: skip
    return Panel(TEMPLATE, context, order=35)


def years_with(campaign: Campaign, years: Iterable[CampaignYear], runs: Iterable[Run]) -> list[Year]:
    """The years with the run each counts by: of the official round, else of the round that ended last; the newest."""
    best: dict[int, Run] = {}
    for run in sorted(runs, key=lambda one: (one.round.kind == RoundKind.OFFICIAL, one.round.ends, one.pk)):
        best[run.round.ends.year] = run
    rows = list(years)
    last = max((row.year for row in rows), default=0)
    only_last = campaign.cycle_rule == CycleRule.LAST
    return [Year(row.year, row.weight, best.get(row.year), not only_last or row.year == last) for row in rows]


def together(campaign: Campaign, years: list[Year]) -> tuple[str, bool | None]:
    """The total of the years as shown, and whether it reaches the target; empty while a year has no score."""
    import polars as pl  # noqa: PLC0415 (when needed: no start of the program should wait for it)

    from chuangwen.scoring.engine import YearRule, combine_years  # noqa: PLC0415

    kind: Any = KINDS[CycleRule(campaign.cycle_rule)]
    if kind == "all" and campaign.target is None:
        return "", None
    numbers = tuple(one.year for one in years)
    rule = YearRule(kind, numbers, tuple(one.weight for one in years) if kind == "weights" else (), campaign.target)
    held = [(one.year, one.run.total) for one in years if one.run is not None]
    totals = pl.DataFrame(
        [("", year, total) for year, total in held],
        schema={"subject": pl.String, "year": pl.Int64, "total": pl.Float64},
        orient="row",
    )
    row = combine_years(rule, totals).row(0, named=True)
    return ("" if row["total"] is None else show(row["total"])), row["passed"]
