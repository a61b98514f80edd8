"""Records talks and that a matter was handed over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.access import require_actor, require_region
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import Upload
from chuangwen.organizations.models import Unit
from chuangwen.supervision.enums import UNSENT_STATES
from chuangwen.supervision.models import Referral, SupervisionNotice, Talk
from chuangwen.supervision.services.papers import keep_papers
from chuangwen.supervision.services.telling import tell_unit
from chuangwen.supervision.workflow import EDIT
from chuangwen.workflow.services import note_step


@dataclass(frozen=True, slots=True)
class TalkHeld:
    """What is written down of a talk. People are told by their posts, never judged."""

    held_at: datetime
    held_by: str
    held_with: str
    subject: str
    agreed: str
    place: str = ""


def record_talk(
    unit: Unit,
    held: TalkHeld,
    *,
    actor: Any,
    notice: SupervisionNotice | None = None,
    scans: Iterable[Upload] = (),
) -> Talk:
    """Keep an admonition talk (约谈) with its record, after a red notice or by itself."""
    require_region(actor, EDIT, unit.region_id)
    if notice is not None and (notice.unit_id != unit.pk or notice.state in UNSENT_STATES):
        raise Refusal(_("A talk belongs to a notice that was sent to this unit."))
    if held.held_at > clock.now():
        raise Refusal(_("The time lies in the future."), _("Enter the talk once it was held."))
    for text in (held.held_by, held.held_with, held.subject, held.agreed):
        if not text.strip():
            raise Refusal(_("The record is not complete."), _("Say who spoke with whom, about what, what was agreed."))
    with transaction.atomic():
        talk: Talk = Talk.objects.create(
            region=unit.region, unit=unit, notice=notice, held_at=held.held_at, held_by=held.held_by,
            held_with=held.held_with, subject=held.subject, agreed=held.agreed, place=held.place,
        )  # fmt: skip
        kept = keep_papers(talk, scans, actor=actor)
        record("supervision.talk.record", talk, actor=actor, data={"unit": str(unit), "scans": kept})
        if notice is not None:
            note_step(notice, "talk", actor=actor, at=held.held_at, data={"by": held.held_by, "with": held.held_with})
            tell_unit(notice, _("A talk was recorded"))
    return talk


def hand_over(
    notice: SupervisionNotice, *, handed_to: str, handed_on: date, paper_number: str = "", actor: Any
) -> Referral:
    """Keep that the matter was handed over, to whom and when: no content (mechanisms 68, 117, 118)."""
    require_actor(actor, "supervision.refer", notice)
    if notice.state in UNSENT_STATES:
        raise Refusal(_("This notice was not sent."), _("Hand over from a notice that was."))
    if not handed_to.strip():
        raise Refusal(_("Say to whom it was handed over."))
    if handed_on > clock.today():
        raise Refusal(_("The day lies in the future."), _("Enter it once it was handed over."))
    with transaction.atomic():
        made: Referral = Referral.objects.create(
            region=notice.region, unit=notice.unit, notice=notice, handed_to=handed_to, handed_on=handed_on,
            paper_number=paper_number,
        )  # fmt: skip
        record("supervision.referral.make", made, actor=actor, data={"to": handed_to, "on": handed_on.isoformat()})
    return made


def close_referral(referral: Referral, *, closed_on: date, actor: Any) -> None:
    """The result came back: only the day is kept."""
    require_actor(actor, "supervision.refer", referral)
    if not referral.handed_on <= closed_on <= clock.today():
        raise Refusal(_("The day lies before the handing over or in the future."), _("Enter the day of the reply."))
    with transaction.atomic():
        if not Referral.objects.filter(pk=referral.pk, closed_on__isnull=True).update(closed_on=closed_on):
            raise Refusal(_("The result came back already."))
        record("supervision.referral.close", referral, actor=actor, data={"on": closed_on.isoformat()})
    referral.closed_on = closed_on
