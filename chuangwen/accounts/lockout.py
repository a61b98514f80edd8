"""What django-axes counts wrong passwords by, and how long the wait still is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest

from chuangwen.core import clock


def client_address(request: HttpRequest) -> str:
    """Where a request comes from: behind our proxy, what the proxy itself saw, which it writes last."""
    forwarded = request.headers.get("x-forwarded-for", "") if settings.BEHIND_PROXY else ""
    last = forwarded.rsplit(",", 1)[-1].strip()
    return last or request.META.get("REMOTE_ADDR") or "127.0.0.1"


def account_tried(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The account name as the database compares it: another case or a blank begins no new count."""
    given = (credentials or {}).get("username") or request.POST.get("login", "")
    return str(given).strip().casefold()[:255]


def minutes_left(request: HttpRequest, credentials: dict[str, Any] | None) -> int:
    """Whole minutes until the account may be tried again from this address; at least one."""
    cool_off = get_cool_off(request) or timedelta()
    last = (
        AccessAttempt.objects.filter(username=account_tried(request, credentials), ip_address=client_address(request))
        .order_by("-attempt_time")
        .values_list("attempt_time", flat=True)
        .first()
    )
    left = (last + cool_off - clock.now()) if last else cool_off
    return max(1, -(-int(left.total_seconds()) // 60))


def clear_lockout(username: str) -> int:
    """Forget the failures counted against an account, from wherever they came; returns how many rows went."""
    return int(AccessAttempt.objects.filter(username=username.strip().casefold()).delete()[0])
