"""The legal steps of a candidate: a person accepts, drops, reopens or merges it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.directives.models import CandidateState
from chuangwen.responsibilities.models import TaskState
from chuangwen.workflow.transitions import Transition, Words, Workflow


def is_not_issued(actor: Any, candidate: Any) -> Words:
    """What a unit has been given is no longer ours to rewrite: the task itself must be cancelled first."""
    task = candidate.tasks.exclude(state=TaskState.CANCELLED).first()
    if task is None:
        return ""
    number = str(task.number)
    return str(gettext("Task %s was issued from it. Cancel the task first, then change the directive.")) % number


CANDIDATE_WORKFLOW = Workflow(
    [
        Transition(
            "accept",
            (CandidateState.OPEN, CandidateState.DROPPED),
            CandidateState.ACCEPTED,
            pgettext_lazy("directive", "Accept"),
            pgettext_lazy("directive", "Accepted"),
            permission="directives.edit",
            icon="check",
        ),
        Transition(
            "drop",
            (CandidateState.OPEN, CandidateState.ACCEPTED),
            CandidateState.DROPPED,
            pgettext_lazy("directive", "Drop"),
            pgettext_lazy("directive", "Dropped"),
            permission="directives.edit",
            guards=(is_not_issued,),
            icon="x",
        ),
        Transition(
            "reopen",
            (CandidateState.ACCEPTED, CandidateState.DROPPED, CandidateState.MERGED),
            CandidateState.OPEN,
            pgettext_lazy("directive", "Reopen"),
            pgettext_lazy("directive", "Reopened"),
            permission="directives.edit",
            guards=(is_not_issued,),
            icon="arrow-back-up",
        ),
        Transition(
            "merge",
            (CandidateState.OPEN, CandidateState.ACCEPTED, CandidateState.DROPPED),
            CandidateState.MERGED,
            _("Merge into the previous one"),
            pgettext_lazy("directive", "Merged"),
            permission="directives.edit",
            guards=(is_not_issued,),
        ),
    ]
)
