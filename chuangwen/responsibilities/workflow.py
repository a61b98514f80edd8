"""The legal steps of a task, from issue to confirmation."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from chuangwen.responsibilities.models import TaskState
from chuangwen.workflow.transitions import Transition, Words, Workflow


def is_complete(actor: Any, task: Any) -> Words:
    """A task is issued only with unit, measure and deadline (mechanism 18: 缺一不得下发)."""
    if not task.measure.strip():
        return _("Say by what measure it counts as done.")
    if not task.due_at:
        return _("Give a deadline.")
    return ""


def has_measures_and_people(actor: Any, task: Any) -> Words:
    """The unit adds the last two of the five fixings before it reports (practice.md)."""
    return "" if task.measures.strip() and task.people.strip() else _("Add your measures and people first.")


TASK_WORKFLOW = Workflow(
    [
        Transition(
            "issue", (TaskState.DRAFT,), TaskState.ISSUED, _("Issue"), _("Issued"),
            permission="responsibilities.edit", guards=(is_complete,), icon="send",
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
            "uphold", (TaskState.OBJECTED,), TaskState.ISSUED, _("Uphold the task"), _("Task upheld"),
            permission="responsibilities.edit", needs_note=True,
        ),
        Transition(
            "report", (TaskState.ACCEPTED,), TaskState.REPORTED, _("Report as done"), _("Reported done"),
            permission="responsibilities.answer", guards=(has_measures_and_people,), icon="flag", needs_note=True,
        ),
        Transition(
            "confirm", (TaskState.REPORTED,), TaskState.CONFIRMED, _("Confirm"), _("Confirmed"),
            permission="responsibilities.confirm", icon="check",
        ),
        Transition(
            "reopen", (TaskState.REPORTED,), TaskState.ACCEPTED, _("Send back"), _("Sent back"),
            permission="responsibilities.confirm", icon="arrow-back-up", needs_note=True,
        ),
        Transition(
            "cancel", (TaskState.DRAFT, TaskState.ISSUED, TaskState.ACCEPTED, TaskState.OBJECTED),
            TaskState.CANCELLED, _("Cancel"), _("Cancelled"), permission="responsibilities.edit", needs_note=True,
        ),
    ]
)  # fmt: skip
