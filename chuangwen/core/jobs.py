"""Long work: started by a person, run by the worker, watched on a page that can be left.

An area registers a function under a kind with `@job_kind`; `start_job` queues it once the
transaction that asked for it is committed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _
from django_tasks import task

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import clean_name, store_bytes, store_made
from chuangwen.core.models import Job, JobState

logger = logging.getLogger(__name__)
LONGEST = 600  # characters of an address that is kept
# A `job` is over. A higher area tells its owner (notifications), which this one must not know.
ended = Signal()


class Progress:
    """What a running job says of itself; saved at most every half per cent."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._saved = 0

    def total(self, number: int) -> None:
        self.job.total = number
        self._save()

    def step(self, number: int = 1) -> None:
        self.job.done += number
        if self.job.done - self._saved >= max(1, self.job.total // 200):
            self._save()

    def result(self, url: str, message: str = "") -> None:
        """Where the outcome can be seen."""
        self.job.result_url, self.job.message = url, message

    def file(self, data: bytes, name: str) -> None:
        """The outcome as a file, which the job's owner alone may download from the job's page."""
        self.job.result_file, self.job.result_name = store_bytes(data), clean_name(name)

    def made(self, path: Path, name: str, media_type: str) -> None:
        """As `file`, with a file of any size that lies in a working folder."""
        self.job.result_file, self.job.result_name = store_made(path, media_type), clean_name(name)

    def _save(self) -> None:
        self._saved = self.job.done
        Job.objects.filter(pk=self.job.pk).update(done=self.job.done, total=self.job.total, updated_at=clock.now())


JobFunction = Callable[..., None]
_kinds: dict[str, JobFunction] = {}


def job_kind(kind: str) -> Callable[[JobFunction], JobFunction]:
    """Register `function(progress, **params)` as the work of this kind."""

    def register(function: JobFunction) -> JobFunction:
        _kinds[kind] = function
        return function

    return register


def start_job(kind: str, *, owner: Any, title: str, params: dict[str, Any], back: str = "") -> Job:
    """Queue work of `kind` for `owner`. It starts after the present transaction commits.

    `back` is the page that the person came from: where the work fails, or has no page of its own, its page leads there.
    """
    job = Job.objects.create(kind=kind, title=title[:200], owner_id=owner.pk, params=params, result_url=back[:LONGEST])
    transaction.on_commit(partial(run_job.enqueue, job.pk))
    return job


@task()
def run_job(job_id: int) -> None:
    """Run one job to its end. A refusal becomes its message; a fault is logged and told plainly."""
    started = Job.objects.filter(pk=job_id, status=JobState.QUEUED)
    if not started.update(status=JobState.RUNNING, started_at=clock.now(), updated_at=clock.now()):
        return  # another worker has it, or it is over
    job = Job.objects.get(pk=job_id)
    progress = Progress(job)
    try:
        _kinds[job.kind](progress, owner=get_user_model().objects.get(pk=job.owner_id), **job.params)
        job.status = JobState.DONE
    except Refusal as refusal:
        job.status, job.message = JobState.FAILED, str(refusal)
    except Exception:
        logger.exception("job %s failed", job.kind)
        job.status = JobState.FAILED
        job.message = _("The program failed at this work. Tell the administrator the time and the title.")
    job.finished_at = clock.now()
    job.save()
    ended.send(sender=None, job=job)


INTERRUPTED = timedelta(minutes=10)


def fail_interrupted(quiet_for: timedelta = INTERRUPTED) -> int:
    """End jobs whose worker went away: running, but without a sign of life for `quiet_for`. Returns how many.

    What such a job had done is kept, as each of its steps was whole; it is not begun again by itself.
    """
    lost = Job.objects.filter(status=JobState.RUNNING, updated_at__lt=clock.now() - quiet_for)
    message = _("The program was stopped during this work. What was done is kept; start it again for the rest.")
    found = 0
    for job in list(lost):
        if lost.filter(pk=job.pk).update(status=JobState.FAILED, message=message, finished_at=clock.now()):
            job.refresh_from_db()
            ended.send(sender=None, job=job)
            found += 1
    return found
