"""Layout: the text of a file as it is put together, with what its form says beside it: heading styles and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from chuangwen.directives.reading.document import Cell, Table


class CellText(NamedTuple):
    """A cell of a row: its text, over how many columns it runs, and whether it goes on from the row above."""

    text: str
    columns: int = 1
    continues: bool = False


class Line(NamedTuple):
    """A paragraph; `level` from 1 where the file styles it as a heading."""

    text: str
    level: int = 0


Rows = list[list[CellText]]
Block = Line | Rows
_MAX_COLUMNS = 200


class Layout:
    """Collects blocks in reading order; the text has a paragraph or table row a line, cells parted by tabs."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._at = 0
        self._styled: list[tuple[int, int]] = []
        self._tables: list[Table] = []

    def add(self, block: Block) -> None:
        """Append a paragraph or a table."""
        if isinstance(block, Line):
            if block.level and block.text.strip():
                indent = len(block.text) - len(block.text.lstrip())
                self._styled.append((self._at + indent, block.level))
            self._write(block.text + "\n")
            return
        above: list[Cell] = []
        rows: list[tuple[Cell, ...]] = []
        for row in block:
            above = self._row(row, above)
            rows.append(tuple(above))
        self._tables.append(Table(tuple(rows)))

    def _row(self, row: Sequence[CellText], above: Sequence[Cell]) -> list[Cell]:
        placed: list[Cell] = []
        for number, cell in enumerate(row):
            if number:
                self._write("\t")
            span = Cell(self._at, self._at + len(cell.text))
            self._write(cell.text)
            if cell.continues and len(placed) < len(above):
                span = above[len(placed)]
            placed += [span] * min(cell.columns, _MAX_COLUMNS - len(placed))
        self._write("\n")
        return placed

    def _write(self, text: str) -> None:
        self._pieces.append(text)
        self._at += len(text)

    def finish(self) -> tuple[str, tuple[tuple[int, int], ...], tuple[Table, ...]]:
        """(text, heading styles, tables)."""
        return "".join(self._pieces), tuple(self._styled), tuple(self._tables)


def flat(blocks: Iterable[Block]) -> str:
    """`blocks` as the text of one cell: paragraphs and the cells of inner tables parted by spaces."""
    pieces: list[str] = []
    for block in blocks:
        lines = [block.text] if isinstance(block, Line) else [cell.text for row in block for cell in row]
        pieces += [" ".join(line.split()) for line in lines]
    return " ".join(piece for piece in pieces if piece)
