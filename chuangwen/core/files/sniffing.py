"""What a file really is, by its first bytes; names are never trusted."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RATIO_LIMIT = 200  # unpacked bytes per packed byte above which an archive is refused
UNPACKED_LIMIT = 1024 * 1024 * 1024
ENTRY_LIMIT = 10_000

_SIGNATURES: tuple[tuple[bytes, int, str], ...] = (
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"GIF87a", 0, "image/gif"),
    (b"GIF89a", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"ftypheic", 4, "image/heic"),
    (b"ftypheix", 4, "image/heic"),
    (b"ftypmif1", 4, "image/heic"),
    (b"%PDF-", 0, PDF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, "application/x-ole-storage"),
    (b"{\\rtf", 0, "application/rtf"),
    (b"\x00\x01\x00\x00\x00", 0, "font/ttf"),
    (b"OTTO", 0, "font/otf"),
    (b"ttcf", 0, "font/collection"),
    (b"PAR1", 0, "application/vnd.apache.parquet"),
    (b"ftypmp4", 4, "video/mp4"),
    (b"ftypisom", 4, "video/mp4"),
)
_ZIP_KINDS = {
    "word/document.xml": DOCX,
    "xl/workbook.xml": XLSX,
    "ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


@dataclass(frozen=True, slots=True)
class Refused:
    """Why the bytes cannot be taken: empty | archive-bomb | archive-broken | unknown."""

    reason: str


def media_type_of(data: bytes) -> str | Refused:
    """The media type that the content shows, or why it is refused. Text must decode as a text encoding."""
    if not data:
        return Refused("empty")
    for signature, offset, media_type in _SIGNATURES:
        if data[offset : offset + len(signature)] == signature:
            return media_type
    if data[:4] in {b"PK\x03\x04", b"PK\x05\x06"}:
        return _archive(data)
    return _text(data)


def has_macros(data: bytes) -> bool:
    """Whether an Office file carries a program: it would run on the desk of whoever opens the download."""
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return "_VBA_PROJECT".encode("utf-16-le") in data
    if data[:2] != b"PK":
        return False
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(name.lower().endswith("vbaproject.bin") for name in archive.namelist())


def _archive(data: bytes) -> str | Refused:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return Refused("archive-broken")
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > ENTRY_LIMIT or unpacked > UNPACKED_LIMIT or unpacked > RATIO_LIMIT * max(len(data), 1):
        return Refused("archive-bomb")
    names = {entry.filename for entry in entries}
    for name, media_type in _ZIP_KINDS.items():
        if name in names:
            return media_type
    return "application/zip"


def _text(data: bytes) -> str | Refused:
    sample = data[:65536]
    if sample[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "text/plain"
    if b"\x00" in sample:
        return Refused("unknown")
    head = sample.lstrip(b"\xef\xbb\xbf \t\r\n")[:256].lower()
    if head.startswith((b"<!doctype html", b"<html", b"<?xml")):
        return "text/html"
    for encoding in ("utf-8", "gb18030", "big5"):
        try:
            sample.decode(encoding)
        except UnicodeDecodeError as error:
            if error.start >= len(sample) - 4:  # a character cut by the sample's end
                return "text/plain"
        else:
            return "text/plain"
    return Refused("unknown")
