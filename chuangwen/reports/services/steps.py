"""A paper's way: handed in, approved by another person, issued with a number, received; or withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import require, scope_of
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.files.services import attach
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import people_to_tell_of, region_people
from chuangwen.reports.enums import BulletinState
from chuangwen.reports.models import Bulletin, Receipt
from chuangwen.reports.services.releasing import end_releases
from chuangwen.reports.services.telling import tell
from chuangwen.reports.workflow import APPROVE, BULLETIN_WORKFLOW
from chuangwen.workflow.services import advance, note_step

SCANS = frozenset({"image/jpeg", "image/png", "application/pdf"})


@dataclass(frozen=True, slots=True)
class PaperSignature:
    """A signature given on paper: whose, when, and the scan that shows it."""

    name: str
    at: datetime
    scan: bytes
    scan_name: str


def submit_bulletin(bulletin: Bulletin, *, actor: Any) -> None:
    """The draft is finished; those who may approve it hear of it."""
    with transaction.atomic():
        advance(bulletin, BULLETIN_WORKFLOW, "submit", actor=actor)
        people = region_people(bulletin.region, APPROVE)
        others = people.exclude(pk=actor.pk) if actor is not None else people
        tell(others, bulletin, _("To be approved: %s") % bulletin.title)


def approve_bulletin(bulletin: Bulletin, *, actor: Any, signature: PaperSignature | None = None) -> None:
    """Another person than the drafter approves; with `signature` the office enters what was signed on paper (代录).

    Refused for a signature: no name, no scan, a time ahead or before the draft, the drafter's own name.
    """
    if signature is None:
        now = clock.now()
        advance(
            bulletin, BULLETIN_WORKFLOW, "approve", actor=actor, approved_by=actor, approved_at=now,
            signatory=str(actor) if actor else "",
        )  # fmt: skip
        return
    name = signature.name.strip()
    _refuse_signature(bulletin, signature, name)
    with transaction.atomic():
        advance(
            bulletin, BULLETIN_WORKFLOW, "approve_on_paper", actor=actor, on_behalf=name, at=signature.at,
            approved_by=actor, approved_at=signature.at, signatory=name,
        )  # fmt: skip
        attach(
            signature.scan, signature.scan_name, owner=bulletin, region=bulletin.region, actor=actor, accept=SCANS
        )  # fmt: skip


def return_bulletin(bulletin: Bulletin, *, reason: str, actor: Any) -> None:
    """Not approved, with the reason; the drafter goes on with it."""
    with transaction.atomic():
        advance(bulletin, BULLETIN_WORKFLOW, "return", actor=actor, note=reason, **_unsigned())
        drafter = [bulletin.drafted_by] if bulletin.drafted_by else []
        tell(drafter, bulletin, _("Returned: %s") % bulletin.title)


def take_back_bulletin(bulletin: Bulletin, *, actor: Any) -> None:
    """The office goes on with the draft before it is issued; an approval given falls away."""
    advance(bulletin, BULLETIN_WORKFLOW, "take_back", actor=actor, **_unsigned())


def withdraw_bulletin(bulletin: Bulletin, *, reason: str, actor: Any) -> None:
    """It does not hold any more; it stays readable with the reason, and its units hear of it."""
    with transaction.atomic():
        advance(bulletin, BULLETIN_WORKFLOW, "withdraw", actor=actor, note=reason)
        end_releases(bulletin, reason=reason)
        tell(_people_of(bulletin), bulletin, _("Withdrawn: %s") % bulletin.title)


def receive_bulletin(receipt: Receipt, *, actor: Any, on_behalf: str = "", at: datetime | None = None) -> None:
    """A unit signs for a paper, once; the office enters it for a unit that signed on paper, with the true time."""
    bulletin = receipt.bulletin
    if actor is not None:
        require(actor, "reports.receive", receipt)
    if bulletin.state != BulletinState.ISSUED:
        raise Refusal(_("This paper is not in force."), _("Only what is issued is signed for."))
    now = clock.now()
    moment = at or now
    if moment > now or (bulletin.issued_at and moment < bulletin.issued_at):
        raise Refusal(_("The time lies before it was issued, or ahead."), _("Enter when it really happened."))
    with transaction.atomic():
        waiting = Receipt.objects.filter(pk=receipt.pk, received_at__isnull=True)
        if not waiting.update(received_at=moment, received_by=actor, updated_at=now):
            raise Conflict(_("Receipt was signed for already."))
        note_step(bulletin, "receive", actor=actor, on_behalf=on_behalf, at=at, data={"unit": str(receipt.unit)})
    receipt.received_at = moment


def receive_own(bulletin: Bulletin, *, actor: Any) -> list[Receipt]:
    """Sign for every unit of the person's own that has not yet; returns what was signed. Conflict where none waits."""
    units = scope_of(actor, "reports.receive").unit_ids
    waiting = bulletin.receipts.filter(unit_id__in=units, received_at__isnull=True).select_related("unit", "bulletin")
    rows = list(waiting)
    if not rows:
        raise Conflict(_("Receipt was signed for already."))
    with transaction.atomic():
        for one in rows:
            receive_bulletin(one, actor=actor)
    return rows


def remind_units(bulletin: Bulletin, *, actor: Any) -> int:
    """Tell those units again that have not signed yet; returns how many units."""
    if actor is not None:
        require(actor, "reports.issue", bulletin)
    if bulletin.state != BulletinState.ISSUED:
        raise Refusal(_("This paper is not in force."), _("Only what is issued is signed for."))
    waiting = bulletin.receipts.filter(received_at__isnull=True).select_related("unit")
    units = [one.unit for one in waiting]
    if not units:
        raise Refusal(_("Every unit has signed."))
    with transaction.atomic():
        tell(people_to_tell_of(units, "reports.receive"), bulletin, _("Please sign for: %s") % bulletin.title)
        note_step(bulletin, "remind", actor=actor, data={"units": len(units)})
    return len(units)


def _refuse_signature(bulletin: Bulletin, signature: PaperSignature, name: str) -> None:
    if not name:
        raise Refusal(_("It does not say who signed."), _("Give the name under the signature."))
    if bulletin.drafted_by is not None and name == str(bulletin.drafted_by):
        raise Refusal(_("Who drafted it does not approve it."), _("Give the name of who signed it."))
    if not signature.scan:
        raise Refusal(_("The scan is missing."), _("Add a photo or scan of the signed paper."))
    if signature.at > clock.now() or signature.at < bulletin.created_at.replace(second=0, microsecond=0):
        raise Refusal(_("The time lies before the draft, or ahead."), _("Enter when it really happened."))


def _unsigned() -> dict[str, Any]:
    return {"approved_by": None, "approved_at": None, "signatory": ""}


def _people_of(bulletin: Bulletin) -> Any:
    units = Unit.objects.filter(pk__in=bulletin.receipts.values("unit"))
    return people_to_tell_of(list(units), "reports.receive")
