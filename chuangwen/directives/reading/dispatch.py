"""The one way in: sniff, check, hand to the reader of the format."""

from __future__ import annotations

from collections.abc import Callable

from chuangwen.directives.reading.compound import CompoundFile
from chuangwen.directives.reading.document import (
    MAX_FILE_BYTES,
    Document,
    Progress,
    UnreadableDocument,
    check_length,
)
from chuangwen.directives.reading.docx import read_docx
from chuangwen.directives.reading.encodings import decode_text
from chuangwen.directives.reading.html import read_html
from chuangwen.directives.reading.layout import Layout
from chuangwen.directives.reading.old_word import read_old_word
from chuangwen.directives.reading.pdf import read_pdf
from chuangwen.directives.reading.recognition import read_picture
from chuangwen.directives.reading.rtf import read_rtf
from chuangwen.directives.reading.sniffing import sniff_format
from chuangwen.directives.reading.workbook import read_sheets

_LAID_OUT: dict[str, Callable[[str, bytes], Layout]] = {"docx": read_docx, "rtf": read_rtf, "workbook": read_sheets}


def read_document(name: str, data: bytes, progress: Progress | None = None) -> Document:
    """The document in `data`, whose format is told by its content.

    `name` is shown in messages and kept as Document.name; it decides nothing. `progress` hears (pages done, pages) of
    what is read page by page. Raises UnreadableDocument (message for the user) for what is empty, too large, damaged,
    protected, made to harm, or a picture where character recognition is not installed.
    """
    if not data:
        raise UnreadableDocument(name, "是空文件", "请检查是否传错了文件")
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableDocument(name, f"超过{MAX_FILE_BYTES // 1024 // 1024}MB", "请压缩其中的图片，或只上传正文")
    kind = sniff_format(data)
    if kind == "doc" and _is_old_workbook(name, data):
        kind = "workbook"
    encoding: str | None = None
    if kind == "html":
        layout, encoding = read_html(name, data)
    elif kind in _LAID_OUT:
        layout = _LAID_OUT[kind](name, data)
    else:
        if kind == "txt":
            text, encoding = decode_text(name, data)
        elif kind == "doc":
            text = read_old_word(name, data)
        else:
            text = (read_pdf if kind == "pdf" else read_picture)(name, data, progress)
        return Document(name, check_length(name, text), kind, encoding)
    text, styled, tables = layout.finish()
    return Document(name, check_length(name, text), kind, encoding, styled, tables)


def _is_old_workbook(name: str, data: bytes) -> bool:
    """Whether a compound file holds an Excel workbook (xls, et) and no text document."""
    try:
        container = CompoundFile(name, data)
    except UnreadableDocument:
        return False
    return not container.holds("WordDocument") and (container.holds("Workbook") or container.holds("Book"))
