"""How wide and how high the parts of a written sheet are.

Excel and WPS fit the height of a row to its wrapped text when they open a file, LibreOffice and most
viewers on phones do not, and none of them fits a merged line: heights are therefore written into the file.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

NARROWEST, WIDEST = 6.0, 48.0  # characters of a column
WIDEST_AMONG_MANY = 28.0  # where many columns share a page
MANY_COLUMNS = 9
HIGHEST_ROW = 409.0  # points, Excel's limit
LINE, AROUND = 13.5, 3.0  # points of a line of ten-point text, and of the room around the text
TITLE_LARGER = 1.65  # a title of 16 points, bold, against the text of 10
WIDEST_TITLE = 130.0  # characters of a line; a longer title is broken
PAGE_WIDTH = 147.0  # characters of ten-point text between the margins of A4 across
SMALLEST_SCALE = 0.58  # what is printed smaller cannot be read
MOST_REPEATED = 40.0  # characters of the columns that are repeated where a table is several pages wide


def text_width(text: str) -> float:
    """The width of a line in characters of Excel: a Chinese character is two wide."""
    return sum(2.0 if ord(mark) > 0x2E7F else 1.1 for mark in text)


def widest_text(columns: int) -> float:
    """How wide a column of text may get in a table of so many columns."""
    return WIDEST if columns <= MANY_COLUMNS else WIDEST_AMONG_MANY


def lines_of(text: str, width: float) -> int:
    """Lines that a text takes in a column; a broken line ends a character early, for no mark begins a line."""
    widths = map(text_width, text.split("\n"))
    return sum(1 if wide <= width else math.ceil(wide / max(width - 2, 2.0)) for wide in widths)


def height_of(lines: int) -> float:
    """Points of a row of so many lines."""
    return min(lines * LINE + AROUND, HIGHEST_ROW)


def title_lines(title: str) -> int:
    return max(1, math.ceil(text_width(title) * TITLE_LARGER / WIDEST_TITLE))


def widened(widths: Sequence[float], title: str) -> list[float]:
    """Column widths, each wider by the same where the title above them would be cut off."""
    needed = min(text_width(title) * TITLE_LARGER, WIDEST_TITLE) + 1
    more = max(0.0, needed - sum(widths)) / len(widths)
    return [width + more for width in widths]


def pages_wide(widths: Sequence[float], *, landscape: bool = True) -> int:
    """Pages side by side so that a table can still be read on paper."""
    page = PAGE_WIDTH if landscape else PAGE_WIDTH * 0.66
    return max(1, math.ceil(sum(widths) * SMALLEST_SCALE / page))
