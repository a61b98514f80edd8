"""How the demo's units assess themselves: as their ledgers say, and for the rest as they see themselves."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from chuangwen.honors.models import Application
from chuangwen.honors.queries.assessing import assessment_of
from chuangwen.honors.services import LineTold, write_application

TENTH = Decimal("0.1")


def assess(application: Application, share: str, report: str, *, actor: Any, boldly: bool = False) -> None:
    """Write the self-assessment: `share` of the points where no dossier speaks; `boldly`: so much everywhere."""
    found = assessment_of(application)
    if found is None:
        raise ValueError("the programme has no standard that is summed")
    lines = {}
    for line in found.lines:
        if line.asked.kind != "criterion":
            lines[line.asked.code] = LineTold(Decimal(0))
            continue
        own = (line.asked.most * Decimal(share)).quantize(TENTH, ROUND_HALF_UP)
        points = line.proposal.points
        if points is None:
            lines[line.asked.code] = LineTold(own, "对照标准自查打分")
        elif boldly and points < own:
            lines[line.asked.code] = LineTold(own, "工作已做，材料还在补")
        else:
            lines[line.asked.code] = LineTold(points, line.basis)
    write_application(application, self_report=report, lines=lines, actor=actor)
