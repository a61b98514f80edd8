"""Draws a round's places: the simple form with one button, and the strict form (spec/draw.md)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.audit.services import record as record_audit
from chuangwen.campaigns.models import Round, RoundState
from chuangwen.campaigns.services import start_drawn_round
from chuangwen.campaigns.workflow import ROUND
from chuangwen.core import clock
from chuangwen.core.access import require
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.inspections import sampling
from chuangwen.inspections.enums import OPEN_DRAW_STATES, DrawState
from chuangwen.inspections.models import Draw
from chuangwen.inspections.queries import declared_places
from chuangwen.inspections.refusals import refused
from chuangwen.inspections.sampling import Method, Pool, SamplingError, Times
from chuangwen.inspections.sampling.pool import check_quotas
from chuangwen.inspections.services.planning import list_drawn_places
from chuangwen.inspections.workflow import DRAW_WORKFLOW
from chuangwen.workflow.services import advance, note_step, refusal


def pool_of(round_: Round) -> Pool:
    """The places that a draw of the round would draw from now, by type."""
    try:
        return sampling.build_pool(declared_places(round_).values_list("place_type__code", "code"))
    except SamplingError as error:
        raise refused(error, _("Correct the register of places and freeze it again.")) from error


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
    """Freeze the pool with its quotas. From now on the register may change without changing the draw.

    Refused while another draw of the round is open, in a closed round, where nothing is asked for,
    and for the strict form without a source of randomness and a release time.
    """
    if actor is not None:
        require(actor, "inspections.draw", round_)
    _check_form(strict=strict, source=source, method=method, release_at=release_at)
    with transaction.atomic():
        _hold_round(round_)
        pool = pool_of(round_)
        draw = Draw.objects.create(
            region=round_.region, round=round_, strict=strict, method=method, pool=pool.as_dict(),
            pool_sha256=pool.sha256, quotas=_checked(pool, quotas), source=source.strip(), release_at=release_at,
            frozen_at=clock.now(),
        )  # fmt: skip
        note_step(
            draw, "freeze", actor=actor,
            data={
                "pool_sha256": pool.sha256, "places": pool.size, "quotas": draw.quotas, "method": method,
                "source": draw.source, "strict": strict, "release_at": release_at,
            },
        )  # fmt: skip
    return draw


def commit_draw(draw: Draw, *, commitment: str, times: int, actor: Any) -> None:
    """Publish H^n(secret) and n, before the randomness exists. The secret itself never comes here."""
    try:
        made = sampling.make_commitment(commitment, times)
    except SamplingError as error:
        raise refused(error) from error
    if not draw.strict:
        raise Refusal(_("The simple form has no commitment."), _("Withdraw this draw and freeze in the strict form."))
    if draw.is_released:
        raise Refusal(
            _("The release time is past; the randomness may exist already."),
            _("Withdraw this draw and freeze again with a later time."),
        )
    advance(
        draw, DRAW_WORKFLOW, "commit", actor=actor, commitment=made.digest, times=made.times,
        committed_at=clock.now(), data={"commitment": made.digest, "times": made.times},
    )  # fmt: skip


def draw_now(round_: Round, quotas: Mapping[str, int], *, actor: Any, before: int | None = None) -> Draw:
    """One button: freeze, draw and list in one transaction. `before` is how many draws the person saw.

    Raises Conflict where there is another number of draws by now, so that pressing twice draws once.
    """
    with transaction.atomic():
        _hold_round(round_)
        if before is not None and Draw.objects.filter(round=round_).count() != before:
            raise Conflict(_("This round has been drawn meanwhile."), _("Look at the result before drawing again."))
        draw = freeze_draw(round_, quotas, actor=actor)
        draw_simply(draw, actor=actor)
    return draw


def draw_simply(draw: Draw, *, actor: Any) -> None:
    """The default on screen: one button, the computer's own randomness, a record for witnesses to sign."""
    if draw.strict:
        raise Refusal(_("This draw is in the strict form."), _("Enter the public randomness and the one-time code."))
    _check_released(draw)
    moment = clock.now()
    record = sampling.draw_by_computer(_pool(draw), draw.quotas, times=_times(draw, moment))
    _keep(draw, sampling.record_dict(record), moment, actor=actor)


def draw_strictly(draw: Draw, *, randomness: str, code: str, actor: Any) -> None:
    """Draw from public randomness and the one-time code; refused before commitment and release time."""
    if draw.state == DrawState.FROZEN:
        raise Refusal(_("Publish the commitment first."), _("It must stand before the randomness exists."))
    _check_released(draw)
    moment = clock.now()
    try:
        record = sampling.run_draw(
            _pool(draw), draw.quotas, randomness=randomness, code=code, source=draw.source,
            commitment=sampling.make_commitment(draw.commitment, draw.times), method=cast("Method", draw.method),
            times=_times(draw, moment),
        )  # fmt: skip
    except SamplingError as error:
        raise refused(error, _("Check the code and the randomness character by character.")) from error
    _keep(draw, sampling.record_dict(record), moment, actor=actor)


def withdraw_draw(draw: Draw, *, reason: str, actor: Any) -> None:
    """Give up a draw before anything is drawn, for instance with a wrong quota; it stays on the page."""
    advance(draw, DRAW_WORKFLOW, "withdraw", actor=actor, note=reason)


def close_draw(draw: Draw, *, secret: str, actor: Any) -> None:
    """After the round the secret is published, so that everybody can hash it up to the commitment."""
    if not draw.strict:
        raise Refusal(_("The simple form has no secret to publish."))
    if draw.round.state != RoundState.CLOSED:
        raise Refusal(_("The secret is published after the round."), _("Close the round first."))
    try:
        opened = sampling.opens(
            sampling.make_commitment(draw.commitment, draw.times), sampling.read_secret(secret.encode())
        )
    except SamplingError as error:
        raise refused(error) from error
    if not opened:
        raise Refusal(_("This secret does not lead to the commitment."), _("Use the secret's file as it was."))
    kept = sampling.read_secret(secret.encode()).decode()
    advance(
        draw, DRAW_WORKFLOW, "close", actor=actor, secret=kept, closed_at=clock.now(), data={"secret": kept}
    )  # fmt: skip


def _check_form(*, strict: bool, source: str, method: str, release_at: datetime | None) -> None:
    if method not in sampling.METHODS:
        raise Refusal(_("“%s” is no method of drawing.") % method, _("Choose vrs or rfc3797."))
    if not strict:
        return
    if not source.strip():
        raise Refusal(
            _("Name the public source of randomness."), _("For example: dice thrown before witnesses, twelve throws.")
        )
    if release_at is None or release_at <= clock.now():
        raise Refusal(_("The release time must lie ahead."), _("Usually it is one hour before the inspectors leave."))


def _hold_round(round_: Round) -> None:
    """Take the round's row, so that two draws of it wait for each other, and check that it may be drawn."""
    alive = Round.objects.filter(pk=round_.pk, state__in=(RoundState.PLANNED, RoundState.RUNNING))
    if not alive.update(updated_at=clock.now()):
        raise Refusal(_("The round “%s” is over.") % round_, _("Plan a new round."))
    if round_.state == RoundState.PLANNED and (reason := refusal(ROUND["draw"], round_, None)):
        raise Refusal(reason)  # the draw would begin the round, and that is not possible yet
    if Draw.objects.filter(round=round_, state__in=OPEN_DRAW_STATES).exists():
        raise Conflict(_("A draw of this round is already open."), _("Carry it on or withdraw it."))


def _checked(pool: Pool, quotas: Mapping[str, int]) -> dict[str, int]:
    asked = {code: number for code, number in quotas.items() if number != 0}
    if unknown := sorted(set(asked) - set(pool.as_dict())):
        raise Refusal(
            _("There is no declared place of the type “%s”.") % unknown[0],
            _("Set its number to nought or declare places."),
        )
    if not asked:
        raise Refusal(_("Nothing is to be drawn."), _("Give at least one type a number."))
    try:
        return check_quotas(pool, asked)
    except SamplingError as error:
        raise refused(error) from error


def _check_released(draw: Draw) -> None:
    if not draw.is_released and draw.release_at is not None:
        raise Refusal(
            _("The draw opens at %s.") % f"{clock.local(draw.release_at):%Y-%m-%d %H:%M}",
            _("Nobody may know the places before."),
        )


def _keep(draw: Draw, record: Mapping[str, Any], moment: datetime, *, actor: Any) -> None:
    """Write the record and put the drawn places on the round's list."""
    with transaction.atomic():
        advance(
            draw, DRAW_WORKFLOW, "draw", actor=actor, record=dict(record), drawn_at=moment,
            data={"randomness": record["randomness"], "code": record["code"]},
        )  # fmt: skip
        if draw.round.state == RoundState.PLANNED:
            start_drawn_round(draw.round, actor=actor)
        codes = [code for stratum in record["drawn"].values() for code in stratum]
        missing = list_drawn_places(draw, codes, actor=actor)
        data = {"drawn": dict(record["drawn"]), "not_in_register": missing}
        record_audit("inspections.draw.result", draw, actor=actor, data=data)


def _pool(draw: Draw) -> Pool:
    return sampling.build_pool((stratum, code) for stratum, codes in draw.pool.items() for code in codes)


def _times(draw: Draw, drawn: datetime) -> Times:
    def local(moment: datetime | None) -> datetime | None:
        return clock.local(moment).replace(microsecond=0) if moment else None

    return Times(
        frozen=local(draw.frozen_at),
        committed=local(draw.committed_at),
        released=local(draw.release_at),
        drawn=local(drawn),
    )
