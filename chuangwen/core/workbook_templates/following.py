"""What points to the rows of a sheet and follows when they move: formulas, merged cells, rules, pictures, names."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from chuangwen.core.workbook_templates.moving import Move, moved_area, moved_formula, moved_ref
from chuangwen.core.workbook_templates.package import WORKBOOK, Package, SheetPart, tag

_AREAS = ("ref", "sqref")
_SINGLE = ("activeCell", "topLeftCell")  # where the eye is: one cell, in a table of one row too
_FORMULAS = frozenset({"f", "formula", "formula1", "formula2"})
_VML_ROW = re.compile(rb"(<x:Row>)(\d+)(</x:Row>)")
_VML_ANCHOR = re.compile(rb"(<x:Anchor>)([^<]*)(</x:Anchor>)")


def follow(package: Package, sheet: SheetPart, move: Move) -> None:
    """Let everything on the sheet that moves follow, and what other parts say of it: names and charts."""
    root = package.tree(sheet.path)
    for one in list(root.iter(tag("dimension"))):
        root.remove(one)  # any program finds it out itself
    held = root.find(tag("sheetData"))
    _follow_cells(held, sheet.name, move)
    for one in root:
        if one is not held:
            _follow_element(one, sheet.name, move)
    _follow_breaks(root, move)
    for one in package.tree(WORKBOOK).iter(tag("definedName")):
        one.text = moved_formula(move, one.text or "", sheet.name, inside=False)
    _follow_drawings(package, sheet, move)
    _follow_parts(package, sheet, move)


def follow_outside(package: Package, other: SheetPart, moved: str, move: Move) -> None:
    """Let the formulas of another sheet, its rules and its charts follow the sheet called `moved`."""
    if b"!" not in package.parts[other.path]:
        return
    for one in package.tree(other.path).iter():
        if _name(one) in _FORMULAS and one.text:
            one.text = moved_formula(move, one.text, moved, inside=False)
        elif one.get("location"):
            one.set("location", moved_formula(move, one.get("location"), moved, inside=False))
    for drawing in package.related(other.path, "drawing"):
        _follow_charts(package, drawing, moved, move)


def _name(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _follow_cells(held: Any, sheet: str, move: Move) -> None:
    """Rows and cells by their new numbers, their formulas by what they point to now."""
    for row in held.iter(tag("row")):
        number = int(row.get("r"))
        if (new := move.row(number)) != number:
            row.set("r", str(new))
            for cell in row:
                cell.set("r", cell.get("r").rstrip("0123456789") + str(new))
        for formula in row.iter(tag("f")):
            formula.text = moved_formula(move, formula.text or "", sheet, inside=True)
            if formula.get("ref"):
                formula.set("ref", moved_ref(move, formula.get("ref")))


def _follow_element(element: Any, sheet: str, move: Move) -> None:
    """Merged cells, rules of formats and of entries, links, filters, panes: whatever names an area or a formula."""
    for one in element.iter():
        name = _name(one)
        for key in _AREAS:
            if one.get(key):
                one.set(key, moved_area(move, one.get(key)))
        for key in _SINGLE:
            if one.get(key):
                one.set(key, _one_cell(move, one.get(key)))
        if name in _FORMULAS and one.text:
            one.text = moved_formula(move, one.text, sheet, inside=True)
        elif name == "sqref" and one.text:
            one.text = moved_area(move, one.text)
        if one.get("location"):
            one.set("location", moved_formula(move, one.get("location"), sheet, inside=False))


def _follow_breaks(root: Any, move: Move) -> None:
    """Page breaks that a person set below the table; those inside it are gone with its rows."""
    for held in list(root.iter(tag("rowBreaks"))):
        for one in list(held):
            row = int(one.get("id", 0))
            if move.first <= row < move.last:
                held.remove(one)
            else:
                one.set("id", str(move.row(row) if row != move.last else move.end))
        held.set("count", str(len(held)))
        held.set("manualBreakCount", str(sum(one.get("man") == "1" for one in held)))
        if not len(held):
            root.remove(held)


def _follow_drawings(package: Package, sheet: SheetPart, move: Move) -> None:
    """Pictures, boxes and charts stay at their rows."""
    for path in package.related(sheet.path, "drawing"):
        for one in package.tree(path).iter():
            if _name(one) == "row" and _name(one.getparent()) in {"from", "to"}:
                one.text = str(move.row(int(one.text) + 1) - 1)
        _follow_charts(package, path, sheet.name, move)


def _follow_charts(package: Package, drawing: str, sheet: str, move: Move) -> None:
    for path in package.related(drawing, "chart"):
        for one in package.tree(path).iter():
            if _name(one) == "f" and one.text:
                one.text = moved_formula(move, one.text, sheet, inside=False, series=True)


def _follow_parts(package: Package, sheet: SheetPart, move: Move) -> None:
    """Comments with their boxes, and the areas that Excel calls tables."""
    for kind in ("comments", "threadedComment", "table", "pivotTable"):
        for path in package.related(sheet.path, kind):
            for one in package.tree(path).iter():
                if isinstance(one.tag, str) and one.get("ref"):
                    moved = _one_cell(move, one.get("ref")) if "omment" in kind else moved_ref(move, one.get("ref"))
                    one.set("ref", moved)
    for path in package.related(sheet.path, "vmlDrawing"):
        data = _VML_ROW.sub(lambda found: found[1] + _moved_number(found[2], move) + found[3], package.parts[path])
        package.parts[path] = _VML_ANCHOR.sub(lambda found: found[1] + _moved_anchor(found[2], move) + found[3], data)


def _one_cell(move: Move, ref: str) -> str:
    """A remark hangs on one cell, in a table of one row too."""
    return moved_ref(move, ref).partition(":")[0]


def _moved_number(row: bytes, move: Move) -> bytes:
    return str(move.row(int(row) + 1) - 1).encode()


def _moved_anchor(text: bytes, move: Move) -> bytes:
    """Left column, offset, top row, offset, right column, offset, bottom row, offset."""
    numbers = text.split(b",")
    for place in (2, 6):
        if len(numbers) == 8 and numbers[place].strip().isdigit():
            numbers[place] = b" " + _moved_number(numbers[place].strip(), move)
    return b",".join(numbers)
