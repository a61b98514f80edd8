"""Documents and what they ask."""

from chuangwen.directives.models.documents import (
    Candidate,
    CandidateState,
    DaySource,
    Document,
    DocumentKind,
    Outcome,
    Presence,
)
from chuangwen.directives.models.revisions import Carried, Change, Settlement

__all__ = [
    "Candidate",
    "CandidateState",
    "Carried",
    "Change",
    "DaySource",
    "Document",
    "DocumentKind",
    "Outcome",
    "Presence",
    "Settlement",
]
