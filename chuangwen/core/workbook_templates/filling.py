"""A form filled: the words put in, the row of the table repeated, and everything below it moved down."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from chuangwen.core.workbook_templates.cells import Looks, Strings, clean, filled_text, words_of, written
from chuangwen.core.workbook_templates.following import follow, follow_outside
from chuangwen.core.workbook_templates.lines import Lines
from chuangwen.core.workbook_templates.marks import MARK, marked_cells, page_texts
from chuangwen.core.workbook_templates.moving import place_of, translated_formula
from chuangwen.core.workbook_templates.package import ROWS_HERE, WORKBOOK, Package, SheetPart, tag
from chuangwen.core.workbook_templates.table import Table
from chuangwen.core.workbook_templates.vocabulary import Content, Vocabulary

_OUTSIDE = re.compile(r"\[\d+\]")  # how a formula names another workbook
_BEFORE_CALCULATION = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences", "definedNames",
)  # fmt: skip


def filled(data: bytes, vocabulary: Vocabulary, content: Content, table: Table | None = None) -> bytes:
    """The form with `content` in it, as an .xlsx; the same content gives the same bytes.

    `table` says where the rows go in a form without placeholders for them. Figures of formulas are left out of the
    file, so that whatever opens it computes them anew. Raises Unusable for what is no form.
    """
    package = Package.opened(data)
    strings, looks = Strings(package), Looks(package)
    let_go_of_others(package)
    for sheet in package.sheets:
        _spell_out(package, sheet)
    repeated: dict[str, Lines] = {}
    for sheet in package.sheets:
        own = table if table is not None and table.sheet == sheet.name else None
        row = _fill_single(package, sheet, strings, looks, vocabulary, content)
        if own is None and row:
            own = Table(sheet.name, (), row, row)
        if own is not None:
            lines = Lines(package.tree(sheet.path), strings, looks, vocabulary, content, own)
            repeated[sheet.path] = lines
            _make_room(package, sheet, lines)
    _forget_figures(package)
    return package.saved({path: lines.written() for path, lines in repeated.items()})


def let_go_of_others(package: Package) -> bool:
    """Take out what points to other workbooks: their figures stay as they stood. Returns whether there was any."""
    outside = package.related(WORKBOOK, "externalLink")
    if not outside:
        return False
    for sheet in package.sheets:
        for cell in package.tree(sheet.path).iter(tag("c")):
            formula = cell.find(tag("f"))
            if formula is not None and _OUTSIDE.search(formula.text or ""):
                cell.remove(formula)
    book = package.tree(WORKBOOK)
    for one in [one for one in book.iter(tag("definedName")) if _OUTSIDE.search(one.text or "")]:
        one.getparent().remove(one)
    for one in list(book.iter(tag("externalReferences"))):
        book.remove(one)
    for path in outside:
        package.drop(WORKBOOK, path)
    return True


def _spell_out(package: Package, sheet: SheetPart) -> None:
    """Write formulas that share one text out in full: they part when rows come in between."""
    shared: dict[str, tuple[str, tuple[int, int]]] = {}
    for cell in package.tree(sheet.path).iter(tag("c")):
        formula = cell.find(tag("f"))
        if formula is None or formula.get("t") != "shared":
            continue
        row, column = place_of(cell.get("r"))
        number = formula.get("si", "")
        if formula.text:
            shared[number] = (formula.text, (row, column))
        elif number in shared:
            text, (top, left) = shared[number]
            formula.text = translated_formula(text, row - top, column - left)
        for name in ("t", "si", "ref"):
            formula.attrib.pop(name, None)


def _fill_single(
    package: Package, sheet: SheetPart, strings: Strings, looks: Looks, vocabulary: Vocabulary, content: Content
) -> int:
    """Fill the words that stand alone; returns the row of the words of the table, which is left as it is, or 0."""
    row = 0
    cells = list(marked_cells(package, sheet, strings))
    for cell, text in cells:
        if any(mark["name"] in vocabulary.column_names for mark in MARK.finditer(text)):
            row = place_of(cell.get("r"))[0]
    for cell, text in cells:
        if place_of(cell.get("r"))[0] != row:
            _fill_cell(cell, text, strings, looks, content)
    for one in page_texts(package, sheet):
        one.text = MARK.sub(lambda mark: words_of(content.single.get(mark["name"])).replace("&", "&&"), one.text)
    return row


def _fill_cell(cell: Any, text: str, strings: Strings, looks: Looks, content: Content) -> None:
    ref, style = cell.get("r"), cell.get("s", "")
    whole = MARK.fullmatch(text.strip())
    if whole:
        made = etree.fromstring(written(ref, style, content.single.get(whole["name"]), looks))
        cell[:] = [_in_main(one) for one in made]
        cell.attrib.pop("t", None)
        if made.get("t"):
            cell.set("t", made.get("t"))
        return
    held = filled_text(strings.of(cell), MARK, lambda mark: clean(words_of(content.single.get(mark["name"]))))
    cell[:] = [held]
    cell.set("t", "inlineStr")


def _in_main(element: Any) -> Any:
    """The element and all below it as elements of a sheet."""
    for one in element.iter():
        one.tag = tag(one.tag)
    return element


def _make_room(package: Package, sheet: SheetPart, lines: Lines) -> None:
    """Take the rows of the table out of the sheet's tree, mark where the written ones go, and move what is below."""
    move, root = lines.move, package.tree(sheet.path)
    held = root.find(tag("sheetData"))
    rows = [one for one in held if isinstance(one.tag, str)]
    above = sum(int(one.get("r")) < move.first for one in rows)
    for one in rows:
        if move.first <= int(one.get("r")) <= move.last:
            held.remove(one)
    held.insert(above, etree.Comment(ROWS_HERE))
    follow(package, sheet, move)
    for other in package.sheets:
        if other.path != sheet.path:
            follow_outside(package, other, sheet.name, move)
    lines.merge_into(root)


def _forget_figures(package: Package) -> None:
    """Leave the figures of formulas to whatever opens the file, and the order of computing too."""
    for sheet in package.sheets:
        for formula in package.tree(sheet.path).iter(tag("f")):
            cell = formula.getparent()
            if cell.tag == tag("c"):
                cell.attrib.pop("t", None)
                for value in cell.findall(tag("v")):
                    cell.remove(value)
    for path in package.related(WORKBOOK, "calcChain"):
        package.drop(WORKBOOK, path)
    book = package.tree(WORKBOOK)
    calculation = book.find(tag("calcPr"))
    if calculation is None:
        calculation = etree.Element(tag("calcPr"))
        before = [one for one in book if isinstance(one.tag, str) and etree.QName(one).localname in _BEFORE_CALCULATION]
        before[-1].addnext(calculation)
    calculation.set("fullCalcOnLoad", "1")
