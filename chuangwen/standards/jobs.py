"""Long work of this area: reading a large standard file."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core.jobs import Progress, job_kind
from chuangwen.standards.enums import UploadStatus
from chuangwen.standards.models import StandardUpload
from chuangwen.standards.services.importing import look_through

READ_STANDARD = "read_standard"


@job_kind(READ_STANDARD)
def read_large_standard(progress: Progress, *, owner: Any, upload: int) -> None:
    """Read an uploaded file that is too large to be read while its giver waits."""
    found = StandardUpload.objects.get(pk=upload, owner_id=owner.pk)
    progress.total(1)
    look_through(found)
    progress.step()
    faulty = found.status == UploadStatus.FAULTY
    words = (
        ngettext(
            "The file has %d fault; nothing was imported.",
            "The file has %d faults; nothing was imported.",
            found.fault_count,
        )
        % found.fault_count
        if faulty
        else _("The file is free of faults.")
    )
    progress.result(reverse("standards:upload", args=[found.uid]), words)
