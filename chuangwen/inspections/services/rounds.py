"""Plans and closes a round."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Campaign, Round, RoundKind
from chuangwen.core.access import require
from chuangwen.core.errors import Refusal
from chuangwen.inspections.enums import OPEN_DRAW_STATES, WAITING_STATES
from chuangwen.inspections.models import Draw, Visit
from chuangwen.inspections.workflow import ROUND_WORKFLOW
from chuangwen.standards.models import StandardVersion
from chuangwen.workflow.services import advance, note_step


def plan_round(
    campaign: Campaign,
    *,
    name: str,
    starts: date,
    ends: date,
    actor: Any,
    kind: str = RoundKind.MOCK,
    versions: Sequence[StandardVersion] = (),
    unannounced: bool = False,
) -> Round:
    """A new round, pinned to `versions` (by default to all standards that the campaign has today)."""
    if actor is not None:
        require(actor, "inspections.plan", campaign)
    if ends < starts:
        raise Refusal(_("The round ends before it begins."), _("Correct one of the two days."))
    if Round.objects.filter(campaign=campaign, name=name.strip()).exists():
        raise Refusal(_("There is already a round “%s”.") % name.strip(), _("Give it another name."))
    chosen = list(versions) or [standard.version for standard in campaign.standards.select_related("version")]
    if not chosen:
        raise Refusal(_("The campaign has no standard yet."), _("Add one to the campaign first."))
    with transaction.atomic():
        round_ = Round.objects.create(
            region=campaign.region, campaign=campaign, name=name.strip(), kind=kind, year=starts.year, starts=starts,
            ends=ends, unannounced=unannounced,
        )  # fmt: skip
        round_.versions.set(chosen)
        note_step(round_, "plan", actor=actor, data={"versions": [str(version) for version in chosen]})
    return round_


def open_round(round_: Round, *, actor: Any) -> None:
    """Begin a round that is not drawn, such as a look-back at places chosen by hand."""
    advance(round_, ROUND_WORKFLOW, "open", actor=actor)


def close_round(round_: Round, *, actor: Any) -> None:
    """No more answers. Refused while a visit waits or a draw is open: each place is seen or skipped with a reason."""
    with transaction.atomic():
        _refuse_open(round_)
        advance(round_, ROUND_WORKFLOW, "close", actor=actor)


def what_keeps_open(_actor: Any, round_: Round) -> str:
    """Why a round cannot be closed yet, for the campaign's own page; "" where nothing stands in the way."""
    try:
        _refuse_open(round_)
    except Refusal as refusal:
        return str(refusal)
    return ""


def _refuse_open(round_: Round) -> None:
    waiting = Visit.objects.filter(round=round_, state__in=WAITING_STATES).count()
    if waiting:
        raise Refusal(
            _("%d visits are not finished.") % waiting, _("Finish them, or skip them and say why, then close.")
        )
    if Draw.objects.filter(round=round_, state__in=OPEN_DRAW_STATES).exists():
        raise Refusal(_("A draw of this round is still open."), _("Carry it on or withdraw it, then close."))
