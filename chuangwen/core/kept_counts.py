"""Counts beside the navigation, kept for a minute in the person's own browser.

They stand on every page, and to count them anew each time is a fifth of a list's work. The cookie is signed and read
by whichever process answers; nothing is kept on the server. It is void when a minute is over, when the person, what
may be seen or the campaign is another, and as soon as the person writes: who finishes a task sees the number fall.
What others do shows within the minute; the list behind a number is never kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from chuangwen.core import clock
from chuangwen.core.access import access_mark

COOKIE = "cw_counts"
KEPT_SECONDS = 60
SAFE = frozenset({"GET", "HEAD"})
_SALT = "chuangwen.core.kept_counts"


def kept_counts(request: HttpRequest, names: Iterable[str], count: Callable[[], dict[str, int]]) -> dict[str, int]:
    """The numbers of `names`: as kept, else what `count` finds, which is kept from then on."""
    several = list(names)
    if not several:
        return {}
    mark = _mark(request, several)
    numbers = _read(request, mark) if request.method in SAFE else None
    if numbers is not None and len(numbers) == len(several):
        return dict(zip(several, numbers, strict=True))
    found = count()
    kept = [mark, int(clock.now().timestamp()), [found[name] for name in several]]
    request.counts_to_keep = signing.dumps(kept, salt=_SALT)  # type: ignore[attr-defined]
    return found


def keep_counts(request: HttpRequest, response: HttpResponse) -> None:
    """Send the browser what was counted for this answer; what it has is void where the person wrote."""
    kept = getattr(request, "counts_to_keep", "")
    if kept and "public" not in response.headers.get("Cache-Control", ""):
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(COOKIE, kept, max_age=KEPT_SECONDS, secure=secure, httponly=True, samesite="Lax")
    elif COOKIE in request.COOKIES and request.method not in SAFE:
        response.delete_cookie(COOKIE, samesite="Lax")


def _mark(request: HttpRequest, names: list[str]) -> str:
    """For whom and of what the numbers are."""
    user: Any = request.user
    parts = (user.pk, access_mark(user), getattr(request, "campaign_key", None), names)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _read(request: HttpRequest, mark: str) -> list[int] | None:
    """The kept numbers, where they are this person's and not too old."""
    kept = request.COOKIES.get(COOKIE)
    if not kept:
        return None
    try:
        whose, at, numbers = signing.loads(kept, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    age = clock.now().timestamp() - at
    return numbers if whose == mark and 0 <= age < KEPT_SECONDS else None
