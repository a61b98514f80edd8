"""PDF with a text layer, page by page; a scan is refused with the way out, since it holds pictures only."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING

from chuangwen.directives.reading.document import MAX_CHARACTERS, UnreadableDocument

if TYPE_CHECKING:
    from pypdf import PdfReader

MAX_PAGES = 500
_MIN_CHARACTERS_PER_PAGE = 5

# pypdf reports every oddity of a file as a log line; what matters reaches the user as an UnreadableDocument.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def read_pdf(name: str, data: bytes) -> str:
    """The text of a PDF, pages parted by a line end. Lines stay as they are set on the page."""
    from pypdf.errors import PyPdfError  # noqa: PLC0415 (when needed: no start of the program should wait for it)

    try:
        pages, text = _open(name, data)
    except UnreadableDocument:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OSError):
        # A damaged file makes pypdf fail in any of these ways; there is nothing in them a user could act on.
        raise UnreadableDocument(name, "已损坏，无法读取", "请重新导出 PDF，或上传 Word 原件") from None
    if len(text.split()) == 0 or len(text) < _MIN_CHARACTERS_PER_PAGE * pages:
        raise UnreadableDocument(name, "是扫描件，只有图像没有文字层", "请上传 Word 原件，或先做文字识别(OCR)再上传")
    return text


def _open(name: str, data: bytes) -> tuple[int, str]:
    from pypdf import PdfReader  # noqa: PLC0415

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableDocument(name, "有打开密码", "请取消密码后再上传")
    pages = len(reader.pages)
    if pages > MAX_PAGES:
        raise UnreadableDocument(name, f"有{pages}页，超过{MAX_PAGES}页", "请只上传讲话或通知正文")
    return pages, _text(name, reader)


def _text(name: str, reader: PdfReader) -> str:
    pieces: list[str] = []
    total = 0
    for page in reader.pages:
        piece = page.extract_text()
        total += len(piece)
        if total > MAX_CHARACTERS:
            raise UnreadableDocument(name, f"正文超过{MAX_CHARACTERS}字", "请拆成几份后分别上传")
        pieces.append(piece)
    return "\n".join(pieces)
