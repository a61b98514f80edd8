"""The legal steps of a draw and of a visit; those of a round are campaigns.workflow's."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.campaigns.models import RoundState
from chuangwen.core.access import may
from chuangwen.evidence.enums import DossierState
from chuangwen.inspections.enums import (
    OPEN_DRAW_STATES,
    STANDING_RESULT_STATES,
    WAITING_STATES,
    DrawState,
    ResultState,
    VisitState,
)
from chuangwen.workflow.transitions import Transition, Words, Workflow


def may_answer(actor: Any, visit: Any) -> Words:
    """Why `actor` may not answer: only the visit's inspector does, the office where it enters a paper sheet."""
    if actor is None or visit.inspector_id == actor.pk:
        return ""
    if visit.on_paper and may(actor, "inspections.plan", visit):
        return ""
    return _("This visit belongs to another inspector.")


def may_skip(actor: Any, visit: Any) -> Words:
    """The inspector who stands before a closed door may, and so may the office."""
    if actor is None or visit.inspector_id == actor.pk or may(actor, "inspections.plan", visit):
        return ""
    return _("This visit belongs to another inspector.")


def round_takes_results(_actor: Any, result: Any) -> Words:
    """A round that is closed is what its score was computed from: nothing is added or changed any more."""
    return "" if result.round.state == RoundState.RUNNING else _("The round is not running: nothing changes any more.")


def is_second_person(actor: Any, result: Any) -> Words:
    """Four eyes: who entered a result does not confirm it (practice.md: 填报 and 审核 are two people)."""
    if actor is None or result.entered_by_id != actor.pk:
        return ""
    return _("You entered it yourself. A second person confirms it.")


def has_two_names(_actor: Any, result: Any) -> Words:
    """What a registered source brings counts at once only where two people have answered for it there."""
    names = {result.entered_by_id, result.checked_by_id} - {None}
    return "" if result.origin and len(names) == 2 else _("Two people have not answered for it yet.")


def comes_from_a_source(_actor: Any, result: Any) -> Words:
    """Only what was taken from a source or a dossier follows it when it changes there."""
    return "" if result.origin or result.dossier_id else _("A person entered it; it is withdrawn by a person.")


def was_entered(_actor: Any, result: Any) -> Words:
    """What a source brings is corrected there, where two people answer for it."""
    return _("It comes from elsewhere in the program and is corrected there.") if result.origin else ""


def is_reviewed_twice(_actor: Any, result: Any) -> Words:
    """A result counts at once only where two people have graded and approved its dossier."""
    dossier = result.dossier
    reviewers = {dossier.accepted_by_id, dossier.approved_by_id} - {None} if dossier else set()
    if dossier is not None and dossier.state == DossierState.APPROVED and len(reviewers) == 2:
        return ""
    return _("The dossier has not been through both reviews.")


DRAW_WORKFLOW = Workflow(
    [
        Transition(
            "commit", (DrawState.FROZEN,), DrawState.COMMITTED, _("Publish the commitment"), _("Commitment published"),
            permission="inspections.draw",
        ),
        Transition(
            "draw", OPEN_DRAW_STATES, DrawState.DRAWN, _("Draw"), _("Drawn"), permission="inspections.draw"
        ),
        Transition(
            "close", (DrawState.DRAWN,), DrawState.CLOSED, _("Publish the secret"), _("Secret published"),
            permission="inspections.draw",
        ),
        Transition(
            "withdraw", OPEN_DRAW_STATES, DrawState.WITHDRAWN, _("Withdraw the draw"), _("Withdrawn"),
            permission="inspections.draw", needs_note=True,
        ),
    ]
)  # fmt: skip

VISIT_WORKFLOW = Workflow(
    [
        Transition(
            "start", (VisitState.PLANNED,), VisitState.STARTED, _("Start"), _("Started"), guards=(may_answer,)
        ),
        Transition(
            "finish", (VisitState.STARTED,), VisitState.FINISHED, _("Finish"), _("Finished"), guards=(may_answer,)
        ),
        Transition(
            "skip", WAITING_STATES, VisitState.SKIPPED, _("Skip"), _("Skipped"), guards=(may_skip,), needs_note=True
        ),
    ]
)  # fmt: skip

ASSESS = "inspections.assess"
RESULT_WORKFLOW = Workflow(
    [
        Transition(
            "confirm", (ResultState.ENTERED,), ResultState.CONFIRMED, _("Confirm the result"),
            pgettext_lazy("result", "Confirmed"),
            permission=ASSESS, guards=(round_takes_results, is_second_person), icon="check",
        ),
        Transition(  # what two people have reviewed in the ledger needs no third one here
            "take", (ResultState.ENTERED,), ResultState.CONFIRMED, _("Take the reviewed dossier"),
            _("Taken from a reviewed dossier"), permission=ASSESS, guards=(round_takes_results, is_reviewed_twice),
            icon="folder",
        ),
        Transition(  # the event was confirmed by a second person where it was entered
            "bring", (ResultState.ENTERED,), ResultState.CONFIRMED, _("Take it into the round"),
            _("Taken into the round"), permission=ASSESS, guards=(round_takes_results, has_two_names), icon="link",
        ),
        Transition(  # also after the round: a score computed later must not count what was lifted
            "lapse", STANDING_RESULT_STATES, ResultState.WITHDRAWN, _("Take back what its source took back"),
            _("Taken back, as at its source"), guards=(comes_from_a_source,), icon="arrow-back-up", needs_note=True,
        ),
        Transition(
            "return", (ResultState.ENTERED,), ResultState.RETURNED, _("Return the result"), _("Returned with a reason"),
            permission=ASSESS, guards=(round_takes_results, is_second_person), icon="arrow-back-up", needs_note=True,
        ),
        Transition(
            "correct", STANDING_RESULT_STATES, ResultState.ENTERED, _("Correct the result"), _("Corrected"),
            permission=ASSESS, guards=(round_takes_results, was_entered), icon="edit", needs_note=True,
        ),
        Transition(
            "withdraw", STANDING_RESULT_STATES, ResultState.WITHDRAWN, _("Withdraw the result"), _("Withdrawn"),
            permission=ASSESS, guards=(round_takes_results,), icon="trash", needs_note=True,
        ),
    ]
)  # fmt: skip
