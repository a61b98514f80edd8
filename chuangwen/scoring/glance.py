"""The last score, for the desk: the figure, and where the points went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangwen.campaigns.context import current_campaign
from chuangwen.campaigns.models import Campaign, Round
from chuangwen.campaigns.round_facts import RoundFact
from chuangwen.core.access import may
from chuangwen.core.panels import KeyFigure, Panel
from chuangwen.organizations.models import Unit
from chuangwen.scoring.engine import show
from chuangwen.scoring.models import Loss, Run
from chuangwen.scoring.queries.runs import last_runs
from chuangwen.standards.models import Node

SHOWN = 5  # the dearest; the rest is one click away
TEMPLATE = "scoring/parts/glance.html"


@dataclass(frozen=True, slots=True)
class Dear:
    """One line of the panel: who or what lost how many points."""

    name: Any
    points: float


def last_score(request: HttpRequest) -> Iterator[KeyFigure]:
    """The campaign's newest total with its interval, for who may see scores."""
    campaign = current_campaign(request)
    if campaign is None or not may(request.user, "scoring.view"):
        return
    run = _last_run(request, campaign)
    if run is None or run.total is None:
        return
    sub = ""
    if run.low is not None and run.high is not None:
        sub = _("95%% interval %(low)s to %(high)s") % {"low": show(run.low), "high": show(run.high)}
    yield KeyFigure(_("Last score"), show(run.total), reverse("scoring:run", args=[run.pk]), sub=sub, order=90)


def where_points_went(request: HttpRequest, campaign: Campaign | None) -> Panel | None:
    """Which units lost most; for a unit's own people at which criteria theirs went. Four queries at most."""
    run = _last_run(request, campaign)
    if run is None:
        return None
    if may(request.user, "scoring.view"):
        title, url = gettext_lazy("Units that lost most"), reverse("scoring:run", args=[run.pk]) + "#losses-title"
        return _panel(run, _by_unit(run), title, url)
    own = Loss.objects.visible_to(request.user, "scoring.view_own").filter(run=run)
    title, url = gettext_lazy("Where we lost points"), reverse("scoring:own", args=[run.pk])
    return _panel(run, _by_criterion(run, own), title, url)


def _last_run(request: HttpRequest, campaign: Campaign | None) -> Run | None:
    """The campaign's newest run: asked once a request, since the desk shows it twice."""
    if campaign is None:
        return None
    kept = request.__dict__.setdefault("_last_runs", {})
    if campaign.pk not in kept:
        kept[campaign.pk] = last_runs(campaign.region_id, campaign.pk).first()
    found: Run | None = kept[campaign.pk]
    return found


def _panel(run: Run, lines: list[Dear], title: Any, url: str) -> Panel | None:
    if not lines:
        return None
    context = {"title": title, "run": run, "lines": lines, "greatest": lines[0].points, "url": url}
    return Panel(TEMPLATE, context, order=40)


def _by_unit(run: Run) -> list[Dear]:
    sums = _dearest(Loss.objects.filter(run=run), "unit_id")
    units = Unit.objects.in_bulk([row["unit_id"] for row in sums if row["unit_id"]])
    return [Dear(units.get(row["unit_id"], _("No unit answers for it")), row["lost"]) for row in sums]


def _by_criterion(run: Run, losses: Any) -> list[Dear]:
    sums = _dearest(losses, "code")
    nodes = {
        node.code: node for node in Node.objects.filter(version=run.version_id, code__in=[r["code"] for r in sums])
    }
    return [Dear(nodes.get(row["code"], row["code"]), row["lost"]) for row in sums]


def _dearest(losses: Any, by: str) -> list[dict[str, Any]]:
    rows = losses.order_by().values(by).annotate(lost=Sum("points")).filter(lost__gt=0)
    return list(rows.order_by("-lost", by)[:SHOWN])


def score_of_rounds(request: HttpRequest, rounds: Sequence[Round]) -> Mapping[int, RoundFact]:
    """Each round's newest total with its interval, for who may see scores: one query for all rounds."""
    runs = Run.objects.visible_to(request.user).filter(round__in=[one.pk for one in rounds], total__isnull=False)
    facts: dict[int, RoundFact] = {}
    for run in runs.only("round", "total", "low", "high").order_by("round", "-pk"):
        if run.round_id not in facts:
            facts[run.round_id] = RoundFact(_in_short(run), reverse("scoring:run", args=[run.pk]))
    return facts


def _in_short(run: Run) -> str:
    total = show(run.total or 0)
    if run.low is None or run.high is None:
        return _("score %s") % total
    return _("score %(total)s (%(low)s to %(high)s)") % {"total": total, "low": show(run.low), "high": show(run.high)}


def unit_losses(request: HttpRequest, unit: Unit) -> Panel | None:
    """At which criteria the unit lost most in the campaign's last run: four queries whatever its losses."""
    campaign = current_campaign(request)
    run = _last_run(request, campaign)
    if run is None:
        return None
    permission = "scoring.view" if may(request.user, "scoring.view") else "scoring.view_own"
    losses = Loss.objects.visible_to(request.user, permission).filter(run=run, unit=unit)
    name = "run" if permission == "scoring.view" else "own"
    return _panel(
        run, _by_criterion(run, losses), gettext_lazy("Points the unit lost"), reverse(f"scoring:{name}", args=[run.pk])
    )
