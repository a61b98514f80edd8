"""What is tidied away every night: ended sessions, old results of finished work, what a crash left on disk."""

from __future__ import annotations

from datetime import time, timedelta

from django.contrib.sessions.models import Session
from django_tasks_db.models import DBTaskResult

from chuangwen.core import clock
from chuangwen.core.daily import daily
from chuangwen.core.files.services import sweep_files
from chuangwen.core.models import DailyRun, Job, JobState

KEEP_RESULTS = timedelta(days=30)


@daily("tidy", at=time(3, 10))
def tidy() -> None:
    """Forget what nobody can need any more. What people did is never touched: it is in the audit chain."""
    now = clock.now()
    Session.objects.filter(expire_date__lt=now).delete()
    DBTaskResult.objects.filter(finished_at__lt=now - KEEP_RESULTS).delete()
    Job.objects.filter(status__in=(JobState.DONE, JobState.FAILED), finished_at__lt=now - KEEP_RESULTS).delete()
    DailyRun.objects.filter(started_at__lt=now - KEEP_RESULTS).delete()
    sweep_files()
