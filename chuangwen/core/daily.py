"""Work of every day: digests, reminders, tidying. Run by the worker, each once a day over all workers.

An area registers a function with `@daily` in a module that its AppConfig.ready imports.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import TypeVar

from django.db import IntegrityError, transaction

from chuangwen.core import clock
from chuangwen.core.models import DailyRun

logger = logging.getLogger(__name__)
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class DailyWork:
    """A function that is called once a day, after `at` on the office's clock."""

    name: str
    at: time
    function: Callable[[], object]


_works: dict[str, DailyWork] = {}


def daily(name: str, at: time) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Register `function()` to run once a day after `at`. What it begins must be safe to begin again."""

    def register(function: Callable[[], object]) -> Callable[[], object]:
        _works[name] = DailyWork(name, at, function)
        return function

    return register


def run_due() -> list[str]:
    """Run what is due today and has not been begun today by any worker; returns the names run."""
    now = clock.local(clock.now())
    due = [work for work in sorted(_works.values(), key=lambda work: work.at) if work.at <= now.time()]
    return [work.name for work in due if _begun(work, now) and _run(work, now)]


def one_by_one(rows: Iterable[T], step: Callable[[T], R], what: str, name: Callable[[T], str] = str) -> list[R]:
    """What `step` returned for each row; one that fails keeps no other waiting, and fails the day's work at the end.

    `what` and `name` say for the journal what could not be done and for which rows. A step that writes is one
    transaction of its own. Raises RuntimeError once all rows have had their turn.
    """
    done: list[R] = []
    failed: list[str] = []
    for row in rows:
        try:
            done.append(step(row))
        except Exception:
            logger.exception("%s failed for %s", what, name(row))
            failed.append(name(row))
    if failed:
        raise RuntimeError(f"{what} failed for: {', '.join(failed)}")
    return done


def _begun(work: DailyWork, now: datetime) -> bool:
    """Whether this worker is the one that begins the work today: the row's key lets one through."""
    if DailyRun.objects.filter(name=work.name, day=now.date()).exists():
        return False
    try:
        with transaction.atomic():
            DailyRun.objects.create(name=work.name, day=now.date())
    except IntegrityError:
        return False
    return True


def _run(work: DailyWork, now: datetime) -> bool:
    run = DailyRun.objects.filter(name=work.name, day=now.date())
    try:
        work.function()
    except Exception as error:
        logger.exception("daily work %s failed", work.name)
        run.update(failure=repr(error), finished_at=clock.now())
    else:
        run.update(finished_at=clock.now())
    return True
