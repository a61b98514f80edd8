"""Makes an uploaded workbook safe to open, and finds the cells that Excel itself could not compute.

A workbook is a zip of XML. Two tricks bring a reader down: parts that unpack to gigabytes, and a
cell in the last row and column, for which a dense table of the whole sheet would be built. So the
parts are unpacked here under a limit and packed again plainly, and the outermost cell of each sheet
is looked up first.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final, cast

from lxml import etree

from chuangwen.standards.fileformat.faults import FaultList, shorten
from chuangwen.standards.fileformat.raw import (
    MAX_COLUMNS,
    MAX_PARTS,
    MAX_ROWS,
    MAX_UNPACKED_BYTES,
    MAX_VALUES,
)

_SHEET_PART: Final = re.compile(r"/?xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_REFERENCE: Final = re.compile(r"\$?([A-Za-z]{1,4})\$?([0-9]{1,9})")
# Readers give an error cell (#REF! and the like) as an empty one; as text it can be refused.
_ERROR_CELL: Final = re.compile(rb'(<c\b[^>]*?\bt=)"e"([^>]*>(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)?<v>)[^<]*(?=</v>)')
ERROR_MARK: Final = "\x7ferror"  # no text of a standard may hold this sign
_AS_TEXT: Final = rb'\1"str"\2' + ERROR_MARK.encode()
_CHUNK: Final = 1024 * 1024


def repack(content: bytes, faults: FaultList) -> bytes:
    """The same workbook without compression, every part within the limits.

    Raises UnreadableFileError, its fault noted, for what is no workbook or too large a one.
    """
    target = io.BytesIO()
    left = MAX_UNPACKED_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as plain:
            parts = source.infolist()
            if len(parts) > MAX_PARTS:
                raise faults.stop("too-large", "file", limit=f"{MAX_PARTS} parts")
            for part in parts:
                data = _unpack(source, part, left, faults)
                left -= len(data)
                if _SHEET_PART.fullmatch(part.filename.replace("\\", "/")):
                    refuse_far_cells(data, faults)
                    data = _ERROR_CELL.sub(_AS_TEXT, data)
                plain.writestr(zipfile.ZipInfo(part.filename), data)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise faults.stop("workbook", "file", problem=shorten(str(error))) from error
    return target.getvalue()


def _unpack(source: zipfile.ZipFile, part: zipfile.ZipInfo, left: int, faults: FaultList) -> bytes:
    data = io.BytesIO()
    with source.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            data.write(chunk)
            if data.tell() > left:
                limit = f"{MAX_UNPACKED_BYTES // 1024 // 1024} MB"
                raise faults.stop("too-large", "file", limit=limit)
    return data.getvalue()


def refuse_far_cells(sheet: bytes, faults: FaultList) -> None:
    """Stop at a cell beyond the limits of rows and columns, or at too many cells."""
    watch = cast("etree.ParserTarget", _CellWatch(faults))
    parser = etree.XMLParser(target=watch, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        etree.fromstring(sheet, parser)
    except etree.XMLSyntaxError as error:
        raise faults.stop("workbook", "file", problem=shorten(str(error))) from error


class _CellWatch:
    """Looks at each row and cell as the XML parser meets it; builds nothing."""

    def __init__(self, faults: FaultList) -> None:
        self._faults = faults
        self._cells = 0

    def start(self, tag: str, attrib: Mapping[str, str]) -> None:
        name = tag.rpartition("}")[2]
        if name == "row":
            self._look("A" + attrib.get("r", "1"))
        elif name == "c":
            self._cells += 1
            if self._cells > MAX_VALUES:
                raise self._faults.stop("too-many-values", "file", limit=MAX_VALUES)
            self._look(attrib.get("r", "A1"))

    def close(self) -> None:
        """Asked for by the parser; there is no result."""

    def _look(self, reference: str) -> None:
        match = _REFERENCE.fullmatch(reference.strip())
        if match is None:
            raise self._faults.stop("workbook", "file", problem=f"cell {shorten(reference)}")
        if int(match[2]) > MAX_ROWS or column_number(match[1]) > MAX_COLUMNS:
            limit = f"{MAX_ROWS} rows, {MAX_COLUMNS} columns ({shorten(reference)})"
            raise self._faults.stop("too-large", "file", limit=limit)


def column_number(letters: str) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def column_letters(number: int) -> str:
    """A for 1, AA for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
