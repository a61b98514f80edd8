"""Takes documents in: reads them, guesses what stands on the page, and finds the candidates."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import require_actor
from chuangwen.core.errors import BadUpload, Refusal
from chuangwen.core.files.services import attach, clean_name
from chuangwen.core.workdays import default_calendar
from chuangwen.directives.addressees import Addressees, full_width, lacks_unit
from chuangwen.directives.comparing import likely_earlier, running
from chuangwen.directives.extraction import Directive, extract
from chuangwen.directives.guessing import guess_day, guess_kind, guess_title
from chuangwen.directives.marking import heading_starts
from chuangwen.directives.models import Candidate, CandidateState, DaySource, Document, DocumentKind, Presence
from chuangwen.directives.outcomes import proposed
from chuangwen.directives.plans import on_workday
from chuangwen.directives.queries.documents import addressees, lexicon
from chuangwen.directives.reading import Document as ReadDocument
from chuangwen.directives.reading import NeedsRecognition, UnreadableDocument, read_document
from chuangwen.directives.reading import Progress as PagesRead
from chuangwen.directives.resolution import resolve_deadline
from chuangwen.workflow.services import note_step

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)


class LongReading(BadUpload):
    """The paper holds pictures of text, which only a job can read: that takes seconds a page."""


class SameDocument(Refusal):
    """The very same paper is there already: `document` is it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        super().__init__(
            _("“%s” has been uploaded before.") % document.title,
            _("Open it and go on there; nothing was added."),
        )


def add_document(
    campaign: Campaign,
    data: bytes,
    *,
    actor: Any,
    name: str = "",
    title: str = "",
    kind: str = "",
    day: date | None = None,
    reading: PagesRead | None = None,
) -> Document:
    """Read a file, or pasted text as UTF-8 where `name` is empty, and find what it asks.

    What is not given is guessed from the text; `reading` hears (pages done, pages) of what is recognised page by
    page. Raises BadUpload for what cannot be read, LongReading for a scan or photo where nobody waits with
    `reading`, and SameDocument where the campaign holds the same bytes already.
    """
    require_actor(actor, "directives.edit", campaign)
    digest = hashlib.sha256(data).hexdigest()
    if known := Document.objects.filter(campaign=campaign, digest=digest).first():
        raise SameDocument(known)
    source = _read(clean_name(name) if name else "", data, reading)
    title = title.strip() or guess_title(source.text, name) or _("Document without a title")
    found_day = day or guess_day(source.text, clock.today())
    document = Document(
        region=campaign.region,
        campaign=campaign,
        title=title[:200],
        kind=kind if kind in DocumentKind.values else guess_kind(title, source.text),
        day=_checked_day(found_day or clock.today()),
        day_source=DaySource.GIVEN if day else DaySource.TEXT if found_day else DaySource.UPLOAD,
        digest=digest,
        resembles=likely_earlier(campaign, source.text),
        text=source.text,
        headings=heading_starts(source.text, source.styled),
        made_by=actor,
    )
    known_names = addressees(campaign.region)
    directives = extract(
        source,
        lexicon=lexicon(campaign.region),
        meeting_date=document.day,
        is_workday=default_calendar().is_workday,
    )
    try:
        with transaction.atomic():
            document.save()
            if name:
                document.file = attach(data, name, owner=document, region=campaign.region, actor=actor)
                document.save(update_fields=["file"])
            Candidate.objects.bulk_create([candidate_of(document, one, known_names) for one in directives])
            data_told = {"file": name, "digest": digest, "candidates": len(directives)}
            note_step(document, "upload", actor=actor, data=data_told)
    except IntegrityError:
        # Two people gave the same paper in the same moment: the second is led to the first one's.
        raise SameDocument(Document.objects.get(campaign=campaign, digest=digest)) from None
    return document


def change_document(document: Document, *, actor: Any, title: str, kind: str, day: date) -> int:
    """Correct what was guessed. Deadlines that followed from the old date follow the new one.

    A date that a person set, and candidates whose tasks are out, stay. Returns how many dates moved.
    """
    require_actor(actor, "directives.edit", document)
    if not title.strip():
        raise Refusal(_("The document needs a title."))
    if kind not in DocumentKind.values:
        raise Refusal(_("There is no such kind of document."), _("Choose one from the list."))
    _checked_day(day)
    moved = 0
    with transaction.atomic():
        before = {"title": document.title, "kind": document.kind, "day": document.day}
        if day != document.day:
            moved = _move_dates(document, day)
            document.day_source = DaySource.GIVEN
        document.title, document.kind, document.day = title.strip()[:200], kind, day
        document.save(update_fields=["title", "kind", "day", "day_source", "updated_at"])
        after = {"title": document.title, "kind": kind, "day": day, "moved": moved}
        note_step(document, "change", actor=actor, data={"before": before, "after": after})
    return moved


def discard_document(document: Document, *, actor: Any) -> None:
    """Take a document away that was uploaded by mistake. One whose tasks are out stays: they point back to it."""
    require_actor(actor, "directives.edit", document)
    accepted = document.candidates.filter(state=CandidateState.ACCEPTED)
    issued = sum(any(running(row)) for row in accepted.prefetch_related("tasks", "duties", "rules"))
    if issued:
        raise Refusal(
            _("%d of its directives have been issued.") % issued,
            _("Cancel what was issued first, or keep the document."),
        )
    with transaction.atomic():
        record("directives.document.discard", document, actor=actor, data={"digest": document.digest})
        attachment = document.file
        document.delete()
        if attachment:
            attachment.delete()


def note_presence(document: Document, candidate: Candidate | None, *, actor: Any) -> None:
    """Remember that `actor` looks at this candidate now; others are shown it for a minute."""
    try:
        with transaction.atomic():
            Presence.objects.update_or_create(
                document=document, user=actor, defaults={"candidate": candidate, "seen_at": clock.now()}
            )
    except IntegrityError:
        return  # the row was taken away in this very moment: the next sign of life says where she is then


def candidate_of(document: Document, found: Directive, known: Addressees, **fields: Any) -> Candidate:
    """What the engine found, as a row whose parties are resolved and whose deadline lies on a working day."""
    lead = [party.as_json() for party in known.resolve_all(found.lead)]
    times = [phrase for phrase in (found.deadline, found.frequency) if phrase]
    values: dict[str, Any] = {
        "region": document.region,
        "document": document,
        "start": found.start,
        "end": found.end,
        "quote": found.quote,
        "action": full_width(found.action),
        "lead": lead,
        "cooperate": [party.as_json() for party in known.resolve_all(found.cooperate)],
        "deadline": (found.deadline or "")[:80],
        "due_on": on_workday(found.due),
        "frequency": (found.frequency or "")[:80],
        "targets": list(found.targets),
        "measure": full_width("；".join(found.targets))[:300],
        "headings": list(found.headings),
        "words": [*found.lead, *found.cooperate, *times],
        "kind": found.kind,
        "becomes": proposed(found.kind, deadline=found.deadline or "", frequency=found.frequency or ""),
        "confidence": found.confidence,
        "inherited": ["lead"] if found.inherited else [],
        "needs_unit": lacks_unit(lead),
    }
    return Candidate(**values | fields)


def dated_anew(rows: Iterable[Candidate], old_day: date, new_day: date) -> Iterator[tuple[Candidate, date | None]]:
    """The rows whose deadline follows from the document's date, with their date after that day has changed.

    `rows` in the order of the text, since 届时 is the date before it. A date that a person set is left out.
    """
    old_before: date | None = None
    new_before: date | None = None
    is_workday = default_calendar().is_workday
    for row in rows:
        if not row.deadline:
            continue
        old = resolve_deadline(row.deadline, old_day, is_workday, previous=old_before)
        new = resolve_deadline(row.deadline, new_day, is_workday, previous=new_before)
        old_before, new_before = old or old_before, new or new_before
        if row.due_on == on_workday(old) != on_workday(new):
            yield row, on_workday(new)


def _move_dates(document: Document, day: date) -> int:
    """Date the deadlines anew that stand where the old date put them."""
    moved = 0
    rows = document.candidates.exclude(state=CandidateState.MERGED).order_by("start", "pk")
    for candidate, due_on in dated_anew(rows, document.day, day):
        if candidate.tasks.exists():
            continue
        candidate.due_on = due_on
        candidate.revision += 1
        candidate.save(update_fields=["due_on", "revision", "updated_at"])
        moved += 1
    return moved


def _read(name: str, data: bytes, reading: PagesRead | None) -> ReadDocument:
    """The document's text; characters that no database keeps are replaced one for one, so that offsets stay."""
    try:
        source = read_document(name or _("pasted text"), data, reading)
    except NeedsRecognition as error:
        raise LongReading(f"《{error.name}》{error.fault}。", f"{error.way_out}。") from error
    except UnreadableDocument as error:
        raise BadUpload(f"《{error.name}》{error.fault}。", f"{error.way_out}。") from error
    sound = source.text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
    return replace(source, text=sound)


def _checked_day(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Refusal(_("The date %s cannot be right.") % day.isoformat(), _("Look at the year again."))
    return day
