"""Photos of what was not met: a small copy first so that the office sees it at once, the untouched original after it.

The original is the evidence (practice.md, What people refuse): it takes the copy's place wherever the photo hangs.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.asking import Question
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import PICTURES, attach, store_bytes
from chuangwen.core.models import Attachment
from chuangwen.inspections.models import Answer, AnswerPhoto, Visit
from chuangwen.inspections.services.answering import hold_visit
from chuangwen.inspections.workflow import may_answer
from chuangwen.rectification.models import ProblemPhoto

MOST_PHOTOS = 9  # of one answer
WITH_UID = Question(lambda uid: AnswerPhoto.objects.filter(uid=uid).select_related("answer"))
PHOTOS = Question(lambda answer: AnswerPhoto.objects.filter(answer=answer).order_by().values_list("pk", flat=True))


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
    original_waits: bool = False,
) -> AnswerPhoto:
    """Keep a photo of an answer, untouched; the same `uid` again returns the one that is there.

    With `original_waits` the bytes are a small copy, and `add_original` brings the rest.

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
        if len(PHOTOS(answer)) >= MOST_PHOTOS:
            raise Refusal(_("An answer takes at most %d photos.") % MOST_PHOTOS, _("Remove one before adding another."))
        attachment = attach(data, name, owner=answer, region=answer.region, actor=actor, accept=PICTURES)
        return AnswerPhoto.objects.create(
            region=answer.region, uid=uid, answer=answer, attachment=attachment, taken_at=taken_at,
            longitude=longitude, latitude=latitude, original_waits=original_waits,
        )  # fmt: skip


def add_original(photo: AnswerPhoto, data: bytes, *, actor: Any) -> None:
    """The original of a photo whose small copy came first; also once the visit is finished. Twice is harmless.

    It takes the copy's place in the answer and in the problem that grew from it; the digests of
    both stand in the audit. Raises Refusal for a stranger and for a file that is no picture.
    """
    if words := may_answer(actor, photo.answer.visit):
        raise Refusal(words)
    stored = store_bytes(data, accept=PICTURES)
    with transaction.atomic():
        # finishing hangs the file of this moment on the problem: the two take turns
        Visit.objects.select_for_update().get(pk=photo.answer.visit_id)
        if not AnswerPhoto.objects.filter(pk=photo.pk, original_waits=True).update(original_waits=False):
            return
        small = photo.attachment.file
        hanging = Q(pk=photo.attachment_id)
        shown = ProblemPhoto.objects.filter(problem__answers=photo.answer_id, attachment__file=small)
        hanging |= Q(pk__in=list(shown.values_list("attachment", flat=True)))
        Attachment.objects.filter(hanging).update(file=stored, updated_at=clock.now())
        facts = {"photo": str(photo.uid), "copy": small.sha256, "original": stored.sha256}
        record("inspections.visit.original", photo.answer.visit, actor=actor, data=facts)


def remove_answer_photo(photo: AnswerPhoto, *, actor: Any) -> None:
    """Take a photo away again while the visit is under way, for instance one that shows a face."""
    if words := may_answer(actor, photo.answer.visit):
        raise Refusal(words)
    visit = photo.answer.visit
    with hold_visit(visit):
        record(
            "inspections.visit.photo-removed", visit, actor=actor,
            data={"photo": str(photo.uid), "sha256": photo.attachment.file.sha256, "check": photo.answer.checked_id},
        )  # fmt: skip
        photo.delete()
        photo.attachment.delete()


def _there(uid: UUID, answer: Answer) -> AnswerPhoto | None:
    found: AnswerPhoto | None = WITH_UID.first(uid)
    if found is not None and found.answer.visit_id != answer.visit_id:
        raise Refusal(_("This photo was sent for another visit."))
    return found
