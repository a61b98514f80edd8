"""What is done to campaigns: set up, rounds, the back plan."""

from chuangwen.campaigns.services.back_plan import (
    add_milestone,
    edit_milestone,
    fill_back_plan,
    finish_milestone,
    remove_milestone,
    reopen_milestone,
    shift_assessment,
)
from chuangwen.campaigns.services.rounds import (
    cancel_round,
    change_round,
    close_round,
    plan_round,
    start_drawn_round,
    start_round,
)
from chuangwen.campaigns.services.setting_up import (
    CampaignPlan,
    add_standard,
    create_campaign,
    drop_standard,
    end_campaign,
    keep_title,
    resume_campaign,
    start_campaign,
)

__all__ = [
    "CampaignPlan",
    "add_milestone",
    "add_standard",
    "cancel_round",
    "change_round",
    "close_round",
    "create_campaign",
    "drop_standard",
    "edit_milestone",
    "end_campaign",
    "fill_back_plan",
    "finish_milestone",
    "keep_title",
    "plan_round",
    "remove_milestone",
    "reopen_milestone",
    "resume_campaign",
    "shift_assessment",
    "start_campaign",
    "start_drawn_round",
    "start_round",
]
