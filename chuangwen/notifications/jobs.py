"""The digest, once each working day at the site's hour, sent when its reader is not to be left in peace; ended work."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.accounts.services.throttling import sweep_tries
from chuangwen.core import clock
from chuangwen.core.daily import daily
from chuangwen.core.jobs import ended
from chuangwen.core.models import Job, JobState
from chuangwen.notifications.services import notify
from chuangwen.notifications.services.digests import make_digests, send_digests
from chuangwen.notifications.services.reminding import sweep_reminded

WAITED_FOR = timedelta(seconds=20)  # so long a person looks at the bar


def run_daily(day: date) -> tuple[int, int, int]:
    """Make and send the digests of `day`; returns (made, sent, failed). Safe to run again."""
    made = make_digests(day)
    return made, *send_digests()


@daily("digest", at=time.fromisoformat(settings.DIGEST_AT))
def digest() -> None:
    run_daily(clock.today())
    sweep_tries()
    sweep_reminded()


def hourly() -> None:
    """What may break the quiet; then what waited for the end of somebody's quiet, or what no channel took."""
    make_digests(clock.today(), urgent_only=True)
    send_digests()


for _hour in range(24):
    daily(f"digest-{_hour:02d}", at=time(_hour, 45))(hourly)


@receiver(ended, dispatch_uid="notifications.job")
def on_ended(sender: Any, job: Job, **_kwargs: Any) -> None:
    """Tell the owner of work that failed, or that took so long that nobody waited for it.

    The line leads to the work's page, which says what failed and leads back to where it was begun.
    """
    failed = job.status == JobState.FAILED
    owner = get_user_model().objects.filter(pk=job.owner_id).first()
    if owner is None or not (failed or (job.finished_at or clock.now()) - job.created_at > WAITED_FOR):
        return
    words = _("Not done: %s") if failed else _("Ready: %s")
    url = reverse("core:job", args=[job.uid])
    notify([owner], "job", words % job.title, region=owner.region, url=url, body=job.message, key=f"job-{job.uid}")
