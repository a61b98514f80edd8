"""What can be done with a problem: found and routed (finding), put right and verified (handling),
disputed (disputes), made long-term or merged (exceptions)."""

from chuangwen.rectification.services.disputes import raise_dispute, rule_dispute
from chuangwen.rectification.services.exceptions import (
    complete_milestone,
    end_gone_problem,
    make_long_term,
    merge_problem,
    renew_long_term,
)
from chuangwen.rectification.services.finding import Finding, assign_problem, report_problem
from chuangwen.rectification.services.handling import (
    add_photo,
    close_problem,
    fix_problem,
    reassign_problem,
    receive_problem,
    return_problem,
)
from chuangwen.rectification.services.routing import save_rule

__all__ = [
    "Finding",
    "add_photo",
    "assign_problem",
    "close_problem",
    "complete_milestone",
    "end_gone_problem",
    "fix_problem",
    "make_long_term",
    "merge_problem",
    "raise_dispute",
    "reassign_problem",
    "receive_problem",
    "renew_long_term",
    "report_problem",
    "return_problem",
    "rule_dispute",
    "save_rule",
]
