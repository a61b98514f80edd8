"""Rich text (rtf): the plain text with its Chinese, whether written as \\uN or as bytes of a code page."""

from __future__ import annotations

import bisect
import re
from typing import NamedTuple

from chuangwen.directives.reading.document import UnreadableDocument
from chuangwen.directives.reading.layout import CellText, Layout, Line, Rows

_TOKEN = re.compile(rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|([^\\{}\r\n]+)")
_HIDDEN = frozenset(
    b"fonttbl colortbl stylesheet info pict object themedata datastore listtable listoverridetable "
    b"header headerl headerr headerf footer footerl footerr footerf footnote generator xmlnstbl rsidtbl "
    b"latentstyles mmathPr fldinst shppict nonshppict bkmkstart bkmkend".split()
)
_PARAGRAPHS = frozenset(b"par line sect page".split())
_TABLE = frozenset(b"trowd clvmrg cellx cell row".split())
_SIGNS = {
    b"tab": "\t",
    b"emdash": "—",
    b"endash": "–",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"emspace": "\u3000",
}
_MAX_DEPTH = 500
_MAX_COLUMNS = 64


class _RtfCell(NamedTuple):
    text: str
    edge: int
    continues: bool


def _aligned(rows: list[list[_RtfCell]]) -> Rows:
    """Rows whose cells know over how many columns they run: rtf tells only where each ends on the right."""
    edges = sorted({cell.edge for row in rows for cell in row})[:_MAX_COLUMNS]
    told: Rows = []
    for row in rows:
        before = 0
        cells: list[CellText] = []
        for cell in row:
            upto = bisect.bisect_right(edges, cell.edge)
            cells.append(CellText(cell.text, max(1, upto - before), cell.continues))
            before = max(before, upto)
        told.append(cells)
    return told


class _Reader:
    """State of the walk: what is hidden, how many replacement characters follow a \\uN, pending code page bytes."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.code_page = "gb18030"
        self.hidden = False
        self.skip_after_unicode = 1
        self.to_skip = 0
        self.stack: list[tuple[bool, int]] = []
        self.pending = bytearray()
        self.units: list[int] = []
        self.pieces: list[str] = []
        self.blocks: list[Line | list[list[_RtfCell]]] = []
        self.in_table = False
        self.shapes: list[tuple[int, bool]] = []  # right edge of a cell, and whether it goes on from above
        self.continues = False
        self.cells: list[str] = []

    def take_text(self) -> str:
        """The text read since the last paragraph, cell or row ended."""
        self.flush_bytes()
        self.flush_units()
        text = "".join(self.pieces)
        self.pieces.clear()
        return text

    def end_paragraph(self) -> None:
        if self.hidden:
            return
        if self.in_table:
            self.text(" ")
        else:
            self.blocks.append(Line(self.take_text()))

    def table_word(self, word: bytes, value: bytes) -> None:
        """Where rows and cells end, and which cells go on from the row above."""
        if word == b"trowd":
            self.shapes = []
            self.continues = False
        elif word == b"clvmrg":
            self.continues = True
        elif word == b"cellx":
            self.shapes.append((int(value or b"0"), self.continues))
            self.continues = False
        elif self.hidden:
            return
        elif word == b"cell":
            self.cells.append(" ".join(self.take_text().split()))
        elif word == b"row" and self.cells:
            shapes = [*self.shapes, *[(0, False)] * len(self.cells)]
            row = [_RtfCell(text, edge, down) for text, (edge, down) in zip(self.cells, shapes, strict=False)]
            self.cells = []
            if self.blocks and isinstance(self.blocks[-1], list):
                self.blocks[-1].append(row)
            else:
                self.blocks.append([row])

    def layout(self) -> Layout:
        layout = Layout()
        last = self.take_text()
        lines = [Line(text) for text in [*self.cells, *([last] if last else [])]]
        for block in [*self.blocks, *lines]:
            layout.add(_aligned(block) if isinstance(block, list) else block)
        return layout

    def group(self, brace: bytes) -> None:
        self.to_skip = 0
        if brace == b"{":
            if len(self.stack) > _MAX_DEPTH:
                raise UnreadableDocument(self.name, "嵌套过深，已拒绝", "请用 Word 另存为 docx 再上传")
            self.stack.append((self.hidden, self.skip_after_unicode))
        elif self.stack:
            self.hidden, self.skip_after_unicode = self.stack.pop()

    def word(self, word: bytes, value: bytes) -> None:
        if word == b"u" and value:
            self.unicode(int(value) % 65536)
            return
        self.to_skip = 0
        if word in _HIDDEN:
            self.hidden = True
        elif word == b"uc" and value:
            self.skip_after_unicode = min(int(value), 8) if not value.startswith(b"-") else 1
        elif word == b"ansicpg" and value:
            self.code_page = {b"936": "gb18030", b"950": "big5hkscs", b"65001": "utf-8"}.get(value, "gb18030")
        elif word in _PARAGRAPHS:
            self.end_paragraph()
        elif word in _TABLE:
            self.table_word(word, value)
        elif word in {b"pard", b"intbl"}:
            self.in_table = word == b"intbl"
        elif word in _SIGNS:
            self.text(_SIGNS[word])

    def unicode(self, unit: int) -> None:
        self.flush_bytes()
        if not self.hidden:
            self.units.append(unit)
        self.to_skip = self.skip_after_unicode

    def byte(self, value: int) -> None:
        if self.to_skip:
            self.to_skip -= 1
        elif not self.hidden:
            self.flush_units()
            self.pending.append(value)

    def raw(self, content: bytes) -> None:
        dropped = min(self.to_skip, len(content))
        self.to_skip -= dropped
        if not self.hidden:
            self.flush_units()
            self.pending += content[dropped:]

    def text(self, text: str) -> None:
        if not self.hidden:
            self.flush_bytes()
            self.flush_units()
            self.pieces.append(text)

    def flush_bytes(self) -> None:
        if self.pending:
            self.pieces.append(self.pending.decode(self.code_page, "replace"))
            self.pending.clear()

    def flush_units(self) -> None:
        if self.units:
            packed = b"".join(unit.to_bytes(2, "little") for unit in self.units)
            self.pieces.append(packed.decode("utf-16-le", "replace"))
            self.units.clear()


def read_rtf(name: str, data: bytes) -> Layout:
    """The visible text of an rtf file, one paragraph or table row a line."""
    reader = _Reader(name)
    for word, value, escaped, symbol, brace, plain in _TOKEN.findall(data):
        if word:
            reader.word(word, value)
        elif escaped:
            reader.byte(int(escaped, 16))
        elif symbol == b"*":
            reader.hidden = True
        elif symbol == b"~":
            reader.text(" ")
        elif symbol in {b"\\", b"{", b"}"}:
            reader.raw(symbol)
        elif brace:
            reader.group(brace)
        elif plain:
            reader.raw(plain)
    return reader.layout()
