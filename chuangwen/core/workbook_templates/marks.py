"""Placeholders of a form: {{任务}} in the row that is repeated, {{填报单位}} anywhere; and where one stands that nobody
knows.

Nothing is computed: a placeholder is a name. The braces may be those of a Chinese keyboard.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from chuangwen.core.workbook_templates.cells import Strings
from chuangwen.core.workbook_templates.moving import place_of
from chuangwen.core.workbook_templates.package import Package, SheetPart, tag
from chuangwen.core.workbook_templates.vocabulary import Vocabulary

MARK: Final = re.compile(r"[{\uff5b]{2}\s*(?P<name>[^{}\uff5b\uff5d]*?)\s*[}\uff5d]{2}")
_LOOSE = re.compile(r"[{\uff5b]{2}|[}\uff5d]{2}")
_BRACES = (b"{", "\uff5b".encode())
SHOWN = 40


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a form, and where: `sheet` and `cell`, both "" where no single one is to blame.

    `reason`: unknown | syntax | formula | second_row | merged | page | drawing. `what` is the name or the text.
    """

    reason: str
    what: str = ""
    sheet: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """The names that a form asks for, the row of each sheet that is repeated, and the faults."""

    names: tuple[str, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


def marks_of(package: Package, vocabulary: Vocabulary) -> Marked:
    """Read all placeholders of a form."""
    names: dict[str, None] = {}
    rows: dict[str, int] = {}
    faults: list[Fault] = []
    strings = Strings(package)
    for sheet in package.sheets:
        for cell, text in marked_cells(package, sheet, strings):
            found = [mark["name"] for mark in MARK.finditer(text)]
            names.update(dict.fromkeys(found))
            faults += _faults_of_cell(sheet, cell, text, vocabulary)
            row = place_of(cell.get("r"))[0]
            if any(name in vocabulary.column_names for name in found) and rows.setdefault(sheet.name, row) != row:
                faults.append(Fault("second_row", text[:SHOWN], sheet.name, cell.get("r")))
        faults += _faults_of_page(package, sheet, vocabulary, names)
        if sheet.name in rows:
            faults += _torn(package, sheet, rows[sheet.name])
    faults += _in_drawings(package)
    return Marked(tuple(names), rows, tuple(faults))


def marked_cells(package: Package, sheet: SheetPart, strings: Strings) -> Iterator[tuple[Any, str]]:
    """The cells of a sheet in which a brace of a placeholder stands, with their text or formula."""
    for cell in package.tree(sheet.path).iter(tag("c")):
        formula = cell.find(tag("f"))
        text = strings.text(cell) if formula is None else formula.text or ""
        if cell.get("r") and _LOOSE.search(text):
            yield cell, text


def _faults_of_cell(sheet: SheetPart, cell: Any, text: str, vocabulary: Vocabulary) -> Iterator[Fault]:
    where = (sheet.name, cell.get("r"))
    if cell.find(tag("f")) is not None:
        if MARK.search(text):  # a constant of a matrix, ={{1,2}}, would be an array formula's
            yield Fault("formula", text[:SHOWN], *where)
        return
    known = vocabulary.column_names | vocabulary.single_names
    for mark in MARK.finditer(text):
        if mark["name"] not in known:
            yield Fault("unknown", mark["name"][:SHOWN], *where)
    if _LOOSE.search(MARK.sub("", text)):
        yield Fault("syntax", text[:SHOWN], *where)


def _faults_of_page(
    package: Package, sheet: SheetPart, vocabulary: Vocabulary, names: dict[str, None]
) -> Iterator[Fault]:
    """Placeholders at the head or foot of the printed page: single words alone."""
    for one in page_texts(package, sheet):
        for mark in MARK.finditer(one.text):
            names[mark["name"]] = None
            if mark["name"] not in vocabulary.single_names:
                yield Fault("page", mark["name"][:SHOWN], sheet.name)


def page_texts(package: Package, sheet: SheetPart) -> list[Any]:
    """What is printed at the head and foot of each page of a sheet."""
    return [one for held in package.tree(sheet.path).iter(tag("headerFooter")) for one in held if one.text]


def _torn(package: Package, sheet: SheetPart, row: int) -> Iterator[Fault]:
    """The row that is repeated must not be merged with the next one, nor begin in the one above."""
    for one in package.tree(sheet.path).iter(tag("mergeCell")):
        first, _colon, last = one.get("ref").partition(":")
        top, bottom = place_of(first)[0], place_of(last or first)[0]
        if top != bottom and top <= row <= bottom:
            yield Fault("merged", "", sheet.name, one.get("ref"))


def _in_drawings(package: Package) -> Iterator[Fault]:
    """A placeholder in a text box is not filled: better told than left standing."""
    for path, data in package.parts.items():
        if path.startswith("xl/drawings/") and path.endswith(".xml") and any(brace in data for brace in _BRACES):
            text = "".join(package.tree(path).itertext())  # a mark may run over several looks
            if mark := MARK.search(text):
                yield Fault("drawing", mark[0][:SHOWN])
