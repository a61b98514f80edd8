"""The bell and the number beside it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from chuangwen.notifications.models import Notice


def inbox(request: HttpRequest) -> dict[str, Any]:
    """`inbox_url` and `unread`: how many lines wait; asked of the database only where a page shows it."""
    user = getattr(request, "user", None)
    if not (user and user.is_authenticated) or hasattr(request, "matter"):
        return {}
    unread = SimpleLazyObject(lambda: Notice.objects.filter(user=user, read_at__isnull=True).count())
    return {"inbox_url": reverse("notifications:inbox"), "unread": unread}
