"""Cells of a sheet's file: what stands in them, and what is written into them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from xml.sax.saxutils import escape

from lxml import etree

from chuangwen.core.workbook_templates.package import Package, tag
from chuangwen.core.workbook_templates.vocabulary import Value
from chuangwen.core.workbooks.cells import show
from chuangwen.core.workbooks.writing import EXACT_DIGITS, fitting

_STRINGS = "xl/sharedStrings.xml"
_STYLES = "xl/styles.xml"
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML has no such characters
_CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # what a cell would take for a character written by its number
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_TEXT_FORMAT = 49  # @
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)})
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DAY_ONE: Final = date(1899, 12, 30)
_DAY_ONE_1904: Final = date(1904, 1, 1)


class Looks:
    """What the styles of a workbook say of a cell: whether it shows dates or text, wraps, and how large its type is."""

    def __init__(self, package: Package) -> None:
        self.first_day = _DAY_ONE
        for one in package.tree("xl/workbook.xml").iter(tag("workbookPr")):
            if one.get("date1904") in {"1", "true"}:
                self.first_day = _DAY_ONE_1904
        self._formats: list[Any] = []
        self._codes: dict[int, str] = {}
        self._sizes: list[float] = []
        if _STYLES not in package.parts:
            return
        root = package.tree(_STYLES)
        self._codes = {int(one.get("numFmtId")): one.get("formatCode", "") for one in root.iter(tag("numFmt"))}
        held = root.find(tag("cellXfs"))
        self._formats = [] if held is None else list(held)
        fonts = root.find(tag("fonts"))
        for font in [] if fonts is None else fonts:
            size = font.find(tag("sz"))
            self._sizes.append(float(size.get("val", 11)) if size is not None else 11.0)

    def _format(self, style: str) -> Any:
        number = int(style) if style.isdigit() else 0
        return self._formats[number] if number < len(self._formats) else None

    def _number_format(self, style: str) -> int:
        found = self._format(style)
        return 0 if found is None else int(found.get("numFmtId", 0))

    def shows_dates(self, style: str) -> bool:
        """Whether a number in such a cell is shown as a date."""
        number = self._number_format(style)
        if number in self._codes:
            return any(mark in "ymdhs" for mark in _LITERAL.sub("", self._codes[number]).lower())
        return number in _DATE_FORMATS

    def shows_text(self, style: str) -> bool:
        """Whether the cell is formatted as text (@)."""
        return self._number_format(style) == _TEXT_FORMAT

    def wraps(self, style: str) -> bool:
        """Whether long text is broken into lines."""
        found = self._format(style)
        aligned = None if found is None else found.find(tag("alignment"))
        return aligned is not None and aligned.get("wrapText") in {"1", "true"}

    def size(self, style: str) -> float:
        """The size of the type in points."""
        found = self._format(style)
        number = 0 if found is None else int(found.get("fontId", 0))
        return self._sizes[number] if number < len(self._sizes) else 11.0


class Strings:
    """The texts that the cells of a workbook share."""

    def __init__(self, package: Package) -> None:
        self.items = list(package.tree(_STRINGS).findall(tag("si"))) if _STRINGS in package.parts else []

    def of(self, cell: Any) -> Any:
        """The element that holds a cell's text: shared or its own; None for a cell without one."""
        kind = cell.get("t")
        if kind == "inlineStr":
            return cell.find(tag("is"))
        value = cell.find(tag("v"))
        if kind != "s" or value is None or not (value.text or "").isdigit():
            return None
        number = int(value.text)
        return self.items[number] if number < len(self.items) else None

    def text(self, cell: Any) -> str:
        """What a cell says; "" where it holds a number, or nothing."""
        held = self.of(cell)
        if held is not None:
            return "".join(piece.text or "" for piece in _pieces(held))
        value = cell.find(tag("v"))
        return (value.text or "") if value is not None and cell.get("t") == "str" else ""


def _pieces(held: Any) -> list[Any]:
    """The pieces of a text: one, or a run for each look. Readings beside the characters (rPh) are none of it."""
    return [
        piece
        for piece in held.iter(tag("t"))
        if not any(etree.QName(one).localname == "rPh" for one in piece.iterancestors())
    ]


def is_blank(cell: Any) -> bool:
    """Whether nothing stands in a cell."""
    value = cell.find(tag("v"))
    said = value is not None and bool((value.text or "").strip())
    return not said and cell.find(tag("f")) is None and cell.find(tag("is")) is None


def clean(text: str) -> str:
    """Text as a cell can hold it."""
    return fitting(_UNFIT.sub("", text))


def words_of(value: Value) -> str:
    """A value in the middle of a text: a date as 2026-11-22."""
    return clean(show(float(value)) if isinstance(value, Decimal) else show(value))


def filled_text(held: Any, pattern: re.Pattern[str], word: Callable[[re.Match[str]], str]) -> Any:
    """A copy of a text, as the cell's own, with its marks filled. A mark that runs over several looks has the first."""
    made = etree.Element(tag("is"))
    made.extend([etree.fromstring(etree.tostring(one)) for one in held])
    pieces = _pieces(made)
    whole = "".join(piece.text or "" for piece in pieces)
    found = list(pattern.finditer(whole))
    at = 0
    for piece in pieces:
        start, end = at, at + len(piece.text or "")
        at = end
        piece.text = clean(_filled_piece(whole, start, end, found, word))
        piece.set(_SPACE, "preserve")
    return made


def _filled_piece(
    whole: str, start: int, end: int, found: Iterable[re.Match[str]], word: Callable[[re.Match[str]], str]
) -> str:
    """What becomes of one run of a text: the word of each mark that begins in it, and what is between the marks."""
    said, at = [], start
    for mark in found:
        if mark.end() <= start or mark.start() >= end:
            continue
        if mark.start() >= start:
            said += [whole[at : mark.start()], word(mark)]
        at = min(max(at, mark.end()), end)
    return "".join([*said, whole[at:end]])


def written(ref: str, style: str, value: Value, looks: Looks) -> str:
    """A cell with a value, in the look that it has: a date as a date where the cell shows dates, else in words."""
    kept = f' s="{style}"' if style else ""
    if value is None or value == "":
        return f'<c r="{ref}"{kept}/>'
    number = None if looks.shows_text(style) else _number(value, style, looks)
    if number is not None:
        return f'<c r="{ref}"{kept}><v>{number}</v></c>'
    text = _CODED.sub("_x005F_", escape(words_of(value)))
    return f'<c r="{ref}"{kept} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _number(value: Value, style: str, looks: Looks) -> str | None:
    """A value as the number that a cell keeps; None for what is text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float | Decimal):
        finite = value == value and abs(value) < 10**EXACT_DIGITS  # noqa: PLR0124 (no number equals itself not)
        return str(value) if finite else None
    if isinstance(value, date) and looks.shows_dates(style) and value.year >= 1904:
        days = (value.date() if isinstance(value, datetime) else value) - looks.first_day
        if isinstance(value, datetime):
            seconds = value.hour * 3600 + value.minute * 60 + value.second
            return f"{days.days + seconds / 86400:.10g}"
        return str(days.days)
    return None
