"""What can be done in supervision: the ladder's rules, proposing, signing, answering, talks, referrals, veto events."""

from chuangwen.supervision.services.answering import (
    acknowledge_notice,
    answer_notice,
    return_answer,
    settle_notice,
    withdraw_notice,
)
from chuangwen.supervision.services.proposing import add_to_proposal, drop_notice, propose_by_hand, propose_notices
from chuangwen.supervision.services.rules import ensure_defaults, save_rule, save_step, switch_off, switch_on
from chuangwen.supervision.services.signing import sign_notice
from chuangwen.supervision.services.talks import TalkHeld, close_referral, hand_over, record_talk
from chuangwen.supervision.services.veto import (
    Event,
    confirm_event,
    lift_event,
    reject_event,
    report_event,
    save_kind,
)

__all__ = [
    "Event",
    "TalkHeld",
    "acknowledge_notice",
    "add_to_proposal",
    "answer_notice",
    "close_referral",
    "confirm_event",
    "drop_notice",
    "ensure_defaults",
    "hand_over",
    "lift_event",
    "propose_by_hand",
    "propose_notices",
    "record_talk",
    "reject_event",
    "report_event",
    "return_answer",
    "save_kind",
    "save_rule",
    "save_step",
    "settle_notice",
    "sign_notice",
    "switch_off",
    "switch_on",
    "withdraw_notice",
]
