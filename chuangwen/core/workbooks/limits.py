"""How much of a workbook is read, and the word for refusing it.

The limits are generous for an office (its largest register has some tens of thousands of rows) and
small for a machine. They stand alone because the parsers and the reader above them share them.
"""

from __future__ import annotations

MAX_FILE_BYTES = 30 * 1024 * 1024  # photos in the cells count here and nowhere else
MAX_EXPANDED_BYTES = 256 * 1024 * 1024  # all tables of a packed workbook together
MAX_RATIO = 200  # expanded to packed, of one part; spreadsheets of one repeated row reach about 100
RATIO_FREE_BYTES = 1024 * 1024  # a part below this size may have any ratio
MAX_PARTS = 5_000  # files inside a packed workbook; each photo is one
MAX_SHEETS = 200
MAX_ROWS = 100_000
MAX_COLUMNS = 2_000
MAX_CELLS = 3_000_000  # rows x columns, all sheets together


class Refused(Exception):  # noqa: N818  (says what happened, as UnreadableWorkbook does)
    """A workbook cannot or must not be read; `code` is one of `reading.REASONS`."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


def check_extent(name: str, rows: int, columns: int) -> None:
    """Refuse a sheet that reaches further than the limits, before its cells are unfolded."""
    if rows > MAX_ROWS:
        raise Refused("too_many_rows", f"{name}: {rows}")
    if columns > MAX_COLUMNS:
        raise Refused("too_many_columns", f"{name}: {columns}")
