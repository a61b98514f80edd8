"""What scoring brings before the quarterly look-back: criteria on which a unit lost more than in the round before."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.lags import LagAsk, LagRow, LagSource, register_lag
from chuangwen.scoring.models import Loss, Run
from chuangwen.scoring.queries.runs import run_before
from chuangwen.standards.models import Node

LEAST = 0.05  # points: less is the noise of another draw
MOST = 60


def falling_criteria(ask: LagAsk) -> Iterator[LagRow]:
    """Of the last score of a round that ended by the quarter's end, beside the round before: the dearest first."""
    rows = Run.objects.filter(
        region=ask.campaign.region_id, round__campaign=ask.campaign, total__isnull=False, round__ends__lte=ask.last
    )  # fmt: skip
    run = rows.select_related("round", "version").order_by("-round__starts", "-created_at", "-pk").first()
    before = run_before(run) if run else None
    if run is None or before is None:
        return
    earlier, now = _lost(before), _lost(run)
    fallen = {key: lost - earlier.get(key, 0.0) for key, lost in now.items() if lost - earlier.get(key, 0.0) >= LEAST}
    codes = {code for _unit, code in fallen}
    titles = dict(Node.objects.filter(version=run.version_id, code__in=codes).values_list("code", "title_zh"))
    url, since = reverse("scoring:run", args=[run.pk]), clock.local(run.created_at).date()
    for (unit, code), more in sorted(fallen.items(), key=lambda one: (-one[1], one[0]))[:MOST]:
        words = {"lost": f"{now[unit, code]:.2f}", "more": f"{more:.2f}", "round": run.round.name}
        fact = _("%(round)s: lost %(lost)s points, %(more)s more than before") % words
        yield LagRow(f"s{unit}-{code}"[:60], unit, f"{code} {titles.get(code, '')}".strip(), fact, url, since)


def _lost(run: Run) -> dict[tuple[int, str], float]:
    """(unit, criterion) -> the points that the unit lost there."""
    rows = Loss.objects.filter(run=run, unit__isnull=False).order_by().values_list("unit_id", "code")
    return {(unit, code): lost for unit, code, lost in rows.annotate(lost=Sum("points"))}


register_lag(LagSource("criterion", 70, falling_criteria))
