"""Looks at what a step leaves behind: columns, history, audit."""

from __future__ import annotations

from typing import Any

from chuangwen.audit.models import Entry
from chuangwen.workflow.queries import history_of


def kept(row: Any) -> list[tuple[Any, ...]]:
    """The history in the order in which it was written: action, actor, time, note, for whom, what else."""
    rows = history_of(row).order_by("pk")
    return [(one.action, one.actor_id, one.at, one.note, one.on_behalf, one.data) for one in rows]


def fields(row: Any) -> dict[str, Any]:
    """All columns of a row, also to see that a step beside it has touched none."""
    found: dict[str, Any] = type(row).objects.filter(pk=row.pk).values().get()
    return found


def columns(row: Any, *names: str) -> list[Any]:
    """Some columns of a row as the database holds them."""
    found = fields(row)
    return [found[name] for name in names]


def audited(action: str, row: Any = None) -> list[tuple[Any, ...]]:
    """The audit's entries of an action, the oldest first: actor, what it is about, what it says."""
    rows = Entry.objects.filter(action=action).order_by("pk")
    if row is not None:
        rows = rows.filter(object_id=str(row.pk))
    return [(one.actor_id, one.object_id, one.data) for one in rows]
