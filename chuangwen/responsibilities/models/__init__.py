"""The breakdown (责任分解) and the tasks that come out of it."""

from chuangwen.responsibilities.enums import (
    OPEN_TASK_STATES,
    TASK_ORIGINS,
    DutyState,
    Medium,
    Origin,
    Share,
    TaskState,
    Urgency,
)
from chuangwen.responsibilities.models.course import Duty, StandingRule
from chuangwen.responsibilities.models.matrix import Assignment, Collective, SplitCriterion
from chuangwen.responsibilities.models.roads import RoadSection, ShopFront
from chuangwen.responsibilities.models.tasks import Instruction, Task

__all__ = [
    "OPEN_TASK_STATES",
    "TASK_ORIGINS",
    "Assignment",
    "Collective",
    "Duty",
    "DutyState",
    "Instruction",
    "Medium",
    "Origin",
    "RoadSection",
    "Share",
    "ShopFront",
    "SplitCriterion",
    "StandingRule",
    "Task",
    "TaskState",
    "Urgency",
]
