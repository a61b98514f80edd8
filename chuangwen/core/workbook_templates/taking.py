"""Whether an uploaded workbook can be a form, and what is wrong with it in the words of who uploads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from lxml import etree

from chuangwen.core.errors import BadUpload
from chuangwen.core.imports.queries import parse_upload
from chuangwen.core.workbook_templates.filling import filled, let_go_of_others
from chuangwen.core.workbook_templates.marks import Fault, Marked, marks_of
from chuangwen.core.workbook_templates.package import Package, Unusable
from chuangwen.core.workbook_templates.table import Table
from chuangwen.core.workbook_templates.vocabulary import Vocabulary, sample_of
from chuangwen.core.workbooks.reading import Workbook

TOLD = 5
# What parts that no office program wrote lead to: numbers that are none, addresses of cells that are none.
BROKEN: Final = (etree.XMLSyntaxError, KeyError, ValueError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class Looked:
    """A form that was looked at: its cells, its placeholders, and whether it pointed to other workbooks."""

    book: Workbook
    package: Package
    marked: Marked
    pointed_out: bool


def looked_at(name: str, data: bytes, vocabulary: Vocabulary) -> Looked:
    """The form in `data`. Raises BadUpload for what is no .xlsx, holds programs, or asks for what nobody knows.

    Faults of placeholders are told with sheet and cell.
    """
    return looked_into(parse_upload(name, data), data, vocabulary)


def looked_into(book: Workbook, data: bytes, vocabulary: Vocabulary) -> Looked:
    """As `looked_at`, where the cells were read before."""
    if book.format != "xlsx":
        raise BadUpload(
            _("A form has to be an .xlsx workbook."), _("Open it in Excel or WPS, save it as .xlsx and send that.")
        )
    try:
        package = Package.opened(data)
        package.check_places()
        marked = marks_of(package, vocabulary)
        pointed_out = let_go_of_others(package)
    except Unusable as fault:
        raise BadUpload(*unusable_words(fault.code)) from fault
    except BROKEN as error:
        raise BadUpload(*unusable_words("damaged")) from error
    if marked.faults:
        told = " ".join(fault_words(one) for one in marked.faults[:TOLD])
        raise BadUpload(told, _("Correct it in Excel or WPS and send it again."))
    return Looked(book, package, marked, pointed_out)


def tried(name: str, data: bytes, vocabulary: Vocabulary, table: Table | None) -> None:
    """Fill the form once with sample words and read it back. Raises BadUpload where that fails."""
    try:
        made = filled(data, vocabulary, sample_of(vocabulary), table)
    except (Unusable, *BROKEN) as error:
        raise BadUpload(
            _("The form cannot be filled."), _("Save it again in Excel or WPS as .xlsx and send that.")
        ) from error
    parse_upload(name, made)


def unusable_words(code: str) -> tuple[str, str]:
    """Why a file cannot be a form, and the way out."""
    again = _("Open it in Excel or WPS, save it as .xlsx and send that.")
    return {
        "damaged": (_("The workbook is damaged or incomplete."), again),
        "large": (
            _("The workbook unpacks to more than a form has."),
            _("Delete sheets, rows and pictures that are no part of the form."),
        ),
        "strict": (
            _("The workbook is saved as Strict Open XML."),
            _("Save it as an ordinary .xlsx workbook and send that."),
        ),
        "macros": (_("The workbook holds macros or controls."), _("Save it without them, as .xlsx, and send that.")),
        "embedded": (
            _("Other files are embedded in the workbook."),
            _("Delete them in Excel or WPS, save and send it again."),
        ),
        "connected": (
            _("The workbook fetches data from elsewhere."),
            _("Delete its connections in Excel (Data, Queries and connections), save and send it again."),
        ),
        "linked": (
            _("A picture of the workbook is fetched from elsewhere."),
            _("Insert it as a picture that the file holds, save and send it again."),
        ),
    }[code]


def fault_words(fault: Fault) -> str:
    """One fault of a form in words, with sheet and cell."""
    what = {
        "unknown": _("This table knows no “%s”.") % fault.what,
        "syntax": _("“%s” is not written as a placeholder is.") % fault.what,
        "formula": _("A placeholder stands in the formula “%s”; put it in a cell of its own.") % fault.what,
        "second_row": _("“%s” asks for a word of the table in a second row; all of them stand in one row.")
        % fault.what,
        "merged": _("The row to be repeated is merged with another one; undo that."),
        "page": _("“%s” cannot stand at the head or foot of the page.") % fault.what,
        "drawing": _("“%s” stands in a text box, which is not filled; put it in a cell.") % fault.what,
    }[fault.reason]
    return what + place_words(fault)


def place_words(fault: Fault) -> str:
    """Where the fault stands; "" where no sheet is to blame."""
    if fault.cell:
        return _(" It stands in %(cell)s of the sheet “%(sheet)s”.") % {"cell": fault.cell, "sheet": fault.sheet}
    return _(" It stands on the sheet “%s”.") % fault.sheet if fault.sheet else ""
