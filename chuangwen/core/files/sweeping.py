"""Takes away what nobody can reach any more: files without a matter, bytes without a row, halves of a crash.

A file that anything points to is never touched: what points here is asked of the models themselves, so
that a new area need not think of it. What is young stays too, since its matter may be about to be written.
"""

from __future__ import annotations

import fcntl
import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import models, transaction

from chuangwen.core import clock
from chuangwen.core.files.services import PREVIEW_SIDES, WORKING, derived_folder, disk_of_files, locked, preview_name
from chuangwen.core.models import Job, JobState, StoredFile

GRACE = timedelta(days=7)
CRASH_GRACE = timedelta(days=1)
_SHA256 = re.compile(r"[0-9a-f]{64}")


def drop_unused(older_than: timedelta = GRACE) -> int:
    """Delete the rows of files that nothing has pointed to for so long; returns how many.

    On a disk their bytes follow by sweep_files; in an object store they go with the row.
    """
    limit = clock.now() - older_than
    awaited = _awaited_by_jobs()
    unused = _unused(limit).exclude(sha256__in=awaited).values_list("pk", flat=True)
    return sum(_drop(pk, limit) for pk in list(unused))


def forget_made(before: datetime) -> int:
    """Take away the files that work made which ended before `before`; returns how many. The work itself is kept.

    Unlike what was uploaded such a file belongs to no matter that may yet be written, and it can be large.
    """
    old = Job.objects.filter(result_file__isnull=False, finished_at__lt=before)
    files = set(old.values_list("result_file", flat=True))
    old.update(result_file=None)
    return sum(_drop(pk, clock.now() - CRASH_GRACE) for pk in files)


def sweep_files(older_than: timedelta = CRASH_GRACE) -> int:
    """Take away half-written files and bytes without a row. Returns how many. Object stores are left alone."""
    disk = disk_of_files()
    if disk is None:
        return 0
    removed, limit = 0, clock.now().timestamp() - older_than.total_seconds()
    for made in Path(disk.location).glob(f"{WORKING}*"):
        if made.stat().st_mtime < limit:
            shutil.rmtree(made, ignore_errors=True)
            removed += 1
    for folder in Path(disk.location).glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]"):
        with locked(folder, fcntl.LOCK_EX):  # who writes the same bytes now waits, or has made them young
            start = folder.parent.name + folder.name
            known = set(StoredFile.objects.filter(sha256__startswith=start).values_list("sha256", flat=True))
            for path in folder.iterdir():
                if path.name not in known and path.stat().st_mtime < limit:
                    path.unlink(missing_ok=True)
                    removed += 1
    return removed


def _unused(limit: datetime) -> models.QuerySet[StoredFile]:
    found = StoredFile.objects.filter(updated_at__lt=limit)
    for model, name in _pointers():
        found = found.exclude(models.Exists(model._base_manager.filter(**{name: models.OuterRef("pk")})))
    return found


def _pointers() -> list[tuple[type[models.Model], str]]:
    """Every model and field that points to a stored file."""
    relations: list[Any] = [
        field for field in StoredFile._meta.get_fields(include_hidden=True) if field.auto_created and field.is_relation
    ]
    return [(relation.related_model, relation.field.name) for relation in relations]


def _awaited_by_jobs() -> set[str]:
    """The digests in the parameters of work that has not ended."""
    waiting = Job.objects.exclude(status__in=(JobState.DONE, JobState.FAILED)).values_list("params", flat=True)
    return {digest for params in waiting for digest in _SHA256.findall(str(params))}


def _drop(pk: int, limit: datetime) -> int:
    """Delete one row unless it was taken up meanwhile; 1 or 0."""
    with transaction.atomic():
        row = _unused(limit).filter(pk=pk).select_for_update(of=("self",)).first()
        if row is None:
            return 0
        row.delete()  # a row that points here all the same makes this fail: the keys are PROTECT
        for size in PREVIEW_SIDES:
            default_storage.delete(preview_name(row, size))
        _drop_derived(row)
        if disk_of_files() is None:
            default_storage.delete(row.storage_name)
    return 1


def _drop_derived(row: StoredFile) -> None:
    """Delete what was derived from a file for showing."""
    folder = derived_folder(row)
    try:
        names = default_storage.listdir(folder)[1]
    except FileNotFoundError:
        return
    for name in names:
        default_storage.delete(f"{folder}/{name}")
