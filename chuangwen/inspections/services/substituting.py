"""Replaces a drawn place that is closed or gone by the next ticket of its stratum (spec/draw.md, 4)."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import require
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.inspections import sampling
from chuangwen.inspections.enums import DrawState, VisitKind, VisitState
from chuangwen.inspections.models import Draw, Visit
from chuangwen.inspections.refusals import refused
from chuangwen.inspections.sampling import Record, SamplingError
from chuangwen.inspections.services.planning import plan_visit, skip_visit
from chuangwen.places.models import Place
from chuangwen.workflow.services import note_step


def substitute_place(visit: Visit, *, reason: str, actor: Any) -> Visit:
    """Skip the place, unless the inspector already has, and put its stratum's next ticket on the list.

    Returns the new visit, on the same day with the same team. A next ticket that is no longer in
    the register or already on the round's list is passed over in its turn, which the record says.
    """
    if actor is not None:
        require(actor, "inspections.plan", visit)
    if visit.draw_id is None:
        raise Refusal(_("This place was not drawn."), _("Skip the visit and choose another ad hoc place."))
    if visit.state == VisitState.FINISHED:
        raise Conflict(_("This visit is finished."), _("A place that was inspected needs no substitute."))
    reason = reason.strip() or visit.skip_reason
    with transaction.atomic():
        draw = Draw.objects.select_for_update().get(pk=visit.draw_id)
        if draw.state != DrawState.DRAWN:
            raise Refusal(_("This draw is closed."), _("Record the place as not inspected."))
        if visit.state != VisitState.SKIPPED:
            skip_visit(visit, reason=reason, actor=actor)
        record, place = _next_place(draw, visit, reason)
        Draw.objects.filter(pk=draw.pk).update(record=sampling.record_dict(record), updated_at=clock.now())
        data = {"for": visit.place.code, "by": place.code}
        note_step(draw, "substitute", actor=actor, note=reason, data=data)
        return plan_visit(
            visit.round, place, actor=actor, kind=VisitKind.SUBSTITUTE, team=visit.team,
            planned_on=max(visit.planned_on, clock.today()), substitute_for=visit.place, draw=draw,
        )  # fmt: skip


def _next_place(draw: Draw, visit: Visit, reason: str) -> tuple[Record, Place]:
    """The record with the substitution, and the place whose turn it is."""
    stratum, skipped = visit.place.place_type.code, visit.place.code
    listed = set(Visit.objects.filter(round=visit.round_id).values_list("place__code", flat=True))
    try:
        record = sampling.read_record(json.dumps(draw.record).encode())
        stratum = next((name for name, codes in draw.pool.items() if skipped in codes), stratum)
        while True:
            moment = clock.local(clock.now()).replace(microsecond=0)
            record = sampling.substitute(record, stratum=stratum, skipped=skipped, reason=reason, at=moment)
            skipped = record.substitutes[-1].by
            place = Place.objects.filter(region=draw.region_id, code=skipped).first()
            if place is not None and skipped not in listed:
                return record, place
            reason = _("Already on the list of this round.") if place else _("No longer in the register.")
    except SamplingError as error:
        raise refused(error) from error
