"""What can be done with duties: the matrix (breakdown), and the tasks that come out of it (tasks)."""

from chuangwen.responsibilities.services.breakdown import (
    apply_hints,
    mark_split,
    set_share,
    set_shares,
)
from chuangwen.responsibilities.services.tasks import (
    accept_task,
    add_measures,
    cancel_task,
    confirm_task,
    draft_task,
    issue_breakdown,
    issue_task,
    object_to_task,
    reopen_task,
    report_task,
    uphold_task,
)

__all__ = [
    "accept_task",
    "add_measures",
    "apply_hints",
    "cancel_task",
    "confirm_task",
    "draft_task",
    "issue_breakdown",
    "issue_task",
    "mark_split",
    "object_to_task",
    "reopen_task",
    "report_task",
    "set_share",
    "set_shares",
    "uphold_task",
]
