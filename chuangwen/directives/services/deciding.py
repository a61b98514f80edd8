"""Decides on candidates: accept, drop, reopen. Every act is kept so that it can be undone.

Two people may work on one document: whoever acts names the revision that she saw, and the
UPDATE itself refuses an older one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import require_actor
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.directives.models import Candidate, CandidateState, Document, Outcome
from chuangwen.directives.workflow import CANDIDATE_WORKFLOW, is_not_issued
from chuangwen.workflow.services import advance, note_step

ACT = "review"  # the document's history row of one act of review
KEPT = (
    "start", "end", "quote", "action", "lead", "cooperate", "deadline", "due_on", "frequency", "targets", "measure",
    "words", "needs_unit", "becomes",
)  # fmt: skip
Before = dict[str, Any]


class StaleCandidate(Conflict):
    """Somebody else changed the directive meanwhile: `current` is how it stands now."""

    def __init__(self, current: Candidate) -> None:
        self.current = current
        super().__init__(
            _("Somebody changed this directive while you had it open."),
            _("Look at both versions and choose; nothing was overwritten."),
        )


def accept_candidate(candidate: Candidate, *, revision: int, actor: Any) -> None:
    """Take the directive on as it stands; it becomes tasks when the accepted ones are issued."""
    _decide(candidate, "accept", revision, actor)


def drop_candidate(candidate: Candidate, *, revision: int, actor: Any) -> None:
    """Say that this passage asks nothing of anybody."""
    _decide(candidate, "drop", revision, actor)


def reopen_candidate(candidate: Candidate, *, revision: int, actor: Any) -> None:
    """Let the directive wait for a decision again."""
    _decide(candidate, "reopen", revision, actor)


def turn_candidate(candidate: Candidate, becomes: str, *, revision: int, actor: Any) -> None:
    """Say what the directive becomes when it is issued: a task, a recurring duty or a standing rule."""
    if becomes not in Outcome.values:
        raise Refusal(_("A directive becomes a task, a recurring duty or a standing rule."), _("Choose one of them."))
    check_editable(candidate, actor)
    before = snapshot(candidate)
    with transaction.atomic():
        claim(candidate, revision, becomes=becomes)
        keep_act(candidate.document, "turn", actor=actor, before=[before], changed=[candidate])


def check_editable(candidate: Candidate, actor: Any) -> None:
    """Raise where `actor` has no say, or the directive is issued, merged into another, or of a version replaced."""
    require_actor(actor, "directives.edit", candidate)
    check_current(candidate.document)
    if candidate.state == CandidateState.MERGED:
        raise Refusal(_("This directive was merged into another one."), _("Undo the merging first."))
    if reason := is_not_issued(actor, candidate):
        raise Refusal(reason)


def check_current(document: Document) -> None:
    """Raise where a revised version has taken the document's place."""
    if Document.objects.filter(replaces=document).exists():
        raise Refusal(_("A revised version has taken this document's place."), _("Go on in the revised version."))


def claim(candidate: Candidate, revision: int, **changes: Any) -> None:
    """Write `changes` and raise the revision, if it is still the one named. Raises StaleCandidate else."""
    rows = Candidate.objects.filter(pk=candidate.pk, revision=revision)
    if rows.update(revision=F("revision") + 1, updated_at=clock.now(), **changes) != 1:
        raise StaleCandidate(Candidate.objects.select_related("document", "region").get(pk=candidate.pk))
    candidate.revision = revision + 1
    for name, value in changes.items():
        setattr(candidate, name, value)


def snapshot(candidate: Candidate) -> Before:
    """How the candidate stands before an act: what undo needs."""
    fields = {name: getattr(candidate, name) for name in KEPT}
    if isinstance(fields["due_on"], date):
        fields["due_on"] = fields["due_on"].isoformat()
    return {"pk": candidate.pk, "state": candidate.state, "fields": fields}


def keep_act(
    document: Document,
    act: str,
    *,
    actor: Any,
    before: Iterable[Before],
    changed: Iterable[Candidate],
    made: Iterable[Candidate] = (),
    learnt: Iterable[dict[str, Any]] = (),
) -> None:
    """Note one act of review with how things stood before it, which revisions it left, and what names it taught."""
    data = {
        "act": act,
        "before": list(before),
        "left": {str(one.pk): one.revision for one in changed},
        "made": [one.pk for one in made],
    }
    if names := list(learnt):
        data["learnt"] = names
    note_step(document, ACT, actor=actor, data=data)


def _decide(candidate: Candidate, action: str, revision: int, actor: Any) -> None:
    check_current(candidate.document)
    before = snapshot(candidate)
    with transaction.atomic():
        claim(candidate, revision)
        advance(candidate, CANDIDATE_WORKFLOW, action, actor=actor)
        keep_act(candidate.document, action, actor=actor, before=[before], changed=[candidate])
