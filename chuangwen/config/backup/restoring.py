"""Brings a site back from an archive: all of it, with its audit chain verified, or nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction

from chuangwen.audit.models import Chain
from chuangwen.audit.queries import verify_chain
from chuangwen.audit.services import record
from chuangwen.config.backup.guards import GUARDS
from chuangwen.config.backup.tables import empty_tables, insert, kept_models, reset_sequences
from chuangwen.config.backup.verifying import FILE, TABLE, BadArchive, Checked, check_archive, members, table_lines
from chuangwen.core.files.services import write_whole
from chuangwen.core.models import Region, StoredFile


class NotEmpty(Exception):  # noqa: N818 (an answer to a person)
    """The site holds data and nobody said that it may be replaced."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back."""

    rows: int
    files: int
    entries: int


def restore_site(path: Path, *, replace: bool) -> Restored:
    """Replace the site's data by the archive's.

    The archive is read whole and checked first. Files are written next: they are named by their
    content, so they harm nothing if the rest fails. Rows are replaced in one transaction, which
    ends only if keys hold and the audit chain verifies up to the heads in the manifest.
    Raises NotEmpty or BadArchive; then the site is as it was.
    """
    if not replace and Region.objects.exists():
        raise NotEmpty
    checked = check_archive(path)
    _write_files(checked)
    try:
        with transaction.atomic():
            rows = _replace_rows(checked)
            entries = _verify(checked)
            record("site.restore", actor=None, data={"name": path.name, "made_at": checked.manifest.get("made_at", "")})
    except (DatabaseError, ValueError) as error:
        raise BadArchive(f"Its rows do not fit together ({error}). Use another copy.") from error
    return Restored(rows, checked.files, entries)


def _write_files(checked: Checked) -> None:
    for member, stream in members(checked.path):
        if found := FILE.fullmatch(member.name):
            name, data = StoredFile(sha256=found[3]).storage_name, stream.read()
            if default_storage.exists(name) and not _is_whole(name, found[3]):
                default_storage.delete(name)
            write_whole(name, data)


def _is_whole(name: str, sha256: str) -> bool:
    with default_storage.open(name) as file:
        return hashlib.sha256(file.read()).hexdigest() == sha256


def _replace_rows(checked: Checked) -> int:
    guards = [import_module(name) for name in GUARDS]
    models = {model._meta.label_lower: model for model in kept_models()}
    rows = 0
    for guard in guards:
        _execute(guard.UNDO[connection.vendor])
    empty_tables()
    for member, stream in members(checked.path):
        if found := TABLE.fullmatch(member.name):
            rows += insert(models[found[1]], table_lines(member.name, stream))
    connection.check_constraints()
    for guard in guards:
        _execute(guard.POSTGRESQL if connection.vendor == "postgresql" else guard.SQLITE)
    reset_sequences()
    return rows


def _execute(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _verify(checked: Checked) -> int:
    """Raise BadArchive unless the chain is whole and ends where the manifest says. Returns its entries."""
    verdict = verify_chain()
    if verdict.breaks:
        first = verdict.breaks[0]
        raise BadArchive(
            f"Its audit chain is broken at entry {first.sequence} of region {first.region_code} ({first.reason})."
        )
    heads: dict[str, Any] = {c.region_code: [c.length, c.head] for c in Chain.objects.order_by("region_code")}
    if heads != checked.manifest["heads"]:
        raise BadArchive("Its audit chain ends elsewhere than its manifest says. Use another copy.")
    return verdict.entries
