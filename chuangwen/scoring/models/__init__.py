"""Runs of the scoring engine and their frozen figures (runs); scores that others gave (outside)."""

from chuangwen.scoring.models.cells import LeafSum, LossCell, LossProblem, Standing
from chuangwen.scoring.models.outside import OUTSIDE_OWNER, OutsideResult, OutsideRow
from chuangwen.scoring.models.runs import Loss, NodeResult, Run

__all__ = [
    "OUTSIDE_OWNER", "LeafSum", "Loss", "LossCell", "LossProblem", "NodeResult", "OutsideResult", "OutsideRow", "Run",
    "Standing",
]  # fmt: skip
