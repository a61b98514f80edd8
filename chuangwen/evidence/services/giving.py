"""Gives evidence: files and words become pieces, pieces are linked to the slots that they fill.

A piece is given once. The same file again, by the same unit, is the piece that is there already; it is told and used
(design.md, Rules that protect people, 2). What a review has before it does not change: pieces of a dossier that is
handed in can neither come nor go nor be edited.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.access import require_actor
from chuangwen.core.asking import Question
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.files.exif import taken
from chuangwen.core.files.services import PICTURES, Upload, hang, refuse_macros, store_bytes
from chuangwen.core.files.sniffing import DOCX, XLSX
from chuangwen.core.models import Attachment, StoredFile
from chuangwen.evidence.enums import WITH_THE_UNIT
from chuangwen.evidence.models import PIECE_OWNER, Dossier, Link, Piece
from chuangwen.evidence.naming import LONGEST_TITLE, day_in, kind_of, number_in, title_of
from chuangwen.evidence.queries.dossiers import slots_for, usable_pieces
from chuangwen.evidence.services.figures import refresh_figures, refresh_of_piece
from chuangwen.evidence.slots import Slot
from chuangwen.evidence.workflow import GIVE
from chuangwen.organizations.models import Unit
from chuangwen.standards.enums import EvidenceKind
from chuangwen.workflow.services import StaleState, note_step

ACCEPTED: Final = PICTURES | {
    "application/pdf", "text/plain", "application/rtf", "video/mp4", "application/x-ole-storage",
    DOCX,
    XLSX,
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}  # fmt: skip
MOST_FILES: Final = 60
LONGEST_TEXT: Final = 20_000
HELD: Final = Question(
    lambda dossier: (
        Dossier.objects.filter(pk=dossier)
        .select_for_update(of=("self",))
        .select_related("node__version", "unit__region", "region")
    )
)
WITH_FILE: Final = Question(lambda unit, file: Piece.objects.filter(unit=unit, file=file).order_by("pk")[:1])


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said of a piece."""

    title: str = ""
    text: str = ""
    person: str = ""
    deed: str = ""
    spirit: str = ""
    issuing_body: str = ""
    document_number: str = ""
    dated_on: date | None = None
    happened_on: date | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one uploaded file: the piece; whether it was there already; why it was not taken."""

    name: str
    piece: Piece | None = None
    known: bool = False
    refused: str = ""


def give_files(
    dossier: Dossier, slot_key: str, uploads: Sequence[Upload], *, actor: Any, facts: Facts | None = None
) -> list[Outcome]:
    """Each file becomes a piece in the slot; one that cannot be taken is told and does not stop the others.

    Titles, document numbers and days come from the names, a photo's day from its own record, the kind from the
    content. `facts` are said of all of them. Refused: no file, too many, a slot that the criterion does not have.
    """
    slot = _slot(dossier, slot_key)
    if not uploads:
        raise Refusal(_("No file was chosen."), _("Choose one or several files."))
    if len(uploads) > MOST_FILES:
        raise Refusal(_("More than %d files at once.") % MOST_FILES, _("Send them in several goes."))
    with transaction.atomic():
        held = _hold(dossier, actor)
        outcomes = [_give_one(held, slot, one, facts or Facts(), actor) for one in uploads]
        if any(one.piece is not None for one in outcomes):
            refresh_figures([held])
    _take_over(dossier, held)
    return outcomes


def write_piece(dossier: Dossier, slot_keys: Sequence[str], facts: Facts, *, actor: Any, passage: str = "") -> Piece:
    """Words given as a piece: a statement, or an example with person, deed and spirit that fills several slots."""
    slots = [_slot(dossier, key) for key in slot_keys]
    clean = _checked(facts)
    if not slots:
        raise Refusal(_("It does not say what these words are for."), _("Choose the slot."))
    if not (clean.text or clean.person or clean.deed or clean.spirit):
        raise Refusal(_("There is no text."), _("Write it, or give a file instead."))
    for slot in slots:
        _refuse_kind(slot, EvidenceKind.STATEMENT)
        _refuse_length(slot, clean)
    with transaction.atomic():
        held = _hold(dossier, actor)
        values = asdict(clean) | {"title": clean.title or _first_words(clean)}
        piece: Piece = Piece.objects.create(
            region_id=held.region_id, unit_id=held.unit_id, kind=EvidenceKind.STATEMENT, given_by=actor, **values
        )
        for slot in slots:
            _link(held, slot, piece, passage, actor)
        refresh_figures([held])
    _take_over(dossier, held)
    return piece


def use_piece(dossier: Dossier, slot_key: str, piece: Piece, *, actor: Any, passage: str = "") -> Link:
    """Let a piece that is there already fill a slot too."""
    slot = _slot(dossier, slot_key)
    _refuse_kind(slot, piece.kind)
    if not usable_pieces(dossier).filter(pk=piece.pk).exists():
        raise Refusal(_("“%s” belongs to another unit.") % piece, _("Ask that unit for the paper, or give your own."))
    with transaction.atomic():
        held = _hold(dossier, actor)
        link = _link(held, slot, piece, passage, actor)
        refresh_figures([held])
    _take_over(dossier, held)
    return link


def unlink_piece(link: Link, *, actor: Any) -> None:
    """Take a piece out of a slot; the piece itself stays with its unit."""
    with transaction.atomic():
        held = _hold(link.dossier, actor)
        if not Link.objects.filter(pk=link.pk).delete()[0]:
            raise StaleState(held)
        note_step(held, "unlink", actor=actor, note=link.piece.title, data={"slot": link.slot, "piece": link.piece_id})
        refresh_figures([held])


def set_passage(link: Link, passage: str, *, actor: Any) -> None:
    """Say which passage of the piece proves the criterion (印证段落)."""
    with transaction.atomic():
        held = _hold(link.dossier, actor)
        if Link.objects.filter(pk=link.pk).update(passage=passage.strip()[:500], updated_at=clock.now()) != 1:
            raise StaleState(held)
        told = {"slot": link.slot, "piece": link.piece_id}
        note_step(held, "passage", actor=actor, note=passage.strip(), data=told)


def edit_piece(piece: Piece, facts: Facts, *, actor: Any) -> Piece:
    """Correct what is said of a piece, wherever it stands; not while a review has it before it."""
    _require_piece(piece, actor)
    clean = _checked(facts)
    if not clean.title:
        raise Refusal(_("The piece has no title."), _("Say in a few words what it is."))
    with transaction.atomic():
        Piece.objects.select_for_update().get(pk=piece.pk)
        _refuse_reviewed(piece)
        for slot in _slots_of(piece):
            _refuse_length(slot, clean)
        values = asdict(clean)
        changed = {name: [_plain(getattr(piece, name)), _plain(value)] for name, value in values.items()
                   if getattr(piece, name) != value}  # fmt: skip
        if not changed:
            return piece
        Piece.objects.filter(pk=piece.pk).update(**values, updated_at=clock.now())
        for name, value in values.items():
            setattr(piece, name, value)
        note_step(piece, "edit", actor=actor, data=changed)
        refresh_of_piece(piece.pk)
    return piece


def drop_piece(piece: Piece, *, actor: Any) -> None:
    """Give up a piece that stands nowhere; its file goes once nothing else points to it."""
    _require_piece(piece, actor)
    with transaction.atomic():
        if Link.objects.filter(piece=piece).exists():
            raise Refusal(_("“%s” stands in a dossier.") % piece, _("Take it out of every dossier first."))
        record("evidence.piece.drop", piece, actor=actor, data={"title": piece.title, "unit": str(piece.unit)})
        Attachment.objects.filter(owner_type=PIECE_OWNER, owner_id=piece.pk).delete()
        piece.delete()


def _give_one(dossier: Dossier, slot: Slot, upload: Upload, facts: Facts, actor: Any) -> Outcome:
    try:
        with transaction.atomic():
            piece, known = _piece_of_file(dossier.unit, slot, upload, facts, actor)
            _link(dossier, slot, piece, "", actor)
    except Refusal as refusal:
        return Outcome(upload.name, refused=str(refusal))
    return Outcome(upload.name, piece, known=known)


def _piece_of_file(unit: Unit, slot: Slot, upload: Upload, facts: Facts, actor: Any) -> tuple[Piece, bool]:
    """The piece that this file is, and whether the unit had given it before."""
    stored = store_bytes(upload.data, accept=ACCEPTED)
    if there := _given_before(unit, slot, stored):
        return there, True
    kind = kind_of(stored.media_type, slot.kind)
    _refuse_kind(slot, kind)
    named = day_in(upload.name, clock.today())
    shot = taken(upload.data, timezone.get_default_timezone()).at if stored.is_picture else None
    on = clock.local(shot).date() if shot is not None and shot <= clock.now() else named
    paper = kind in {EvidenceKind.DOCUMENT, EvidenceKind.TABLE}
    clean = _checked(facts)
    values = asdict(clean) | {
        "title": clean.title or title_of(upload.name) or _named_by_slot(slot, on),
        "document_number": clean.document_number or number_in(upload.name),
        "dated_on": clean.dated_on or (named if paper else None),
        "happened_on": clean.happened_on or (None if paper else on),
    }
    refuse_macros(upload.data)
    try:
        with transaction.atomic():
            piece: Piece = Piece.objects.create(
                region_id=unit.region_id, unit=unit, kind=kind, file=stored, given_by=actor, **values
            )
            hang(stored, upload.name, owner=piece, region=unit.region, actor=actor)
    except IntegrityError:  # a colleague gave the same file at the same moment
        if there := _given_before(unit, slot, stored):
            return there, True
        raise
    return piece, False


def _given_before(unit: Unit, slot: Slot, stored: StoredFile) -> Piece | None:
    """The unit's piece with this file; Refusal where it cannot fill the slot."""
    there: Piece | None = WITH_FILE.first(unit, stored)
    if there is not None:
        there.file = stored
        _refuse_kind(slot, there.kind)
    return there


def _named_by_slot(slot: Slot, on: date | None) -> str:
    """What a file is called whose own name says nothing: the kind, and the day where it is known."""
    kind = str(EvidenceKind(slot.kind).label)
    return f"{kind} {on.isoformat()}" if on else kind


def _link(dossier: Dossier, slot: Slot, piece: Piece, passage: str, actor: Any) -> Link:
    link = Link(
        region_id=dossier.region_id, dossier=dossier, slot=slot.key, piece=piece, passage=passage.strip()[:500]
    )  # fmt: skip
    if not link.insert_unless_there():
        raise Conflict(_("“%s” stands in this slot already.") % piece)
    told = {"slot": slot.key, "piece": piece.pk} | ({"sha256": piece.file.sha256} if piece.file else {})
    note_step(dossier, "give", actor=actor, note=piece.title, data=told)
    return link


def _hold(dossier: Dossier, actor: Any) -> Dossier:
    """The dossier as it is now, held until commit; Refusal where a review has it, PermissionDenied for strangers."""
    require_actor(actor, GIVE, dossier)
    held: Dossier | None = HELD.first(dossier)
    if held is None:
        raise StaleState(dossier)
    if held.state not in WITH_THE_UNIT:
        raise Refusal(
            _("The dossier is handed in: what is in it stays as it is."),
            _("Take it back, or ask the office to return it."),
        )
    return held


def _take_over(dossier: Dossier, held: Dossier) -> None:
    """Let the caller's object say what was written."""
    for name in ("slots_needed", "slots_filled", "missing_since", "months"):
        setattr(dossier, name, getattr(held, name))


def _slot(dossier: Dossier, key: str) -> Slot:
    found = next((slot for slot in slots_for(dossier.node) if slot.key == key), None)
    if found is None:
        raise Refusal(_("The criterion asks for nothing called “%s”.") % key[:30], _("Choose one of its slots."))
    return found


def _slots_of(piece: Piece) -> list[Slot]:
    """The slots that a piece fills, over all dossiers."""
    links = Link.objects.filter(piece=piece).select_related("dossier__node__version")
    return [slot for link in links for slot in slots_for(link.dossier.node) if slot.key == link.slot]


def _refuse_kind(slot: Slot, kind: str) -> None:
    if not slot.takes(kind):
        told = {"slot": slot.label, "wanted": EvidenceKind(slot.kind).label, "given": EvidenceKind(kind).label}
        raise Refusal(_("“%(slot)s” wants: %(wanted)s. This is: %(given)s.") % told, _("Give it where it belongs."))


def _refuse_length(slot: Slot, facts: Facts) -> None:
    text = getattr(facts, slot.part) if slot.part else facts.text
    if slot.most_chars is not None and len(text) > slot.most_chars:
        told = {"slot": slot.label, "most": slot.most_chars, "n": len(text)}
        raise Refusal(_("“%(slot)s” has at most %(most)d characters; these are %(n)d.") % told, _("Shorten the text."))


def _refuse_reviewed(piece: Piece) -> None:
    shown = Dossier.objects.filter(links__piece=piece).exclude(state__in=WITH_THE_UNIT)
    if found := shown.select_related("node").first():
        raise Refusal(
            _("“%(piece)s” stands in %(dossier)s, which is handed in.") % {"piece": piece, "dossier": found},
            _("It can be changed once that dossier is with the unit again."),
        )


def _require_piece(piece: Piece, actor: Any) -> None:
    require_actor(actor, GIVE, piece)


def _checked(facts: Facts) -> Facts:
    """The facts without blanks around them; Refusal for days to come and endless texts."""
    for day in (facts.dated_on, facts.happened_on):
        if day is not None and day > clock.today():
            raise Refusal(_("A day given for the piece lies ahead."), _("Give today or an earlier day."))
    words = {name: value.strip() for name, value in asdict(facts).items() if isinstance(value, str)}
    if any(len(text) > LONGEST_TEXT for text in words.values()):
        raise Refusal(_("The text is longer than %d characters.") % LONGEST_TEXT, _("Give it as a file."))
    words["title"] = words["title"][:LONGEST_TITLE]
    words["issuing_body"], words["document_number"] = words["issuing_body"][:80], words["document_number"][:60]
    return Facts(**words, dated_on=facts.dated_on, happened_on=facts.happened_on)


def _first_words(facts: Facts) -> str:
    text = facts.text or facts.deed or facts.person or facts.spirit
    first = text.splitlines()[0]
    return first if len(first) <= 40 else f"{first[:39]}…"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
