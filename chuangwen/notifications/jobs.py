"""The digest, once each working day at the site's hour, and what failed tried again in the afternoon."""

from __future__ import annotations

from datetime import date, time

from django.conf import settings

from chuangwen.accounts.services.throttling import sweep_tries
from chuangwen.core import clock
from chuangwen.core.daily import daily
from chuangwen.notifications.services.digests import make_digests, send_digests


def run_daily(day: date) -> tuple[int, int, int]:
    """Make and send the digests of `day`; returns (made, sent, failed). Safe to run again."""
    made = make_digests(day)
    return made, *send_digests()


@daily("digest", at=time.fromisoformat(settings.DIGEST_AT))
def digest() -> None:
    run_daily(clock.today())
    sweep_tries()


@daily("digest-again", at=time(14, 30))
def digest_again() -> None:
    """Once more for what no channel took in the morning."""
    send_digests()
