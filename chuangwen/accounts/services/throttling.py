"""Counts tries over all processes, so that a short code cannot be found by trying."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.db import transaction
from django.db.models import Case, F, Q, When

from chuangwen.accounts.models import Throttle
from chuangwen.core import clock


def try_once(what: str, who: str, *, limit: int, seconds: int) -> bool:
    """Count one try of `what` by `who`; False when it is one too many within the span.

    The count begins with the first try and starts anew `seconds` later. Not to be called inside
    a transaction that may roll back, since the try must stay counted.
    """
    key, now = _key(what, who), clock.now()
    ends, runs = now + timedelta(seconds=seconds), Q(until__gt=now)
    with transaction.atomic():
        Throttle.objects.get_or_create(key=key, defaults={"count": 0, "until": ends})
        # one statement, so that of two processes at the same moment each counts on from the other
        Throttle.objects.filter(key=key).update(
            count=Case(When(runs, then=F("count") + 1), default=1),
            until=Case(When(runs, then=F("until")), default=ends),
        )
        return bool(Throttle.objects.get(key=key).count <= limit)


def forget_tries(what: str, who: str) -> None:
    """Begin anew: the right code was given."""
    Throttle.objects.filter(key=_key(what, who)).delete()


def sweep_tries() -> int:
    """Delete counts whose span is over; returns how many."""
    return int(Throttle.objects.filter(until__lte=clock.now()).delete()[0])


def _key(what: str, who: str) -> str:
    return hashlib.sha256(f"{what}\0{who}".encode()).hexdigest()
