"""The office's one answer to a letter: written from the replies, signed, sent with its own number and day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import may, require_actor
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import Upload, attach
from chuangwen.directives.enums import LetterStage
from chuangwen.directives.models import Letter
from chuangwen.directives.queries.letters import replies_of
from chuangwen.directives.services.meetings import PAPERS
from chuangwen.directives.workflow import EDIT, LETTER_WORKFLOW
from chuangwen.responsibilities.models import TaskState
from chuangwen.responsibilities.services.answers import confirm_task
from chuangwen.responsibilities.workflow import speaks_for
from chuangwen.workflow.services import StaleState, advance, note_step

SIGN = "directives.sign"
LONGEST_ANSWER = 10_000


@dataclass(frozen=True, slots=True)
class AnswerSignature:
    """Who signed the answer, by post, and when; the signed sheet where the office enters it."""

    signed_as: str
    signed_on: date
    scans: Iterable[Upload] = field(default=())


@dataclass(frozen=True, slots=True)
class Sent:
    """Under which number and on which day the answer went out; its sealed copy where there is one."""

    answer_number: str
    answered_on: date
    scans: Iterable[Upload] = field(default=())


def write_answer(letter: Letter, *, answer: str, actor: Any) -> None:
    """Write the answer's words; the table of replies is added by the paper itself. As long as nobody has signed."""
    require_actor(actor, EDIT, letter)
    if not answer.strip():
        raise Refusal(_("The answer has no words."), _("One sentence above the table is enough."))
    with transaction.atomic():
        rows = Letter.objects.filter(pk=letter.pk, state=LetterStage.HANDLED)
        if rows.update(answer=answer.strip()[:LONGEST_ANSWER], updated_at=clock.now()) != 1:
            raise StaleState(letter)
        letter.answer = answer.strip()[:LONGEST_ANSWER]
        note_step(letter, "write", actor=actor)


def sign_answer(letter: Letter, signature: AnswerSignature, *, actor: Any) -> None:
    """A leader signs here, or the office enters the signed sheet with its scan. Refused while a reply is awaited."""
    scans = list(signature.scans)
    if actor is not None and not may(actor, SIGN, letter):
        if not may(actor, EDIT, letter):
            raise PermissionDenied(SIGN)
        if not scans:
            raise Refusal(_("The signed sheet is missing."), _("Add its scan or a photo; or a leader signs here."))
    if not signature.signed_as.strip():
        raise Refusal(_("It does not say who signed."), _("Give the post."))
    if not letter.received_on <= signature.signed_on <= clock.today():
        raise Refusal(_("The day of the signature cannot be."), _("It lies between the letter's arrival and today."))
    with transaction.atomic():
        fields: dict[str, Any] = {"signed_as": signature.signed_as.strip()[:80], "signed_on": signature.signed_on}
        data = fields | {"scans": _keep(letter, scans, actor)}
        advance(letter, LETTER_WORKFLOW, "sign", actor=actor, data=data, **fields)


def redraft_answer(letter: Letter, *, reason: str, actor: Any) -> None:
    """The signed answer is changed once more before it goes out; it is signed again."""
    advance(letter, LETTER_WORKFLOW, "redraft", actor=actor, note=reason, signed_as="", signed_on=None)


def send_answer(letter: Letter, sent: Sent, *, actor: Any) -> None:
    """Enter the answer as sent. The units' replies are confirmed with it: they have been used."""
    number = sent.answer_number.strip()
    if not number:
        raise Refusal(_("The answer has no number."), _("Give the number under which it went out."))
    if letter.signed_on is not None and not letter.signed_on <= sent.answered_on <= clock.today():
        raise Refusal(_("The day of sending cannot be."), _("It lies between the signature and today."))
    with transaction.atomic():
        fields: dict[str, Any] = {"answer_number": number[:60], "answered_on": sent.answered_on}
        data = fields | {"scans": _keep(letter, list(sent.scans), actor)}
        advance(letter, LETTER_WORKFLOW, "send", actor=actor, data=data, **fields)
        for slip in replies_of(letter):
            own = actor is not None and speaks_for(actor, slip.task)  # nobody confirms the own unit's work
            if slip.task.state == TaskState.REPORTED and not own:
                confirm_task(slip.task, actor=actor, note=_("Used in the answer %s") % letter.answer_number)


def _keep(letter: Letter, scans: Iterable[Upload], actor: Any) -> list[str]:
    return [
        attach(one.data, one.name, owner=letter, region=letter.region, actor=actor, accept=PAPERS).file.sha256
        for one in scans
    ]
