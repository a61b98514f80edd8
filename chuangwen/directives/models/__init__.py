"""Documents and what they ask."""

from chuangwen.directives.models.documents import Candidate, CandidateState, DaySource, Document, DocumentKind, Presence

__all__ = [
    "Candidate",
    "CandidateState",
    "DaySource",
    "Document",
    "DocumentKind",
    "Presence",
]
