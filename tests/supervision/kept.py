"""What a step left behind beside history, audit and columns (tests/support/leaving.py): inbox, papers."""

from __future__ import annotations

from typing import Any

from chuangwen.core.models import Attachment
from chuangwen.notifications.models import Notice
from tests.support.leaving import fields


def told(person: Any) -> list[tuple[str, str, str, bool]]:
    """The unread lines of a person, emptied: title, body, address, urgent. All are of the area and of a region."""
    rows = Notice.objects.filter(user=person, kind="supervision", region__isnull=False, read_at=None).order_by("pk")
    found = list(rows.values_list("title", "body", "url", "urgent"))
    Notice.objects.filter(user=person).delete()
    return found


def papers(row: Any) -> list[tuple[str, str, int | None]]:
    """The papers that hang on a row: name, hash, who brought it."""
    rows = Attachment.objects.filter(owner_type=row._meta.label_lower, owner_id=row.pk).order_by("pk")
    return list(rows.values_list("name", "file__sha256", "given_by_id"))


def facts(row: Any) -> dict[str, Any]:
    """All columns but its own number and when the row was written."""
    return {name: value for name, value in fields(row).items() if name not in {"id", "created_at", "updated_at"}}
