"""What can be done with a problem: found and routed (finding), handed out (assigning), put right and
verified (handling), disputed (disputes), given more time (extensions), made long-term, merged or gone (exceptions);
how a superior was answered (replying)."""

from chuangwen.rectification.services.assigning import (
    assign_problem,
    change_deadline,
    reassign_problem,
    remind_unit,
)
from chuangwen.rectification.services.disputes import raise_dispute, rule_dispute
from chuangwen.rectification.services.exceptions import (
    LongTermPlan,
    complete_milestone,
    end_gone_problem,
    end_problems_of_gone_place,
    make_long_term,
    merge_problem,
    renew_long_term,
)
from chuangwen.rectification.services.extensions import ask_extension, grant_extension, refuse_extension
from chuangwen.rectification.services.finding import Finding, enter_from_ledger, report_problem, suggest_route
from chuangwen.rectification.services.handling import (
    close_problem,
    explain_problem,
    fix_problem,
    receive_problem,
    reopen_problem,
    return_problem,
)
from chuangwen.rectification.services.photos import add_photo
from chuangwen.rectification.services.replying import enter_answer_number
from chuangwen.rectification.services.routing import end_rule, rules_from_hints, save_rule
from chuangwen.rectification.services.telling import tell_of_ledger

__all__ = [
    "Finding",
    "LongTermPlan",
    "add_photo",
    "ask_extension",
    "assign_problem",
    "change_deadline",
    "close_problem",
    "complete_milestone",
    "end_gone_problem",
    "end_problems_of_gone_place",
    "end_rule",
    "enter_answer_number",
    "enter_from_ledger",
    "explain_problem",
    "fix_problem",
    "grant_extension",
    "make_long_term",
    "merge_problem",
    "raise_dispute",
    "reassign_problem",
    "receive_problem",
    "refuse_extension",
    "remind_unit",
    "renew_long_term",
    "reopen_problem",
    "report_problem",
    "return_problem",
    "rule_dispute",
    "rules_from_hints",
    "save_rule",
    "suggest_route",
    "tell_of_ledger",
]
