"""The demo's look ahead: the running round scored as far as it is seen, what kinds of problems cost, and goals."""

from __future__ import annotations

from chuangwen.campaigns.models import Round
from chuangwen.config.demo.city import City
from chuangwen.inspections.models import Observation
from chuangwen.scoring.efforts import Effort
from chuangwen.scoring.services import run_scoring
from chuangwen.scoring.services.efforts import set_efforts
from chuangwen.scoring.services.gains import check_gains
from chuangwen.scoring.services.goals import write_goals
from chuangwen.standards.models import ProblemType

# By type: person-days, calendar days at least, yuan
COSTS = {
    "facilities": (2.0, 3, 1800.0), "lamp": (1.0, 2, 600.0), "paving": (3.0, 4, 4500.0), "access": (5.0, 8, 9000.0),
    "advert": (0.5, 1, 200.0), "public-notice": (0.5, 1, 150.0),
}  # fmt: skip


def look_ahead(city: City, running: Round) -> None:
    """At the clock's moment; nothing is scored while nothing is seen."""
    region = city.root.region
    kinds = {kind.code: kind.pk for kind in ProblemType.objects.filter(region=region, code__in=COSTS)}
    figures = {kinds[code]: Effort(*COSTS[code], proposed=False) for code in COSTS if code in kinds}
    set_efforts(region, figures, actor=city.office)
    write_goals(running.campaign, actor=city.office)
    if Observation.objects.standing().filter(round=running).exists():
        check_gains(run_scoring(running, city.versions["city-2026"], actor=city.office))
