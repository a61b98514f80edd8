"""Notices and the ladder, talks, referrals, veto events, flags and lists, meetings, look-backs, exposure and praise."""

from chuangwen.supervision.models.consequences import Consequence, ConsequenceKind, ConsequenceReply, LinkRule
from chuangwen.supervision.models.counting import CountingRule
from chuangwen.supervision.models.look_backs import LagLine, LookBack
from chuangwen.supervision.models.meetings import FeedbackMeeting, MeetingLine
from chuangwen.supervision.models.notices import (
    JointSigner,
    NoticeItem,
    NoticeRule,
    NoticeStep,
    Referral,
    SupervisionNotice,
    Talk,
)
from chuangwen.supervision.models.peers import Flag, FlagLook, ListLine, PeerNumber, ScoreWeight, WeekList
from chuangwen.supervision.models.stories import Story, StoryReply
from chuangwen.supervision.models.veto import VetoEvent, VetoKind

__all__ = [
    "Consequence",
    "ConsequenceKind",
    "ConsequenceReply",
    "CountingRule",
    "FeedbackMeeting",
    "Flag",
    "FlagLook",
    "JointSigner",
    "LagLine",
    "LinkRule",
    "ListLine",
    "LookBack",
    "MeetingLine",
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
