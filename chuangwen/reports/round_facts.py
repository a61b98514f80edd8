"""Gathers what the papers of a finished round say, from inspections, rectification and scoring."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Max

from chuangwen.campaigns.models import Round
from chuangwen.inspections.enums import VisitState
from chuangwen.inspections.models import Visit
from chuangwen.rectification.enums import ProblemState
from chuangwen.rectification.models import Problem
from chuangwen.reports.queries import unit_names
from chuangwen.reports.rounds import CRITERIA, Finding, Findings, round_sheet
from chuangwen.reports.sheet import Sheet
from chuangwen.scoring.models import NodeResult
from chuangwen.scoring.queries.losses import lost_by_units
from chuangwen.scoring.queries.results import section_points
from chuangwen.scoring.queries.runs import last_run_of
from chuangwen.standards.models import Node

LEFT_OUT = (ProblemState.MERGED, ProblemState.GONE)  # merged: counted in the one it went into


def findings_sheet(round_: Round, as_of: datetime) -> Sheet:
    """The figures of a round as they stand: a fixed number of queries."""
    rows = Problem.objects.filter(round=round_).exclude(state__in=LEFT_OUT)
    values = rows.order_by("pk").values_list("pk", "lead_id", "is_open", "due_at", "state")
    problems = tuple(
        Finding(pk, lead, is_open, is_open and state != ProblemState.LONG_TERM and due is not None and due < as_of)
        for pk, lead, is_open, due, state in values
    )
    standard = round_.versions.order_by("pk").first()
    found = Findings(
        name=round_.name, standard=f"《{standard.title_zh}》" if standard else "",
        places=Visit.objects.filter(round=round_, state=VisitState.FINISHED).count(), problems=problems,
        last_due=rows.filter(is_open=True).aggregate(last=Max("due_at"))["last"], **_score(round_),
    )  # fmt: skip
    return round_sheet(found, unit_names(round_.region))


def _score(round_: Round) -> dict[str, Any]:
    run = last_run_of(round_)
    if run is None:
        return {}
    leaves = Node.objects.filter(version=run.version_id, is_leaf=True).values_list("code", "title_zh")
    titles = dict(leaves)
    dear = NodeResult.objects.filter(run=run, code__in=titles, lost__gt=0).order_by("-lost", "code")[:CRITERIA]
    return {
        "lost": lost_by_units(run), "score": run.total, "low": run.low, "high": run.high,
        "scale": float(run.version.scale), "sections": tuple(section_points(run)),
        "criteria": tuple((f"{code} {titles[code]}", value) for code, value in dear.values_list("code", "lost")),
    }  # fmt: skip
