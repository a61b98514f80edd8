"""Runs of the engine and their frozen figures (runs); scores that others gave (outside); what to do next (plans)."""

from chuangwen.scoring.models.cells import LeafSum, LossCell, LossProblem, Standing
from chuangwen.scoring.models.goals import GoalGroup
from chuangwen.scoring.models.outside import OUTSIDE_OWNER, OutsideResult, OutsideRow
from chuangwen.scoring.models.plans import ActionPlan, EffortRate, PlanItem, ProblemGain
from chuangwen.scoring.models.runs import Loss, NodeResult, Run

__all__ = [
    "OUTSIDE_OWNER",
    "ActionPlan",
    "EffortRate",
    "GoalGroup",
    "LeafSum",
    "Loss",
    "LossCell",
    "LossProblem",
    "NodeResult",
    "OutsideResult",
    "OutsideRow",
    "PlanItem",
    "ProblemGain",
    "Run",
    "Standing",
]  # fmt: skip
