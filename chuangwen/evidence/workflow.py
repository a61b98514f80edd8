"""The legal steps of a dossier: filled by the unit, graded by the office, approved by the group leader.

Source: practice (材料审核把关): two reviews by two people, neither of whom speaks for the unit.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.access import scope_of
from chuangwen.evidence.enums import REVIEWED, WITH_THE_UNIT, DossierState
from chuangwen.workflow.transitions import Transition, Words, Workflow

GIVE, REVIEW, APPROVE, EDIT = "evidence.give", "evidence.review", "evidence.approve", "evidence.edit"


def speaks_for(actor: Any, owned: Any) -> bool:
    """Whether `actor` answers for a dossier's or piece's unit by a role there, not only for the whole region."""
    return owned.unit_id in scope_of(actor, GIVE).unit_ids


def is_not_of_the_unit(actor: Any, dossier: Any) -> Words:
    """Nobody reviews the own unit's material."""
    if actor is not None and speaks_for(actor, dossier):
        return _("Somebody outside the unit reviews it.")
    return ""


def is_second_reviewer(actor: Any, dossier: Any) -> Words:
    """The second review is another person's than the first."""
    if actor is not None and dossier.accepted_by_id == actor.pk:
        return _("You made the first review yourself. Another person makes the second one.")
    return ""


DOSSIER_WORKFLOW = Workflow(
    [
        Transition(
            "submit", WITH_THE_UNIT, DossierState.SUBMITTED, _("Hand in the dossier"), _("Handed in"),
            permission=GIVE, icon="send",
        ),
        Transition(
            "take-back", (DossierState.SUBMITTED,), DossierState.OPEN, _("Take it back"), _("Taken back"),
            permission=GIVE, icon="arrow-back-up",
        ),
        Transition(
            "accept", (DossierState.SUBMITTED,), DossierState.ACCEPTED, _("Accept with this grade"),
            pgettext_lazy("dossier", "Accepted"),
            permission=REVIEW, guards=(is_not_of_the_unit,), icon="check",
        ),
        Transition(
            "return", (DossierState.SUBMITTED,), DossierState.RETURNED, _("Return it with a reason"),
            _("Returned with a reason"),
            permission=REVIEW, guards=(is_not_of_the_unit,), icon="arrow-back-up", needs_note=True,
        ),
        Transition(
            "approve", (DossierState.ACCEPTED,), DossierState.APPROVED, _("Approve the grade"),
            pgettext_lazy("dossier", "Approved"),
            permission=APPROVE, guards=(is_not_of_the_unit, is_second_reviewer), icon="shield-check",
        ),
        Transition(
            "send-back", (DossierState.ACCEPTED,), DossierState.SUBMITTED, _("Back to the first review"),
            _("Sent back to the first review"),
            permission=APPROVE, guards=(is_not_of_the_unit, is_second_reviewer), icon="arrow-back-up",
            needs_note=True,
        ),
        Transition(
            "reopen", REVIEWED, DossierState.RETURNED, _("Open it again"), _("Opened again"),
            permission=REVIEW, guards=(is_not_of_the_unit,), icon="lock", needs_note=True,
        ),
    ]
)  # fmt: skip
