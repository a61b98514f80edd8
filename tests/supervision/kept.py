"""What a step left behind: history, inbox, audit, columns."""

from __future__ import annotations

from typing import Any

from chuangwen.audit.models import Entry
from chuangwen.core.models import Attachment
from chuangwen.notifications.models import Notice
from chuangwen.workflow.queries import history_of


def kept(row: Any) -> list[tuple[Any, ...]]:
    """The history in the order in which it was written: action, actor, time, note, for whom, what else."""
    rows = history_of(row).order_by("pk")
    return [(one.action, one.actor_id, one.at, one.note, one.on_behalf, one.data) for one in rows]


def told(person: Any) -> list[tuple[str, str, str, bool]]:
    """The unread lines of a person, emptied: title, body, address, urgent. All are of the area and of a region."""
    rows = Notice.objects.filter(user=person, kind="supervision", region__isnull=False, read_at=None).order_by("pk")
    found = list(rows.values_list("title", "body", "url", "urgent"))
    Notice.objects.filter(user=person).delete()
    return found


def audited(action: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Who did it, to which row, with what."""
    return list(Entry.objects.filter(action=action).order_by("pk").values_list("actor_id", "object_id", "data"))


def columns(row: Any) -> dict[str, Any]:
    """All columns of a row, to see that a step beside it has touched none."""
    return dict(type(row).objects.filter(pk=row.pk).values().get())


def papers(row: Any) -> list[tuple[str, str, int | None]]:
    """The papers that hang on a row: name, hash, who brought it."""
    rows = Attachment.objects.filter(owner_type=row._meta.label_lower, owner_id=row.pk).order_by("pk")
    return list(rows.values_list("name", "file__sha256", "given_by_id"))


def facts(row: Any) -> dict[str, Any]:
    """All columns but its own number and when the row was written."""
    return {name: value for name, value in columns(row).items() if name not in {"id", "created_at", "updated_at"}}
