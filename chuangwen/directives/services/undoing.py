"""Takes back one's own last act of review: fields, states, and rows that the act made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import require_actor
from chuangwen.core.errors import Refusal
from chuangwen.directives.models import Candidate, CandidateState, Document
from chuangwen.directives.services.deciding import ACT, check_current, claim
from chuangwen.directives.services.naming import forget_name
from chuangwen.directives.workflow import CANDIDATE_WORKFLOW, is_not_issued
from chuangwen.workflow.models import Step
from chuangwen.workflow.queries import history_of
from chuangwen.workflow.services import advance, note_step

UNDO = "undo"
LOOK_BACK = 400  # acts at one document that undo reaches back
UNDO_WITHIN = timedelta(hours=12)  # a sitting (proposed): what was decided earlier is opened and changed by name


def undo_last(document: Document, *, actor: Any) -> tuple[str, list[int]]:
    """Undo what `actor` did last at this document; returns (the act, the rows concerned).

    Refused where somebody changed one of the rows since, a task was issued from it, or it was done before UNDO_WITHIN.
    A name that the act taught is forgotten with it.
    """
    require_actor(actor, "directives.edit", document)
    check_current(document)
    act = _last_act(document, actor)
    if act is None:
        raise Refusal(_("There is nothing of yours from the last 12 hours to undo here."))
    step = act.step
    with transaction.atomic():
        rows = Candidate.objects.filter(pk__in=step.data["left"]).select_related("document", "region")
        by_pk = {row.pk: row for row in rows}
        for pk, row in by_pk.items():
            if pk in act.touched or row.revision != act.revisions[pk]:
                raise Refusal(_("“%s” was changed by somebody else since.") % row, _("Open it and change it by hand."))
            if reason := is_not_issued(actor, row):
                raise Refusal(reason)
        for before in step.data["before"]:
            _restore(by_pk[before["pk"]], before, actor)
        for pk in step.data["made"]:
            claim(by_pk[pk], by_pk[pk].revision)
            advance(by_pk[pk], CANDIDATE_WORKFLOW, "merge", actor=actor)
        for learnt in step.data.get("learnt", ()):
            forget_name(document, learnt, actor=actor)
        left = {str(pk): row.revision for pk, row in by_pk.items()}
        note_step(document, UNDO, actor=actor, data={"undoes": step.pk, "act": step.data["act"], "left": left})
    return step.data["act"], list(by_pk)


@dataclass(frozen=True, slots=True)
class _Act:
    """The act to undo; the revisions that rows have if nobody else came between; rows that somebody touched since."""

    step: Step
    revisions: dict[int, int]
    touched: set[int]


def _last_act(document: Document, actor: Any) -> _Act | None:
    """The actor's latest act of this sitting that she has not undone yet."""
    undone: set[int] = set()
    revisions: dict[int, int] = {}
    touched: set[int] = set()
    recent = history_of(document).filter(action__in=[ACT, UNDO], at__gt=clock.now() - UNDO_WITHIN)
    for step in recent.order_by("-pk")[:LOOK_BACK]:
        mine = step.actor_id == (actor.pk if actor else None)
        for pk, revision in step.data["left"].items():
            revisions.setdefault(int(pk), revision)
            if not mine:
                touched.add(int(pk))
        if step.action == UNDO:
            undone.add(step.data["undoes"])
        elif mine and step.pk not in undone:
            return _Act(step, revisions, touched)
    return None


def _restore(row: Candidate, before: dict[str, Any], actor: Any) -> None:
    fields = dict(before["fields"])
    if fields["due_on"]:
        fields["due_on"] = date.fromisoformat(fields["due_on"])
    claim(row, row.revision, **fields)
    wanted = before["state"]
    if row.state == wanted:
        return
    if wanted == CandidateState.OPEN or row.state == CandidateState.MERGED:
        advance(row, CANDIDATE_WORKFLOW, "reopen", actor=actor)
    if wanted != CandidateState.OPEN:
        advance(row, CANDIDATE_WORKFLOW, "accept" if wanted == CandidateState.ACCEPTED else "drop", actor=actor)
