"""The steps of campaigns and of rounds."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangwen.campaigns.models import CampaignState, RoundState
from chuangwen.workflow.transitions import Guard, Transition, Words, Workflow

EDIT = "campaigns.edit"
DRAW = "inspections.draw"
_close_guards: list[Guard] = []


def register_close_guard(guard: Guard) -> None:
    """Let a higher area say why a round must stay open (visits that wait, a draw under way)."""
    if guard not in _close_guards:
        _close_guards.append(guard)


def nothing_keeps_it_open(actor: Any, round_: Any) -> Words:
    """The first reason that a higher area has, or ""."""
    return next((reason for guard in _close_guards if (reason := guard(actor, round_))), "")


def has_a_standard(_actor: Any, campaign: Any) -> Words:
    return "" if campaign.standards.filter(is_main=True).exists() else _("No main standard has been chosen yet.")


def no_round_runs(_actor: Any, campaign: Any) -> Words:
    running = campaign.rounds.filter(state=RoundState.RUNNING).first()
    return _("“%s” is still running. Close it first.") % running if running else ""


def campaign_runs(_actor: Any, round_: Any) -> Words:
    if round_.campaign.state == CampaignState.RUNNING:
        return ""
    return _("The campaign is not running. Start it first.")


def versions_are_there(_actor: Any, round_: Any) -> Words:
    return "" if round_.versions.exists() else _("The round has no standard. Edit it and choose one.")


CAMPAIGN = Workflow(
    [
        Transition(
            "start", (CampaignState.PREPARING,), CampaignState.RUNNING, gettext_lazy("Start the campaign"),
            gettext_lazy("Campaign started"), EDIT, (has_a_standard,), "player-play",
        ),
        Transition(
            "end", (CampaignState.RUNNING,), CampaignState.ENDED, gettext_lazy("End the campaign"),
            gettext_lazy("Campaign ended"), EDIT, (no_round_runs,), "archive",
        ),
        Transition(
            "resume", (CampaignState.ENDED,), CampaignState.RUNNING, gettext_lazy("Take the campaign up again"),
            gettext_lazy("Campaign taken up again"), EDIT, (), "arrow-back-up", needs_note=True,
        ),
    ]
)  # fmt: skip
ROUND = Workflow(
    [
        Transition(
            "start", (RoundState.PLANNED,), RoundState.RUNNING, gettext_lazy("Start the round"),
            gettext_lazy("Round started"), EDIT, (campaign_runs, versions_are_there), "player-play",
        ),
        # The same step where a draw begins the round: whoever may draw is often not who plans.
        Transition(
            "draw", (RoundState.PLANNED,), RoundState.RUNNING, gettext_lazy("Start the round"),
            gettext_lazy("Round begun by its draw"), DRAW, (campaign_runs, versions_are_there), "dice-5",
        ),
        Transition(
            "close", (RoundState.RUNNING,), RoundState.CLOSED, gettext_lazy("Close the round"),
            gettext_lazy("Round closed"), EDIT, (nothing_keeps_it_open,), "lock",
        ),
        Transition(
            "cancel", (RoundState.PLANNED,), RoundState.CANCELLED, gettext_lazy("Cancel the round"),
            gettext_lazy("Round cancelled"), EDIT, (), "x", needs_note=True,
        ),
    ]
)  # fmt: skip
