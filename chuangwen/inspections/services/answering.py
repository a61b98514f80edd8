"""Answers at a place. Sending twice is harmless; the answer on the phone is the latest one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import PICTURES, attach
from chuangwen.inspections.enums import AnswerValue, VisitState
from chuangwen.inspections.models import Answer, AnswerPhoto, Visit
from chuangwen.inspections.workflow import VISIT_WORKFLOW, is_inspector
from chuangwen.standards.models import Check
from chuangwen.workflow.services import advance


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as the phone sends it. `uid` is made on the phone and never used again."""

    uid: UUID
    check_id: int
    value: str
    reason: str = ""
    count: float | None = None
    note: str = ""
    device_at: datetime | None = None


def checklist(visit: Visit) -> list[Check]:
    """What is answered at this visit: the checks of its place type in all standards of the round, in their order."""
    checks = Check.objects.filter(version__in=visit.round.versions.all(), place_types=visit.place.place_type_id)
    return list(checks.select_related("problem_type", "version").order_by("version", "position"))


def start_visit(visit: Visit, *, actor: Any, longitude: float | None = None, latitude: float | None = None) -> None:
    """The inspector is there. The position of this moment is kept, never a track."""
    advance(visit, VISIT_WORKFLOW, "start", actor=actor, started_at=clock.now(), longitude=longitude, latitude=latitude)


def save_answers(visit: Visit, given: Sequence[Given], *, actor: Any, on_behalf: bool = False) -> int:
    """Keep answers; one for each check, the latest counts. Returns how many rows were written.

    The same `uid` again changes nothing, so a phone may send until it hears back. Refused once
    the visit is finished: what was seen is then frozen.
    """
    if refusal := is_inspector(None if on_behalf else actor, visit):
        raise Refusal(refusal)
    _check_values(visit, given)
    with transaction.atomic():
        # The update takes the visit's row, so that finishing waits for this and this for finishing.
        if not Visit.objects.filter(pk=visit.pk, state=VisitState.STARTED).update(updated_at=clock.now()):
            raise Refusal(_("This visit is finished or has not begun."), _("Open it again to see its present state."))
        known = set(Answer.objects.filter(uid__in=[one.uid for one in given]).values_list("uid", flat=True))
        fresh = [one for one in given if one.uid not in known]
        for one in fresh:
            Answer.objects.update_or_create(
                visit=visit,
                checked_id=one.check_id,
                defaults={
                    "region": visit.region,
                    "uid": one.uid,
                    "value": one.value,
                    "reason": one.reason[:120],
                    "count": one.count,
                    "note": one.note[:300],
                    "device_at": one.device_at,
                    "answered_by": actor,
                },
            )
        answered, not_met = _counts(visit)
        Visit.objects.filter(pk=visit.pk).update(answered=answered, not_met=not_met)
    return len(fresh)


def clear_answer(visit: Visit, check_id: int, *, actor: Any) -> None:
    """Undo: the check is open again."""
    if refusal := is_inspector(actor, visit):
        raise Refusal(refusal)
    with transaction.atomic():
        if not Visit.objects.filter(pk=visit.pk, state=VisitState.STARTED).update(updated_at=clock.now()):
            raise Refusal(_("This visit is finished or has not begun."), _("Open it again to see its present state."))
        visit.answers.filter(checked_id=check_id).delete()
        answered, not_met = _counts(visit)
        Visit.objects.filter(pk=visit.pk).update(answered=answered, not_met=not_met)


def add_answer_photo(
    answer: Answer,
    data: bytes,
    name: str,
    *,
    uid: UUID,
    actor: Any,
    taken_at: datetime | None = None,
    longitude: float | None = None,
    latitude: float | None = None,
) -> AnswerPhoto:
    """Keep a photo of an answer, untouched; the same `uid` again returns the one that is there."""
    existing = AnswerPhoto.objects.filter(uid=uid, answer__visit=answer.visit_id).first()
    if existing:
        return existing
    with transaction.atomic():
        attachment = attach(data, name, owner=answer, region=answer.region, actor=actor, accept=PICTURES)
        return AnswerPhoto.objects.create(
            region=answer.region, uid=uid, answer=answer, attachment=attachment, taken_at=taken_at,
            longitude=longitude, latitude=latitude,
        )  # fmt: skip


def _counts(visit: Visit) -> tuple[int, int]:
    rows = list(Answer.objects.filter(visit=visit).values_list("value", flat=True))
    return len(rows), sum(value == AnswerValue.NOT_MET for value in rows)


def _check_values(visit: Visit, given: Sequence[Given]) -> None:
    allowed = Check.objects.filter(
        Q(version__in=visit.round.versions.all()),
        place_types=visit.place.place_type_id,
        pk__in=[g.check_id for g in given],
    )
    if allowed.count() != len({one.check_id for one in given}):
        raise Refusal(_("A check does not belong to this place."), _("Open the visit again."))
    for one in given:
        if one.value not in AnswerValue.values:
            raise Refusal(_("“%s” is not an answer.") % one.value)
        if one.value == AnswerValue.NOT_OBSERVABLE and not one.reason.strip():
            raise Refusal(_("Say why it cannot be seen, for example rain or closed."))
