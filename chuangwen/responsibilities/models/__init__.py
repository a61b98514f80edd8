"""The breakdown (责任分解) and the tasks that come out of it."""

from chuangwen.responsibilities.enums import (
    OPEN_TASK_STATES,
    TASK_ORIGINS,
    Book,
    DutyState,
    Medium,
    Origin,
    Request,
    Share,
    TaskState,
    Urgency,
)
from chuangwen.responsibilities.models.course import Duty, Postponement, StandingRule, TaskMilestone
from chuangwen.responsibilities.models.matrix import Assignment, Collective, SplitCriterion
from chuangwen.responsibilities.models.roads import RoadSection, ShopFront
from chuangwen.responsibilities.models.tasks import Instruction, Task

__all__ = [
    "OPEN_TASK_STATES",
    "TASK_ORIGINS",
    "Assignment",
    "Book",
    "Collective",
    "Duty",
    "DutyState",
    "Instruction",
    "Medium",
    "Origin",
    "Postponement",
    "Request",
    "RoadSection",
    "Share",
    "ShopFront",
    "SplitCriterion",
    "StandingRule",
    "Task",
    "TaskMilestone",
    "TaskState",
    "Urgency",
]
