"""The legal steps of a problem, and who may take them (挂账销号)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.access import scope_of
from chuangwen.core.workdays import default_calendar
from chuangwen.rectification.enums import OPEN_STATES, PhotoRole, ProblemState
from chuangwen.workflow.models import Step
from chuangwen.workflow.queries import history_of
from chuangwen.workflow.transitions import Transition, Words, Workflow

DISPUTE_WORKDAYS = 1  # practice.md: a unit may object within 1 day


def last_fix(problem: Any) -> Step | None:
    """The step by which the problem was last reported fixed."""
    return history_of(problem).filter(action="fix").order_by("-at", "-pk").first()


def another_person(actor: Any, problem: Any) -> Words:
    """The verifier is another person than the fixer, and not of the unit that fixed."""
    if actor is None:
        return ""
    fix = last_fix(problem)
    if fix and fix.actor_id == actor.pk:
        return _("You reported this fixed yourself; somebody else verifies it.")
    scope = scope_of(actor, "rectification.answer")
    if problem.lead_id in scope.unit_ids:
        return _("A verifier is not of the unit that put it right.")
    return ""


def has_after_photo(actor: Any, problem: Any) -> Words:
    """A fix is shown: an after-photo, newer than the last return."""
    shown = problem.photos.filter(role=PhotoRole.AFTER)
    returned = history_of(problem).filter(action="return").order_by("-at").first()
    if returned:
        shown = shown.filter(created_at__gt=returned.at)
    return "" if shown.exists() else _("Add a photo of how it looks now.")


def in_dispute_time(actor: Any, problem: Any) -> Words:
    """Objections are raised within one working day of the assignment, once."""
    if problem.disputes.filter(by_unit=problem.lead_id).exists():
        return _("Your unit has objected to this once; the ruling stands.")
    limit = default_calendar().add_workdays(clock.local(problem.assigned_at).date(), DISPUTE_WORKDAYS)
    if clock.today() > limit:
        return _("An objection is possible within one working day of the assignment.")
    return ""


OPEN = tuple(str(state) for state in OPEN_STATES)
PROBLEM_WORKFLOW = Workflow(
    [
        Transition(
            "assign", (ProblemState.FOUND,), ProblemState.ASSIGNED, _("Assign"), _("Assigned"),
            permission="rectification.assign", icon="arrow-right",
        ),
        Transition(
            "reassign", (ProblemState.ASSIGNED, ProblemState.RETURNED), ProblemState.ASSIGNED,
            _("Assign to another unit"), _("Assigned anew"), permission="rectification.assign", needs_note=True,
        ),
        Transition(
            "receive", (ProblemState.ASSIGNED, ProblemState.RETURNED), ProblemState.ASSIGNED,
            _("Sign for receipt"), _("Received"), permission="rectification.answer", icon="check",
        ),
        Transition(
            "fix", (ProblemState.ASSIGNED, ProblemState.RETURNED, ProblemState.LONG_TERM), ProblemState.FIXED,
            _("Report as fixed"), _("Reported fixed"), permission="rectification.answer",
            guards=(has_after_photo,), icon="camera",
        ),
        Transition(
            "dispute", (ProblemState.ASSIGNED,), ProblemState.DISPUTED, _("Object"), _("Objection raised"),
            permission="rectification.answer", guards=(in_dispute_time,), icon="messages", needs_note=True,
        ),
        Transition(
            "rule", (ProblemState.DISPUTED,), ProblemState.ASSIGNED, _("Rule"), _("Ruled"),
            permission="rectification.rule", icon="scale", needs_note=True,
        ),
        Transition(
            "close", (ProblemState.FIXED,), ProblemState.CLOSED, _("Pass and close"), _("Closed"),
            permission="rectification.verify", guards=(another_person,), icon="check",
        ),
        Transition(
            "return", (ProblemState.FIXED,), ProblemState.RETURNED, _("Return"), _("Returned"),
            permission="rectification.verify", guards=(another_person,), icon="arrow-back-up", needs_note=True,
        ),
        Transition(
            "make_long_term", (ProblemState.ASSIGNED, ProblemState.RETURNED), ProblemState.LONG_TERM,
            _("Put on the long-term list"), _("Put on the long-term list"), permission="rectification.assign",
            icon="hourglass", needs_note=True,
        ),
        Transition(
            "merge", OPEN, ProblemState.MERGED, _("Merge"), _("Merged"), permission="rectification.assign",
        ),
        Transition(
            "object_gone", OPEN, ProblemState.GONE, _("The object is gone"), _("Object gone"),
            permission="rectification.assign", needs_note=True,
        ),
    ]
)  # fmt: skip
