"""What can be done about titles: defaults and rules (defaults), calls (programmes), a unit's application
(applications), review (reviewing), deliberation, notice, objection and award (deciding), titles granted elsewhere
(granting), what befalls a title (holding), contests of offices (contests)."""

from chuangwen.honors.services.applications import (
    begin_application,
    return_application,
    settle_condition,
    submit_application,
    withdraw_application,
    write_application,
)
from chuangwen.honors.services.contests import (
    ContestPlan,
    begin_judging,
    cancel_contest,
    decide_contest,
    enter_sheet,
    plan_contest,
)
from chuangwen.honors.services.deciding import (
    Complaint,
    Meeting,
    award_titles,
    begin_notice,
    deliberate,
    enter_objection,
    promote_application,
    refuse_application,
    rule_objection,
)
from chuangwen.honors.services.defaults import drop_rule, ensure_defaults, save_aspect, save_rule, save_setting
from chuangwen.honors.services.granting import enter_award
from chuangwen.honors.services.holding import (
    CheckResult,
    carry_on,
    delist,
    give_card,
    let_lapse,
    lift_card,
    raise_appeal,
    restore_title,
    reverify,
    rule_appeal,
    suspend_title,
    take_plaque_back,
)
from chuangwen.honors.services.programmes import cancel_programme, create_programme, edit_programme, open_programme
from chuangwen.honors.services.reviewing import Score, close_review, drop_review, enter_review

__all__ = [
    "CheckResult",
    "Complaint",
    "ContestPlan",
    "Meeting",
    "Score",
    "award_titles",
    "begin_application",
    "begin_judging",
    "begin_notice",
    "cancel_contest",
    "cancel_programme",
    "carry_on",
    "close_review",
    "create_programme",
    "decide_contest",
    "deliberate",
    "delist",
    "drop_review",
    "drop_rule",
    "edit_programme",
    "ensure_defaults",
    "enter_award",
    "enter_objection",
    "enter_review",
    "enter_sheet",
    "give_card",
    "let_lapse",
    "lift_card",
    "open_programme",
    "plan_contest",
    "promote_application",
    "raise_appeal",
    "refuse_application",
    "restore_title",
    "return_application",
    "reverify",
    "rule_appeal",
    "rule_objection",
    "save_aspect",
    "save_rule",
    "save_setting",
    "settle_condition",
    "submit_application",
    "suspend_title",
    "take_plaque_back",
    "withdraw_application",
    "write_application",
]  # fmt: skip
