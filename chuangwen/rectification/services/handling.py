"""Received, put right, shown, verified: the straight way of a problem."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.files.services import PICTURES, attach
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.models import Unit
from chuangwen.rectification.enums import PhotoRole
from chuangwen.rectification.models import Problem, ProblemPhoto
from chuangwen.rectification.services.finding import tell_unit
from chuangwen.rectification.workflow import PROBLEM_WORKFLOW, last_fix
from chuangwen.workflow.services import advance, note_step


def receive_problem(problem: Problem, *, actor: Any, on_behalf: str = "", at: datetime | None = None) -> None:
    """The unit signs for receipt (签收). State and clock stay as they are."""
    advance(problem, PROBLEM_WORKFLOW, "receive", actor=actor, on_behalf=on_behalf, at=at)


def add_photo(
    problem: Problem,
    data: bytes,
    name: str,
    *,
    role: PhotoRole,
    actor: Any,
    taken_at: datetime | None = None,
    longitude: float | None = None,
    latitude: float | None = None,
) -> ProblemPhoto:
    """Hang a photo on the problem; the original is kept untouched (practice.md)."""
    with transaction.atomic():
        attachment = attach(data, name, owner=problem, region=problem.region, actor=actor, accept=PICTURES)
        photo = ProblemPhoto.objects.create(
            region=problem.region, problem=problem, attachment=attachment, role=role, taken_at=taken_at,
            longitude=longitude, latitude=latitude,
        )  # fmt: skip
        note_step(problem, "photo", actor=actor, data={"role": str(role), "sha256": attachment.file.sha256})
    return photo


def fix_problem(problem: Problem, *, measure: str, actor: Any, on_behalf: str = "", at: datetime | None = None) -> None:
    """The unit reports that it is put right; an after-photo must already be there."""
    moment = at or clock.now()
    advance(
        problem, PROBLEM_WORKFLOW, "fix", actor=actor, note=measure, on_behalf=on_behalf, at=moment, fixed_at=moment,
        measure_taken=measure,
    )  # fmt: skip


def close_problem(
    problem: Problem, *, actor: Any, note: str = "", on_site: bool = False, at: datetime | None = None
) -> None:
    """Verified from the photo or on the spot: the problem leaves the ledger (销号).

    In time is what the unit reported by the deadline: the office's delay is never the unit's. A
    recurrence counts as late (practice.md, Default ladder).
    """
    fix = last_fix(problem)
    fixed_at = fix.at if fix else clock.now()
    in_time = fixed_at <= problem.due_at and problem.recurrence_of_id is None
    advance(
        problem, PROBLEM_WORKFLOW, "close", actor=actor, note=note, at=at, data={"on_site": on_site},
        closed_at=at or clock.now(), closed_in_time=in_time,
    )  # fmt: skip
    tell_unit(problem, _("Closed: %s") % problem.title)


def return_problem(problem: Problem, *, reason: str, actor: Any, at: datetime | None = None) -> None:
    """Not put right: back to the unit with the reason, and with the time its type allows, counted anew."""
    moment = at or clock.now()
    due = default_calendar().deadline(moment, problem.problem_type.within)
    advance(
        problem, PROBLEM_WORKFLOW, "return", actor=actor, note=reason, at=moment,
        due_at=max(due, problem.due_at), returned_times=F("returned_times") + 1,
    )  # fmt: skip
    problem.refresh_from_db()
    tell_unit(problem, _("Returned: %s") % problem.title)


def reassign_problem(problem: Problem, *, lead: Unit, reason: str, actor: Any) -> None:
    """Give the problem to another lead, with the time of its type counted anew."""
    moment = clock.now()
    due = default_calendar().deadline(moment, problem.problem_type.within)
    advance(
        problem, PROBLEM_WORKFLOW, "reassign", actor=actor, note=reason, lead=lead, assigned_at=moment, due_at=due,
        routed_by="hand", data={"from": str(problem.lead), "to": str(lead)},
    )  # fmt: skip
    tell_unit(problem, _("New problem: %s") % problem.title)
