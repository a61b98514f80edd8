"""Showing a round's score to everybody: one person proposes, another releases; either takes it back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import RoundState
from chuangwen.core import clock
from chuangwen.core.access import require_actor
from chuangwen.core.errors import Refusal
from chuangwen.notifications.services import notify
from chuangwen.organizations.models import Unit
from chuangwen.public.models import ScoreRelease
from chuangwen.public.scores import ScoreEdition, Section, UnitLoss, from_json
from chuangwen.public.services.handing_out import hand_out
from chuangwen.public.workflow import SCORE_RELEASE
from chuangwen.reports.services.releasing import concerned, names_persons, second_persons, standing_already
from chuangwen.reports.workflow import RELEASE
from chuangwen.scoring.models import Run
from chuangwen.scoring.queries.losses import lost_by_units
from chuangwen.scoring.queries.results import section_points
from chuangwen.workflow.services import advance, note_step

LEAST = 1e-9  # of points


def edition_of(run: Run, *, with_units: bool) -> ScoreEdition:
    """What everybody would read of the run; units only `with_units`, and never what nobody carries."""
    parts = tuple(Section(*one) for one in section_points(run))
    round_ = run.round
    return ScoreEdition(
        round_.name, run.version.title_zh, round_.starts.isoformat(), round_.ends.isoformat(), run.total or 0.0,
        float(run.version.scale), run.low, run.high, run.drawn_places, run.vetoed, parts,
        _losses(run) if with_units else (),
    )  # fmt: skip


def propose_score(run: Run, *, with_units: bool, actor: Any) -> ScoreRelease:
    """Freeze what everybody would read for a second person to release. Refused: a round that is not finished, a run
    without a total, a person's name or number in its words; Conflict where it waits or is open already."""
    require_actor(actor, RELEASE, run)
    if run.round.state != RoundState.CLOSED or run.total is None:
        raise Refusal(_("The round is not finished, or its score not computed."), _("Close the round and score it."))
    edition = edition_of(run, with_units=with_units)
    _refuse_persons(run, edition)
    try:
        with transaction.atomic():
            made: ScoreRelease = ScoreRelease.objects.create(
                region=run.region, run=run, edition=asdict(edition), proposed_by=actor
            )
            hand_out(made, with_units=with_units)
            note_step(made, "propose", actor=actor, data={"total": run.total, "units": with_units})
            _tell(second_persons(made, actor), made, _("To be released to everybody: score of %s") % run.round)
    except IntegrityError as error:
        raise standing_already() from error
    return made


def release_score(release: ScoreRelease, *, actor: Any) -> None:
    """The second person has looked at it: from now on everybody may read it; who proposed it hears of it."""
    _refuse_persons(release.run, from_json(release.edition))
    with transaction.atomic():
        advance(release, SCORE_RELEASE, "release", actor=actor, released_by=actor, released_at=clock.now())
        _tell_others(release, actor, _("Released to everybody: %s") % release)


def drop_score(release: ScoreRelease, *, reason: str, actor: Any) -> None:
    """It stays inside, with the reason; who proposed it hears of it."""
    with transaction.atomic():
        advance(release, SCORE_RELEASE, "drop", actor=actor, note=reason)
        _tell_others(release, actor, _("Not released: %s") % release, body=reason)


def take_score_back(release: ScoreRelease, *, reason: str, actor: Any) -> None:
    """Nobody outside reads it any more; who proposed and released it hear the reason."""
    with transaction.atomic():
        advance(release, SCORE_RELEASE, "take_back", actor=actor, note=reason)
        _tell_others(release, actor, _("Taken off the public pages: %s") % release, body=reason)


def _losses(run: Run) -> tuple[UnitLoss, ...]:
    points = {unit: lost for unit, lost in lost_by_units(run).items() if unit is not None and lost > LEAST}
    units = Unit.objects.filter(pk__in=points).order_by("branch", "position", "pk")  # as they stand, not as they rank
    return tuple(UnitLoss(str(unit), points[unit.pk]) for unit in units)


def _refuse_persons(run: Run, edition: ScoreEdition) -> None:
    if refusal := names_persons(run.region, edition.texts(), _("Rename the round first.")):
        raise refusal


def _tell_others(release: ScoreRelease, actor: Any, words: str, *, body: str = "") -> None:
    _tell(concerned(release, actor), release, words, body=body)


def _tell(people: Any, release: ScoreRelease, words: str, *, body: str = "") -> None:
    url = reverse("public:score_inside", args=[release.run_id])
    notify(people, "public", words, region=release.region, url=url, body=body, matter=True)
