"""The legal steps of a candidate, of a meeting, of passing one on, of a written report, of a topic and of a letter."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.directives.enums import (
    AHEAD,
    BEFORE_UNITS,
    CallStage,
    LetterStage,
    MeetingStage,
    PassStage,
    TopicStage,
    WrittenStage,
)
from chuangwen.directives.models import CandidateState
from chuangwen.responsibilities.models import OPEN_TASK_STATES, DutyState, TaskState
from chuangwen.workflow.transitions import Transition, Words, Workflow


def is_not_issued(actor: Any, candidate: Any) -> Words:
    """What a unit has been given is no longer ours to rewrite: the task, duty or rule itself must be ended first."""
    if task := candidate.tasks.exclude(state=TaskState.CANCELLED).first():
        number = str(task.number)
        return str(gettext("Task %s was issued from it. Cancel the task first, then change the directive.")) % number
    if duty := candidate.duties.exclude(state=DutyState.ENDED).first():
        number = str(duty.number)
        return str(gettext("Recurring duty %s was opened from it. End it first, then change the directive.")) % number
    if candidate.rules.filter(ended_on=None).exists():
        return str(gettext("A standing rule was set from it. End the rule first, then change the directive."))
    return ""


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


EDIT, ANSWER = "directives.edit", "directives.answer"


def is_not_ahead(actor: Any, meeting: Any) -> Words:
    """A meeting is held on its day or entered afterwards, never beforehand."""
    return _("This meeting is still ahead. Move it to the day on which it is held.") if _is_ahead(meeting) else ""


def _is_ahead(meeting: Any) -> bool:
    ahead: bool = meeting.day > clock.today()
    return ahead


MEETING_WORKFLOW = Workflow(
    [
        Transition("call", (MeetingStage.PLANNED,), MeetingStage.CALLED, _("Call the meeting"),
                   pgettext_lazy("meeting", "Called"), permission=EDIT, icon="send"),
        Transition("hold", AHEAD, MeetingStage.HELD, _("Enter the meeting as held"),
                   pgettext_lazy("meeting", "Held"), permission=EDIT, guards=(is_not_ahead,), icon="check"),
        Transition("cancel", AHEAD, MeetingStage.CANCELLED, _("Cancel the meeting"),
                   pgettext_lazy("meeting", "Cancelled"), permission=EDIT, icon="x", needs_note=True),
    ]
)  # fmt: skip

PASSING_WORKFLOW = Workflow(
    [
        Transition("pass", (PassStage.OPEN,), PassStage.DONE, _("Record the own meeting"),
                   pgettext_lazy("passing on", "Passed on"), permission=ANSWER, icon="check"),
        Transition("waive", (PassStage.OPEN,), PassStage.WAIVED, pgettext_lazy("passing on", "Let off"),
                   pgettext_lazy("passing on", "Let off"), permission=EDIT, icon="x", needs_note=True),
        Transition("reopen", (PassStage.DONE, PassStage.WAIVED), PassStage.OPEN, pgettext_lazy("passing on", "Return"),
                   pgettext_lazy("passing on", "Returned"), permission=EDIT, icon="arrow-back-up", needs_note=True),
    ]
)  # fmt: skip

CALL_WORKFLOW = Workflow(
    [
        Transition("close", (CallStage.OPEN,), CallStage.CLOSED, pgettext_lazy("written report", "Close the call"),
                   pgettext_lazy("written report", "Closed"), permission=EDIT, icon="check"),
        Transition("reopen", (CallStage.CLOSED,), CallStage.OPEN, pgettext_lazy("written report", "Open it again"),
                   pgettext_lazy("written report", "Opened again"), permission=EDIT, icon="arrow-back-up"),
        Transition("withdraw", (CallStage.OPEN,), CallStage.WITHDRAWN, pgettext_lazy("written report", "Withdraw"),
                   pgettext_lazy("written report", "Withdrawn"), permission=EDIT, icon="x", needs_note=True),
    ]
)  # fmt: skip

WITH_UNIT = (WrittenStage.DUE, WrittenStage.RETURNED)
WRITTEN_WORKFLOW = Workflow(
    [
        Transition("hand-in", WITH_UNIT, WrittenStage.HANDED_IN, pgettext_lazy("written report", "Hand in"),
                   pgettext_lazy("written report", "Handed in"), permission=ANSWER, icon="send"),
        Transition("return", (WrittenStage.HANDED_IN,), WrittenStage.RETURNED,
                   pgettext_lazy("written report", "Return"), pgettext_lazy("written report", "Returned"),
                   permission=EDIT, icon="arrow-back-up", needs_note=True),
        Transition("waive", WITH_UNIT, WrittenStage.WAIVED, pgettext_lazy("written report", "Let off"),
                   pgettext_lazy("written report", "Let off"), permission=EDIT, icon="x", needs_note=True),
        Transition("ask-again", (WrittenStage.WAIVED,), WrittenStage.DUE,
                   pgettext_lazy("written report", "Ask for it after all"),
                   pgettext_lazy("written report", "Asked for after all"), permission=EDIT, icon="arrow-back-up"),
    ]
)  # fmt: skip

TOPIC_WORKFLOW = Workflow(
    [
        Transition("study", (TopicStage.OPEN,), TopicStage.STUDIED, pgettext_lazy("topic", "Enter what came of it"),
                   pgettext_lazy("topic", "Studied"), permission=EDIT, icon="check"),
        Transition("drop", (TopicStage.OPEN,), TopicStage.DROPPED, pgettext_lazy("topic", "Drop"),
                   pgettext_lazy("topic", "Dropped"), permission=EDIT, icon="x", needs_note=True),
        Transition("reopen", (TopicStage.STUDIED, TopicStage.DROPPED), TopicStage.OPEN,
                   pgettext_lazy("topic", "Put back into the bank"), pgettext_lazy("topic", "Put back"),
                   permission=EDIT, icon="arrow-back-up"),
    ]
)  # fmt: skip

REPLIED = (TaskState.REPORTED, TaskState.CONFIRMED)


def is_heard(actor: Any, letter: Any) -> Words:
    """The answer goes out once every unit that was asked has replied or was let off."""
    number = letter.slips.filter(task__state__in=OPEN_TASK_STATES).count()
    words = ngettext("%d unit has not replied yet. Remind it, or let it off with a reason.",
                     "%d units have not replied yet. Remind them, or let them off with a reason.", number)  # fmt: skip
    return words % number if number else ""


def has_answer(actor: Any, letter: Any) -> Words:
    """What is signed has words."""
    return "" if letter.answer.strip() else _("The answer has no words yet. Write it first.")


def nobody_replied(actor: Any, letter: Any) -> Words:
    """What a unit has answered is not taken away."""
    if letter.slips.filter(task__state__in=REPLIED).exists():
        return _("A unit has replied to it already. Answer the letter, or put it aside as only for notice.")
    return ""


LETTER_WORKFLOW = Workflow(
    [
        Transition("propose", (LetterStage.REGISTERED,), LetterStage.PASSING, pgettext_lazy("letter", "Propose"),
                   pgettext_lazy("letter", "Handling proposed"), permission=EDIT, icon="pencil"),
        Transition("submit", (LetterStage.REGISTERED, LetterStage.PASSING), LetterStage.LEADER,
                   pgettext_lazy("letter", "Put before a leader"), pgettext_lazy("letter", "Put before a leader"),
                   permission=EDIT, icon="user-check"),
        Transition("instruct", BEFORE_UNITS, LetterStage.PASSING, pgettext_lazy("letter", "Enter the leader's words"),
                   pgettext_lazy("letter", "Leader's instruction"), permission="responsibilities.instruct",
                   icon="signature"),
        Transition("route", BEFORE_UNITS, LetterStage.HANDLED, pgettext_lazy("letter", "Pass it on to units"),
                   pgettext_lazy("letter", "Passed on to units"), permission=EDIT, icon="send"),
        Transition("add", (LetterStage.HANDLED,), LetterStage.HANDLED, pgettext_lazy("letter", "To further units"),
                   pgettext_lazy("letter", "Passed on to further units"), permission=EDIT, icon="send"),
        Transition("take", BEFORE_UNITS, LetterStage.HANDLED, pgettext_lazy("letter", "Answer it ourselves"),
                   pgettext_lazy("letter", "The office answers it itself"), permission=EDIT, icon="pencil"),
        Transition("file", BEFORE_UNITS, LetterStage.NOTICE, pgettext_lazy("letter", "Only for notice"),
                   pgettext_lazy("letter", "Filed as only for notice"), permission=EDIT, icon="archive"),
        Transition("reopen", (LetterStage.NOTICE,), LetterStage.PASSING, pgettext_lazy("letter", "Answer it after all"),
                   pgettext_lazy("letter", "To be answered after all"), permission=EDIT, icon="arrow-back-up"),
        # by a leader, or by the office with the signed sheet: services.letter_answers asks who
        Transition("sign", (LetterStage.HANDLED,), LetterStage.SIGNED, pgettext_lazy("letter", "Sign the answer"),
                   pgettext_lazy("letter", "Answer signed"), guards=(is_heard, has_answer), icon="signature"),
        Transition("redraft", (LetterStage.SIGNED,), LetterStage.HANDLED, pgettext_lazy("letter", "Change the answer"),
                   pgettext_lazy("letter", "Answer taken back to be changed"), permission=EDIT, icon="arrow-back-up",
                   needs_note=True),
        Transition("send", (LetterStage.SIGNED,), LetterStage.ANSWERED, pgettext_lazy("letter", "Enter it as sent"),
                   pgettext_lazy("letter", "Answer sent"), permission=EDIT, icon="check"),
        Transition("withdraw", (*BEFORE_UNITS, LetterStage.HANDLED), LetterStage.WITHDRAWN,
                   pgettext_lazy("letter", "Registered in error"), pgettext_lazy("letter", "Taken out of the register"),
                   permission=EDIT, guards=(nobody_replied,), icon="trash", needs_note=True),
    ]
)  # fmt: skip
