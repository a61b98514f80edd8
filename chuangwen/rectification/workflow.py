"""The legal steps of a problem, and who may take them (挂账销号)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core import clock
from chuangwen.core.access import scope_of
from chuangwen.core.asking import Question
from chuangwen.core.models import label_of
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.scopes import units_of_user
from chuangwen.rectification.enums import OPEN_STATES, PhotoRole, ProblemState
from chuangwen.rectification.models import ProblemPhoto
from chuangwen.workflow.models import Step
from chuangwen.workflow.services import refusal
from chuangwen.workflow.transitions import Transition, Words, Workflow

DISPUTE_WORKDAYS = 1  # practice.md: a unit may object within 1 day
REOPEN_MINUTES = 60  # so long the closer may take a closing back
LAST_STEP = Question(
    lambda label, key, action: Step.objects.filter(object_type=label, object_id=key, action=action).order_by(
        "-at", "-pk"
    )[:1]
)
AFTER_PHOTO = Question(
    lambda problem, attempt: (
        ProblemPhoto.objects.filter(problem=problem, role=PhotoRole.AFTER, attempt=attempt)
        .order_by()
        .values_list("pk", flat=True)[:1]
    )
)
OWN_PHOTO = Question(
    lambda problem, attempt, giver: (
        ProblemPhoto.objects.filter(
            problem=problem, role=PhotoRole.AFTER, attempt=attempt, attachment__given_by_id=giver
        )
        .order_by()
        .values_list("pk", flat=True)[:1]
    )
)


def last_step(problem: Any, action: str) -> Step | None:
    """The latest step of one kind that the problem took."""
    found: Step | None = LAST_STEP.first(label_of(problem), problem.pk, action)
    return found


def is_of_unit(actor: Any, unit_id: int) -> bool:
    """Whether `actor` belongs to the unit: holds a role right at it, or answers for it from above in its own tree."""
    return unit_id in units_of_user(actor) or unit_id in scope_of(actor, "rectification.answer").unit_ids


def answers_for_lead(actor: Any, problem: Any) -> bool:
    """Whether `actor` answers as the lead itself. The office, too, may answer, but on the lead's behalf (代录)."""
    scope = scope_of(actor, "rectification.answer")
    return bool(scope) and is_of_unit(actor, problem.lead_id)


def of_the_lead(actor: Any, problem: Any) -> Words:
    """The lead answers, or the office for it; the territory's people may explain, but not answer."""
    if actor is None or answers_for_lead(actor, problem):
        return ""
    if problem.region_id in scope_of(actor, "rectification.answer").regions:
        return ""
    return _("Only the lead answers here. You can add an explanation.")


def not_received(actor: Any, problem: Any) -> Words:
    """Receipt is signed for once."""
    return _("Receipt was signed for already.") if problem.received_at else ""


def another_person(actor: Any, problem: Any) -> Words:
    """The verifier is another person than the fixer, and not of the unit that fixed (design.md, protection 6)."""
    if actor is None:
        return ""
    fix = last_step(problem, "fix")
    if (fix and fix.actor_id == actor.pk) or OWN_PHOTO(problem, problem.returned_times, actor):
        return _("You reported this fixed yourself; somebody else verifies it.")
    if is_of_unit(actor, problem.lead_id):
        return _("A verifier is not of the unit that put it right.")
    return ""


def has_after_photo(actor: Any, problem: Any) -> Words:
    """A fix is shown by a photo of its own attempt."""
    return "" if AFTER_PHOTO(problem, problem.returned_times) else _("Add a photo of how it looks now.")


def closed_just_now(actor: Any, problem: Any) -> Words:
    """Who closed may take it back for a short while, should the button have been the wrong one."""
    close = last_step(problem, "close")
    if actor is None or not close:
        return ""
    if close.actor_id != actor.pk:
        return _("Only who closed it can take that back.")
    if (clock.now() - close.at).total_seconds() > REOPEN_MINUTES * 60:
        return _("It was closed more than an hour ago. If it is back, register it again: it counts as a recurrence.")
    return ""


def objection_refused(problem: Any, moment: datetime) -> Words:
    """Objections are raised within one working day of the assignment, once by a unit.

    Not a guard of the transition, since an objection on paper is entered later with its true time.
    """
    if problem.disputes.filter(by_unit=problem.lead_id).exists():
        return _("Your unit has objected to this once; the ruling stands.")
    given = clock.local(problem.assigned_at or problem.found_at).date()
    if clock.local(moment).date() > default_calendar().add_workdays(given, DISPUTE_WORKDAYS):
        return _("An objection is possible within one working day of the assignment.")
    return ""


def steps_open_to(actor: Any, problem: Any) -> list[Transition]:
    """The steps that `actor` could take now; a fix is among them before its photo, for which its form asks."""
    open_now = []
    for step in PROBLEM_WORKFLOW.transitions:
        if problem.state not in step.sources:
            continue
        guards = tuple(guard for guard in step.guards if guard is not has_after_photo)
        if refusal(replace(step, guards=guards), problem, actor):
            continue
        if step.action == "dispute" and objection_refused(problem, clock.now()):
            continue
        open_now.append(step)
    return open_now


OPEN = tuple(str(state) for state in OPEN_STATES)
ANSWER, ASSIGN, VERIFY = "rectification.answer", "rectification.assign", "rectification.verify"
PROBLEM_WORKFLOW = Workflow(
    [
        Transition(
            "assign", (ProblemState.FOUND,), ProblemState.ASSIGNED, _("Assign"), _("Assigned"),
            permission=ASSIGN, icon="arrow-right",
        ),
        Transition(
            "receive", (ProblemState.ASSIGNED,), ProblemState.ASSIGNED, _("Sign for receipt"), _("Received"),
            permission=ANSWER, guards=(of_the_lead, not_received), icon="check",
        ),
        Transition(
            "fix", (ProblemState.ASSIGNED, ProblemState.RETURNED, ProblemState.LONG_TERM), ProblemState.FIXED,
            _("Report as fixed"), _("Reported fixed"), permission=ANSWER, guards=(of_the_lead, has_after_photo),
            icon="camera",
        ),
        Transition(
            "dispute", (ProblemState.ASSIGNED,), ProblemState.DISPUTED, _("Raise an objection"),
            _("Objection raised"),
            permission=ANSWER, guards=(of_the_lead,), icon="hand-stop", needs_note=True,
        ),
        Transition(
            "close", (ProblemState.FIXED,), ProblemState.CLOSED, _("Pass and close"),
            pgettext_lazy("problem", "Closed"),
            permission=VERIFY, guards=(another_person,), icon="check",
        ),
        Transition(
            "return", (ProblemState.FIXED,), ProblemState.RETURNED, _("Return"), _("Returned"),
            permission=VERIFY, guards=(another_person,), icon="arrow-back-up", needs_note=True,
        ),
        Transition(
            "reopen", (ProblemState.CLOSED,), ProblemState.FIXED, _("Take the closing back"), _("Closing taken back"),
            permission=VERIFY, guards=(another_person, closed_just_now), icon="arrow-back-up",
        ),
        Transition(
            "rule", (ProblemState.DISPUTED,), ProblemState.ASSIGNED, _("Give a ruling"), _("Ruled"),
            permission="rectification.rule", icon="scale", needs_note=True,
        ),
        Transition(
            "reassign", (ProblemState.ASSIGNED, ProblemState.RETURNED), ProblemState.ASSIGNED,
            _("Assign to another unit"), _("Assigned anew"), permission=ASSIGN, icon="send", needs_note=True,
        ),
        Transition(
            "make_long_term", (ProblemState.ASSIGNED, ProblemState.RETURNED), ProblemState.LONG_TERM,
            _("Put on the long-term list"), _("Put on the long-term list"), permission=ASSIGN,
            icon="hourglass", needs_note=True,
        ),
        Transition(
            "merge", OPEN, ProblemState.MERGED, _("Merge into another"),
            pgettext_lazy("problem", "Merged"), permission=ASSIGN,
            icon="git-compare",
        ),
        Transition(
            "object_gone", OPEN, ProblemState.GONE, _("The object is gone"), _("Object gone"),
            permission=ASSIGN, icon="archive", needs_note=True,
        ),
    ]
)  # fmt: skip
