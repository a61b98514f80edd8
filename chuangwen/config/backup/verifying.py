"""Reads an archive and trusts nothing in it: names, sizes and hashes are checked before anything is used."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from chuangwen.config.backup.tables import applied_migrations, kept_models
from chuangwen.config.backup.writing import FORMAT

TABLE = re.compile(r"data/([a-z0-9_]+\.[a-z0-9_]+)\.jsonl\.gz")
FILE = re.compile(r"files/([0-9a-f]{2})/([0-9a-f]{2})/(\1\2[0-9a-f]{60})")
MANIFEST_LIMIT = 64 * 1024 * 1024
LINE_LIMIT = 256 * 1024 * 1024


class BadArchive(Exception):  # noqa: N818 (an answer to a person)
    """The archive cannot be used; the words say why and what to do."""


@dataclass(frozen=True, slots=True)
class Checked:
    """An archive whose every part fits its manifest."""

    path: Path
    manifest: dict[str, Any]
    files: int


def check_archive(path: Path) -> Checked:
    """Read the whole archive and compare it with its manifest. Raises BadArchive, naming the first fault."""
    try:
        return _checked(path)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BadArchive(f"It is no backup, or it is damaged ({error}). Use another copy.") from error


def _checked(path: Path) -> Checked:
    tables: dict[str, tuple[int, str]] = {}
    files: set[str] = set()
    manifest: dict[str, Any] | None = None
    for member, stream in members(path):
        if manifest is not None:
            raise BadArchive(f"“{member.name}” stands after the manifest. Use an archive that nobody changed.")
        if found := TABLE.fullmatch(member.name):
            tables[found[1]] = _table_digest(member.name, stream)
        elif found := FILE.fullmatch(member.name):
            files.add(_file_digest(member, stream, found[3]))
        elif member.name == "manifest.json" and member.size <= MANIFEST_LIMIT:
            manifest = _manifest(stream)
        else:
            raise BadArchive(f"“{member.name}” does not belong into a backup. Use an archive that nobody changed.")
    if manifest is None:
        raise BadArchive("The archive has no manifest: it was cut off. Use another copy.")
    _compare(manifest, tables, files)
    return Checked(path, manifest, len(files))


def members(path: Path) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    """The plain files of an archive in their order. Raises BadArchive for links, folders, devices and damage."""
    try:
        with tarfile.open(path, "r:") as tar:
            for member in tar:
                stream = tar.extractfile(member) if member.isreg() else None
                if stream is None:
                    raise BadArchive(f"“{member.name}” is not a plain file. Use an archive that nobody changed.")
                yield member, stream
    except FileNotFoundError as error:
        raise BadArchive("There is no such file. Check the name.") from error


def table_lines(name: str, stream: IO[bytes]) -> Iterator[bytes]:
    """The lines of a table. Raises BadArchive where they cannot be unpacked."""
    try:
        with gzip.GzipFile(fileobj=stream) as packed:
            while line := packed.readline(LINE_LIMIT):
                yield line
    except (OSError, EOFError, zlib.error) as error:
        raise BadArchive(f"“{name}” is damaged. Use another copy.") from error


def _table_digest(name: str, stream: IO[bytes]) -> tuple[int, str]:
    digest, rows = hashlib.sha256(), 0
    for line in table_lines(name, stream):
        digest.update(line)
        rows += 1
    return rows, digest.hexdigest()


def _file_digest(member: tarfile.TarInfo, stream: IO[bytes], sha256: str) -> str:
    if member.size > settings.UPLOAD_LIMIT_BYTES:
        limit = settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)
        raise BadArchive(
            f"“{member.name}” is larger than {limit} MB. Set UPLOAD_LIMIT_MB as on the site it comes from."
        )
    if hashlib.file_digest(stream, "sha256").hexdigest() != sha256:  # type: ignore[arg-type]
        raise BadArchive(f"“{member.name}” is damaged. Use another copy.")
    return sha256


def _manifest(stream: IO[bytes]) -> dict[str, Any]:
    try:
        manifest = json.load(stream)
        tables = {name: (entry["rows"], entry["sha256"]) for name, entry in manifest["tables"].items()}
        known = (manifest["format"], manifest["migrations"], manifest["heads"], manifest["files"], manifest["missing"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadArchive("The manifest cannot be read. Use another copy.") from error
    if known[0] != FORMAT:
        raise BadArchive(f"It has format {known[0]!r}, this program reads {FORMAT}. Use the version that wrote it.")
    return manifest | {"tables": tables}


def _compare(manifest: dict[str, Any], tables: dict[str, tuple[int, str]], files: set[str]) -> None:
    for name, expected in manifest["tables"].items():
        if tables.get(name) != expected:
            raise BadArchive(f"The table “{name}” is missing or damaged. Use another copy.")
    here = {model._meta.label_lower for model in kept_models()}
    if set(tables) != here or manifest["migrations"] != applied_migrations():
        version = manifest.get("version", "?")
        raise BadArchive(
            f"It was written by version {version} with other tables than this program's. "
            f"Restore it with version {version}, then upgrade."
        )
    if len(files) != manifest["files"]:
        raise BadArchive(f"It holds {len(files)} files instead of {manifest['files']}. Use another copy.")
