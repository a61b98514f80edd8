"""Takes uploads and gives out files: bytes are on disk before a row says so."""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, default_storage, storages
from django.db import models
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from chuangwen.core import clock
from chuangwen.core.asking import Question
from chuangwen.core.errors import BadUpload
from chuangwen.core.files.sniffing import PDF, Refused, has_macros, media_type_of
from chuangwen.core.models import Attachment, Region, StoredFile, label_of
from chuangwen.core.updating import update_row

PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
SCANS = PICTURES | {PDF}  # a paper as a photo or as the office's scanner gives it
PIXEL_LIMIT = 120_000_000  # a phone's largest photo is below it; a decompression bomb is not
PLAIN_PIXEL_LIMIT = 40_000_000  # of other kinds than JPEG, which cannot be opened at a smaller size
PREVIEW_SIDES = {"small": 320, "large": 1600}
FLUSHERS = 8
WORKING = "making-"  # how folders of files in the making begin
WITH_HASH = Question(lambda sha256: StoredFile.objects.filter(sha256=sha256))
_waiting: ContextVar[dict[Path, Path] | None] = ContextVar("waiting", default=None)  # name -> where it is until then


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: its name and bytes."""

    name: str
    data: bytes


def store_bytes(data: bytes, *, accept: Collection[str] = ()) -> StoredFile:
    """Keep `data` once and return its row; the same bytes again return the same row.

    The bytes are flushed to disk before the row is written, so a row always has its file;
    a crash in between leaves bytes without a row, and a matter that is given up a row without a
    matter: both are swept once they are old (sweeping.py), and both are young again after this call.
    Raises BadUpload for what is empty, too large, dangerous or not among `accept`.
    """
    return _kept(data, _checked(data, accept))


def _checked(data: bytes, accept: Collection[str]) -> str:
    """What kind of file it is; BadUpload for what is not taken."""
    if len(data) > settings.UPLOAD_LIMIT_BYTES:
        limit = settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)
        raise BadUpload(_("The file is larger than %d MB.") % limit, _("Make it smaller or split it."))
    media_type = media_type_of(data)
    if isinstance(media_type, Refused):
        raise BadUpload(*_refusal(media_type.reason))
    if accept and media_type not in accept:
        raise BadUpload(_("A file of this kind cannot be used here."), _("Choose another file."))
    return media_type


def _kept(data: bytes, media_type: str) -> StoredFile:
    sha256 = hashlib.sha256(data).hexdigest()
    known: StoredFile | None = WITH_HASH.first(sha256)
    facts = _picture_facts(data) if media_type in PICTURES and not known else {}
    write_whole(StoredFile(sha256=sha256).storage_name, data)
    if known and update_row(known, {"updated_at": clock.now()}):
        return known
    made = StoredFile(sha256=sha256, size=len(data), media_type=media_type, **facts)
    if made.insert_unless_there():
        return made
    return StoredFile.objects.get(sha256=sha256)  # somebody gave the same bytes at the same moment


def store_made(path: Path, media_type: str) -> StoredFile:
    """Keep a file that the program made itself, of any size, without reading it whole; `path` may be gone afterwards.

    It lies in a `working_folder`, so that it need not be copied. The bytes are on disk before the row is written.
    """
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    size = path.stat().st_size
    _bring_whole(StoredFile(sha256=sha256).storage_name, path)
    defaults = {"size": size, "media_type": media_type, "updated_at": clock.now()}
    return StoredFile.objects.update_or_create(sha256=sha256, defaults=defaults)[0]


@contextmanager
def working_folder() -> Iterator[Path]:
    """A folder for files in the making, on the disk that keeps the files where there is one; empty again afterwards.

    What a crash leaves in it is swept (sweeping.py).
    """
    disk = disk_of_files()
    if disk is not None:
        Path(disk.location).mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=WORKING, dir=disk.location if disk else None) as name:
        yield Path(name)


def _bring_whole(name: str, path: Path) -> None:
    """As write_whole, with bytes that lie in a file."""
    if disk_of_files() is None:
        if not default_storage.exists(name):
            with path.open("rb") as file:
                default_storage.save(name, File(file))
        return
    target = Path(default_storage.path(name))
    target.parent.mkdir(parents=True, exist_ok=True)
    with locked(target.parent, fcntl.LOCK_SH) as directory:
        if target.exists():
            os.utime(target)
            return
        _flush(path)
        path.replace(target)
        os.fsync(directory)


def attach(
    data: bytes | BinaryIO,
    name: str,
    *,
    owner: models.Model,
    region: Region,
    actor: Any,
    accept: Collection[str] = (),
) -> Attachment:
    """Keep a file and hang it on `owner`; whoever may see the owner may see the file.

    Raises BadUpload as store_bytes, and for a file with macros, since others will open it.
    """
    content = data if isinstance(data, bytes) else data.read(settings.UPLOAD_LIMIT_BYTES + 1)
    media_type = _checked(content, accept)
    refuse_macros(content)
    return hang(_kept(content, media_type), name, owner=owner, region=region, actor=actor)


def refuse_macros(data: bytes) -> None:
    """Raise BadUpload for a file with macros, since others will open it."""
    if has_macros(data):
        raise BadUpload(_("The file holds macros."), _("Save it without macros, as .docx or .xlsx, and send that."))


def hang(stored: StoredFile, name: str, *, owner: models.Model, region: Region, actor: Any) -> Attachment:
    """Hang a file that is kept on `owner` too."""
    return Attachment.objects.create(
        file=stored,
        name=clean_name(name),
        owner_type=label_of(owner),
        owner_id=owner.pk,
        region=region,
        given_by_id=actor.pk if actor else None,
        given_by_name=str(actor) if actor else "",
    )


def clean_name(name: str) -> str:
    """The giver's file name without paths, control characters and direction marks."""
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    base = "".join(c for c in base if unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    return re.sub(r"\s+", " ", base).strip(" .")[-180:] or "file"


def preview(stored: StoredFile, size: str) -> bytes:
    """A JPEG copy with its long side at most PREVIEW_SIDES[size], made once; the original stays untouched."""
    name = preview_name(stored, size)
    if default_storage.exists(name):
        with default_storage.open(name) as file:
            return bytes(file.read())
    with default_storage.open(stored.storage_name) as file, Image.open(file) as picture:
        picture.draft("RGB", (2 * PREVIEW_SIDES[size], 2 * PREVIEW_SIDES[size]))  # a JPEG is decoded small
        upright = ImageOps.exif_transpose(picture).convert("RGB")
        upright.thumbnail((PREVIEW_SIDES[size], PREVIEW_SIDES[size]))
        buffer = io.BytesIO()
        upright.save(buffer, "JPEG", quality=82, optimize=True)
    write_whole(name, buffer.getvalue())
    return buffer.getvalue()


def preview_name(stored: StoredFile, size: str) -> str:
    """Where a smaller copy lies."""
    return f"previews/{size}/{stored.storage_name}.jpg"


def derived_folder(stored: StoredFile) -> str:
    """Where an area keeps what it derives from a file for showing (pages as pictures); goes with the file."""
    return f"previews/derived/{stored.storage_name}"


def read(stored: StoredFile) -> bytes:
    """The bytes as they were given."""
    with default_storage.open(stored.storage_name) as file:
        return bytes(file.read())


def write_whole(name: str, data: bytes) -> None:
    """Write under `name` so that a crash leaves either the whole file or none.

    What is there already stays, and counts as written just now.
    """
    if disk_of_files() is None:
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(data))
        return
    path = Path(default_storage.path(name))
    waiting = _waiting.get()
    if waiting is not None and path in waiting:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    with locked(path.parent, fcntl.LOCK_SH) as directory:
        if path.exists():
            os.utime(path)
            return
        if waiting is not None:
            waiting[path] = temporary
            temporary.write_bytes(data)
            return
        try:
            temporary.write_bytes(data)
            _flush(temporary)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        os.fsync(directory)


@contextmanager
def locked(folder: Path, kind: int) -> Iterator[int]:
    """Hold a folder's lock: many may write into it (LOCK_SH), one alone sweeps it (LOCK_EX)."""
    directory = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(directory, kind)
        yield directory
    finally:
        os.close(directory)


@contextmanager
def flushed_together() -> Iterator[None]:
    """Inside the block files are written, but flushed and given their names only at its end, all together.

    For work that writes hundreds of files in one transaction, inside which the block must end: what was
    said of rows and bytes stays true, the disk is waited for once. Such files cannot be read before.
    """
    waiting: dict[Path, Path] = {}
    token = _waiting.set(waiting)
    try:
        yield
        _bring_in(waiting)
    finally:
        _waiting.reset(token)
        for temporary in waiting.values():
            temporary.unlink(missing_ok=True)


def _bring_in(waiting: Mapping[Path, Path]) -> None:
    """Flush the temporary files, give them their names, and flush the folders that hold these."""
    with ThreadPoolExecutor(FLUSHERS) as flushers:  # side by side, since a disk flushes many as fast as one
        list(flushers.map(_flush, waiting.values()))
        for path, temporary in waiting.items():
            temporary.replace(path)
        list(flushers.map(_flush, {path.parent for path in waiting}))


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _picture_facts(data: bytes) -> dict[str, Any]:
    """Size and perceptual hash of a picture. Raises BadUpload where it is too large or cannot be opened."""
    from imagehash import dhash  # noqa: PLC0415  (brings numpy: a third of a second that no start should wait for)

    try:
        with Image.open(io.BytesIO(data)) as picture:
            width, height = picture.size
            _refuse_bomb(picture)
            picture.draft("L", (256, 256))
            likeness = str(dhash(picture.convert("L")))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadUpload(_("The picture has too many pixels."), _("Send a photo as the phone took it.")) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise BadUpload(_("The picture is damaged and cannot be opened."), _("Take or choose it again.")) from error
    return {"width": width, "height": height, "likeness": likeness}


def _refuse_bomb(picture: Image.Image) -> None:
    """Raise DecompressionBombError before the pixels are unpacked."""
    if picture.width * picture.height > (PIXEL_LIMIT if picture.format == "JPEG" else PLAIN_PIXEL_LIMIT):
        raise Image.DecompressionBombError


def _refusal(reason: str) -> tuple[str, str]:
    return {
        "empty": (_("The file is empty."), _("Choose another file.")),
        "archive-bomb": (
            _("The file unpacks to far more than its size."),
            _("Save it again in Office or WPS and send that copy."),
        ),
        "archive-broken": (
            _("The file is damaged and cannot be opened."),
            _("Save it again in Office or WPS and send that copy."),
        ),
        "unknown": (_("The kind of this file is not known."), _("Send text, Word, Excel, PDF or a picture.")),
    }[reason]


def disk_of_files() -> FileSystemStorage | None:
    """The folder behind the storage; None where an object store, which is atomic itself, keeps the files."""
    storage = storages["default"]
    return storage if isinstance(storage, FileSystemStorage) else None
