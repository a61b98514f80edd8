"""The legal steps of a score on its way to everybody: as those of a paper, once its round is finished."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from chuangwen.campaigns.models import RoundState
from chuangwen.reports.workflow import release_workflow
from chuangwen.workflow.transitions import Words


def is_finished(_actor: Any, release: Any) -> Words:
    """What a running round found stays inside."""
    return "" if release.run.round.state == RoundState.CLOSED else _("The round is not finished.")


SCORE_RELEASE = release_workflow(is_finished)
