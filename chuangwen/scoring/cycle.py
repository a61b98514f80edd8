"""What the years of a campaign come to: weighted, the last year alone, or every year for itself.

Source: scoring specification, Cycle. A year counts by its official round, and until there is one by the
last round that was scored: then the figure says from which round it is. What the authority itself gave for an
official round goes before a run of our own over the same year.
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
from chuangwen.scoring.models import OutsideRow, Run
from chuangwen.scoring.needed import Rule, RuleKind, reaches, result
from chuangwen.scoring.queries.outside import own_rows

TEMPLATE = "scoring/parts/years.html"
KINDS: dict[CycleRule, RuleKind] = {CycleRule.WEIGHTED: "weights", CycleRule.LAST: "last", CycleRule.ALL_PASS: "all"}


@dataclass(frozen=True, slots=True)
class Year:
    """A year of the campaign with the outside score or the run it counts by; neither where nothing was scored."""

    year: int
    weight: float
    run: Run | None
    counts: bool
    outside: OutsideRow | None = None

    @property
    def total(self) -> float | None:
        if self.outside is not None:
            return float(self.outside.total)
        return None if self.run is None else self.run.total

    @property
    def shown(self) -> str:
        return "" if self.total is None else show(self.total)

    @property
    def is_official(self) -> bool:
        """Whether the year's score is final: an official round's, ours or from outside."""
        return self.outside is not None or (self.run is not None and self.run.round.kind == RoundKind.OFFICIAL)


def years_of_campaign(request: HttpRequest, campaign: Campaign | None) -> Panel | None:
    """Each year's score and what they make together, for who sees scores, once one is there. Three queries."""
    if campaign is None or not may(request.user, "scoring.view"):
        return None
    years = years_of(campaign, request.user)
    if len(years) < 2 or all(one.total is None for one in years):
        return None
    total, reached = together(campaign, years)
    missing = [str(one.year) for one in years if one.counts and one.total is None]
    context = {
        "campaign": campaign, "years": years, "total": total, "reached": reached,
        "missing": "、".join(missing), "weighted": campaign.cycle_rule == CycleRule.WEIGHTED,
    }  # fmt: skip
    return Panel(TEMPLATE, context, order=35)


def years_of(campaign: Campaign, user: Any) -> list[Year]:
    """The campaign's years with what each counts by, as `user` sees it: three queries.

    The main standard counts in all its versions: what an earlier year was scored under stays that year's score.
    """
    runs = (
        Run.objects.visible_to(user)
        .filter(round__campaign=campaign, total__isnull=False)
        .filter(version__urn__in=campaign.standards.filter(is_main=True).values("version__urn"))
        .select_related("round")
        .only("total", "round__name", "round__kind", "round__year", "round__ends")
    )
    outside = own_rows(campaign.pk).filter(result__kind=RoundKind.OFFICIAL)
    return years_with(campaign, campaign.years.order_by("year"), runs, outside)


def years_with(
    campaign: Campaign, years: Iterable[CampaignYear], runs: Iterable[Run], outside: Iterable[OutsideRow] = ()
) -> list[Year]:
    """The years with what each counts by: the newest official score from outside, else the newest run of the official
    round, else of the round that ended last.
    """
    given = {row.result.year: row for row in outside}
    best: dict[int, Run] = {}
    for run in sorted(runs, key=lambda one: (one.round.kind == RoundKind.OFFICIAL, one.round.ends, one.pk)):
        best[run.round.year] = run
    rows = list(years)
    last = max((row.year for row in rows), default=0)
    only_last = campaign.cycle_rule == CycleRule.LAST
    return [
        Year(row.year, row.weight, best.get(row.year), not only_last or row.year == last, given.get(row.year))
        for row in rows
    ]


def rule_of(campaign: Campaign, years: Iterable[Year]) -> Rule:
    """The campaign's rule over its years."""
    return Rule(KINDS[CycleRule(campaign.cycle_rule)], {one.year: one.weight for one in years})


def together(campaign: Campaign, years: list[Year]) -> tuple[str, bool | None]:
    """The total of the years as shown, and whether it reaches the target; empty while a year has no score."""
    rule, target = rule_of(campaign, years), campaign.target
    if rule.kind == "all" and target is None:
        return "", None
    total = result(rule, {one.year: one.total for one in years if one.total is not None})
    if total is None:
        return "", None
    return show(total), None if target is None else reaches(total, target)
