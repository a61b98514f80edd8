"""Joint notices (联合督办, 会同督办): two or more bodies sign one sheet; it goes out once all have signed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core.access import may, require_actor
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.files.services import Upload
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import people_to_tell, titles_of
from chuangwen.supervision.enums import NoticeState
from chuangwen.supervision.models import JointSigner, SupervisionNotice
from chuangwen.supervision.queries.addressees import signers_at
from chuangwen.supervision.services.papers import keep_papers, true_time
from chuangwen.supervision.services.telling import tell
from chuangwen.supervision.workflow import ANSWER, EDIT, of_the_unit, signs_for
from chuangwen.workflow.services import note_step

MOST_BODIES = 8


def ask_body(notice: SupervisionNotice, *, unit: Unit, actor: Any) -> JointSigner:
    """Ask a body to sign the notice with the office. Whom the notice is for does not sign it."""
    require_actor(actor, EDIT, notice)
    _waiting(notice)
    if unit.region_id != notice.region_id:
        raise Refusal(_("The unit belongs to another region."), _("Choose one from the list."))
    if unit.pk == notice.unit_id:
        raise Refusal(_("The notice is for this unit itself."), _("Choose another body."))
    with transaction.atomic():
        SupervisionNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
        there = set(notice.bodies.values_list("unit", flat=True))
        if unit.pk in there:
            raise Refusal(_("“%s” signs it already.") % unit, _("Choose another body."))
        if len(there) >= MOST_BODIES:
            raise Refusal(_("%d bodies sign it already.") % MOST_BODIES, _("Take one off first."))
        made: JointSigner = JointSigner.objects.create(region=notice.region, notice=notice, unit=unit)
        note_step(notice, "joint-ask", actor=actor, data={"body": str(unit)})
        people = {*people_to_tell(unit, ANSWER), *signers_at(unit)}
        tell(people, notice, _("A notice waits for the signature of %s") % unit)
    return made


def take_off_body(body: JointSigner, *, actor: Any) -> None:
    """The body does not sign after all; not once it has."""
    notice = body.notice
    require_actor(actor, EDIT, notice)
    _waiting(notice)
    if body.signed_at is not None:
        raise Refusal(_("“%s” has signed.") % body, _("Drop the notice with the reason, if it shall not go out."))
    with transaction.atomic():
        note_step(notice, "joint-off", actor=actor, data={"body": str(body)})
        body.delete()


def sign_for_body(
    body: JointSigner, *, actor: Any, signed_name: str = "", scans: Iterable[Upload] = (), at: datetime | None = None
) -> None:
    """A body signs: one who signs for it in person, or the office enters its signature with the scan of the sheet."""
    notice, papers = body.notice, list(scans)
    in_person = signs_for(actor, body)
    if actor is not None and not in_person and not may(actor, EDIT, notice):
        raise PermissionDenied(EDIT)
    if actor is not None and of_the_unit(actor, notice):
        raise Refusal(_("You belong to this unit; somebody else decides here."))
    _waiting(notice)
    name = signed_name.strip()
    if in_person and not name:
        name = titles_of({actor.pk}).get(actor.pk) or str(actor)
    elif not name:
        raise Refusal(_("It does not say who signed for %s.") % body, _("Enter post and name as they stand on it."))
    elif not papers:
        raise Refusal(_("The scan of the signed sheet is missing."), _("Add it; without it nobody has signed."))
    moment = true_time(notice, at)
    behalf = "" if in_person and not signed_name.strip() else name
    with transaction.atomic():
        row = JointSigner.objects.filter(pk=body.pk, signed_at__isnull=True)
        if not row.update(signed_name=name[:80], signed_at=moment, entered_by=actor):
            raise Conflict(_("“%s” has signed.") % body, _("Open the notice to see it."))
        kept = {"body": str(body), "scans": keep_papers(notice, papers, actor=actor)}
        note_step(notice, "joint-sign", actor=actor, at=moment, on_behalf=behalf, data=kept)
    body.signed_name, body.signed_at = name[:80], moment


def refuse_unsigned(notice: SupervisionNotice) -> None:
    """Refusal while a body has not signed; names all that have not."""
    left = [str(one) for one in notice.bodies.filter(signed_at__isnull=True).select_related("unit")]
    if left:
        raise Refusal(
            _("These bodies have not signed yet: %s.") % "、".join(left),
            _("Let them sign or enter their signature; then the sheet goes out."),
        )


def _waiting(notice: SupervisionNotice) -> None:
    if notice.state != NoticeState.PROPOSED:
        raise Refusal(_("The notice waits for no signature."), _("Open it again to see its present state."))
