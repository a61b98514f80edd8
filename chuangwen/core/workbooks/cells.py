"""What a cell can hold, and how a cell is named and shown.

Cells are plain Python values, so that twelve thousand rows cost no more than lists of them. Only a
formula's error needs a type of its own: in any other form it would pass for text or for a blank.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

# The errors of Excel and WPS, and those of LibreOffice (Err:502). They arrive as text where a formula
# was pasted as a value, which is the same trouble for the office and is treated alike.
_ERROR = re.compile(r"#(?:REF|DIV/0|VALUE|NULL|NUM|SPILL|CALC|FIELD|BLOCKED)!|#N/A|#NAME\?|#GETTING_DATA|Err:\d{3}")

CellKind = Literal["empty", "text", "number", "date", "bool", "error"]


@dataclass(frozen=True, slots=True)
class CellError:
    """The result of a formula that failed, as the program shows it: `#REF!`."""

    code: str

    def __str__(self) -> str:
        return self.code


Value = None | str | int | float | bool | date | datetime | time | timedelta | CellError


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range, zero-based and inclusive at both ends."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: `rows[0]` is the sheet's row 1, `rows[r][0]` its column A; all rows are equally long.

    Of a merged range only the first cell holds the value, as in the file; see `layout.unmerge`.
    """

    name: str
    rows: tuple[tuple[Value, ...], ...]
    merges: tuple[Merge, ...] = ()
    hidden: bool = False

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.rows[0]) if self.rows else 0

    def cell(self, row: int, column: int) -> Value:
        """The value at a zero-based place; None outside the sheet."""
        if 0 <= row < len(self.rows) and 0 <= column < self.width:
            return self.rows[row][column]
        return None


def column_letters(column: int) -> str:
    """The letters of a zero-based column: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """The address of a zero-based place as the office reads it: (11, 2) is C12."""
    return f"{column_letters(column)}{row + 1}"


def kind_of(value: Value) -> CellKind:
    """The type of a cell's value. Times and durations count as dates."""
    if value is None:
        return "empty"
    if isinstance(value, str):
        return "text"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    return "error" if isinstance(value, CellError) else "date"


def as_value(raw: str) -> Value:
    """Text as a cell's value: None for blank text, a `CellError` for a formula's error."""
    if not raw or raw.isspace():
        return None
    return CellError(raw) if raw[0] in "#E" and _ERROR.fullmatch(raw) else raw


def whole(number: float) -> int | float:
    """A number without a meaningless fraction: 12.0 becomes 12; Excel keeps every number as a float."""
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def show(value: Value) -> str:
    """A cell's value as a person reads it: 12 not 12.0, 2026-11-22, 是 for true, "" for empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(whole(value))
    if isinstance(value, datetime):
        midnight = value.time() == time(0)
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, time):
        return value.isoformat("minutes")
    return str(value)
