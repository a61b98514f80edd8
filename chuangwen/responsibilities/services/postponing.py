"""A later deadline: asked for by the unit, decided by the office, with both words kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.errors import Refusal
from chuangwen.responsibilities.models import Postponement, Request, Task, TaskState
from chuangwen.responsibilities.services.answers import check_voice
from chuangwen.responsibilities.services.tasks import postpone_task
from chuangwen.responsibilities.services.telling import tell_office, tell_unit
from chuangwen.responsibilities.workflow import REQUEST_WORKFLOW
from chuangwen.workflow.services import advance, note_step

ASKABLE = (TaskState.ACCEPTED,)


def ask_postponement(
    task: Task, *, due_at: datetime, reason: str, actor: Any, on_behalf: str = "", at: datetime | None = None
) -> Postponement:
    """The unit asks for a later deadline, with the reason; one request at a time. Raises Refusal."""
    check_voice(task, actor, on_behalf, at)
    if task.state not in ASKABLE:
        raise Refusal(_("Only a task that runs can be postponed."))
    if due_at <= task.due_at:
        raise Refusal(_("This is not later than the present deadline."), _("Choose a later day."))
    if not reason.strip():
        raise Refusal(_("Please give the reason in a few words."), _("It is shown to the other side."))
    taken = Refusal(_("The office has not decided your last request yet."), _("It sees the reason given there."))
    if open_request(task):
        raise taken
    with transaction.atomic():
        try:
            with transaction.atomic():
                made = Postponement.objects.create(
                    region=task.region, task=task, reason=reason.strip(), wanted=due_at, before=task.due_at,
                    asked_at=at or clock.now(),
                )  # fmt: skip
        except IntegrityError:  # somebody of the unit asked in the same moment
            raise taken from None
        data = {"from": task.due_at.isoformat(), "to": due_at.isoformat()}
        note_step(task, "ask", actor=actor, note=reason, data=data, on_behalf=on_behalf, at=at)
        tell_office(task, _("Asks for a later deadline: %s") % task.title)
    return made


def grant_postponement(task: Task, *, due_at: datetime, reason: str, actor: Any) -> None:
    """The office gives the day asked for, or another later one; steps that are not done move along."""
    with transaction.atomic():
        asked = _asked(task, actor)
        if due_at <= task.due_at:
            raise Refusal(_("This is not later than the present deadline."), _("Choose a later day."))
        decided: dict[str, Any] = {"decided_at": clock.now(), "answer": reason.strip()}
        advance(asked, REQUEST_WORKFLOW, "grant", actor=actor, note=reason, **decided)
        postpone_task(task, due_at=due_at, reason=reason.strip() or asked.reason, actor=actor)


def refuse_postponement(task: Task, *, reason: str, actor: Any) -> None:
    """The deadline stays; the unit reads why."""
    with transaction.atomic():
        decided: dict[str, Any] = {"decided_at": clock.now(), "answer": reason.strip()}
        advance(_asked(task, actor), REQUEST_WORKFLOW, "refuse", actor=actor, note=reason, **decided)
        note_step(task, "deny", actor=actor, note=reason)
        tell_unit(task, _("The deadline stays: %s") % task.title)


def open_request(task: Task) -> Postponement | None:
    """What the unit asked for and nobody has decided."""
    return task.postponements.filter(state=Request.ASKED).first()


def _asked(task: Task, actor: Any) -> Postponement:
    if actor is not None and not may(actor, "responsibilities.edit", task):
        raise PermissionDenied("responsibilities.edit")
    asked = open_request(task)
    if asked is None:
        raise Refusal(_("There is no request to decide."), _("Open the task again; somebody else may have decided."))
    return asked
