"""Documents and what they ask; meetings, written reports that are asked for by a day, letters from above."""

from chuangwen.directives.models.documents import (
    Candidate,
    CandidateState,
    DaySource,
    Document,
    DocumentKind,
    Outcome,
    Presence,
)
from chuangwen.directives.models.letters import Letter, LetterSlip
from chuangwen.directives.models.meetings import (
    AgendaItem,
    Decision,
    Meeting,
    MeetingSeries,
    PassingOn,
    Seat,
    StudyTopic,
)
from chuangwen.directives.models.revisions import Carried, Change, Settlement
from chuangwen.directives.models.second_reading import Proposal, ProposalAct, SecondReading, Verdict
from chuangwen.directives.models.written import WrittenCall, WrittenReport

__all__ = [
    "AgendaItem",
    "Candidate",
    "CandidateState",
    "Carried",
    "Change",
    "DaySource",
    "Decision",
    "Document",
    "DocumentKind",
    "Letter",
    "LetterSlip",
    "Meeting",
    "MeetingSeries",
    "Outcome",
    "PassingOn",
    "Presence",
    "Proposal",
    "ProposalAct",
    "Seat",
    "SecondReading",
    "Settlement",
    "StudyTopic",
    "Verdict",
    "WrittenCall",
    "WrittenReport",
]
