"""What can be done in supervision: the ladder's rules, proposing, signing, answering, talks, referrals, veto events."""

from chuangwen.supervision.services.answering import (
    acknowledge_notice,
    answer_notice,
    return_answer,
    settle_notice,
    withdraw_notice,
)
from chuangwen.supervision.services.joint import ask_body, sign_for_body, take_off_body
from chuangwen.supervision.services.meetings import Held, decide_line, hold_meeting, make_meeting, press_line
from chuangwen.supervision.services.peers import (
    drop_flag,
    give_flag,
    hand_back,
    make_list,
    propose_flags,
    release_list,
    save_number,
    save_weight,
)
from chuangwen.supervision.services.periods import look_at_periods
from chuangwen.supervision.services.proposing import drop_notice, propose_by_hand, propose_notices
from chuangwen.supervision.services.rules import ensure_defaults, save_rule, save_step, switch_off, switch_on
from chuangwen.supervision.services.signing import sign_notice
from chuangwen.supervision.services.stories import (
    Told,
    drop_story,
    note_outcome,
    propose_story,
    release_story,
    reply_to_story,
    take_down_story,
    tell_story,
)
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
    "Held",
    "TalkHeld",
    "Told",
    "acknowledge_notice",
    "answer_notice",
    "ask_body",
    "close_referral",
    "confirm_event",
    "decide_line",
    "drop_flag",
    "drop_notice",
    "drop_story",
    "ensure_defaults",
    "give_flag",
    "hand_back",
    "hand_over",
    "hold_meeting",
    "lift_event",
    "look_at_periods",
    "make_list",
    "make_meeting",
    "note_outcome",
    "press_line",
    "propose_by_hand",
    "propose_flags",
    "propose_notices",
    "propose_story",
    "record_talk",
    "reject_event",
    "release_list",
    "release_story",
    "reply_to_story",
    "report_event",
    "return_answer",
    "save_kind",
    "save_number",
    "save_rule",
    "save_step",
    "save_weight",
    "settle_notice",
    "sign_for_body",
    "sign_notice",
    "switch_off",
    "switch_on",
    "take_down_story",
    "take_off_body",
    "tell_story",
    "withdraw_notice",
]
