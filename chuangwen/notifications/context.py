"""The number beside the bell."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from chuangwen.notifications.models import Notice


def inbox(request: HttpRequest) -> dict[str, Any]:
    """`unread`: how many lines wait in the inbox; asked of the database only where a page shows it."""
    user = getattr(request, "user", None)
    if not (user and user.is_authenticated):
        return {}
    return {"unread": SimpleLazyObject(lambda: Notice.objects.filter(user=user, read_at__isnull=True).count())}
