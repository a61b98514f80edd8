"""Letters from above: registered once, proposed, put before a leader, instructed on, read for directives, filed.

A paper with a secrecy grade is refused before anything of it is kept: its place is not in this program.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import require_actor
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import Upload, read
from chuangwen.core.numbering import next_number
from chuangwen.core.templatetags.wording import day as day_words
from chuangwen.directives.enums import BEFORE_UNITS, LetterStage
from chuangwen.directives.guessing import guess_kind
from chuangwen.directives.models import Document, Letter
from chuangwen.directives.queries.letters import document_of, office_unit, paper_of, same_letter
from chuangwen.directives.reading import NeedsRecognition, UnreadableDocument, read_document
from chuangwen.directives.secrecy import grade_of
from chuangwen.directives.services.documents import SameDocument, add_document
from chuangwen.directives.services.meetings import keep_papers
from chuangwen.directives.slips import folded
from chuangwen.directives.workflow import EDIT, LETTER_WORKFLOW
from chuangwen.notifications.services import notify
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.models import Holding, Post
from chuangwen.organizations.queries import lasting
from chuangwen.responsibilities.models import TaskState, Urgency
from chuangwen.responsibilities.services.instructions import withdraw_instruction, write_instruction
from chuangwen.responsibilities.services.papers import Scan
from chuangwen.responsibilities.services.tasks import cancel_task
from chuangwen.workflow.services import StaleState, advance, note_step

CORRECTED = ("sender", "paper_number", "title", "dated", "received_on", "urgency", "due_on")
LOOKED_AT = 4 * 1024 * 1024  # of a larger paper the mark is not looked for: it is a scan


@dataclass(frozen=True, slots=True)
class Received:
    """A letter as it is registered: who sent it under which number, what about, when, how urgent, by when answered."""

    sender: str
    paper_number: str
    title: str
    received_on: date
    papers: Sequence[Upload] = ()
    dated: date | None = None
    urgency: str = Urgency.ORDINARY
    due_on: date | None = None
    only_notice: bool = False


class SameLetter(Refusal):
    """The letter is in the register already: `letter` is it."""

    def __init__(self, letter: Letter) -> None:
        self.letter = letter
        words = {"sender": letter.sender, "number": letter.paper_number, "own": letter.number}
        super().__init__(
            _("%(number)s of %(sender)s is registered already as %(own)s.") % words,
            _("Open it and go on there; nothing was added."),
        )


class SecretPaper(Refusal):
    """The paper bears a secrecy grade."""

    def __init__(self, grade: str) -> None:
        super().__init__(
            _("This paper is marked “%s”. Papers with a secrecy grade do not belong in here; nothing was kept.")
            % grade,
            _("Handle it on paper by the rules for secret papers, and delete the copy on this machine."),
        )


def register_letter(campaign: Campaign, received: Received, *, actor: Any) -> Letter:
    """Take a letter into the register. Raises SameLetter for one that is there, SecretPaper for a marked one."""
    require_actor(actor, EDIT, campaign)
    _check_secrecy(received)
    _check_facts(received)
    year, region = clock.today().year, campaign.region
    with _once(region.pk, received) as fields:
        letter: Letter = Letter.objects.create(
            region=region, campaign=campaign, unit=office_unit(region.pk), made_by=actor,
            number=f"S{year}-{next_number(region, f'letter-{year}'):04d}", **fields,
        )  # fmt: skip
        facts: dict[str, Any] = {name: fields[name] for name in ("sender", "paper_number")} | {"number": letter.number}
        if received.papers:
            facts["papers"] = keep_papers(letter, received.papers, actor=actor)
        note_step(letter, "register", actor=actor, data=facts)
        if received.only_notice:
            advance(letter, LETTER_WORKFLOW, "file", actor=actor)
    return letter


def change_letter(letter: Letter, received: Received, *, actor: Any) -> None:
    """Correct what was registered; papers given now are added to those that hang on it."""
    require_actor(actor, EDIT, letter)
    if letter.state in (LetterStage.ANSWERED, LetterStage.WITHDRAWN):
        raise Refusal(_("This letter is closed."), _("What was registered stands."))
    _check_secrecy(received)
    _check_facts(received)
    with _once(letter.region_id, received, but=letter) as fields:
        changed = [name for name in CORRECTED if getattr(letter, name) != fields[name]]
        data: dict[str, Any] = {
            "before": {name: getattr(letter, name) for name in changed},
            "after": {name: fields[name] for name in changed},
        }
        Letter.objects.filter(pk=letter.pk).update(**fields, updated_at=clock.now())
        for name, value in fields.items():
            setattr(letter, name, value)
        if received.papers:
            data["papers"] = keep_papers(letter, received.papers, actor=actor)
        note_step(letter, "change", actor=actor, data=data)


def propose_handling(letter: Letter, *, proposal: str, leader: Post | None, actor: Any) -> None:
    """Write the proposed handling (拟办); with a `leader` the letter lies before that post, which is told."""
    require_actor(actor, EDIT, letter)
    if not proposal.strip():
        raise Refusal(_("The proposal has no words."), _("Say who should handle it, and how."))
    if leader is not None and leader.region_id != letter.region_id:
        raise Refusal(_("This post does not belong to this region."), _("Choose a post of your own region."))
    if leader is not None and leader.kind == PostKind.LIAISON:
        raise Refusal(_("A liaison gives no instructions."), _("Choose the post of a leader."))
    with transaction.atomic():
        fields: dict[str, Any] = {"proposal": proposal.strip()}
        if leader is not None:
            data = {"leader": str(leader)}
            advance(letter, LETTER_WORKFLOW, "submit", actor=actor, note=proposal, data=data, leader=leader, **fields)
            _tell_leader(letter)
        elif letter.state == LetterStage.REGISTERED:
            advance(letter, LETTER_WORKFLOW, "propose", actor=actor, note=proposal, **fields)
        else:
            _rewrite(letter, proposal.strip(), actor)


def enter_words(
    letter: Letter, post: Post, *, content: str, actor: Any, medium: str = "", written_on: date | None = None,
    scan: Scan | None = None,
) -> None:  # fmt: skip
    """The leader's words (批示), from the own post or entered by the office from the sheet; then it is passed on.

    They stand in the register of instructions as well; whether a unit has to act is said when the letter is passed on.
    """
    with transaction.atomic():
        given: dict[str, Any] = {"medium": medium} if medium else {}
        instruction = write_instruction(
            letter.campaign, post, about=letter.title[:200], content=content, actor=actor, written_on=written_on,
            urgency=letter.urgency, scan=scan, on_letter=True, **given,
        )  # fmt: skip
        data = {"leader": instruction.signed_as}
        behalf = "" if instruction.medium == "screen" else instruction.signed_as
        advance(
            letter, LETTER_WORKFLOW, "instruct", actor=actor, note=content, data=data, on_behalf=behalf, leader=post
        )
        letter.instructions.add(instruction)


def file_letter(letter: Letter, *, actor: Any) -> None:
    """Nobody has to answer it: it is only for notice."""
    advance(letter, LETTER_WORKFLOW, "file", actor=actor)


def reopen_letter(letter: Letter, *, actor: Any) -> None:
    """It has to be answered after all."""
    advance(letter, LETTER_WORKFLOW, "reopen", actor=actor)


def take_letter(letter: Letter, *, actor: Any) -> None:
    """The office answers it itself; no unit is asked."""
    advance(letter, LETTER_WORKFLOW, "take", actor=actor)


def withdraw_letter(letter: Letter, *, reason: str, actor: Any) -> None:
    """Registered in error: out of the register, with the tasks and instructions that came of it."""
    with transaction.atomic():
        advance(letter, LETTER_WORKFLOW, "withdraw", actor=actor, note=reason)
        for slip in letter.slips.select_related("task__unit", "task__region", "task__campaign", "task__instruction"):
            if slip.task.state != TaskState.CANCELLED:
                cancel_task(slip.task, reason=reason, actor=actor)
        for instruction in letter.instructions.filter(withdrawn_at__isnull=True).select_related("post", "region"):
            withdraw_instruction(instruction, reason=reason, actor=actor)


def read_letter(letter: Letter, *, actor: Any) -> Document:
    """Let the review read the letter's paper; the same bytes lead to the same document, whoever gave them in.

    Raises LongReading for a scan or photo, which only a job can read.
    """
    require_actor(actor, EDIT, letter)
    if found := document_of(letter):
        return found
    paper = paper_of(letter)
    if paper is None:
        raise Refusal(_("The letter has no paper."), _("Add its file first."))
    data = read(paper.file)
    with transaction.atomic():
        try:
            document = add_document(
                letter.campaign, data, actor=actor, name=paper.name, title=letter.title,
                kind=guess_kind(letter.title, ""), day=letter.dated or letter.received_on,
            )  # fmt: skip
        except SameDocument as same:
            return same.document
        note_step(letter, "read", actor=actor, data={"document": document.pk})
    return document


@contextmanager
def _once(region: int, received: Received, *, but: Letter | None = None) -> Iterator[dict[str, Any]]:
    """Keep in one transaction what the register has of `received`; of one sender and number there is one letter.

    Raises SameLetter for another one that is there, also where two people enter it in the same moment.
    """
    keys = {"sender_key": folded(received.sender), "paper_key": folded(received.paper_number)}
    if known := same_letter(region, **keys, but=but):
        raise SameLetter(known)
    try:
        with transaction.atomic():
            said = {name: getattr(received, name) for name in CORRECTED}
            yield {name: one.strip() if isinstance(one, str) else one for name, one in said.items()} | keys
    except IntegrityError:
        if first := same_letter(region, **keys, but=but):
            raise SameLetter(first) from None
        raise


def _rewrite(letter: Letter, proposal: str, actor: Any) -> None:
    """Other words for a proposal while the letter has not gone to units."""
    rows = Letter.objects.filter(pk=letter.pk, state__in=[str(one) for one in BEFORE_UNITS])
    if rows.update(proposal=proposal, updated_at=clock.now()) != 1:
        raise StaleState(letter)
    letter.proposal = proposal
    note_step(letter, "rewrite", actor=actor, note=proposal)


def _check_facts(received: Received) -> None:
    for text, words in (
        (received.sender, _("It does not say who sent it.")),
        (received.paper_number, _("The number of the paper is missing.")),
        (received.title, _("The letter has no title.")),
    ):
        if not text.strip():
            raise Refusal(words, _("It stands on the paper; write “none” where it has no number."))
    if received.received_on > clock.today():
        raise Refusal(_("The day lies in the future."), _("Give the day on which it came."))
    if received.dated is not None and received.dated > received.received_on:
        raise Refusal(_("It came before it was written."), _("Compare the two days."))
    if received.due_on is not None and received.due_on < received.received_on:
        raise Refusal(
            _("The answer is wanted on %s, before the letter came.") % day_words(received.due_on),
            _("Compare the two days."),
        )


def _check_secrecy(received: Received) -> None:
    named = [received.paper_number, received.title, *(paper.name for paper in received.papers)]
    marks = chain(
        (grade_of(text, title=True) for text in named), (grade_of(_text_of(paper)) for paper in received.papers)
    )
    if grade := next(filter(None, marks), ""):
        raise SecretPaper(grade)


def _text_of(paper: Upload) -> str:
    """The paper's words, "" where only a person or a recognition can read it."""
    if len(paper.data) > LOOKED_AT:
        return ""
    try:
        return read_document(paper.name, paper.data).text
    except (NeedsRecognition, UnreadableDocument):
        return ""


def _tell_leader(letter: Letter) -> None:
    held = Holding.objects.filter(lasting(), post=letter.leader_id).values("user")
    people = get_user_model().objects.filter(pk__in=held, is_active=True)
    url = reverse("directives:letter", args=[letter.pk])
    words = _("A letter awaits your instruction: %s") % letter.title
    urgent = letter.urgency != Urgency.ORDINARY
    notify(people, "directives", words, region=letter.region, url=url, urgent=urgent)
