"""What is tidied away every night: ended sessions, old results of finished work, what a crash left on disk."""

from __future__ import annotations

from datetime import time, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django_tasks_db.models import DBTaskResult

from chuangwen.core import clock
from chuangwen.core.daily import daily
from chuangwen.core.files.sweeping import drop_unused, forget_made, sweep_files
from chuangwen.core.imports.services import forget_imports
from chuangwen.core.models import DailyRun, Job, JobState
from chuangwen.standards.services.importing import forget_uploads

KEEP_RESULTS = timedelta(days=30)
KEEP_UPLOADS = timedelta(days=30)  # what was uploaded and neither imported nor published


@daily("statistics", at=time(3, 40))
def renew_statistics() -> None:
    """Let SQLite's planner know how the rows lie; PostgreSQL does so by itself.

    Without, the first page of the open ledger walks over all problems that were ever closed: a hundred times as long.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit=0")  # from a sample it takes one region for a small part of the rows
            cursor.execute("ANALYZE")


@daily("tidy", at=time(3, 10))
def tidy() -> None:
    """Forget what nobody can need any more. What people did is never touched: it is in the audit chain."""
    now = clock.now()
    Session.objects.filter(expire_date__lt=now).delete()
    DBTaskResult.objects.filter(finished_at__lt=now - KEEP_RESULTS).delete()
    Job.objects.filter(status__in=(JobState.DONE, JobState.FAILED), finished_at__lt=now - KEEP_RESULTS).delete()
    DailyRun.objects.filter(started_at__lt=now - KEEP_RESULTS).delete()
    forget_imports(now - KEEP_UPLOADS)
    forget_uploads(now - KEEP_UPLOADS)
    forget_made(now - timedelta(days=settings.EXPORT_DAYS))
    drop_unused()
    sweep_files()
