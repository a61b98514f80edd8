"""The legal steps of a place: in use, closed for a time, gone."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangwen.places.models import PlaceState
from chuangwen.workflow.transitions import Transition, Workflow

OPEN, CLOSED, GONE = PlaceState.OPEN.value, PlaceState.CLOSED.value, PlaceState.GONE.value

PLACE_WORKFLOW = Workflow(
    (
        Transition(
            "close", (OPEN,), CLOSED, _("Close for a time"), _("Closed for a time"), "places.edit",
            icon="hourglass", needs_note=True,
        ),
        Transition(
            "reopen", (CLOSED, GONE), OPEN, _("Put in use again"), _("In use again"), "places.edit",
            icon="repeat", needs_note=True,
        ),
        Transition(
            "end", (OPEN, CLOSED), GONE, _("Take off the register"), _("Gone"), "places.edit",
            icon="archive", needs_note=True,
        ),
    )
)  # fmt: skip

ACTION_TO = {CLOSED: "close", OPEN: "reopen", GONE: "end"}
