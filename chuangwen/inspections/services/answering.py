"""Answers at a place. Sending twice is harmless; the answer that was tapped last is the one that counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import RoundState
from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.soundness import odd_words
from chuangwen.core.updating import update_row
from chuangwen.inspections.enums import AnswerValue, VisitState
from chuangwen.inspections.models import Answer, AnswerReceipt, Visit
from chuangwen.inspections.queries import asked_checks, checklist, is_own_place
from chuangwen.inspections.workflow import VISIT_WORKFLOW, may_answer
from chuangwen.workflow.services import advance

__all__ = ["Given", "Saved", "checklist", "hold_visit", "save_answers", "start_visit"]
CLEARED = ""  # the value of an undone answer
LEAST_ANSWER, MOST_ANSWER = 0, 1_000_000  # what an inspector can count


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as the phone sends it. `uid` is made on the phone and never used again; value "" undoes."""

    uid: UUID
    check_id: int
    value: str
    reason: str = ""
    count: float | None = None
    note: str = ""
    device_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a batch: uids that are kept (now or before), and those that cannot be, with the reason."""

    kept: list[UUID] = field(default_factory=list)
    refused: dict[UUID, str] = field(default_factory=dict)
    answered: int = 0
    not_met: int = 0


def start_visit(visit: Visit, *, actor: Any, longitude: float | None = None, latitude: float | None = None) -> None:
    """The inspector is there. The position of this moment is kept, never a track.

    Refused where the round is not running, and at a place of the own unit: a post may have been
    taken up after the visit was given out.
    """
    if visit.round.state != RoundState.RUNNING:
        raise Refusal(_("The round “%s” is not running.") % visit.round, _("Ask the office to begin it."))
    if visit.inspector is not None and is_own_place(visit.inspector, visit.place):
        raise Refusal(_("Nobody inspects their own unit."), _("Step back; the office finds another inspector."))
    advance(visit, VISIT_WORKFLOW, "start", actor=actor, started_at=clock.now(), longitude=longitude, latitude=latitude)


def save_answers(visit: Visit, given: Sequence[Given], *, actor: Any) -> Saved:
    """Keep answers in the order given; one for each check, the latest counts.

    The same `uid` again changes nothing, not even after the answer was changed or undone, so a
    phone may send until it hears back. An answer that cannot be kept is named in `refused` and
    keeps no other one out. Raises Refusal for a stranger, Conflict once the visit is over.
    """
    if words := may_answer(actor, visit):
        raise Refusal(words)
    given = list({one.uid: one for one in given}.values())
    seen = _seen(visit, given)
    if len(seen) == len(given):
        return Saved([one.uid for one in given], {}, visit.answered, visit.not_met)
    with hold_visit(visit):
        seen = _seen(visit, given)
        refused = _keep_all(visit, [one for one in given if one.uid not in seen], actor)
        answered, not_met = _counts(visit)
        update_row(visit, {"answered": answered, "not_met": not_met})
    visit.answered, visit.not_met = answered, not_met
    return Saved([one.uid for one in given if one.uid not in refused], refused, answered, not_met)


@contextmanager
def hold_visit(visit: Visit) -> Iterator[None]:
    """A transaction that holds the visit's row while it is under way, so that saving and finishing take turns.

    Raises Conflict where the visit has not begun or is over.
    """
    with transaction.atomic():
        if not update_row(visit, {"updated_at": clock.now()}, state=VisitState.STARTED):
            raise Conflict(_("This visit is finished or has not begun."), _("Open it again to see its present state."))
        yield


def _seen(visit: Visit, given: Sequence[Given]) -> set[UUID]:
    uids = [one.uid for one in given]
    return set(AnswerReceipt.objects.filter(visit=visit, uid__in=uids).values_list("uid", flat=True))


def _keep_all(visit: Visit, fresh: Sequence[Given], actor: Any) -> dict[UUID, str]:
    """Write the fresh ones; returns those that cannot be kept with the reason."""
    checks = asked_checks(visit)
    elsewhere = set(AnswerReceipt.objects.filter(uid__in=[one.uid for one in fresh]).values_list("uid", flat=True))
    refused = {}
    for one in fresh:
        fault = _("This answer was sent for another visit.") if one.uid in elsewhere else _fault(one, checks)
        if fault:
            refused[one.uid] = fault
    kept = [one for one in fresh if one.uid not in refused]
    AnswerReceipt.objects.bulk_create(
        AnswerReceipt(region_id=visit.region_id, uid=one.uid, visit=visit) for one in kept
    )
    last = {one.check_id: one for one in kept}  # of several answers to one check the later counts
    cleared = [check_id for check_id, one in last.items() if one.value == CLEARED]
    if cleared:
        visit.answers.filter(checked__in=cleared).delete()
    _write_all(visit, [one for one in last.values() if one.value != CLEARED], checks, actor)
    return refused


def _fault(one: Given, checks: Mapping[int, float | None]) -> str:
    """Why this answer cannot be kept, or ""."""
    if one.check_id not in checks:
        return _("A check does not belong to this place. Open the visit again.")
    if one.value not in {*AnswerValue.values, CLEARED}:
        return _("“%s” is not an answer.") % one.value[:40]
    if one.value == AnswerValue.NOT_OBSERVABLE and not one.reason.strip():
        return _("Say why it cannot be seen, for example rain or closed.")
    if one.count is not None and not LEAST_ANSWER <= one.count <= MOST_ANSWER:
        return _("The number counted must lie between 0 and a million.")
    return odd_words(one.reason) or odd_words(one.note, lines=True)


def _write_all(
    visit: Visit, given: Sequence[Given], checks: Mapping[int, float | None], actor: Any
) -> None:  # fmt: skip
    """One answer for each check: new, or in the place of the one that is there."""
    there = {answer.checked_id: answer for answer in visit.answers.filter(checked__in=[one.check_id for one in given])}
    fresh = []
    for one in given:
        answer = there.get(one.check_id) or Answer(region_id=visit.region_id, visit=visit, checked_id=one.check_id)
        answer.uid, answer.value, answer.device_at = one.uid, _value(one, checks[one.check_id]), one.device_at
        answer.reason, answer.note = one.reason.strip()[:120], one.note.strip()[:300]
        answer.count, answer.answered_by = one.count, actor
        if answer.pk:
            answer.save()
        else:
            fresh.append(answer)
    Answer.objects.bulk_create(fresh)


def _value(one: Given, at_least: float | None) -> str:
    """Where something was counted the number decides (spec/standard.md, quantity: met = reached)."""
    if one.count is None or at_least is None:
        return one.value
    if one.value not in {AnswerValue.MET, AnswerValue.NOT_MET}:
        return one.value
    return AnswerValue.MET if one.count >= at_least else AnswerValue.NOT_MET


def _counts(visit: Visit) -> tuple[int, int]:
    rows = list(Answer.objects.filter(visit=visit).values_list("value", flat=True))
    return len(rows), sum(value == AnswerValue.NOT_MET for value in rows)
