"""The legal steps of a score from outside."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangwen.scoring.enums import OutsideState
from chuangwen.workflow.transitions import Transition, Workflow

SCORE = "scoring.run"
OUTSIDE_WORKFLOW = Workflow(
    [
        Transition(
            "correct", (OutsideState.STANDING,), OutsideState.STANDING, _("Correct the outside score"),
            _("Outside score corrected"), permission=SCORE, icon="edit", needs_note=True,
        ),
        Transition(
            "withdraw", (OutsideState.STANDING,), OutsideState.WITHDRAWN, _("Withdraw the outside score"),
            _("Outside score withdrawn"), permission=SCORE, icon="trash", needs_note=True,
        ),
    ]
)  # fmt: skip
