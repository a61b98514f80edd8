"""The import of a long workbook as work for the worker."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core.imports.importer import Importer, importer_or_404
from chuangwen.core.imports.queries import own_import
from chuangwen.core.imports.services import import_rows
from chuangwen.core.jobs import Progress, job_kind, start_job
from chuangwen.core.models import Job, WorkbookImport

KIND = "import_workbook"


def start_import_job(task: WorkbookImport, importer: Importer, *, actor: Any, good_only: bool) -> Job:
    """Hand the import to the worker; its page shows progress and leads to the result."""
    with transaction.atomic():
        title = f"{importer.title}：{task.name}"
        params = {"key": importer.key, "uid": str(task.uid), "good_only": good_only}
        back = reverse("core:import-check", args=[importer.key, task.uid])
        job = start_job(KIND, owner=actor, title=title, params=params, back=back)
        WorkbookImport.objects.filter(pk=task.pk).update(job=job)
    return job


@job_kind(KIND)
def import_workbook(progress: Progress, *, owner: Any, key: str, uid: str, good_only: bool) -> None:
    """Import with the rights that the person holds now. All or nothing, so there are two steps to show."""
    progress.total(2)
    importer = importer_or_404(key)
    task = own_import(owner, importer, uid)
    progress.step()
    summary = import_rows(task, importer, actor=owner, good_only=good_only)
    progress.step()
    words = _("%(new)d new, %(changed)d changed, %(unchanged)d unchanged.")
    counts = {"new": summary.new, "changed": summary.changed, "unchanged": summary.unchanged}
    progress.result(reverse("core:import-result", args=[key, uid]), words % counts)
