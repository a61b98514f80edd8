"""The legal steps of a score on its way to everybody: who proposed it does not release it (四眼)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from chuangwen.campaigns.models import RoundState
from chuangwen.reports.enums import ReleaseState
from chuangwen.reports.workflow import RELEASE, is_second_person
from chuangwen.workflow.transitions import Transition, Words, Workflow


def is_finished(_actor: Any, release: Any) -> Words:
    """What a running round found stays inside."""
    return "" if release.run.round.state == RoundState.CLOSED else _("The round is not finished.")


SCORE_RELEASE = Workflow(
    [
        Transition(
            "release", (ReleaseState.PROPOSED,), ReleaseState.RELEASED, _("Release to everybody"),
            _("Released to everybody"), permission=RELEASE, guards=(is_second_person, is_finished), icon="world",
        ),
        Transition(
            "drop", (ReleaseState.PROPOSED,), ReleaseState.DROPPED, _("Do not release it"),
            _("Not released"), permission=RELEASE, icon="x", needs_note=True,
        ),
        Transition(
            "take_back", (ReleaseState.RELEASED,), ReleaseState.TAKEN_BACK, _("Take it off the public pages"),
            _("Taken off the public pages"), permission=RELEASE, icon="archive", needs_note=True,
        ),
    ]
)  # fmt: skip
