"""A form without placeholders: where its table stands, and which of our columns goes in which of its columns.

As an import finds the header of an office's sheet, so a form's is found: the same words, the same likeness. What is
proposed here a person confirms.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chuangwen.core.workbook_templates.cells import Strings, is_blank
from chuangwen.core.workbook_templates.package import Package, tag
from chuangwen.core.workbook_templates.table import Table
from chuangwen.core.workbook_templates.vocabulary import Vocabulary
from chuangwen.core.workbooks.cells import Sheet, column_letters
from chuangwen.core.workbooks.layout import Header, lay_out
from chuangwen.core.workbooks.mapping import Mapping, suggest_mapping

MOST_ROOM = 20_000  # rows; an area of blank lines that reaches further was never meant as one


@dataclass(frozen=True, slots=True)
class Proposal:
    """A table, the headers of its sheet, and why each column was proposed."""

    table: Table
    headers: tuple[Header, ...]
    mapping: Mapping


def propose(
    package: Package,
    sheet: Sheet,
    vocabulary: Vocabulary,
    header: Sequence[int],
    remembered: Callable[[Sequence[str]], Mapping | None] = lambda _headers: None,
) -> Proposal:
    """The table below the header rows (zero-based), with the columns that its headers suggest.

    `remembered(headers)` is how the columns of such headers were chosen before.
    """
    headers = named_headers(sheet, header)
    words = [one.text for one in headers]
    mapping = suggest_mapping(words, vocabulary.fields(), remembered(words))
    first = header[-1] + 2  # counted from 1, the row below
    last = _last_row(package, sheet, first, {one.row + 1 for one in lay_out(sheet, header).rows})
    columns = {
        column_letters(headers[match.column].column): match.field
        for match in mapping.matches
        if match.column is not None
    }
    return Proposal(Table(sheet.name, tuple(row + 1 for row in header), first, last, columns), headers, mapping)


def named_headers(sheet: Sheet, header: Sequence[int]) -> tuple[Header, ...]:
    """The columns that the header rows (zero-based) name."""
    return tuple(one for one in lay_out(sheet, header).headers if one.text)


def _last_row(package: Package, sheet: Sheet, first: int, entries: set[int]) -> int:
    """The last row that belongs to the table: entries of an earlier time and prepared blank lines.

    It ends above the first row that says something else (a sum, a signature) or of which the file knows nothing.
    """
    part = next(one for one in package.sheets if one.name == sheet.name)
    strings, last = Strings(package), first
    rows = {int(one.get("r")): one for one in package.tree(part.path).iter(tag("row"))}
    for number in range(first, first + MOST_ROOM):
        row = rows.get(number)
        if row is None or not len(row) or _adds_up(row) or not (number in entries or _is_prepared(row, strings)):
            break
        last = number
    return last


def _adds_up(row: Any) -> bool:
    return any("SUM(" in (one.text or "").upper() for one in row.iter(tag("f")))


def _is_prepared(row: Any, strings: Strings) -> bool:
    """Whether a row is a blank line of a form: nothing in it but a number written ahead, and formulas."""
    said = [one for one in row.iter(tag("c")) if not is_blank(one) and one.find(tag("f")) is None]
    return not said or (len(said) == 1 and said[0].get("t", "n") == "n" and not strings.text(said[0]))
