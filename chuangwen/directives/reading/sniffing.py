"""Which format a file is, told by its content: names and declared types are never trusted."""

from __future__ import annotations

import re

from chuangwen.directives.reading.document import Format, UnreadableDocument

_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|meta|div|p)\b", re.IGNORECASE)
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")


def sniff_format(name: str, data: bytes) -> Format:
    """The format of `data`; raises UnreadableDocument for pictures and for containers that hold no text document.

    `name` is used in messages only.
    """
    head = data[:1024].lstrip(b"\xef\xbb\xbf\r\n\t ")
    if head.startswith(b"%PDF-") or b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return "docx"
    if data.startswith(_COMPOUND_FILE):
        return "doc"
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if data.startswith(_PICTURES) or data[8:12] == b"WEBP":
        raise UnreadableDocument(name, "是图片，没有可选取的文字", "请先做文字识别，或上传 Word、PDF 原件")
    if head.startswith(b"<") and _HTML.search(head.replace(b"\x00", b"")):
        return "html"
    return "txt"
