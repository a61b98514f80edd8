"""The legal steps of a visit and of a draw."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from chuangwen.core.access import may
from chuangwen.inspections.enums import DrawState, VisitState
from chuangwen.workflow.transitions import Transition, Words, Workflow


def is_inspector(actor: Any, visit: Any) -> Words:
    """Only the visit's own inspector answers; the office may enter a paper sheet on behalf."""
    if actor is None or visit.inspector_id == actor.pk or may(actor, "inspections.plan", visit):
        return ""
    return _("This visit belongs to another inspector.")


VISIT_WORKFLOW = Workflow(
    [
        Transition(
            "start", (VisitState.PLANNED,), VisitState.STARTED, _("Start"), _("Started"), guards=(is_inspector,)
        ),
        Transition(
            "finish", (VisitState.STARTED,), VisitState.FINISHED, _("Finish"), _("Finished"), guards=(is_inspector,)
        ),
        Transition(
            "skip", (VisitState.PLANNED, VisitState.STARTED), VisitState.SKIPPED, _("Skip"), _("Skipped"),
            guards=(is_inspector,), needs_note=True,
        ),
    ]
)  # fmt: skip

DRAW_WORKFLOW = Workflow(
    [
        Transition(
            "commit", (DrawState.FROZEN,), DrawState.COMMITTED, _("Publish the commitment"), _("Commitment published"),
            permission="inspections.draw",
        ),
        Transition(
            "draw", (DrawState.FROZEN, DrawState.COMMITTED), DrawState.DRAWN, _("Draw"), _("Drawn"),
            permission="inspections.draw",
        ),
        Transition(
            "close", (DrawState.DRAWN,), DrawState.CLOSED, _("Publish the secret"), _("Secret published"),
            permission="inspections.draw",
        ),
    ]
)  # fmt: skip
