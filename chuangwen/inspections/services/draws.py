"""Draws a round's places: the simple form with one button, and the strict form (spec/draw.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.audit.services import record as record_audit
from chuangwen.campaigns.models import Round
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.inspections import sampling
from chuangwen.inspections.enums import DrawState, VisitKind
from chuangwen.inspections.models import Draw, Visit
from chuangwen.inspections.sampling import Pool, SamplingError, Times
from chuangwen.inspections.services.finishing import skip_visit
from chuangwen.inspections.services.planning import plan_visit
from chuangwen.inspections.workflow import DRAW_WORKFLOW
from chuangwen.places.models import Place, PlaceState
from chuangwen.workflow.services import advance, note_step


def pool_of(round_: Round) -> Pool:
    """The declared places in use, by type; ad hoc kinds are never drawn."""
    places = Place.objects.filter(
        region=round_.region, declared=True, state=PlaceState.OPEN, place_type__ad_hoc=False
    ).values_list("place_type__code", "code")
    try:
        return sampling.build_pool(places)
    except SamplingError as error:
        raise Refusal(str(error), _("Correct the register of places and freeze it again.")) from error


def freeze_draw(
    round_: Round,
    quotas: Mapping[str, int],
    *,
    actor: Any,
    strict: bool = False,
    source: str = "",
    method: str = "vrs",
    release_at: datetime | None = None,
) -> Draw:
    """Freeze the pool with its quotas. From now on the register may change without changing the draw."""
    pool = pool_of(round_)
    if unknown := sorted(set(quotas) - set(pool.as_dict())):
        raise Refusal(
            _("There is no declared place of the type “%s”.") % unknown[0],
            _("Set its number to nought or declare places."),
        )
    with transaction.atomic():
        draw = Draw.objects.create(
            region=round_.region, round=round_, strict=strict, method=method, pool=pool.as_dict(),
            pool_sha256=pool.sha256, quotas=dict(quotas), source=source, release_at=release_at, frozen_at=clock.now(),
        )  # fmt: skip
        note_step(draw, "freeze", actor=actor, data={"pool_sha256": pool.sha256, "places": pool.size})
    return draw


def commit_draw(draw: Draw, *, commitment: str, times: int, actor: Any) -> None:
    """Publish H^n(secret) and n, before the randomness exists. The secret itself never comes here."""
    try:
        made = sampling.make_commitment(commitment, times)
    except SamplingError as error:
        raise Refusal(str(error)) from error
    advance(
        draw, DRAW_WORKFLOW, "commit", actor=actor, commitment=made.digest, times=made.times,
        committed_at=clock.now(), data={"commitment": made.digest, "times": made.times},
    )  # fmt: skip


def draw_simply(draw: Draw, *, actor: Any) -> None:
    """The default on screen: one button, the computer's own randomness, a record for witnesses to sign."""
    if draw.strict:
        raise Refusal(_("This draw is in the strict form."), _("Enter the public randomness and the one-time code."))
    record = sampling.draw_by_computer(_pool(draw), draw.quotas, times=_times(draw))
    _keep(draw, sampling.record_dict(record), actor=actor)


def draw_strictly(draw: Draw, *, randomness: str, code: str, actor: Any) -> None:
    """Draw from public randomness and the one-time code; refused before the release time."""
    if draw.state != DrawState.COMMITTED:
        raise Refusal(_("Publish the commitment first."), _("It must stand before the randomness exists."))
    if draw.release_at and clock.now() < draw.release_at:
        raise Refusal(
            _("The draw opens at %s.") % clock.local(draw.release_at).strftime("%Y-%m-%d %H:%M"),
            _("Nobody may know the places before."),
        )
    try:
        record = sampling.run_draw(
            _pool(draw), draw.quotas, randomness=randomness, code=code, source=draw.source, method=draw.method,
            commitment=sampling.make_commitment(draw.commitment, draw.times), times=_times(draw),
        )  # fmt: skip
    except SamplingError as error:
        raise Refusal(str(error), _("Check the code and the randomness character by character.")) from error
    _keep(draw, sampling.record_dict(record), actor=actor)


def substitute_place(visit: Visit, *, reason: str, actor: Any) -> Visit:
    """The drawn place is closed or gone: its stratum's next ticket takes its turn."""
    draw = Draw.objects.filter(round=visit.round_id, state=DrawState.DRAWN).order_by("-drawn_at").first()
    if draw is None or visit.kind == VisitKind.AD_HOC:
        raise Refusal(_("This place was not drawn."), _("Skip the visit and choose another ad hoc place."))
    try:
        before = sampling.read_record(json.dumps(draw.record).encode())
        after = sampling.substitute(
            before,
            stratum=visit.place.place_type.code,
            skipped=visit.place.code,
            reason=reason,
            at=clock.local(clock.now()),
        )
    except SamplingError as error:
        raise Refusal(str(error)) from error
    place = Place.objects.get(region=draw.region, code=after.substitutes[-1].by)
    with transaction.atomic():
        skip_visit(visit, reason=reason, actor=actor)
        Draw.objects.filter(pk=draw.pk).update(record=sampling.record_dict(after), updated_at=clock.now())
        note_step(draw, "substitute", actor=actor, note=reason, data={"for": visit.place.code, "by": place.code})
        return plan_visit(
            visit.round, place, actor=actor, kind=VisitKind.SUBSTITUTE, team=visit.team,
            planned_on=visit.planned_on, substitute_for=visit.place,
        )  # fmt: skip


def close_draw(draw: Draw, *, secret: str, actor: Any) -> None:
    """After the round the secret is published, so that everybody can hash it up to the commitment."""
    commitment = sampling.make_commitment(draw.commitment, draw.times)
    if not sampling.opens(commitment, sampling.read_secret(secret.encode())):
        raise Refusal(_("This secret does not lead to the commitment."), _("Use the secret's file as it was."))
    advance(draw, DRAW_WORKFLOW, "close", actor=actor, secret=secret, closed_at=clock.now())


def _keep(draw: Draw, record: Mapping[str, Any], *, actor: Any) -> None:
    """Write the record and put the drawn places on the round's list."""
    with transaction.atomic():
        advance(
            draw, DRAW_WORKFLOW, "draw", actor=actor, record=dict(record), drawn_at=clock.now(),
            data={"randomness": record["randomness"], "code": record["code"]},
        )  # fmt: skip
        codes = [code for stratum in record["drawn"].values() for code in stratum]
        places = {place.code: place for place in Place.objects.filter(region=draw.region, code__in=codes)}
        for code in codes:
            plan_visit(draw.round, places[code], actor=actor)
        record_audit("inspections.draw.result", draw, actor=actor, data={"drawn": dict(record["drawn"])})


def _pool(draw: Draw) -> Pool:
    return sampling.build_pool((stratum, code) for stratum, codes in draw.pool.items() for code in codes)


def _times(draw: Draw) -> Times:
    def local(moment: datetime | None) -> datetime | None:
        return clock.local(moment).replace(microsecond=0) if moment else None

    return Times(
        frozen=local(draw.frozen_at),
        committed=local(draw.committed_at),
        released=local(draw.release_at),
        drawn=local(clock.now()),
    )
