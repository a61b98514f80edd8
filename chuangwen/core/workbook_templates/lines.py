"""The rows of a form's table, written one by one in the looks of the rows that the form has.

The first lines take the rows that are there, the last one the form's last row with its lower border, and those in
between the row above it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from chuangwen.core.workbook_templates.cells import Looks, Strings, is_blank, words_of, written
from chuangwen.core.workbook_templates.marks import MARK
from chuangwen.core.workbook_templates.moving import Move, copied_formula, letters, number_of, place_of
from chuangwen.core.workbook_templates.package import tag
from chuangwen.core.workbook_templates.table import Table
from chuangwen.core.workbook_templates.vocabulary import Content, Value, Vocabulary
from chuangwen.core.workbooks.sizes import HIGHEST_ROW, lines_of

_KEPT_OF_A_ROW = ("s", "customFormat", "thickTop", "thickBot", "outlineLevel", "collapsed")
_WIDTH = 8.43  # characters of a column of which the form says nothing
_LINE_OF_TYPE = 1.35  # height of a line against the size of its type
_USUAL_TYPE = 11.0  # points of the type in whose characters a column's width is counted

Kind = Literal["value", "mixed", "formula", "kept", "blank"]


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of a row that is repeated: what becomes of it in each line."""

    column: str
    style: str
    kind: Kind
    text: str = ""  # the column's word, the text with its marks, the formula, or the XML of what stands in it
    width: float = 0.0  # characters that fit in, where it breaks its lines; else 0


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that is repeated: the looks of the row and its cells."""

    looks: str
    height: float
    own_height: bool
    cells: tuple[_Cell, ...]


class Lines:
    """The lines of one table. `move` says which rows they take; the table's merged cells are taken out of the tree."""

    def __init__(
        self, root: Any, strings: Strings, looks: Looks, vocabulary: Vocabulary, content: Content, table: Table
    ) -> None:
        self.root, self.strings, self.looks, self.content, self.table = root, strings, looks, content, table
        self.vocabulary = vocabulary
        self.places = {one.name: place for place, one in enumerate(vocabulary.columns)}
        rows = root.find(tag("sheetData")).iter(tag("row"))
        self.rows = {int(one.get("r")): one for one in rows if table.first <= int(one.get("r")) <= table.last}
        room, entries = table.last - table.first + 1, self._entries()
        self.move = Move(table.first, table.last, max(len(content.rows), room - entries, 1))
        self._read_columns()
        self._take_merges()
        self.patterns = {row: self._pattern(row) for row in range(table.first, table.last + 1)}

    def written(self) -> Iterator[bytes]:
        """The rows as they stand in the sheet's file."""
        nothing: Sequence[Value] = (None,) * len(self.vocabulary.columns)
        for number in range(self.move.lines):
            values = self.content.rows[number] if number < len(self.content.rows) else nothing
            blank = number >= len(self.content.rows) and bool(self.table.columns)
            yield self._line(number, values, blank=blank).encode()

    def merge_into(self, root: Any) -> None:
        """Put the merged cells of the table back, those of a row once for each line."""
        areas = list(self.tall)
        for number in range(self.move.lines):
            row = self.move.first + number
            areas += [f"{left}{row}:{right}{row}" for left, right in self.merged.get(self._source(number), ())]
        if not areas:
            return
        held = root.find(tag("mergeCells"))
        if held is None:
            held = etree.Element(tag("mergeCells"))
            self.after_merges.addnext(held)
        for area in areas:
            etree.SubElement(held, tag("mergeCell")).set("ref", area)
        held.set("count", str(len(held)))

    def _entries(self) -> int:
        """How many rows of the table hold entries of an earlier time. A number written ahead is none."""
        columns = {number_of(column) for column in self.table.columns}
        found = 0
        for row in self.rows.values():
            said = [
                one for one in row.iter(tag("c")) if place_of(one.get("r"))[1] in columns and not is_blank(one)
            ]  # fmt: skip
            number_alone = len(said) == 1 and said[0].get("t", "n") == "n" and len(columns) > 1
            found += bool(said) and not number_alone
        return found

    def _read_columns(self) -> None:
        """Looks and widths that whole columns have."""
        self.column_styles: list[tuple[int, int, str]] = []
        self.widths: list[tuple[int, int, float]] = []
        for one in self.root.iter(tag("col")):
            first, last = int(one.get("min")), int(one.get("max"))
            self.column_styles.append((first, last, one.get("style", "")))
            self.widths.append((first, last, float(one.get("width", _WIDTH))))
        usual = self.root.find(tag("sheetFormatPr"))
        self.usual_height = float(usual.get("defaultRowHeight", 15)) if usual is not None else 15.0

    def _width(self, column: int) -> float:
        return next((width for first, last, width in self.widths if first <= column <= last), _WIDTH)

    def _take_merges(self) -> None:
        """Take the merged cells that touch the table out of the tree: kept for each row, or as tall as the table."""
        self.merged: dict[int, list[tuple[str, str]]] = {}
        self.tall: list[str] = []
        self.tall_starts: set[str] = set()
        held = self.root.find(tag("mergeCells"))
        self.after_merges = self.root.find(tag("sheetData"))
        for name in ("sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState",
                     "dataConsolidate", "customSheetViews"):  # fmt: skip
            found = self.root.find(tag(name))
            self.after_merges = self.after_merges if found is None else found
        for one in [] if held is None else list(held):
            start, _colon, end = one.get("ref").partition(":")
            (top, left), (bottom, right) = place_of(start), place_of(end or start)
            if bottom < self.move.first or top > self.move.last:
                continue
            held.remove(one)
            if top == bottom:
                self.merged.setdefault(top, []).append((letters(left), letters(right)))
            elif top <= self.move.first and bottom >= self.move.last:
                self.tall.append(f"{start.rstrip('0123456789')}{top}:{letters(right)}{self._below(bottom)}")
                self.tall_starts.add(f"{letters(left)}{top}")
        if held is not None and not len(held):
            self.root.remove(held)

    def _below(self, row: int) -> int:
        return self.move.end if row == self.move.last else self.move.row(row)

    def _source(self, number: int) -> int:
        """The row of the form in whose looks a line is written."""
        first, last = self.move.first, self.move.last
        if number == self.move.lines - 1:
            return last
        return min(first + number, max(last - 1, first))

    def _pattern(self, row: int) -> _Row:
        """What becomes of each cell of a row of the form."""
        element = self.rows.get(row)
        kept = {} if element is None else element.attrib
        found = {} if element is None else {place_of(one.get("r"))[1]: one for one in element.iter(tag("c"))}
        row_style = kept.get("s", "") if kept.get("customFormat") in {"1", "true"} else ""
        cells = []
        for column in sorted({*found, *map(number_of, self.table.columns)}):
            cell = found.get(column)
            style = (cell.get("s", "") if cell is not None else row_style) or self._style_of(column)
            kind, text = self._becomes(column, cell)
            width = self._room(row, column, style) if kind in {"value", "mixed"} else 0.0
            cells.append(_Cell(letters(column), style, kind, text, width))
        looks = "".join(f" {name}={quoteattr(kept[name])}" for name in _KEPT_OF_A_ROW if name in kept)
        own = kept.get("customHeight") in {"1", "true"}
        return _Row(looks, float(kept.get("ht", self.usual_height)), own or "ht" in kept, tuple(cells))

    def _style_of(self, column: int) -> str:
        return next((style for first, last, style in self.column_styles if first <= column <= last), "")

    def _becomes(self, column: int, cell: Any) -> tuple[Kind, str]:
        word = self.table.columns.get(letters(column))
        if word:
            return "value", word
        if cell is None or is_blank(cell):
            return "blank", ""
        formula = cell.find(tag("f"))
        if formula is not None:
            return "formula", formula.text or ""
        text = self.strings.text(cell)
        if MARK.search(text):
            mark = MARK.fullmatch(text.strip())
            return ("value", mark["name"]) if mark else ("mixed", text)
        if self.table.columns and cell.get("r") not in self.tall_starts:
            return "blank", ""  # what stood beside an earlier entry
        inner = "".join(etree.tostring(one, encoding="unicode") for one in cell)
        return "kept", f"{cell.get('t', '')}>{inner}"

    def _room(self, row: int, column: int, style: str) -> float:
        """Characters that fit into a line of the cell; 0 where it does not break its text into lines."""
        if not self.looks.wraps(style):
            return 0.0
        across = next((right for left, right in self.merged.get(row, ()) if left == letters(column)), letters(column))
        width = sum(self._width(one) for one in range(column, number_of(across) + 1))
        return max(width * _USUAL_TYPE / self.looks.size(style) - 0.7, 2.0)

    def _line(self, number: int, values: Sequence[Value], *, blank: bool) -> str:
        source, row = self._source(number), self.move.first + number
        pattern = self.patterns[source]
        height, cells = pattern.height, []
        for cell in pattern.cells:
            text, value = self._cell(cell, source, row, values, blank=blank)
            cells.append(text)
            if cell.width and value not in {None, ""}:
                lines = lines_of(words_of(value), cell.width)
                height = max(height, lines * self.looks.size(cell.style) * _LINE_OF_TYPE + 4 if lines > 1 else 0)
        shown = f' ht="{min(height, HIGHEST_ROW):.2f}"' if pattern.own_height or height > pattern.height else ""
        fixed = ' customHeight="1"' if shown else ""
        return f'<row r="{row}"{pattern.looks}{shown}{fixed}>{"".join(cells)}</row>'

    def _cell(
        self, cell: _Cell, source: int, row: int, values: Sequence[Value], *, blank: bool
    ) -> tuple[str, Value]:  # fmt: skip
        """A cell of a line, and the value in it that may need more height."""
        ref, kept = f"{cell.column}{row}", f' s="{cell.style}"' if cell.style else ""
        match cell.kind:
            case "value":
                value = None if blank else self._value(cell.text, values)
                return written(ref, cell.style, value, self.looks), value
            case "mixed":
                said = MARK.sub(lambda mark: words_of(self._value(mark["name"], values)), cell.text)
                return written(ref, cell.style, said, self.looks), said
            case "formula":
                text = copied_formula(self.move, cell.text, self.table.sheet, source, row)
                return f'<c r="{ref}"{kept}><f>{escape(text)}</f></c>', None
            case "kept":
                kind, _mark, inner = cell.text.partition(">")
                own = kind and (cell.column + str(source) not in self.tall_starts or row == self.move.first)
                if kind and not own:
                    return f'<c r="{ref}"{kept}/>', None
                return f'<c r="{ref}"{kept}{f" t={quoteattr(kind)}" if kind else ""}>{inner}</c>', None
            case _:
                return f'<c r="{ref}"{kept}/>', None

    def _value(self, name: str, values: Sequence[Value]) -> Value:
        place = self.places.get(name)
        return self.content.single.get(name) if place is None else values[place]
