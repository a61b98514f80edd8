"""Where a cell goes when the rows of a table become more or fewer, and every reference to it along with it.

A table stands in the rows `first` to `last` (counted from 1, as they are in the file) and gets `lines` rows instead.
What is above stays, what is below moves; a range that began with the table or above it and ended in it ends with it
again. That is what Excel does when a person inserts rows, but for one thing: the sum of a form with a single row
(SUM(D5:D5)) grows too, since that is what its author means.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from chuangwen.core.workbooks.cells import column_letters

_QUOTED = r"'(?:[^']|'')+'"
_NAME = r"[^\s'!(),;:+\-*/^&=<>{}\"\[\]$]+"
_CELL = r"\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6}"
_REFERENCE = re.compile(
    rf'(?P<text>"(?:[^"]|"")*")'
    rf"|(?P<sheet>(?:{_QUOTED}|{_NAME})!)?"
    rf"(?<![\w.\]])(?P<cells>{_CELL}(?::{_CELL})?|\$?[1-9]\d{{0,6}}:\$?[1-9]\d{{0,6}})(?![\w(.!])"
)
_PARTS = re.compile(r"(?P<fixed_column>\$?)(?P<column>[A-Za-z]{0,3})(?P<fixed>\$?)(?P<row>\d+)")
LAST_ROW = 1_048_576


@dataclass(frozen=True, slots=True)
class Move:
    """Rows `first` to `last` of a sheet become `lines` rows."""

    first: int
    last: int
    lines: int

    @property
    def end(self) -> int:
        """The last row of the table afterwards."""
        return self.first + self.lines - 1

    def row(self, row: int) -> int:
        """Where a single row is afterwards; one that is gone is the last of the table."""
        if row < self.first:
            return row
        if row > self.last:
            return min(row + self.end - self.last, LAST_ROW)
        return min(row, self.end)

    def rows(self, top: int, bottom: int) -> tuple[int, int]:
        """Where a range of rows is afterwards."""
        if top <= self.first <= bottom <= self.last:
            return top, self.end
        if self.first < top < bottom == self.last:
            return self.row(top), self.end
        return self.row(top), self.row(bottom)


def moved_ref(move: Move, ref: str) -> str:
    """A reference without a sheet: A1, $A$1:B2, 3:4. One cell in a table of one row becomes the whole column of it."""
    top, colon, bottom = ref.partition(":")
    one, other = _PARTS.fullmatch(top), _PARTS.fullmatch(bottom or top)
    if one is None or other is None:
        return ref
    start, end = move.rows(int(one["row"]), int(other["row"]))
    if not colon and (start == end or not move.first == move.last == int(one["row"])):
        return _written(one, start)
    return f"{_written(one, start)}:{_written(other, end)}"


def moved_area(move: Move, area: str) -> str:
    """Several references with blanks between them (sqref)."""
    return " ".join(moved_ref(move, ref) for ref in area.split())


def _written(part: re.Match[str], row: int) -> str:
    return f"{part['fixed_column']}{part['column']}{part['fixed']}{row}"


def moved_formula(move: Move, formula: str, sheet: str, *, inside: bool, series: bool = False) -> str:
    """A formula whose references to `sheet` follow the move; `inside` where it stands on that sheet itself.

    `series`: what a chart draws; one cell in a table of one row becomes the whole column of it.
    """

    def moved(top: re.Match[str], bottom: re.Match[str] | None) -> str:
        if bottom is None and not (series and move.first == move.last == int(top["row"])):
            return _written(top, move.row(int(top["row"])))
        bottom = bottom or top
        start, end = move.rows(int(top["row"]), int(bottom["row"]))
        return f"{_written(top, start)}:{_written(bottom, end)}"

    return _rewritten(formula, lambda named: inside if named is None else named == sheet.casefold(), moved)


def copied_formula(move: Move, formula: str, sheet: str, source: int, target: int) -> str:
    """A formula of row `source` of the table as it stands in row `target` of the filled one."""

    def row_of(part: re.Match[str]) -> int:
        row = int(part["row"])
        relative = not part["fixed"] and move.first - 1 <= row <= move.last
        return max(1, row + target - source) if relative else move.row(row)

    def moved(top: re.Match[str], bottom: re.Match[str] | None) -> str:
        if bottom is None:
            return _written(top, row_of(top))
        return f"{_written(top, row_of(top))}:{_written(bottom, row_of(bottom))}"

    return _rewritten(formula, lambda named: named in {None, sheet.casefold()}, moved)


def translated_formula(formula: str, rows: int, columns: int) -> str:
    """A formula copied so many rows down and columns to the right, as a shared formula means it."""

    def part_moved(part: re.Match[str]) -> str:
        row = int(part["row"]) + (0 if part["fixed"] else rows)
        column = part["column"]
        if column and not part["fixed_column"]:
            column = letters(max(1, number_of(column) + columns))
        return f"{part['fixed_column']}{column}{part['fixed']}{max(1, row)}"

    def moved(top: re.Match[str], bottom: re.Match[str] | None) -> str:
        return part_moved(top) if bottom is None else f"{part_moved(top)}:{part_moved(bottom)}"

    return _rewritten(formula, lambda _named: True, moved)


def _rewritten(
    formula: str,
    concerned: Callable[[str | None], bool],
    moved: Callable[[re.Match[str], re.Match[str] | None], str],
) -> str:
    def one(found: re.Match[str]) -> str:
        if found["text"] is not None:
            return found[0]
        named = found["sheet"]
        plain = None if named is None else named[:-1].strip("'").replace("''", "'").casefold()
        if not concerned(plain):
            return found[0]
        top, _colon, bottom = found["cells"].partition(":")
        first, last = _PARTS.fullmatch(top), _PARTS.fullmatch(bottom) if bottom else None
        return f"{named or ''}{moved(first, last)}" if first else found[0]

    return _REFERENCE.sub(one, formula)


def number_of(column: str) -> int:
    """The number of a column's letters: A is 1."""
    number = 0
    for letter in column.upper():
        number = number * 26 + ord(letter) - 64
    return number


def letters(number: int) -> str:
    """The letters of a column's number: 1 is A."""
    return column_letters(number - 1)


def place_of(ref: str) -> tuple[int, int]:
    """(row, column) of a cell's address, both counted from 1."""
    part = _PARTS.fullmatch(ref)
    if part is None or not part["column"]:
        raise ValueError(ref)
    return int(part["row"]), number_of(part["column"])
