"""Runs of the scoring engine and their frozen figures."""

from chuangwen.scoring.models.runs import Loss, NodeResult, Run

__all__ = ["Loss", "NodeResult", "Run"]
