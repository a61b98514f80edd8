"""PDF: the text layer, page by page, set back into paragraphs; a scan goes to character recognition."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING, Any

from chuangwen.directives.reading.document import MAX_CHARACTERS, Progress, UnreadableDocument
from chuangwen.directives.reading.pages import Piece, paragraphs, reach
from chuangwen.directives.reading.recognition import read_scan

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MAX_PAGES = 500
_MIN_CHARACTERS_PER_PAGE = 5

# pypdf reports every oddity of a file as a log line; what matters reaches the user as an UnreadableDocument.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def read_pdf(name: str, data: bytes, progress: Progress | None = None) -> str:
    """The text of a PDF, a paragraph a line; pages without a text layer are recognised where that is installed."""
    from pypdf.errors import PyPdfError  # noqa: PLC0415 (when needed: no start of the program should wait for it)

    try:
        pages, text = _open(name, data)
    except UnreadableDocument:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OSError):
        # A damaged file makes pypdf fail in any of these ways; there is nothing in them a user could act on.
        raise UnreadableDocument(name, "已损坏，无法读取", "请重新导出 PDF，或上传 Word 原件") from None
    if len(text.split()) == 0 or len(text) < _MIN_CHARACTERS_PER_PAGE * pages:
        return read_scan(name, data, pages, progress)
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
    pages: list[list[Piece]] = []
    total = 0
    for page in reader.pages:
        pieces = _pieces(page)
        total += sum(len(piece.text) for piece in pieces)
        if total > MAX_CHARACTERS:
            raise UnreadableDocument(name, f"正文超过{MAX_CHARACTERS}字", "请拆成几份后分别上传")
        pages.append(pieces)
    return paragraphs(pages)


def _pieces(page: PageObject) -> list[Piece]:
    """Runs of text with their places; how wide a run stands is reckoned from its letters."""
    found: list[Piece] = []
    top = float(page.mediabox.top)

    def note(text: str, current: Any, matrix: Any, font: Any, size: Any) -> None:
        left = matrix[4] * current[0] + matrix[5] * current[2] + current[4]
        y = matrix[4] * current[1] + matrix[5] * current[3] + current[5]
        scale = abs(current[3] or current[0]) * abs(matrix[3] or matrix[0])
        height = float(size or 0) * float(scale or 1) or 10.0
        at, down = float(left), top - float(y)
        lines = [line.strip("\r") for line in text.split("\n") if line.strip()]
        found.extend(Piece(line, at, down, height, at + reach(line, height)) for line in lines)

    page.extract_text(visitor_text=note)
    return found
