"""What reading yields, how it refuses, and the limits that keep a hostile file from harming the server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

Progress = Callable[[int, int], None]

Format = Literal["txt", "html", "docx", "doc", "rtf", "pdf", "workbook", "picture"]

MAX_FILE_BYTES = 30 * 1024 * 1024
"""A speech of a hundred pages is below 1 MB; pictures in it make the rest."""

MAX_CHARACTERS = 2_000_000
"""Longer than any document of the field by two orders; keeps memory and time bounded."""


class UnreadableDocument(ValueError):  # noqa: N818 - it is the refusal's name, not a defect's
    """The file is not read; the message (Chinese, for the user) names fault, file and way out."""

    def __init__(self, name: str, fault: str, way_out: str) -> None:
        super().__init__(f"《{name}》{fault}。{way_out}。")
        self.name = name
        self.fault = fault
        self.way_out = way_out


class Cell(NamedTuple):
    """The span of a table cell in Document.text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, column by column; a merged cell stands at each place it covers, with the same span."""

    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A file's text.

    `text` is the file exactly as decoded for txt (line ends and a UTF-8 byte order mark kept), else the
    text in reading order, one paragraph a line, the cells of a table row parted by tabs. All offsets of
    later steps are character offsets into `text`. `encoding` is named for txt and html only.
    `styled` are (start of line, level from 1) of paragraphs that the file itself styles as headings; `tables` are the
    tables whose cells the file tells apart.
    """

    name: str
    text: str
    format: Format
    encoding: str | None = None
    styled: tuple[tuple[int, int], ...] = ()
    tables: tuple[Table, ...] = ()


def check_length(name: str, text: str) -> str:
    """Return `text`, or raise UnreadableDocument when it is empty or longer than MAX_CHARACTERS."""
    if len(text) > MAX_CHARACTERS:
        raise UnreadableDocument(name, f"正文超过{MAX_CHARACTERS}字", "请拆成几份后分别上传")
    if not text.strip("\ufeff\r\n\t \u3000"):
        raise UnreadableDocument(name, "里没有文字", "请检查是否传错了文件，或把正文粘贴进来")
    return text
