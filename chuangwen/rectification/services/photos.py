"""Photos and scans of a problem; the original is kept untouched (practice.md, What people refuse)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.errors import Refusal
from chuangwen.core.files.exif import taken
from chuangwen.core.files.services import PICTURES, SCANS, Upload, attach
from chuangwen.rectification.enums import OPEN_STATES, PhotoRole, ProblemState
from chuangwen.rectification.models import Problem, ProblemPhoto
from chuangwen.rectification.workflow import of_the_lead
from chuangwen.workflow.services import note_step

FIXABLE = (ProblemState.ASSIGNED, ProblemState.RETURNED, ProblemState.LONG_TERM)
CLOCK_SLACK = timedelta(hours=1)  # a camera whose clock is further ahead says nothing about the time


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
    at: datetime | None = None,
) -> ProblemPhoto:
    """Hang a photo (or, as proof, a scan that may be a PDF) on the problem.

    Time and position come from the caller, else from the picture's own record. After-photos are
    given by the lead (or the office for it) while the problem is its to fix. Raises BadUpload for
    what is no picture, Refusal or PermissionDenied for who may not.
    """
    _check_giver(problem, role, actor)
    said = taken(data, timezone.get_default_timezone())
    if taken_at is None and said.at and said.at <= clock.now() + CLOCK_SLACK:
        taken_at = said.at
    if longitude is None or latitude is None:
        longitude, latitude = said.longitude, said.latitude
    accept = SCANS if role == PhotoRole.PROOF else PICTURES
    with transaction.atomic():
        attachment = attach(data, name, owner=problem, region=problem.region, actor=actor, accept=accept)
        photo: ProblemPhoto = ProblemPhoto.objects.create(
            region=problem.region, problem=problem, attachment=attachment, role=role, taken_at=taken_at,
            longitude=longitude, latitude=latitude, attempt=problem.returned_times,
        )  # fmt: skip
        step = {"role": str(role), "sha256": attachment.file.sha256}
        note_step(problem, "photo", actor=actor, data=step, at=at)
    return photo


def add_uploads(
    problem: Problem, uploads: Iterable[Upload], *, role: PhotoRole, actor: Any, at: datetime | None = None
) -> None:
    """Hang several files on the problem."""
    for upload in uploads:
        add_photo(problem, upload.data, upload.name, role=role, actor=actor, at=at)


def _check_giver(problem: Problem, role: PhotoRole, actor: Any) -> None:
    if role == PhotoRole.AFTER and problem.state not in FIXABLE:
        raise Refusal(_("A photo of the outcome is not wanted now."), _("Open it again to see its present state."))
    if problem.state not in OPEN_STATES:
        raise Refusal(_("This problem is closed."), _("If it is back, register it again."))
    if actor is None:
        return
    if role == PhotoRole.BEFORE:
        if not may(actor, "rectification.report"):
            raise PermissionDenied("rectification.report")
        return
    if not may(actor, "rectification.answer", problem):
        raise PermissionDenied("rectification.answer")
    if role == PhotoRole.AFTER and (reason := of_the_lead(actor, problem)):
        raise Refusal(reason)
