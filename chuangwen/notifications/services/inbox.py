"""What a person does with the own inbox. Not audited: nobody's reading is watched."""

from __future__ import annotations

from typing import Any

from chuangwen.core import clock
from chuangwen.notifications.models import Notice


def read_notice(notice: Notice, *, actor: Any, data: dict[str, Any] | None = None) -> None:
    """Mark one line as read; whose it is not, it is left alone. Twice does no harm."""
    Notice.objects.filter(pk=notice.pk, user=actor, read_at__isnull=True).update(read_at=clock.now())


def read_all(user: Any) -> int:
    """Mark all lines of a person as read; returns how many were not."""
    return Notice.objects.filter(user=user, read_at__isnull=True).update(read_at=clock.now())
