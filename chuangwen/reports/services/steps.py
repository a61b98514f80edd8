"""A paper's way: handed in, approved by another person, issued with a number, received; or withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import require, scope_of
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.files.services import attach, read
from chuangwen.core.models import Attachment
from chuangwen.core.numbering import next_number
from chuangwen.notifications.services import notify
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import office_people, people_to_tell_of
from chuangwen.reports.composing import file_name, pdf_of, pdf_of_word, word_of
from chuangwen.reports.enums import BulletinState, PaperKind
from chuangwen.reports.models import Bulletin, Receipt
from chuangwen.reports.queries import paper_form
from chuangwen.reports.services.releasing import end_releases
from chuangwen.reports.words import NUMBERED
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
        people = office_people(bulletin.region, APPROVE)
        others = people.exclude(pk=actor.pk) if actor is not None else people
        _tell(others, bulletin, _("To be approved: %s") % bulletin.title)


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
        _tell(drafter, bulletin, _("Returned: %s") % bulletin.title)


def take_back_bulletin(bulletin: Bulletin, *, actor: Any) -> None:
    """The office goes on with the draft before it is issued; an approval given falls away."""
    advance(bulletin, BULLETIN_WORKFLOW, "take_back", actor=actor, **_unsigned())


def issue_bulletin(bulletin: Bulletin, *, actor: Any) -> None:
    """Give it its number, keep its files for good, send it to its units.

    The PDF of an office's own template is made afterwards (`keep_pdf`): it takes seconds, in which nobody else could
    write.
    """
    form = paper_form(bulletin.region, bulletin.kind)
    own_layout = form is not None and form.template is not None
    with transaction.atomic():
        now = clock.now()
        number = _next_number(bulletin)
        advance(
            bulletin, BULLETIN_WORKFLOW, "issue", actor=actor, data={"number": number}, number=number, issued_at=now
        )
        kept = {"word": _keep(bulletin, word_of(bulletin), ".docx", actor)}
        if not own_layout:
            kept["pdf"] = _keep(bulletin, pdf_of(bulletin), ".pdf", actor)
        Bulletin.objects.filter(pk=bulletin.pk).update(**kept)
        for name, value in kept.items():
            setattr(bulletin, name, value)
        units = list(bulletin.units.all())
        Receipt.objects.bulk_create(
            [Receipt(region=bulletin.region, bulletin=bulletin, unit=unit) for unit in units], batch_size=500
        )
        _tell(people_to_tell_of(units, "reports.receive"), bulletin, _("Please sign for: %s") % bulletin.title)


def keep_pdf(bulletin: Bulletin, *, actor: Any) -> None:
    """Make the PDF of an issued paper from the Word file that was kept, and keep it too.

    Refused: what is not issued, a PDF that is there already, no LibreOffice or none made by it.
    """
    if actor is not None:
        require(actor, "reports.issue", bulletin)
    if bulletin.state != BulletinState.ISSUED or bulletin.word is None:
        raise Refusal(_("This paper is not in force."), _("The PDF is kept once it is issued."))
    if bulletin.pdf is not None:
        raise Conflict(_("The PDF is there already."))
    made = pdf_of_word(bulletin, read(bulletin.word.file))
    with transaction.atomic():
        kept = _keep(bulletin, made, ".pdf", actor)
        if not Bulletin.objects.filter(pk=bulletin.pk, pdf__isnull=True).update(pdf=kept, updated_at=clock.now()):
            raise Conflict(_("The PDF is there already."))
        note_step(bulletin, "pdf", actor=actor, data={"sha256": kept.file.sha256})
    bulletin.pdf = kept


def withdraw_bulletin(bulletin: Bulletin, *, reason: str, actor: Any) -> None:
    """It does not hold any more; it stays readable with the reason, and its units hear of it."""
    with transaction.atomic():
        advance(bulletin, BULLETIN_WORKFLOW, "withdraw", actor=actor, note=reason)
        end_releases(bulletin, reason=reason)
        _tell(_people_of(bulletin), bulletin, _("Withdrawn: %s") % bulletin.title)


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
        _tell(people_to_tell_of(units, "reports.receive"), bulletin, _("Please sign for: %s") % bulletin.title)
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


def _next_number(bulletin: Bulletin) -> str:
    """〔2026〕3号 behind the office's letters for a bulletin, 2026年第3期 for a series; counted by kind and year."""
    year = clock.today().year
    count = next_number(bulletin.region, f"{bulletin.kind}-{year}")
    if bulletin.kind not in NUMBERED:
        return f"{year}年第{count}期"
    form = paper_form(bulletin.region, PaperKind(bulletin.kind))
    return f"{form.letters if form else ''}〔{year}〕{count}号"


def _keep(bulletin: Bulletin, data: bytes, ending: str, actor: Any) -> Attachment:
    return attach(data, file_name(bulletin, ending), owner=bulletin, region=bulletin.region, actor=actor)


def _people_of(bulletin: Bulletin) -> Any:
    units = Unit.objects.filter(pk__in=bulletin.receipts.values("unit"))
    return people_to_tell_of(list(units), "reports.receive")


def _tell(people: Any, bulletin: Bulletin, words: str) -> None:
    url = reverse("reports:bulletin", args=[bulletin.pk])
    notify(people, "reports", words, region=bulletin.region, url=url, matter=True)
