"""Notices and the ladder, talks, referrals, veto events, flags and lists, exposure and praise."""

from chuangwen.supervision.models.notices import (
    NoticeItem,
    NoticeRule,
    NoticeStep,
    Referral,
    SupervisionNotice,
    Talk,
)
from chuangwen.supervision.models.peers import Flag, ListLine, PeerNumber, ScoreWeight, WeekList
from chuangwen.supervision.models.stories import Story, StoryReply
from chuangwen.supervision.models.veto import VetoEvent, VetoKind

__all__ = [
    "Flag",
    "ListLine",
    "NoticeItem",
    "NoticeRule",
    "NoticeStep",
    "PeerNumber",
    "Referral",
    "ScoreWeight",
    "Story",
    "StoryReply",
    "SupervisionNotice",
    "Talk",
    "VetoEvent",
    "VetoKind",
    "WeekList",
]
