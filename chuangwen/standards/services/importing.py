"""Takes standard files in: read, kept while a person looks at what they say, then published."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib.resources import files
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.core.access import require_region
from chuangwen.core.errors import BadUpload, Conflict, Refusal
from chuangwen.core.files.services import clean_name, read, store_bytes
from chuangwen.core.models import Region, StoredFile
from chuangwen.standards.enums import UploadStatus
from chuangwen.standards.fileformat import Fault, FaultyStandard, read_standard
from chuangwen.standards.fileformat.raw import MAX_FILE_BYTES
from chuangwen.standards.models import StandardUpload, StandardVersion
from chuangwen.standards.services.publishing import publish_standard, refuse_misfits
from chuangwen.standards.tree import Standard

SHIPPED: Final = ("city-2026", "unit-2026")
AT_ONCE_BYTES: Final = 400_000  # a file up to here is read while its giver waits; above it a job reads it
FAULTS_KEPT: Final = 500


def receive_standard(
    data: bytes, name: str, *, region: Region, actor: Any, queue: Callable[[StandardUpload], object] = lambda _one: None
) -> StandardUpload:
    """Take an uploaded file; it is read at once, or is left READING where it is large.

    `queue` starts the job that reads a large one: in the same transaction, so that none waits for ever.
    The result tells by its status: READY (nothing is published yet) or FAULTY with all faults.
    Raises BadUpload for what is empty, too large or no file of this kind at all.
    """
    require_region(actor, "standards.edit", region.pk)
    if not data:
        raise BadUpload(_("The file is empty."), _("Choose another file."))
    if len(data) > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES // 1024 // 1024
        raise BadUpload(_("A standard file holds at most %d MB.") % limit, _("Leave out pictures and unused sheets."))
    upload = StandardUpload(region=region, owner_id=actor.pk, name=clean_name(name))
    if len(data) <= AT_ONCE_BYTES:
        _look(upload, data)
    with transaction.atomic():
        upload.file = None if upload.status == UploadStatus.FAULTY else store_bytes(data)
        upload.save()
        record("standards.upload.receive", upload, actor=actor, data=_told(upload))
        if upload.status == UploadStatus.READING:
            queue(upload)
    return upload


def look_through(upload: StandardUpload) -> StandardUpload:
    """Read a file that was left for a job."""
    assert upload.file is not None  # noqa: S101  (READING uploads keep their bytes)
    _look(upload, read(upload.file))
    if upload.status == UploadStatus.FAULTY:
        upload.file = None
    upload.save()
    return upload


def uploaded_standard(upload: StandardUpload) -> Standard:
    """What a READY or PUBLISHED upload says. Raises Conflict where its bytes were let go."""
    if upload.file is None:
        raise Conflict(_("This file is no longer kept."), _("Upload it again."))
    return read_standard(read(upload.file), upload.name)


def publish_upload(upload: StandardUpload, *, actor: Any) -> StandardVersion:
    """Publish what an upload says; a second call returns the version that is there."""
    if upload.version is not None:
        return upload.version
    if upload.status != UploadStatus.READY:
        raise Conflict(_("This file has not been read without faults."), _("Put it right and upload it again."))
    standard = uploaded_standard(upload)
    with transaction.atomic():
        version, _new = publish_standard(standard, region=upload.region, actor=actor)
        upload.version, upload.status = version, UploadStatus.PUBLISHED
        upload.save()
    return version


def forget_uploads(before: datetime) -> int:
    """Let go of files that nobody published and nobody touched since `before`; returns how many.

    Who comes back to such an upload is asked to send the file again.
    """
    left = StandardUpload.objects.exclude(status=UploadStatus.PUBLISHED).filter(
        file__isnull=False, updated_at__lt=before
    )
    return left.update(file=None)


def ship_models(*, region: Region, actor: Any) -> list[StandardVersion]:
    """Publish the two model standards that come with the program; those that are there stay."""
    versions = []
    with transaction.atomic():
        for name in SHIPPED:
            data = files("chuangwen.standards").joinpath(f"data/{name}.yaml").read_bytes()
            version, _new = publish_standard(read_standard(data, f"{name}.yaml"), region=region, actor=actor)
            versions.append(version)
    return versions


def _look(upload: StandardUpload, data: bytes) -> None:
    try:
        refuse_misfits(read_standard(data, upload.name))
    except FaultyStandard as faulty:
        upload.status, upload.fault_count = UploadStatus.FAULTY, len(faulty.faults)
        upload.faults = [_kept(fault) for fault in faulty.faults[:FAULTS_KEPT]]
    except Refusal as refusal:
        upload.status, upload.fault_count = UploadStatus.FAULTY, 1
        upload.faults = [["file", str(refusal), str(refusal)]]
    else:
        upload.status = UploadStatus.READY


def _kept(fault: Fault) -> list[str]:
    return [fault.place, fault.message, fault.message_zh]


def _told(upload: StandardUpload) -> dict[str, Any]:
    stored: StoredFile | None = upload.file
    return {"status": upload.status, "faults": upload.fault_count, "sha256": stored.sha256 if stored else ""}
