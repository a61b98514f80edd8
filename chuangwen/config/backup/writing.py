"""Writes an archive of the site as it stands at one moment, while people go on working."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, transaction

from chuangwen import __version__
from chuangwen.audit.models import Chain
from chuangwen.audit.services import record
from chuangwen.config.backup.tables import applied_migrations, kept_models, lines
from chuangwen.core import clock
from chuangwen.core.models import StoredFile

FORMAT = 1


@dataclass
class Written:
    """What an archive holds. `missing`: files that the database knows and the storage has not."""

    rows: int = 0
    files: int = 0
    digest: str = ""
    missing: list[str] = field(default_factory=list)


def write_backup(target: Path) -> Written:
    """Write the archive `target`, whole or not at all, readable by its owner alone.

    The rows are those of one moment, on SQLite by a read snapshot, on PostgreSQL by a repeatable
    read. Files are content-addressed and never change, so they may be read afterwards.
    """
    with transaction.atomic():
        record("site.backup", actor=None, data={"name": target.name})
    written = Written()
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent or Path())
    part = Path(name)
    try:
        with (
            os.fdopen(descriptor, "wb") as file,
            tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar,
        ):
            _fill(tar, written)
            tar.close()
            file.flush()
            os.fsync(file.fileno())
        with part.open("rb") as whole:
            written.digest = hashlib.file_digest(whole, "sha256").hexdigest()
        _name(part, target)
    finally:
        part.unlink(missing_ok=True)
    return written


def _name(part: Path, target: Path) -> None:
    """Give the finished archive its name. A link refuses a name that is taken; some disks know no links."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:
        part.rename(target)


def _fill(tar: tarfile.TarFile, written: Written) -> None:
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "version": __version__,
        "made_at": clock.now().isoformat(),
        "database": connection.vendor,
        "tables": {},
    }
    with one_moment():
        manifest["migrations"] = applied_migrations()
        manifest["heads"] = {c.region_code: [c.length, c.head] for c in Chain.objects.order_by("region_code")}
        for model in kept_models():
            rows, digest = _add_table(tar, model)
            manifest["tables"][model._meta.label_lower] = {"rows": rows, "sha256": digest}
            written.rows += rows
        names = list(StoredFile.objects.order_by("sha256").values_list("sha256", flat=True))
    for sha256 in names:
        _add_file(tar, sha256, written)
    manifest["files"] = written.files
    manifest["missing"] = written.missing
    _add_bytes(tar, "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1).encode())


@contextmanager
def one_moment() -> Iterator[None]:
    """All reads inside see the database as it is now, and keep no writer waiting."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")  # atomic() would take the write lock
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _add_table(tar: tarfile.TarFile, model: Any) -> tuple[int, str]:
    """Add a table by way of a file on disk, since a tar wants the size first. (rows, SHA-256 of the lines)"""
    digest, rows = hashlib.sha256(), 0
    with tempfile.TemporaryFile() as file:
        with gzip.GzipFile(fileobj=file, mode="wb", mtime=0, compresslevel=6) as packed:
            for line in lines(model):
                packed.write(line)
                digest.update(line)
                rows += 1
        info = tarfile.TarInfo(f"data/{model._meta.label_lower}.jsonl.gz")
        info.size, info.mode = file.tell(), 0o600
        file.seek(0)
        tar.addfile(info, file)
    return rows, digest.hexdigest()


def _add_file(tar: tarfile.TarFile, sha256: str, written: Written) -> None:
    name = StoredFile(sha256=sha256).storage_name
    try:
        with default_storage.open(name) as file:
            data = bytes(file.read())
    except FileNotFoundError:
        written.missing.append(sha256)
        return
    if hashlib.sha256(data).hexdigest() != sha256:
        written.missing.append(sha256)
        return
    _add_bytes(tar, f"files/{name}", data)
    written.files += 1


def _add_bytes(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(data), 0o600
    tar.addfile(info, io.BytesIO(data))
