"""Has a second reader look over a document, and puts into effect what a person takes of its proposals."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.access import require_actor
from chuangwen.core.errors import Refusal
from chuangwen.core.workdays import default_calendar
from chuangwen.directives.addressees import Party, full_width
from chuangwen.directives.chat import ChatError, Endpoint, EndpointRefused, ask, checked_address
from chuangwen.directives.models import (
    Candidate,
    CandidateState,
    Document,
    Proposal,
    ProposalAct,
    SecondReading,
    Verdict,
)
from chuangwen.directives.plans import on_workday
from chuangwen.directives.queries.documents import addressees
from chuangwen.directives.resolution import resolve_deadline
from chuangwen.directives.second_reader import MAX_PIECES, Known, Piece, Proposed, messages_for, pieces_of, proposals_in
from chuangwen.directives.services.cutting import mark_by_hand
from chuangwen.directives.services.deciding import check_current, drop_candidate
from chuangwen.directives.services.editing import ACTION_LIMIT, Wanted, edit_candidate

PAUSE = 0.2  # seconds between two requests: others use the endpoint too
GIVE_UP = 3  # pieces in a row without an answer
Told = Callable[[int, int], None]


def second_reader() -> Endpoint | None:
    """The endpoint that the site has set, None where there is none."""
    if not settings.SECOND_READER_URL or not settings.SECOND_READER_MODEL:
        return None
    return Endpoint(
        settings.SECOND_READER_URL,
        settings.SECOND_READER_MODEL,
        settings.SECOND_READER_KEY,
        settings.SECOND_READER_SECONDS,
        settings.SECOND_READER_DATA_MAY_LEAVE,
    )


def ask_second_reader(document: Document, *, actor: Any, told: Told | None = None) -> SecondReading:
    """Send the text in pieces and keep what can be believed of the answers as proposals; nothing is changed by them.

    Undecided proposals of an earlier round give way. Who sent what where is in the audit log before anything is sent.
    Raises Refusal where no reader is set, its address is public, or it does not answer.
    """
    require_actor(actor, "directives.edit", document)
    check_current(document)
    endpoint = _checked()
    pieces = pieces_of(document.text)
    if len(pieces) > MAX_PIECES:
        raise Refusal(_("The document is too long for the second reader."), _("Split it and upload the parts."))
    with transaction.atomic():
        data = {"host": endpoint.host, "model": endpoint.model, "pieces": len(pieces), "characters": len(document.text)}
        record("directives.second_reader.ask", document, actor=actor, data=data)
        reading = SecondReading.objects.create(
            region=document.region, document=document, host=endpoint.host[:255], model=endpoint.model[:100],
            pieces=len(pieces), asked_by=actor,
        )  # fmt: skip
    rows, failed, reason = _answers(document, endpoint, pieces, told)
    with transaction.atomic():
        Proposal.objects.filter(reading__document=document, verdict="").delete()
        Proposal.objects.bulk_create([_row(reading, proposed, known) for proposed, known in rows])
        reading.failed = failed
        reading.save(update_fields=["failed", "updated_at"])
    if failed == len(pieces):
        raise Refusal(
            _("The second reader at %(host)s gives no usable answer: %(reason)s.")
            % {"host": endpoint.host, "reason": _in_words(reason)},
            _("Ask the administrator to look at it; the review goes on without it."),
        )
    return reading


def take_proposal(proposal: Proposal, *, actor: Any) -> Candidate:
    """Do what the proposal says, in the person's name. Refused where the directive has changed since."""
    document = proposal.reading.document
    require_actor(actor, "directives.edit", document)
    with transaction.atomic():
        _decide(proposal, Verdict.TAKEN, actor)
        if proposal.act == ProposalAct.ADD:
            row = mark_by_hand(document, proposal.quote, actor=actor, start=proposal.start)
            Candidate.objects.filter(pk=row.pk).update(proposed_by=proposal.reading.model)
            row = Candidate.objects.select_related("document", "region").get(pk=row.pk)
            if proposal.fields:
                edit_candidate(row, _wanted(row, proposal.fields), revision=row.revision, actor=actor)
            return row
        candidate = Candidate.objects.select_related("document", "region").get(pk=proposal.candidate_id)
        if proposal.act == ProposalAct.REMOVE:
            drop_candidate(candidate, revision=proposal.revision, actor=actor)
        else:
            edit_candidate(candidate, _wanted(candidate, proposal.fields), revision=proposal.revision, actor=actor)
        return candidate


def leave_proposal(proposal: Proposal, *, actor: Any) -> None:
    """Say that nothing comes of the proposal."""
    require_actor(actor, "directives.edit", proposal.reading.document)
    with transaction.atomic():
        _decide(proposal, Verdict.LEFT, actor)


def _in_words(reason: str) -> str:
    """Why there was no answer, as a person is told it."""
    words = {
        "no answer in time": _("no answer in time"),
        "no connection": _("no connection"),
        "unknown host": _("unknown host"),
        "answer too long": _("an answer that is too long"),
        "not an answer of this kind": _("an answer that is not of the expected kind"),
    }
    return words.get(reason, reason.replace("status", "HTTP"))


def _checked() -> Endpoint:
    endpoint = second_reader()
    if endpoint is None:
        raise Refusal(_("No second reader is set."), _("The administrator can set one: SECOND_READER_URL."))
    try:
        checked_address(endpoint)
    except EndpointRefused as refused:
        if refused.reason == "public address":
            raise Refusal(
                _("%s is a public address: the text would leave your network.") % endpoint.host,
                _("Use a reader on your own network, or let the administrator allow it: SECOND_READER_DATA_MAY_LEAVE."),
            ) from None
        raise Refusal(_("The address of the second reader cannot be used."), "SECOND_READER_URL") from None
    except ChatError:
        raise Refusal(
            _("The second reader's host %s is not known here.") % endpoint.host, _("Let the administrator check it.")
        ) from None
    return endpoint


def _answers(
    document: Document, endpoint: Endpoint, pieces: list[Piece], told: Told | None
) -> tuple[list[tuple[Proposed, Candidate | None]], int, str]:
    """(proposals with their candidates, pieces without an answer, why the last of them has none)."""
    live = document.candidates.filter(state__in=(CandidateState.OPEN, CandidateState.ACCEPTED), tasks__isnull=True)
    candidates = list(live.order_by("start", "pk"))
    rows: list[tuple[Proposed, Candidate | None]] = []
    failed, in_a_row, reason = 0, 0, ""
    for number, piece in enumerate(pieces):
        if told is not None:
            told(number, len(pieces))
        here = {i: one for i, one in enumerate(candidates, 1) if piece.start <= one.start < piece.end}
        known = [Known(i, one.start, one.end, _fields(one)) for i, one in here.items()]
        try:
            answer = ask(endpoint, messages_for(document.text, piece, known))
        except ChatError as error:
            failed, in_a_row, reason = failed + 1, in_a_row + 1, error.reason
            if in_a_row >= GIVE_UP:
                return rows, failed + len(pieces) - number - 1, reason
        else:
            in_a_row = 0
            rows += [(one, here.get(one.number)) for one in proposals_in(answer, document.text, piece, known)]
        time.sleep(PAUSE)
    if told is not None:
        told(len(pieces), len(pieces))
    return rows, failed, reason


def _fields(candidate: Candidate) -> dict[str, Any]:
    """What a candidate says, as it is told to the reader."""
    told = {
        "action": candidate.action,
        "lead": [party["name"] for party in candidate.lead],
        "cooperate": [party["name"] for party in candidate.cooperate],
        "deadline": candidate.deadline,
        "frequency": candidate.frequency,
        "targets": candidate.targets,
    }
    return {name: value for name, value in told.items() if value}


def _row(reading: SecondReading, proposed: Proposed, candidate: Candidate | None) -> Proposal:
    return Proposal(
        region=reading.region,
        reading=reading,
        candidate=candidate,
        act=proposed.act,
        start=proposed.start,
        end=proposed.end,
        quote=reading.document.text[proposed.start : proposed.end],
        fields=proposed.fields,
        revision=candidate.revision if candidate is not None else 0,
    )


def _decide(proposal: Proposal, verdict: Verdict, actor: Any) -> None:
    """One decision for each proposal; the row is asked again, so that two people do not both decide."""
    changed = Proposal.objects.filter(pk=proposal.pk, verdict="").update(
        verdict=verdict, decided_by=actor, decided_at=clock.now()
    )
    if not changed:
        raise Refusal(_("This proposal has been decided already."), _("Look at the list again."))
    data = {"act": proposal.act, "model": proposal.reading.model, "start": proposal.start, "end": proposal.end}
    record(f"directives.proposal.{verdict}", proposal.reading.document, actor=actor, data=data)
    proposal.verdict = verdict


def _wanted(candidate: Candidate, fields: dict[str, Any]) -> Wanted:
    """The candidate as it stands, with the proposal's fields put in."""
    known = addressees(candidate.region)

    def parties(name: str) -> list[Party]:
        if name in fields:
            return known.resolve_all(fields[name])
        return [Party(party["name"], tuple(party["units"])) for party in getattr(candidate, name)]

    due_on = candidate.due_on
    if "deadline" in fields:
        is_workday = default_calendar().is_workday
        due_on = on_workday(resolve_deadline(fields["deadline"], candidate.document.day, is_workday)) or due_on
    return Wanted(
        action=fields.get("action", candidate.action)[:ACTION_LIMIT],
        lead=parties("lead"),
        cooperate=parties("cooperate"),
        due_on=due_on,
        frequency=fields.get("frequency", candidate.frequency),
        measure=full_width("；".join(fields["targets"])) if "targets" in fields else candidate.measure,
    )
