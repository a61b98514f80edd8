"""The one way in: sniff, check, hand to the reader of the format."""

from __future__ import annotations

from chuangwen.directives.reading.document import MAX_FILE_BYTES, Document, UnreadableDocument, check_length
from chuangwen.directives.reading.docx import read_docx
from chuangwen.directives.reading.encodings import decode_text
from chuangwen.directives.reading.html import read_html
from chuangwen.directives.reading.old_word import read_old_word
from chuangwen.directives.reading.pdf import read_pdf
from chuangwen.directives.reading.rtf import read_rtf
from chuangwen.directives.reading.sniffing import sniff_format

_READERS = {"docx": read_docx, "doc": read_old_word, "rtf": read_rtf, "pdf": read_pdf}


def read_document(name: str, data: bytes) -> Document:
    """The document in `data`, whose format is told by its content.

    `name` is shown in messages and kept as Document.name; it decides nothing.
    Raises UnreadableDocument (message for the user) for what is empty, too large, damaged, protected,
    a picture, a scan, or made to harm.
    """
    if not data:
        raise UnreadableDocument(name, "是空文件", "请检查是否传错了文件")
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableDocument(name, f"超过{MAX_FILE_BYTES // 1024 // 1024}MB", "请压缩其中的图片，或只上传正文")
    kind = sniff_format(name, data)
    encoding: str | None = None
    if kind == "txt":
        text, encoding = decode_text(name, data)
    elif kind == "html":
        text, encoding = read_html(name, data)
    else:
        text = _READERS[kind](name, data)
    return Document(name=name, text=check_length(name, text), format=kind, encoding=encoding)
