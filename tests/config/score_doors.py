"""Scores in the doors' world: outside ones, a problem that holds points back, a plan that was issued; their samples."""

from __future__ import annotations

from typing import Any

from chuangwen.scoring.models import ActionPlan, EffortRate, PlanItem, ProblemGain
from tests.config.history_doors import add_history, history_samples
from tests.support.factories import DAY


def add_scores(world: Any) -> None:
    """Outside scores; the world's problem with its points, an effort of its type, and a plan of it with its task."""
    add_history(world)
    region, run, problem = world.root.region, world.run, world.problem
    ProblemGain.objects.create(region=region, run=run, problem=problem, points=1.5, codes=" 1.1 ")
    EffortRate.objects.create(region=region, problem_type=world.problem_type, person_days=1.0, least_days=1)
    world.plan = ActionPlan.objects.create(
        region=region, run=run, people=2, days=5, until=DAY, before=80.0, expected=81.5, person_days=1.0, cost=0.0
    )
    PlanItem.objects.create(
        region=region, plan=world.plan, problem=problem, unit=problem.lead, position=1, points=1.5, person_days=1.0,
        cost=0.0, task=world.task,
    )  # fmt: skip


def score_samples(world: Any) -> dict[str, dict[str, Any]]:
    """The arguments of each address of scores."""
    run = {"pk": world.run.pk}
    names = ("next", "own_next", "plan", "issue_plan")
    own = {**{f"scoring:{name}": run for name in names}, "scoring:issued": {"pk": world.plan.pk}}
    own["scoring:so_far"] = {"pk": world.round.pk}
    return history_samples(world) | own
