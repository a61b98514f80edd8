"""Corrects what the engine read: deed, units, deadline, frequency, measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core.errors import Refusal
from chuangwen.directives.addressees import Party, lacks_unit, unit_ids, unknown_names
from chuangwen.directives.models import Candidate, CandidateState, Outcome
from chuangwen.directives.services.deciding import check_editable, claim, keep_act, snapshot
from chuangwen.directives.services.naming import give_names, keep_name
from chuangwen.directives.workflow import CANDIDATE_WORKFLOW
from chuangwen.organizations.models import Unit
from chuangwen.workflow.services import advance

ACTION_LIMIT = 300  # a task's title


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person wants a candidate to say."""

    action: str
    lead: Sequence[Party] = ()
    cooperate: Sequence[Party] = ()
    due_on: date | None = None
    frequency: str = ""
    measure: str = ""
    becomes: str = ""  # empty: as it was
    remember: bool = False  # the unknown name of the lead means the units chosen for it, here and from now on


def edit_candidate(
    candidate: Candidate, wanted: Wanted, *, revision: int, actor: Any, accept: bool = False
) -> list[int]:
    """Save a person's version, and accept it in the same breath where she says so.

    A unit that leads does not also cooperate. Returns the keys of the directives that changed: those that say the
    same name, too, where it is to be remembered. Raises StaleCandidate where the revision is an
    older one, Refusal for an empty deed, a date before the meeting or a unit of another region.
    """
    check_editable(candidate, actor)
    changes = _changes(candidate, wanted)
    before = [snapshot(candidate)]
    changed = [candidate]
    name, chosen = _learnt(candidate, changes["lead"]) if wanted.remember else ("", [])
    learnt = []
    with transaction.atomic():
        claim(candidate, revision, **changes)
        if name and chosen:
            learnt = [keep_name(candidate.document, name, chosen, actor=actor)]
            stood, others = give_names(candidate.document, {name: chosen}, actor=actor, but=candidate)
            before, changed = before + stood, changed + others
        act = "edit"
        if accept and candidate.state != CandidateState.ACCEPTED:
            act = "accept"
            advance(candidate, CANDIDATE_WORKFLOW, "accept", actor=actor)
        keep_act(candidate.document, act, actor=actor, before=before, changed=changed, learnt=learnt)
    return [row.pk for row in changed]


def _learnt(candidate: Candidate, lead: list[dict[str, Any]]) -> tuple[str, list[Unit]]:
    """The one unknown name of the lead, and the units that a person chose for it; nothing where it is not clear."""
    names = unknown_names(candidate.lead)
    if len(names) != 1 or sum(not party["units"] for party in candidate.lead) > 1:
        return "", []
    known = set(unit_ids(candidate.lead))
    chosen = [unit for unit in unit_ids(lead) if unit not in known]
    units = Unit.objects.in_bulk(chosen)
    return names[0], [units[one] for one in chosen if one in units]


def _changes(candidate: Candidate, wanted: Wanted) -> dict[str, Any]:
    action = wanted.action.strip()
    if not action:
        raise Refusal(_("Say what is to be done."), _("One short sentence is enough."))
    if len(action) > ACTION_LIMIT:
        raise Refusal(
            _("What is to be done takes %d characters at most.") % ACTION_LIMIT,
            _("The whole sentence stays with the task as its source."),
        )
    if wanted.due_on and wanted.due_on != candidate.due_on and wanted.due_on < candidate.document.day:
        raise Refusal(_("The deadline lies before the meeting itself."), _("Look at the year and month again."))
    lead = [party.as_json() for party in wanted.lead]
    leading = set(unit_ids(lead))
    cooperate = [
        Party(party.name, rest).as_json()
        for party in wanted.cooperate
        if (rest := tuple(one for one in party.units if one not in leading)) or not party.units
    ]
    _check_units(candidate, [*lead, *cooperate])
    return {
        "action": action,
        "lead": lead,
        "cooperate": cooperate,
        "due_on": wanted.due_on,
        "frequency": wanted.frequency.strip()[:80],
        "measure": wanted.measure.strip()[:300],
        "needs_unit": lacks_unit(lead),
        "becomes": wanted.becomes if wanted.becomes in Outcome.values else candidate.becomes,
    }


def _check_units(candidate: Candidate, parties: list[dict[str, Any]]) -> None:
    wanted = set(unit_ids(parties))
    if Unit.objects.filter(pk__in=wanted, region=candidate.region_id).count() != len(wanted):
        raise Refusal(_("A unit does not belong to this region."), _("Choose it from the list again."))
