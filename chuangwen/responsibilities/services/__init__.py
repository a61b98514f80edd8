"""What can be done with duties: the matrix (breakdown, hints), the tasks that come out of it (tasks, answers),
and what leaders instruct (instructions).
"""

from chuangwen.responsibilities.services.answers import (
    accept_task,
    add_measures,
    confirm_task,
    note_progress,
    object_to_task,
    reopen_task,
    report_task,
)
from chuangwen.responsibilities.services.assigning import assign_task, remind_of_task, shift_task
from chuangwen.responsibilities.services.breakdown import (
    Cell,
    mark_split,
    name_collective,
    set_overload_rule,
    set_share,
    set_shares,
    unname_collective,
)
from chuangwen.responsibilities.services.claims import claim_criterion
from chuangwen.responsibilities.services.hints import Hinted, apply_hints
from chuangwen.responsibilities.services.house_rules import (
    HouseRuleFacts,
    change_house_rule,
    end_house_rule,
    enter_house_rule,
    note_house_check,
    withdraw_house_check,
)
from chuangwen.responsibilities.services.in_person import note_visit, withdraw_visit
from chuangwen.responsibilities.services.instructions import (
    Errand,
    pass_on_instruction,
    remind_of_instruction,
    withdraw_instruction,
    write_instruction,
)
from chuangwen.responsibilities.services.levels import (
    agree_to_mark,
    freeze_period,
    freeze_periods,
    judge_unit,
    keep_mark,
    object_to_mark,
    set_level_rule,
)
from chuangwen.responsibilities.services.papers import Scan, keep_paper
from chuangwen.responsibilities.services.planning import (
    add_own_task,
    finish_milestone,
    ledger_holds,
    plan_rule,
    set_plan_rule,
    set_waits,
    set_warn_rule,
    write_plan,
)
from chuangwen.responsibilities.services.postponing import (
    ask_postponement,
    grant_postponement,
    open_request,
    refuse_postponement,
)
from chuangwen.responsibilities.services.recurring import (
    change_duty,
    end_duty,
    open_duty,
    open_occurrences,
    pause_duty,
    resume_duty,
)
from chuangwen.responsibilities.services.renewing import renew_breakdown
from chuangwen.responsibilities.services.roles import set_roles, supervisors
from chuangwen.responsibilities.services.rules import end_rule, set_rule
from chuangwen.responsibilities.services.sending import send_draft, send_duty, send_task, set_repeat_rule
from chuangwen.responsibilities.services.tasks import (
    cancel_task,
    draft_task,
    issue_breakdown,
    issue_task,
    postpone_task,
    uphold_task,
)
from chuangwen.responsibilities.services.weekly import (
    confirm_week,
    open_week,
    open_weeks,
    proposed_report,
    remind_week,
    waive_week,
)

__all__ = [
    "Cell",
    "Errand",
    "Hinted",
    "HouseRuleFacts",
    "Scan",
    "accept_task",
    "add_measures",
    "add_own_task",
    "agree_to_mark",
    "apply_hints",
    "ask_postponement",
    "assign_task",
    "cancel_task",
    "change_duty",
    "change_house_rule",
    "claim_criterion",
    "confirm_task",
    "confirm_week",
    "draft_task",
    "end_duty",
    "end_house_rule",
    "end_rule",
    "enter_house_rule",
    "finish_milestone",
    "freeze_period",
    "freeze_periods",
    "grant_postponement",
    "issue_breakdown",
    "issue_task",
    "judge_unit",
    "keep_mark",
    "keep_paper",
    "ledger_holds",
    "mark_split",
    "name_collective",
    "note_house_check",
    "note_progress",
    "note_visit",
    "object_to_mark",
    "object_to_task",
    "open_duty",
    "open_occurrences",
    "open_request",
    "open_week",
    "open_weeks",
    "pass_on_instruction",
    "pause_duty",
    "plan_rule",
    "postpone_task",
    "proposed_report",
    "refuse_postponement",
    "remind_of_instruction",
    "remind_of_task",
    "remind_week",
    "renew_breakdown",
    "reopen_task",
    "report_task",
    "resume_duty",
    "send_draft",
    "send_duty",
    "send_task",
    "set_level_rule",
    "set_overload_rule",
    "set_plan_rule",
    "set_repeat_rule",
    "set_roles",
    "set_rule",
    "set_share",
    "set_shares",
    "set_waits",
    "set_warn_rule",
    "shift_task",
    "supervisors",
    "unname_collective",
    "uphold_task",
    "waive_week",
    "withdraw_house_check",
    "withdraw_instruction",
    "withdraw_visit",
    "write_instruction",
    "write_plan",
]
