"""What can be done with documents: take them in (documents), decide what they ask (deciding, editing, cutting,
undoing), make tasks of it (issuing), and go on where a revised version comes (revising)."""

from chuangwen.directives.plans import issue_plan
from chuangwen.directives.services.cutting import mark_by_hand, merge_into_previous, split_candidate
from chuangwen.directives.services.deciding import (
    StaleCandidate,
    accept_candidate,
    drop_candidate,
    reopen_candidate,
    turn_candidate,
)
from chuangwen.directives.services.documents import (
    LongReading,
    SameDocument,
    add_document,
    change_document,
    discard_document,
    note_presence,
)
from chuangwen.directives.services.editing import ACTION_LIMIT, Wanted, edit_candidate
from chuangwen.directives.services.issuing import Issued, issue_accepted
from chuangwen.directives.services.naming import learn_names
from chuangwen.directives.services.revising import add_revision, keep_apart, settle_issued, take_as_revision
from chuangwen.directives.services.undoing import undo_last

__all__ = [
    "ACTION_LIMIT",
    "Issued",
    "LongReading",
    "SameDocument",
    "StaleCandidate",
    "Wanted",
    "accept_candidate",
    "add_document",
    "add_revision",
    "change_document",
    "discard_document",
    "drop_candidate",
    "edit_candidate",
    "issue_accepted",
    "issue_plan",
    "keep_apart",
    "learn_names",
    "mark_by_hand",
    "merge_into_previous",
    "note_presence",
    "reopen_candidate",
    "settle_issued",
    "split_candidate",
    "take_as_revision",
    "turn_candidate",
    "undo_last",
]
