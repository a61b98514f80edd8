"""Pages: pieces of text with their places on paper become paragraphs in reading order.

Serves PDF and recognised pictures alike. Two columns are read one after the other; headers, footers and page numbers
that return on every page are left out; lines that fill their column go on in the next; pieces far apart in a line are
cells of a table and parted by tabs. Lengths are in the unit of the page, whatever it is; y grows downwards.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from chuangwen.directives.folding import fold
from chuangwen.directives.ordinals import ordinal_at

_FAR: Final = 2.2  # letter heights between two cells or columns
_MIN_COLUMN: Final = 5  # lines
_COUNTER: Final = re.compile(
    r"[-\u2013\u2014\u00b7~ ]{0,4}\d{1,4}[-\u2013\u2014\u00b7~ ]{0,4}|第?\s?\d{1,4}\s?页?[,/]?\s?共?\s?\d{1,4}\s?页"
    r"|第\s?\d{1,4}\s?页|\d{1,3}\s?/\s?\d{1,3}|[Pp]age\s?\d{1,4}.{0,8}"
)
_MIN_LETTERS: Final = 8  # of a line of prose: cells of a table are shorter


class Piece(NamedTuple):
    """A run of text: left edge, baseline, letter height, and its right edge."""

    text: str
    left: float
    y: float
    size: float
    right: float


def reach(text: str, size: float) -> float:
    """How wide `text` stands at `size`: a wide letter a size, others half of it, a space a quarter."""
    wide = sum(unicodedata.east_asian_width(char) in "WFA" for char in text)
    blank = text.count(" ")
    return size * (wide + (len(text) - wide - blank) * 0.5 + blank * 0.25)


@dataclass(slots=True)
class Row:
    """A line: its cells, where it stands, and in which column (0 over the whole page, 1 left, 2 right)."""

    cells: list[str]
    left: float
    right: float
    size: float
    column: int

    @property
    def text(self) -> str:
        """The cells parted by tabs."""
        return "\t".join(self.cells)


def paragraphs(pages: Sequence[Sequence[Piece]]) -> str:
    """The text of `pages`, a paragraph or table row a line."""
    rows: list[Row] = []
    known: float | None = None
    for lines in _without_margins([list(_lines(page)) for page in pages]):
        # The last page of two columns may fill the right one with a few lines only.
        gutter = _gutter(lines) or (known if known is not None and _parted(lines, known) else None)
        known = gutter or known
        rows += _rows(lines, gutter)
    edges = {column: _edge([row.right for row in rows if row.column == column]) for column in (0, 1, 2)}
    return "".join(line + "\n" for line in _joined(rows, edges))


def _edge(rights: list[float]) -> float:
    """Where a column ends on the right: nearly as far as its longest lines reach."""
    return sorted(rights)[len(rights) * 19 // 20] if rights else 0.0


def _rows(lines: Sequence[list[Piece]], gutter: float | None) -> Iterator[Row]:
    """The lines of a page, one column after the other between lines that run over both."""
    waiting: list[list[Piece]] = []
    for line in lines:
        if gutter is not None and not any(_crosses(piece, gutter) for piece in line):
            waiting.append(line)
            continue
        yield from _columns(waiting, gutter)
        waiting = []
        yield _row(line, 0)
    yield from _columns(waiting, gutter)


def _columns(lines: list[list[Piece]], gutter: float | None) -> Iterator[Row]:
    for column in (1, 2):
        for line in lines:
            own = [piece for piece in line if (piece.left >= (gutter or 0.0) - piece.size / 2) == (column == 2)]
            if own:
                yield _row(own, column)


def _crosses(piece: Piece, gutter: float) -> bool:
    return piece.left < gutter - piece.size and piece.right > gutter + 2 * piece.size


def _row(line: Sequence[Piece], column: int) -> Row:
    parts = list(_runs(line))
    size = max(part.size for part in parts)
    return Row([part.text.strip() for part in parts], parts[0].left, parts[-1].right, size, column)


def _lines(page: Iterable[Piece]) -> Iterator[list[Piece]]:
    line: list[Piece] = []
    for piece in sorted((one for one in page if one.text.strip()), key=lambda one: (one.y, one.left)):
        if line and piece.y - line[0].y > max(piece.size, line[0].size) * 0.5:
            yield sorted(line, key=lambda one: one.left)
            line = []
        line.append(piece)
    if line:
        yield sorted(line, key=lambda one: one.left)


def _runs(line: Sequence[Piece]) -> Iterator[Piece]:
    """Pieces of a line with no wide gap between them, as one."""
    run = line[0]
    for piece in line[1:]:
        if piece.left - run.right > _FAR * max(run.size, piece.size):
            yield run
            run = piece
            continue
        gap = (
            " "
            if piece.left - run.right > run.size * 0.3 and run.text[-1:].isascii() and piece.text[:1].isascii()
            else ""
        )
        run = Piece(
            run.text + gap + piece.text, run.left, run.y, max(run.size, piece.size), max(run.right, piece.right)
        )
    yield run


def _gutter(lines: Sequence[Sequence[Piece]]) -> float | None:
    """Where the right one of two columns of prose begins; None where there is one column or a table."""
    pieces = [piece for line in lines for piece in line]
    if len(lines) < 2 * _MIN_COLUMN:
        return None
    low, high = min(piece.left for piece in pieces), max(piece.right for piece in pieces)
    middle = [round(p.left) for p in pieces if low + 0.38 * (high - low) < p.left < low + 0.62 * (high - low)]
    if not middle:
        return None
    begins, often = max(Counter(middle).items(), key=lambda item: (item[1], -item[0]))
    if often < _MIN_COLUMN or often * 2 < len(lines) or not _parted(lines, begins):
        return None
    sides = [sum(len(p.text) for p in pieces if (p.left >= begins - p.size / 2) == right) for right in (False, True)]
    return begins if min(sides) >= _MIN_LETTERS * often else None


def _parted(lines: Sequence[Sequence[Piece]], gutter: float) -> bool:
    """Whether hardly any line of the page runs over `gutter`."""
    return sum(any(_crosses(piece, gutter) for piece in line) for line in lines) * 5 <= len(lines)


def _without_margins(pages: Sequence[Sequence[list[Piece]]]) -> Iterator[list[list[Piece]]]:
    """Pages without page numbers and without what returns at the head or foot of most of them."""
    edges = Counter(key for lines in pages for key in {_pattern(line) for line in [*lines[:2], *lines[-2:]]})
    inside = {_pattern(line) for lines in pages for line in lines[2:-2]}
    returns = {key for key, count in edges.items() if count * 2 >= max(len(pages), 4) and len(key) <= 60} - inside
    for lines in pages:
        kept = []
        for number, line in enumerate(lines):
            edge = number < 2 or number >= len(lines) - 2
            if not (edge and (_COUNTER.fullmatch(_words(line)) or (len(pages) > 1 and _pattern(line) in returns))):
                kept.append(line)
        yield kept


def _words(line: Sequence[Piece]) -> str:
    return fold(" ".join(piece.text.strip() for piece in line)).strip()


def _pattern(line: Sequence[Piece]) -> str:
    return re.sub(r"\d+", "#", "".join(_words(line).split()))


def _joined(rows: Sequence[Row], edges: Mapping[int, float]) -> Iterator[str]:
    """Rows as paragraphs: a row that fills its column goes on in the next, unless that one is set in."""
    before: Row | None = None
    text = ""
    for row in rows:
        if before is not None and _goes_on(before, row, edges[before.column]):
            text += row.text
        else:
            if before is not None:
                yield text
            text = row.text
        before = row
    if before is not None:
        yield text


def _goes_on(before: Row, row: Row, edge: float) -> bool:
    if len(before.cells) > 1 or len(row.cells) > 1 or abs(before.size - row.size) > 0.2 * before.size:
        return False
    if ordinal_at(fold(row.text[:40])) is not None or (before.column == 0) != (row.column == 0):
        return False
    set_in = before.column == row.column and row.left - before.left > 1.2 * row.size
    centred = before.column == row.column and before.left - row.left > 3 * row.size
    return before.right >= edge - 2.2 * before.size and not set_in and not centred
