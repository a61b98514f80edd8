"""Where in an office's sheet the table is: its header row or rows, its data, and what is neither.

A real sheet has a title across the top, a line with the unit and the date, one header row or two,
headings between groups of rows, totals, and a line for signatures at the end. Nothing is dropped
silently: every row left out is listed with its reason, and the guess of the header is only the
default of a choice that a person makes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from chuangwen.core.workbooks.cells import Merge, Sheet, Value, show
from chuangwen.core.workbooks.likeness import plain

SEARCHED_ROWS = 30
LONGEST_HEADER = 30
_TOTAL = re.compile(  # 合计, and 合计：6处
    r"(?:合计|总计|小计|共计|累计|本页合计|本页小计|total|subtotal|sum)(?:[:\uff1a]?共?\d[\d.,]*[^\d]{0,2})?"
)
_FOOTER = re.compile(
    r"(?:填表|填报|制表|审核|审批|签字|签章|盖章|负责人|联系人|联系电话|日期|注|说明|备注|附注|填表说明)[人者日期单位时间签字]*\d*[:\uff1a.\uff0e、]"
)

_COLON = re.compile(r"[:\uff1a]")
_NUMERALS = "[一二三四五六七八九十]+"
_ORDINAL = re.compile(rf"[(\uff08]{_NUMERALS}[)\uff09]|{_NUMERALS}[、.\uff0e]|第{_NUMERALS}[章节类部]")
CLOSE_TO_BEST = 0.6  # the first row that looks nearly as much like a header as the best one is it

SkipReason = Literal["blank", "total", "heading", "header_again", "footer"]


@dataclass(frozen=True, slots=True)
class Header:
    """A column of the table: its zero-based column in the sheet and its text, 责任/牵头 of two rows."""

    column: int
    text: str


@dataclass(frozen=True, slots=True)
class DataRow:
    """A row of the table; `row` is zero-based in the sheet, `values` has a value for each sheet column."""

    row: int
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row between header and end that is no data, with the first text in it."""

    row: int
    reason: SkipReason
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet taken apart; `header_rows` are one or two zero-based rows, or none in an empty sheet."""

    sheet: str
    header_rows: tuple[int, ...]
    headers: tuple[Header, ...]
    rows: tuple[DataRow, ...]
    skipped: tuple[SkippedRow, ...]


def unmerge(sheet: Sheet) -> Sheet:
    """The sheet with each merged range filled with the value of its first cell; no merges are left.

    Ranges that together cover more cells than there are overlap, which no spreadsheet writes; what goes
    beyond is ignored.
    """
    if not sheet.merges:
        return sheet
    rows = [list(row) for row in sheet.rows]
    left = len(rows) * sheet.width
    for merge in sheet.merges:
        value = sheet.cell(merge.first_row, merge.first_column)
        columns = range(merge.first_column, min(merge.last_column + 1, sheet.width))
        down = range(merge.first_row, min(merge.last_row + 1, len(rows)))
        left -= len(columns) * len(down)
        if value is None or left < 0:
            continue
        for row in down:
            for column in columns:
                rows[row][column] = value
    return replace(sheet, rows=tuple(tuple(row) for row in rows), merges=())


def guess_header(sheet: Sheet, known: Sequence[str] = ()) -> tuple[int, ...]:
    """The zero-based header row, or two rows; () where the sheet is empty.

    `known` are the labels and aliases of the fields that are asked for: a row that names them wins over
    one that merely looks like a header. The sheet must still have its merges.
    """
    wanted = {plain(text) for text in known}
    searched = range(min(len(sheet.rows), SEARCHED_ROWS))
    named = {row: sum(isinstance(v, str) and plain(v) in wanted for v in sheet.rows[row]) for row in searched}
    most = max(named.values(), default=0)
    looks = {row: _header_looks(sheet, row) for row in searched if named[row] == most}
    best_looks = max(looks.values(), default=0.0)
    if best_looks <= 0 and not most:
        return next(((row,) for row in searched if any(v is not None for v in sheet.rows[row])), ())
    best = next(row for row, look in looks.items() if look >= best_looks * CLOSE_TO_BEST)
    if best and _is_group_row(sheet, best - 1):
        return (best - 1, best)
    if _is_group_row(sheet, best):
        return (best, best + 1)
    return (best,)


def _header_looks(sheet: Sheet, row: int) -> float:
    """How much a row looks like a header: several short texts, all different, and something below."""
    texts = [value.strip() for value in sheet.rows[row] if isinstance(value, str)]
    others = sum(value is not None and not isinstance(value, str) for value in sheet.rows[row])
    short = {text for text in texts if len(text) <= LONGEST_HEADER and not _COLON.search(text)}
    if len(short) < 2:
        return 0.0
    below = row + 1 < len(sheet.rows) and any(value is not None for value in sheet.rows[row + 1])
    unlike = 2 * others + len(texts) - len(short)
    return max(0.0, len(short) - unlike + below)


def _start_of(text: str) -> str:
    """The first characters of a text without blanks, as footers and totals are recognised."""
    return "".join(text.split())[:20]


def _is_group_row(sheet: Sheet, row: int) -> bool:
    """Whether a row heads groups of columns that the next row names one by one."""
    if row + 1 >= len(sheet.rows):
        return False
    upper, lower = sheet.rows[row], sheet.rows[row + 1]
    if not _only_short_texts(lower) or sum(value is not None for value in upper) < 2:
        return False
    if any(isinstance(value, str) and _COLON.search(value) for value in upper):
        return False  # a line such as 填报单位:… 日期:… between title and header
    across = [merge for merge in sheet.merges if merge.first_row == merge.last_row == row]
    if any(_names_below(lower, merge) for merge in across):
        return True
    if any(merge.first_row <= row < row + 1 <= merge.last_row for merge in sheet.merges):
        return sum(value is not None for value in lower) > 0
    return not _merged_at(sheet, (row, row + 1)) and _fills_gaps(upper, lower)


def _merged_at(sheet: Sheet, rows: Sequence[int]) -> bool:
    return any(merge.first_row <= rows[-1] and merge.last_row >= rows[0] for merge in sheet.merges)


def _only_short_texts(values: Sequence[Value]) -> bool:
    held = [value for value in values if value is not None]
    return bool(held) and all(isinstance(value, str) and len(value) <= LONGEST_HEADER for value in held)


def _names_below(lower: Sequence[Value], merge: Merge) -> bool:
    under = lower[merge.first_column : merge.last_column + 1]
    return len({value for value in under if value is not None}) > 1


def _fills_gaps(upper: Sequence[Value], lower: Sequence[Value]) -> bool:
    """Without merges (csv): the lower row speaks under each gap of the upper one and nowhere without need."""
    gaps = [column for column, value in enumerate(upper) if value is None and any(upper[:column])]
    starts = {column - 1 for column in gaps}
    said = [column for column, value in enumerate(lower) if value is not None]
    return bool(gaps) and set(gaps) <= set(said) and all(c in gaps or c in starts for c in said)


def lay_out(sheet: Sheet, header_rows: Sequence[int] | None = None, known: Sequence[str] = ()) -> Table:
    """Take a sheet apart. `header_rows` are the person's choice (zero-based, at most two, neighbours).

    Without them the header is guessed with the help of `known`. Raises ValueError for rows that the sheet
    does not have.
    """
    chosen = guess_header(sheet, known) if header_rows is None else tuple(header_rows)
    if len(chosen) > 2 or any(not 0 <= row < len(sheet.rows) for row in chosen):
        raise ValueError(f"no such header rows: {chosen}")
    if not chosen:
        return Table(sheet.name, (), (), (), ())
    full = unmerge(sheet)
    headers = _headers(sheet, full, chosen)
    rows: list[DataRow] = []
    skipped: list[SkippedRow] = []
    header_texts = [tuple(full.rows[row]) for row in chosen]
    end = next((row for row in range(len(full.rows), 0, -1) if any(v is not None for v in full.rows[row - 1])), 0)
    for row in range(chosen[-1] + 1, end):
        values = full.rows[row]
        reason = _skip_reason(values, sheet.rows[row], header_texts)
        if reason is None:
            rows.append(DataRow(row, values))
        else:
            skipped.append(SkippedRow(row, reason, next((show(value) for value in values if value is not None), "")))
    rows, skipped = _cut_footer(rows, skipped)
    return Table(sheet.name, chosen, headers, tuple(rows), tuple(skipped))


def _headers(sheet: Sheet, full: Sheet, chosen: Sequence[int]) -> tuple[Header, ...]:
    """Each column with its text; the name of a group goes before that of the column."""
    levels = [[" ".join(show(value).split()) for value in full.rows[row]] for row in chosen]
    if len(levels) == 2 and not _merged_at(sheet, chosen):
        levels[0] = _carried(levels[0], levels[1])
    headers = []
    for column in range(full.width):
        parts = dict.fromkeys(level[column] for level in levels if level[column])
        if parts or any(row[column] is not None for row in full.rows[chosen[-1] + 1 :]):
            headers.append(Header(column, "/".join(parts)))
    return tuple(headers)


def _carried(upper: list[str], lower: list[str]) -> list[str]:
    """A group's name carried to the right over the columns that only the lower row names (csv)."""
    carried, last = [], ""
    for above, below in zip(upper, lower, strict=True):
        last = above or (last if below else "")
        carried.append(last)
    return carried


def _skip_reason(
    values: Sequence[Value], unfilled: Sequence[Value], header_texts: Sequence[tuple[Value, ...]]
) -> SkipReason | None:
    held = [value for value in values if value is not None]
    if not held:
        return "blank"
    if tuple(values) in header_texts:
        return "header_again"
    if any(_TOTAL.fullmatch(_start_of(show(value)).rstrip(":\uff1a").lower()) for value in held[:3]):
        return "total"
    return _lone_reason(values, held, [value for value in unfilled if value is not None])


def _lone_reason(values: Sequence[Value], held: Sequence[Value], own: Sequence[Value]) -> SkipReason | None:
    """Why a row that says one thing only is no data; None for a row that says more."""
    if len(values) <= 2 or len(own) != 1:
        return None
    if len(held) == 1 and isinstance(held[0], int):
        return "blank"  # a serial number that was filled in ahead
    if _FOOTER.match(_start_of(show(held[0]))):
        return "footer"
    across = len(held) > len(values) / 2
    return "heading" if across or _ORDINAL.match(show(held[0])) else None


def _cut_footer(rows: list[DataRow], skipped: list[SkippedRow]) -> tuple[list[DataRow], list[SkippedRow]]:
    """Move the lines for notes and signatures at the very end from the data to what is left out."""
    cut: list[SkippedRow] = []
    while rows:
        held = [value for value in rows[-1].values if value is not None]
        if not _FOOTER.match(_start_of(show(held[0]))):
            break
        cut.append(SkippedRow(rows.pop().row, "footer", show(held[0])))
    return rows, sorted([*skipped, *cut], key=lambda one: one.row)
