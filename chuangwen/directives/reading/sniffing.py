"""Which format a file is, told by its content: names and declared types are never trusted."""

from __future__ import annotations

import re

from chuangwen.directives.reading.document import Format

_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|meta|div|p)\b", re.IGNORECASE)
_LISTING = 200_000
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")
_HEIF = frozenset({b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypheif", b"ftyphevc"})
_MAIL = re.compile(rb"MIME-Version:[^\n]*\n(?:[^\n]*\n){0,8}?[^\n]*(?:multipart/related|text/html)", re.IGNORECASE)


def _is_workbook(data: bytes) -> bool:
    """Whether a zip file holds a workbook; its parts are listed by name at its end."""
    return b"xl/workbook." in data[-_LISTING:] or b"opendocument.spreadsheet" in data[:200]


def sniff_format(data: bytes) -> Format:
    """The format of `data`; a picture is one that only character recognition can read."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf\r\n\t ")
    page = head.startswith(b"<") and _HTML.search(head.replace(b"\x00", b""))
    signs: tuple[tuple[object, Format], ...] = (
        (b"%PDF-" in data[:1024], "pdf"),
        (data.startswith(b"PK\x03\x04") and _is_workbook(data), "workbook"),
        (data.startswith(b"PK\x03\x04"), "docx"),
        (data.startswith(_COMPOUND_FILE), "doc"),
        (head.startswith(b"{\\rtf"), "rtf"),
        (data.startswith(_PICTURES) or data[8:12] == b"WEBP" or data[4:12] in _HEIF, "picture"),
        (page or _MAIL.match(head), "html"),
    )
    return next((kind for found, kind in signs if found), "txt")
