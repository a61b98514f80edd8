"""What can be done with duties: the matrix (breakdown, hints), and the tasks that come out of it (tasks, answers)."""

from chuangwen.responsibilities.services.answers import (
    accept_task,
    add_measures,
    confirm_task,
    note_progress,
    object_to_task,
    reopen_task,
    report_task,
)
from chuangwen.responsibilities.services.breakdown import (
    Cell,
    mark_split,
    name_collective,
    set_overload_rule,
    set_share,
    set_shares,
)
from chuangwen.responsibilities.services.claims import claim_criterion
from chuangwen.responsibilities.services.hints import Hinted, apply_hints
from chuangwen.responsibilities.services.renewing import renew_breakdown
from chuangwen.responsibilities.services.tasks import (
    cancel_task,
    draft_task,
    issue_breakdown,
    issue_task,
    postpone_task,
    uphold_task,
)

__all__ = [
    "Cell",
    "Hinted",
    "accept_task",
    "add_measures",
    "apply_hints",
    "cancel_task",
    "claim_criterion",
    "confirm_task",
    "draft_task",
    "issue_breakdown",
    "issue_task",
    "mark_split",
    "name_collective",
    "note_progress",
    "object_to_task",
    "postpone_task",
    "renew_breakdown",
    "reopen_task",
    "report_task",
    "set_overload_rule",
    "set_share",
    "set_shares",
    "uphold_task",
]
