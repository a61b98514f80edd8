"""Received, put right, shown, verified: the straight way of a problem."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from chuangwen.core.access import may
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import Upload
from chuangwen.core.soundness import true_time
from chuangwen.core.workdays import default_calendar
from chuangwen.rectification.deadlines import resumed
from chuangwen.rectification.enums import PhotoRole
from chuangwen.rectification.models import Problem
from chuangwen.rectification.services.photos import add_uploads
from chuangwen.rectification.services.telling import tell_unit
from chuangwen.rectification.workflow import OPEN, PROBLEM_WORKFLOW, answers_for_lead
from chuangwen.workflow.services import advance, note_step


def receive_problem(
    problem: Problem,
    *,
    actor: Any,
    on_behalf: str = "",
    scans: Iterable[Upload] = (),
    at: datetime | None = None,
) -> None:
    """The lead signs for receipt (签收). State and clock stay as they are."""
    moment = check_time(problem, at)
    with transaction.atomic():
        advance(
            problem, PROBLEM_WORKFLOW, "receive", actor=actor, on_behalf=behalf(problem, actor, on_behalf), at=moment,
            received_at=moment,
        )  # fmt: skip
        add_uploads(problem, scans, role=PhotoRole.PROOF, actor=actor, at=at)


def explain_problem(
    problem: Problem,
    *,
    text: str,
    actor: Any,
    on_behalf: str = "",
    photos: Iterable[Upload] = (),
    at: datetime | None = None,
) -> None:
    """The lead, the territory or the office says something to the matter; state and clock stay as they are."""
    if actor is not None and not may(actor, "rectification.answer", problem):
        raise PermissionDenied("rectification.answer")
    if problem.state not in OPEN:
        raise Refusal(_("This problem is closed."), _("If it is back, register it again."))
    if not text.strip():
        raise Refusal(_("There is no text."), _("Write what the other side should know."))
    moment = check_time(problem, at)
    with transaction.atomic():
        note_step(problem, "explain", actor=actor, note=text, on_behalf=on_behalf, at=moment)
        add_uploads(problem, photos, role=PhotoRole.PROOF, actor=actor, at=at)


def fix_problem(
    problem: Problem,
    *,
    measure: str,
    actor: Any,
    photos: Iterable[Upload] = (),
    scans: Iterable[Upload] = (),
    on_behalf: str = "",
    at: datetime | None = None,
) -> None:
    """The lead reports that it is put right, shown by an after-photo of this attempt (given now or before)."""
    if not measure.strip():
        raise Refusal(_("Say what was done."), _("For example: two loads cleared, the ground washed."))
    moment = check_time(problem, at)
    with transaction.atomic():
        add_uploads(problem, photos, role=PhotoRole.AFTER, actor=actor, at=at)
        advance(
            problem, PROBLEM_WORKFLOW, "fix", actor=actor, note=measure, on_behalf=behalf(problem, actor, on_behalf),
            at=moment, fixed_at=moment, measure_taken=measure,
        )  # fmt: skip
        add_uploads(problem, scans, role=PhotoRole.PROOF, actor=actor, at=at)


def close_problem(
    problem: Problem, *, actor: Any, note: str = "", on_site: bool = False, at: datetime | None = None
) -> None:
    """Verified from the photo or on the spot: the problem leaves the ledger (销号).

    In time is what the unit reported by the deadline: the office's delay is never the unit's. A
    recurrence counts as late (practice.md, Default ladder).
    """
    moment = check_time(problem, at)
    in_time = (problem.fixed_at or moment) <= problem.due_at and problem.recurrence_of_id is None
    with transaction.atomic():
        advance(
            problem, PROBLEM_WORKFLOW, "close", actor=actor, note=note, at=moment, data={"on_site": on_site},
            closed_at=moment, closed_in_time=in_time, verified_on_site=on_site,
        )  # fmt: skip
        tell_unit(problem, _("Closed: %s") % problem.title)


def reopen_problem(problem: Problem, *, actor: Any) -> None:
    """The closer takes the closing back, should it have been the wrong button; it waits to be verified again."""
    with transaction.atomic():
        advance(
            problem, PROBLEM_WORKFLOW, "reopen", actor=actor, closed_at=None, closed_in_time=None, verified_on_site=None
        )
        tell_unit(problem, _("Closing taken back: %s") % problem.title)


def return_problem(problem: Problem, *, reason: str, actor: Any, at: datetime | None = None) -> None:
    """Not put right: back to the unit with the reason, and with the time that the verification took (deadlines.py)."""
    moment = check_time(problem, at)
    due = resumed(
        default_calendar(), problem.due_at, since=problem.fixed_at or moment, until=moment,
        within=problem.problem_type.within,
    )  # fmt: skip
    with transaction.atomic():
        advance(
            problem, PROBLEM_WORKFLOW, "return", actor=actor, note=reason, at=moment, due_at=due,
            returned_times=F("returned_times") + 1, data={"due": due},
        )  # fmt: skip
        problem.refresh_from_db(fields=["returned_times"])
        tell_unit(problem, _("Returned: %s") % problem.title)


def behalf(problem: Problem, actor: Any, on_behalf: str) -> str:
    """For whom a step is entered: whoever answers without being of the lead enters it for the lead (代录)."""
    if on_behalf or actor is None or answers_for_lead(actor, problem):
        return on_behalf
    return str(problem.lead)


def check_time(problem: Problem, at: datetime | None) -> datetime:
    """The true time of a step, now if none is named; refuses the future and the time before the problem was found."""
    moment = true_time(at)
    if at is not None and at < problem.found_at:
        raise Refusal(_("The time lies before the problem was found."), _("Enter when it really happened."))
    return moment
