"""Photos of what was not met: the original as the phone took it, with the place of that moment if allowed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import PICTURES, attach
from chuangwen.inspections.models import Answer, AnswerPhoto
from chuangwen.inspections.services.answering import hold_visit
from chuangwen.inspections.workflow import may_answer

MOST_PHOTOS = 9  # of one answer


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
    """Keep a photo of an answer, untouched; the same `uid` again returns the one that is there.

    Raises Refusal for a stranger, for one photo too many and for a file that is no picture, Conflict
    once the visit is over.
    """
    if words := may_answer(actor, answer.visit):
        raise Refusal(words)
    if there := _there(uid, answer):
        return there
    with hold_visit(answer.visit):
        if there := _there(uid, answer):
            return there
        if answer.photos.count() >= MOST_PHOTOS:
            raise Refusal(_("An answer takes at most %d photos.") % MOST_PHOTOS, _("Remove one before adding another."))
        attachment = attach(data, name, owner=answer, region=answer.region, actor=actor, accept=PICTURES)
        return AnswerPhoto.objects.create(
            region=answer.region, uid=uid, answer=answer, attachment=attachment, taken_at=taken_at,
            longitude=longitude, latitude=latitude,
        )  # fmt: skip


def remove_answer_photo(photo: AnswerPhoto, *, actor: Any) -> None:
    """Take a photo away again while the visit is under way, for instance one that shows a face."""
    if words := may_answer(actor, photo.answer.visit):
        raise Refusal(words)
    with hold_visit(photo.answer.visit):
        photo.delete()
        photo.attachment.delete()


def _there(uid: UUID, answer: Answer) -> AnswerPhoto | None:
    found = AnswerPhoto.objects.filter(uid=uid).select_related("answer").first()
    if found is not None and found.answer.visit_id != answer.visit_id:
        raise Refusal(_("This photo was sent for another visit."))
    return found
