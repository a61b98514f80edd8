"""`advance()`: the only writer of a state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.models import as_json, label_of
from chuangwen.core.updating import update_row
from chuangwen.workflow.models import Step
from chuangwen.workflow.transitions import Transition, Workflow


class StaleState(Conflict):
    """The matter is no longer where the actor saw it: somebody else was faster."""

    def __init__(self, obj: models.Model) -> None:
        super().__init__(
            _("“%s” has moved on meanwhile.") % obj,
            _("Open it again to see its present state; what you typed is kept."),
        )


def advance(
    obj: Any,
    workflow: Workflow,
    action: str,
    *,
    actor: Any,
    note: str = "",
    data: dict[str, Any] | None = None,
    on_behalf: str = "",
    at: datetime | None = None,
    **changes: Any,
) -> Step:
    """Take `action` on `obj`: check, move the state, keep history and audit, all in one transaction.

    The guard stands in the UPDATE itself: only the row that is still in the state the actor saw
    is moved, and the row count is checked, so two people can never both succeed. `changes` are
    further fields written by the same UPDATE. `actor` None is the program (rules, demo set-up) and
    passes permission checks, never guards. `at` is the true time of a step entered later from paper.

    Raises PermissionDenied, Refusal (a guard's words) or StaleState; then nothing is changed.
    """
    step = workflow.get(action)
    if step is None:
        raise ValueError(f"{label_of(obj)} has no action {action!r}")
    source = getattr(obj, workflow.field_name)
    if source not in step.sources:
        raise StaleState(obj)
    _check(step, obj, actor, note)
    moment = at or clock.now()
    # Part of the caller's transaction where there is one: what fails in here fails all of it.
    with transaction.atomic(savepoint=False):
        values = {workflow.field_name: step.target, "updated_at": clock.now(), **changes}
        moved = update_row(obj, values, **{workflow.field_name: source})
        if moved:
            history = _step(obj, action, source, step.target, actor, note, data, on_behalf, moment)
            record(
                f"{label_of(obj)}.{action}",
                obj,
                actor=actor,
                data={
                    "source": source,
                    "target": step.target,
                    "note": note,
                    **(data or {}),
                    **_on_behalf(on_behalf),
                },
            )
    if not moved:
        raise StaleState(obj)
    for name, value in {workflow.field_name: step.target, **changes}.items():
        setattr(obj, name, value)
    return history


def note_step(
    obj: Any,
    action: str,
    *,
    actor: Any,
    note: str = "",
    data: dict[str, Any] | None = None,
    on_behalf: str = "",
    at: datetime | None = None,
) -> Step:
    """Keep something that happened to `obj` without moving its state (created, commented, moved date)."""
    state = getattr(obj, "state", "")
    with transaction.atomic(savepoint=False):
        history = _step(obj, action, state, state, actor, note, data, on_behalf, at or clock.now())
        record(
            f"{label_of(obj)}.{action}",
            obj,
            actor=actor,
            data={"note": note, **(data or {}), **_on_behalf(on_behalf)},
        )
    return history


def note_many(
    objects: Sequence[Any], action: str, *, actor: Any, data: Mapping[int, dict[str, Any]], note: str = "",
    audited: bool = True,
) -> None:  # fmt: skip
    """Keep the same thing that happened to many matters of one model at once, each with its own `data` by key.

    One insert and one audit entry, which names them all: what a whole plan does in one step is one act. `audited`
    False where the caller keeps the act in fewer words.
    """
    if not objects:
        return
    moment = clock.now()
    rows = [
        Step(
            region_id=one.region_id, object_type=label_of(one), object_id=one.pk, action=action,
            source=getattr(one, "state", ""), target=getattr(one, "state", ""), actor_id=actor.pk if actor else None,
            actor_name=str(actor) if actor else "", note=note, data=as_json(data[one.pk]), at=moment,
        )
        for one in objects
    ]  # fmt: skip
    with transaction.atomic():
        Step.objects.bulk_create(rows, batch_size=500)
        if not audited:
            return
        told = {str(one.pk): data[one.pk] for one in objects}
        record(
            f"{label_of(objects[0])}.{action}", actor=actor, region=objects[0].region.code,
            data={"note": note, "count": len(rows), "objects": told},
        )  # fmt: skip


def available(obj: Any, workflow: Workflow, actor: Any) -> list[Transition]:
    """The steps that `actor` could take on `obj` now, in the table's order."""
    state = getattr(obj, workflow.field_name)
    return [t for t in workflow.transitions if state in t.sources and not refusal(t, obj, actor)]


def refusal(step: Transition, obj: Any, actor: Any) -> str:
    """Why `actor` may not take `step` on `obj`, or ""."""
    if step.permission and actor is not None and not may(actor, step.permission, obj):
        return str(_("This is up to somebody with another role."))
    for guard in step.guards:
        if reason := guard(actor, obj):
            return str(reason)
    return ""


def _check(step: Transition, obj: Any, actor: Any, note: str) -> None:
    if step.permission and actor is not None and not may(actor, step.permission, obj):
        raise PermissionDenied(step.permission)
    for guard in step.guards:
        if reason := guard(actor, obj):
            raise Refusal(reason)
    if step.needs_note and not note.strip():
        raise Refusal(_("Please give the reason in a few words."), _("It is shown to the other side."))


def _step(
    obj: Any, action: str, source: str, target: str, actor: Any, note: str,
    data: dict[str, Any] | None, on_behalf: str, at: datetime,
) -> Step:  # fmt: skip
    return Step.objects.create(
        region=obj.region,
        object_type=label_of(obj),
        object_id=obj.pk,
        action=action,
        source=source,
        target=target,
        actor_id=actor.pk if actor else None,
        actor_name=str(actor) if actor else "",
        on_behalf=on_behalf,
        note=note,
        data=as_json(data or {}),
        at=at,
    )


def _on_behalf(name: str) -> dict[str, str]:
    return {"on_behalf": name} if name else {}
