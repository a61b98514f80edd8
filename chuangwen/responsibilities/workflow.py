"""The legal steps of a task, from issue to confirmation, and of a recurring duty."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.access import scope_of
from chuangwen.responsibilities.models import DutyState, TaskState
from chuangwen.workflow.transitions import Transition, Words, Workflow


def is_complete(actor: Any, task: Any) -> Words:
    """A task is issued only with unit, measure and deadline (mechanism 18: 缺一不得下发)."""
    if not task.measure.strip():
        return _("Say by what measure it counts as done.")
    return ""


def has_measures_and_people(actor: Any, task: Any) -> Words:
    """The unit adds the last two of the five fixings before it reports (practice.md)."""
    return "" if task.measures.strip() and task.people.strip() else _("Add your measures and people first.")


def comes_from_instruction(actor: Any, task: Any) -> Words:
    """A leader sends out what the own instruction asks for; other tasks are the office's to issue."""
    return "" if task.instruction_id else _("This task comes from no instruction.")


def is_not_of_the_unit(actor: Any, task: Any) -> Words:
    """Nobody confirms the own unit's work (mechanism 29: 监督人不得与实施人相同)."""
    if actor is not None and speaks_for(actor, task):
        return _("Somebody outside the unit confirms it.")
    return ""


def speaks_for(actor: Any, task: Any) -> bool:
    """Whether `actor` answers for the task's unit by a role of its own, not only for the whole region."""
    return task.unit_id in scope_of(actor, "responsibilities.answer").unit_ids


TASK_WORKFLOW = Workflow(
    [
        Transition(
            "issue", (TaskState.DRAFT,), TaskState.ISSUED, _("Issue"), _("Issued"),
            permission="responsibilities.edit", guards=(is_complete,), icon="send",
        ),
        Transition(
            "instruct", (TaskState.DRAFT,), TaskState.ISSUED, _("Issue"), _("Issued by instruction"),
            permission="responsibilities.instruct", guards=(is_complete, comes_from_instruction), icon="signature",
        ),
        Transition(
            "accept", (TaskState.ISSUED,), TaskState.ACCEPTED, _("Accept"), _("Accepted"),
            permission="responsibilities.answer", icon="check",
        ),
        Transition(
            "object", (TaskState.ISSUED,), TaskState.OBJECTED, _("Object"), _("Objection raised"),
            permission="responsibilities.answer", icon="messages", needs_note=True,
        ),
        Transition(
            "uphold", (TaskState.OBJECTED,), TaskState.ISSUED, _("Decide"), _("Objection decided"),
            permission="responsibilities.edit", icon="gavel", needs_note=True,
        ),
        Transition(
            "report", (TaskState.ACCEPTED,), TaskState.REPORTED, _("Report as done"), _("Reported done"),
            permission="responsibilities.answer", guards=(has_measures_and_people,), icon="flag", needs_note=True,
        ),
        Transition(
            "confirm", (TaskState.REPORTED,), TaskState.CONFIRMED, _("Confirm"), _("Confirmed"),
            permission="responsibilities.confirm", guards=(is_not_of_the_unit,), icon="check",
        ),
        Transition(
            "reopen", (TaskState.REPORTED,), TaskState.ACCEPTED, _("Send back"), _("Sent back"),
            permission="responsibilities.confirm", guards=(is_not_of_the_unit,), icon="arrow-back-up", needs_note=True,
        ),
        Transition(
            "cancel", (TaskState.DRAFT, TaskState.ISSUED, TaskState.ACCEPTED, TaskState.OBJECTED),
            TaskState.CANCELLED, _("Cancel the task"), _("Cancelled"),
            permission="responsibilities.edit", icon="trash", needs_note=True,
        ),
    ]
)  # fmt: skip
DUTY_WORKFLOW = Workflow(
    [
        Transition(
            "pause", (DutyState.RUNNING,), DutyState.PAUSED, pgettext_lazy("duty", "Pause"),
            pgettext_lazy("duty", "Paused"), permission="responsibilities.edit", icon="player-pause", needs_note=True,
        ),
        Transition(
            "resume", (DutyState.PAUSED,), DutyState.RUNNING, pgettext_lazy("duty", "Resume"),
            pgettext_lazy("duty", "Resumed"), permission="responsibilities.edit", icon="player-play",
        ),
        Transition(
            "end", (DutyState.RUNNING, DutyState.PAUSED), DutyState.ENDED, pgettext_lazy("duty", "End it"),
            pgettext_lazy("duty", "Ended"), permission="responsibilities.edit", icon="circle-x", needs_note=True,
        ),
    ]
)  # fmt: skip
