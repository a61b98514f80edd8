"""Issuing a paper: its number, its files, its units; and the PDF of an office's own template, made afterwards.

Papers bear their number, and setting them takes a second or more. So they are set before anything is written, under
the number that comes next; the transaction that follows takes that number and keeps the files, or takes nothing.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django_tasks import task

from chuangwen.core import clock
from chuangwen.core.access import require_actor
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.files.services import attach, read
from chuangwen.core.models import Attachment
from chuangwen.core.numbering import coming_number, next_number
from chuangwen.organizations.queries import office_people, people_to_tell_of
from chuangwen.reports.composing import converter, file_name, pdf_of, pdf_of_word, word_of
from chuangwen.reports.enums import BulletinState, PaperKind
from chuangwen.reports.models import Bulletin, Receipt
from chuangwen.reports.queries import paper_form
from chuangwen.reports.services.telling import tell
from chuangwen.reports.words import NUMBERED
from chuangwen.reports.workflow import BULLETIN_WORKFLOW, ISSUE
from chuangwen.workflow.services import StaleState, advance, note_step

TRIES = 5  # so often another paper of the kind may take the number first
RETRIES = (timedelta(minutes=2), timedelta(minutes=15), timedelta(hours=2))  # of a PDF, each from the last try on


class _Overtaken(Exception):  # noqa: N818  (it never leaves this file)
    """Another paper took the number."""


@dataclass(frozen=True, slots=True)
class _Set:
    """A paper as it was set: under which number, of which moment, its files by their ending."""

    number: str
    at: datetime
    files: dict[str, bytes]


def issue_bulletin(bulletin: Bulletin, *, actor: Any) -> None:
    """Give it its number, keep its files for good, send it to its units.

    The files are set before and kept in one transaction with the number. StaleState where the paper was taken back
    meanwhile; Conflict where others took number after number. The PDF of an office's own template is made afterwards
    (`keep_pdf`), since it takes many seconds; the worker tries it too.
    """
    require_actor(actor, ISSUE, bulletin)
    if bulletin.state != BulletinState.APPROVED:
        raise StaleState(bulletin)
    for _try in range(TRIES):
        made = _set_papers(bulletin)
        try:
            _keep_issued(bulletin, made, actor)
        except _Overtaken:
            continue
        return
    raise Conflict(_("Other papers of this kind were issued at the same time."), _("Issue it again."))


def _set_papers(bulletin: Bulletin) -> _Set:
    now = clock.now()
    shown = copy(bulletin)
    shown.number, shown.issued_at = _number(bulletin, coming_number(bulletin.region, _counter(bulletin))), now
    files = {".docx": word_of(shown)}
    if not _has_own_layout(bulletin):
        files[".pdf"] = pdf_of(shown)
    return _Set(shown.number, now, files)


def _keep_issued(bulletin: Bulletin, made: _Set, actor: Any) -> None:
    """Everything that issuing writes. _Overtaken, and nothing written, where the number is another one by now."""
    with transaction.atomic():
        if _number(bulletin, next_number(bulletin.region, _counter(bulletin))) != made.number:
            raise _Overtaken
        seen = bulletin.revision
        before = copy(bulletin)
        advance(
            before, BULLETIN_WORKFLOW, "issue", actor=actor, data={"number": made.number}, number=made.number,
            issued_at=made.at,
        )  # fmt: skip
        if not Bulletin.objects.filter(pk=bulletin.pk, revision=seen).exists():  # it was a draft again in between
            raise StaleState(bulletin)
        kept = {name: _keep(before, made.files[ending], ending, actor)
                for ending, name in ((".docx", "word"), (".pdf", "pdf")) if ending in made.files}  # fmt: skip
        Bulletin.objects.filter(pk=bulletin.pk).update(**kept)
        units = list(bulletin.units.all())
        Receipt.objects.bulk_create(
            [Receipt(region=bulletin.region, bulletin=bulletin, unit=unit) for unit in units], batch_size=500
        )
        tell(people_to_tell_of(units, "reports.receive"), bulletin, _("Please sign for: %s") % bulletin.title)
        if ".pdf" not in made.files:
            try_pdf_later(bulletin, 0)
    changes = {"state": before.state, "number": made.number, "issued_at": made.at, **kept}
    for name, value in changes.items():
        setattr(bulletin, name, value)


def keep_pdf(bulletin: Bulletin, *, actor: Any) -> None:
    """Make the PDF of an issued paper from the Word file that was kept, and keep it too.

    Refused: what is not issued, a PDF that is there already, no LibreOffice or none made by it; the last is noted on
    the paper, so that its page tells it.
    """
    if actor is not None:
        require_actor(actor, ISSUE, bulletin)
    if bulletin.state != BulletinState.ISSUED or bulletin.word is None:
        raise Refusal(_("This paper is not in force."), _("The PDF is kept once it is issued."))
    if bulletin.pdf is not None:
        raise Conflict(_("The PDF is there already."))
    try:
        made = pdf_of_word(bulletin, read(bulletin.word.file))
    except Refusal as refusal:
        _note_fault(bulletin, str(refusal.message), actor)
        raise
    with transaction.atomic():
        kept = _keep(bulletin, made, ".pdf", actor)
        rows = Bulletin.objects.filter(pk=bulletin.pk, pdf__isnull=True)
        if not rows.update(pdf=kept, pdf_fault="", updated_at=clock.now()):
            raise Conflict(_("The PDF is there already."))
        note_step(bulletin, "pdf", actor=actor, data={"sha256": kept.file.sha256})
    bulletin.pdf = kept


def try_pdf_later(bulletin: Bulletin, attempt: int) -> bool:
    """Let the worker try the PDF for the `attempt`-th time (from 0), once what runs now is committed; False after the
    last."""
    if attempt >= len(RETRIES) or not converter():
        Bulletin.objects.filter(pk=bulletin.pk).update(pdf_next_at=None)
        return False
    when = clock.now() + RETRIES[attempt]
    with transaction.atomic():
        Bulletin.objects.filter(pk=bulletin.pk).update(pdf_next_at=when)
        transaction.on_commit(partial(_enqueue, bulletin.pk, attempt, when))
    return True


@task()
def try_pdf(pk: int, attempt: int) -> None:
    """In the worker: make a paper's PDF unless it is there, since the page that issued it was killed or got none.

    Where none comes it tries later; after the last try the office is told.
    """
    rows = Bulletin.objects.select_related("region", "word__file").filter(state=BulletinState.ISSUED, pdf__isnull=True)
    found = rows.filter(pk=pk).first()
    if found is None:
        return
    try:
        keep_pdf(found, actor=None)
    except Refusal:
        if not try_pdf_later(found, attempt + 1):
            tell(office_people(found.region, ISSUE), found, _("No PDF could be made: %s") % found.title)


def _note_fault(bulletin: Bulletin, words: str, actor: Any) -> None:
    bulletin.pdf_fault, bulletin.pdf_tried_at = words[:300], clock.now()
    with transaction.atomic():
        bulletin.save(update_fields=["pdf_fault", "pdf_tried_at"])
        note_step(bulletin, "pdf-failed", actor=actor, note=bulletin.pdf_fault)


def _enqueue(pk: int, attempt: int, when: datetime) -> None:
    try_pdf.using(run_after=when).enqueue(pk, attempt)


def _has_own_layout(bulletin: Bulletin) -> bool:
    form = paper_form(bulletin.region, bulletin.kind)
    return form is not None and form.template is not None


def _counter(bulletin: Bulletin) -> str:
    """Papers with document letters share one series, so that no two bear the same number."""
    series = PaperKind.BULLETIN if bulletin.kind in NUMBERED else bulletin.kind
    return f"{series}-{clock.today().year}"


def _number(bulletin: Bulletin, count: int) -> str:
    """〔2026〕3号 behind the office's letters for a bulletin, 2026年第3期 for a series; counted by kind and year."""
    year = clock.today().year
    if bulletin.kind not in NUMBERED:
        return f"{year}年第{count}期"
    form = paper_form(bulletin.region, PaperKind.BULLETIN)
    return f"{form.letters if form else ''}〔{year}〕{count}号"


def _keep(bulletin: Bulletin, data: bytes, ending: str, actor: Any) -> Attachment:
    return attach(data, file_name(bulletin, ending), owner=bulletin, region=bulletin.region, actor=actor)
