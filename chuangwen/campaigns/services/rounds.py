"""Plans, starts and closes rounds: the only writer of a round and its state.

A round is pinned to the versions it was planned with. A higher area that gives a round something
of its own (places, visits, entered results) calls these services; it never writes the round.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.campaigns import workflow
from chuangwen.campaigns.models import Campaign, CampaignState, Round, RoundKind, RoundState
from chuangwen.campaigns.services.rights import require_edit
from chuangwen.core.errors import Refusal
from chuangwen.standards.models import StandardVersion
from chuangwen.workflow.services import StaleState, advance, note_step


def plan_round(
    campaign: Campaign,
    *,
    name: str,
    starts: date,
    ends: date,
    actor: Any,
    kind: str = RoundKind.MOCK,
    unannounced: bool = False,
    versions: Sequence[StandardVersion] | None = None,
) -> Round:
    """Plan a round under `versions` (all of the campaign's where none are named), in the year it begins in."""
    require_edit(actor, campaign)
    own = [row.version for row in campaign.standards.select_related("version").order_by("-is_main", "pk")]
    chosen = own if versions is None else list(versions)
    _refuse(campaign, name, kind, starts, ends)
    _refuse_versions(chosen, own)
    with transaction.atomic():
        made = Round.objects.create(
            region=campaign.region,
            campaign=campaign,
            name=name.strip(),
            kind=kind,
            year=starts.year,
            starts=starts,
            ends=ends,
            unannounced=unannounced,
        )
        made.versions.set(chosen)
        note_step(
            made, "plan", actor=actor, data={"starts": starts, "ends": ends, "versions": [str(v) for v in chosen]}
        )
    return made


def change_round(
    round_: Round,
    *,
    name: str,
    starts: date,
    ends: date,
    kind: str,
    unannounced: bool,
    versions: Sequence[StandardVersion],
    actor: Any,
) -> Round:
    """Change what was planned, as long as the round has not begun."""
    require_edit(actor, round_.campaign)
    if round_.state != RoundState.PLANNED:
        raise Refusal(_("“%s” has begun and is not changed any more.") % round_, _("Plan another round."))
    own = [row.version for row in round_.campaign.standards.select_related("version")]
    _refuse(round_.campaign, name, kind, starts, ends, apart_from=round_)
    _refuse_versions(versions, [*own, *round_.versions.all()])
    values = {
        "name": name.strip(), "kind": kind, "year": starts.year, "starts": starts, "ends": ends,
        "unannounced": unannounced,
    }  # fmt: skip
    with transaction.atomic():
        changed = {key: [getattr(round_, key), value] for key, value in values.items() if getattr(round_, key) != value}
        if not Round.objects.filter(pk=round_.pk, state=RoundState.PLANNED).update(**values):
            raise StaleState(round_)
        round_.versions.set(versions)
        round_.refresh_from_db()
        note_step(round_, "change", actor=actor, data={**changed, "versions": [str(v) for v in versions]})
    return round_


def start_round(round_: Round, *, actor: Any, note: str = "") -> None:
    """Begin the round; from now on its versions are fixed."""
    advance(round_, workflow.ROUND, "start", actor=actor, note=note)


def start_drawn_round(round_: Round, *, actor: Any) -> None:
    """Begin the round because its places have been drawn, by whoever may draw."""
    advance(round_, workflow.ROUND, "draw", actor=actor)


def close_round(round_: Round, *, actor: Any, note: str = "") -> None:
    """Close the round: no more answers. It cannot be opened again.

    Refused with the first reason that a higher area has (a visit that waits, a draw under way).
    """
    with transaction.atomic():  # what is asked and what is written belong together
        advance(round_, workflow.ROUND, "close", actor=actor, note=note)


def cancel_round(round_: Round, *, actor: Any, note: str) -> None:
    """Give up a round that was only planned; wants a reason."""
    advance(round_, workflow.ROUND, "cancel", actor=actor, note=note)


def _refuse(
    campaign: Campaign, name: str, kind: str, starts: date, ends: date, apart_from: Round | None = None
) -> None:
    if campaign.state == CampaignState.ENDED:
        raise Refusal(_("The campaign has ended."), _("Take it up again first."))
    if not name.strip():
        raise Refusal(_("The round has no name."), _("Give it one."))
    if kind not in RoundKind.values:
        raise Refusal(_("There is no such kind of round."), _("Choose one from the list."))
    if ends < starts:
        raise Refusal(_("The round ends before it begins."), _("Check both days."))
    if starts < campaign.starts or ends > campaign.ends:
        raise Refusal(_("The round lies outside the campaign."), _("Choose days within it."))
    same = Round.objects.filter(campaign=campaign, name=name.strip()).exclude(state=RoundState.CANCELLED)
    if same.exclude(pk=apart_from.pk if apart_from else 0).exists():
        raise Refusal(_("There is a round called “%s” already.") % name, _("Give this one another name."))


def _refuse_versions(chosen: Sequence[StandardVersion], own: Sequence[StandardVersion]) -> None:
    if not chosen:
        raise Refusal(_("The round has no standard. Edit it and choose one."))
    if {version.pk for version in chosen} - {version.pk for version in own}:
        raise Refusal(_("A standard does not count in this campaign."), _("Add it to the campaign first."))
