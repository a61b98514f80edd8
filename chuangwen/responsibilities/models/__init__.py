"""The breakdown (责任分解) and the tasks that come out of it."""

from chuangwen.responsibilities.enums import (
    FINISHED_TASK_STATES,
    OPEN_TASK_STATES,
    TASK_ORIGINS,
    Book,
    ChainLevel,
    ClaimState,
    DutyState,
    HeadWork,
    HouseRuleState,
    Keeping,
    LevelState,
    Medium,
    ObjectionState,
    Origin,
    RepeatGround,
    Request,
    Share,
    TaskState,
    Urgency,
    Verdict,
    WeekState,
)
from chuangwen.responsibilities.models.burden import RepeatedRequest, UnitBurden
from chuangwen.responsibilities.models.claims import Claim, ClaimPool, Objection
from chuangwen.responsibilities.models.course import Duty, Postponement, StandingRule, TaskMilestone
from chuangwen.responsibilities.models.house_rules import HouseRule, HouseRuleCheck
from chuangwen.responsibilities.models.in_person import SiteVisit
from chuangwen.responsibilities.models.kinds import DutyTemplate, KindLead
from chuangwen.responsibilities.models.levels import LevelMark
from chuangwen.responsibilities.models.matrix import Assignment, Collective, SplitCriterion
from chuangwen.responsibilities.models.parts import ChainLink, Part
from chuangwen.responsibilities.models.roads import RoadSection, ShopFront
from chuangwen.responsibilities.models.tasks import Instruction, Task
from chuangwen.responsibilities.models.weekly import WeekReport

__all__ = [
    "FINISHED_TASK_STATES",
    "OPEN_TASK_STATES",
    "TASK_ORIGINS",
    "Assignment",
    "Book",
    "ChainLevel",
    "ChainLink",
    "Claim",
    "ClaimPool",
    "ClaimState",
    "Collective",
    "Duty",
    "DutyState",
    "DutyTemplate",
    "HeadWork",
    "HouseRule",
    "HouseRuleCheck",
    "HouseRuleState",
    "Instruction",
    "Keeping",
    "KindLead",
    "LevelMark",
    "LevelState",
    "Medium",
    "Objection",
    "ObjectionState",
    "Origin",
    "Part",
    "Postponement",
    "RepeatGround",
    "RepeatedRequest",
    "Request",
    "RoadSection",
    "Share",
    "ShopFront",
    "SiteVisit",
    "SplitCriterion",
    "StandingRule",
    "Task",
    "TaskMilestone",
    "TaskState",
    "UnitBurden",
    "Urgency",
    "Verdict",
    "WeekReport",
    "WeekState",
]
