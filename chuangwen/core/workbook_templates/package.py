"""An .xlsx as parts: which sheet is which file, what points to what, and the same file written again.

Only what is asked for as a tree is parsed and written anew. All else keeps its bytes: drawings, charts, printer
settings, sheets that nobody fills. A library that reads a workbook into objects and writes them again would lose what
it does not know.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from lxml import etree

from chuangwen.core.workbooks.limits import MAX_PARTS, MAX_RATIO, RATIO_FREE_BYTES

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_POINTS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKED = "http://schemas.openxmlformats.org/package/2006"
WORKBOOK: Final = "xl/workbook.xml"
_TYPES = "[Content_Types].xml"
UNPACKED_LIMIT = 20 * 1024 * 1024  # all parts of a form together
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that an archive knows
ROWS_HERE: Final = "chuangwen:rows"
_MARKER = f"<!--{ROWS_HERE}-->".encode()

# What would act on the desk of whoever opens the filled form, or fetch what nobody here has seen.
_REFUSED = (
    ("macros", ("xl/vbaproject.bin", "xl/macrosheets/", "xl/dialogsheets/", "xl/activex/")),
    ("embedded", ("xl/embeddings/",)),
    ("connected", ("xl/connections.xml", "xl/querytables/")),
)


class Unusable(Exception):  # noqa: N818  (the file's fault, not the program's)
    """A file cannot be a form. `code`: damaged | large | strict | macros | embedded | connected | linked."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def tag(name: str) -> str:
    """The name of an element of a sheet or of the workbook."""
    return f"{{{MAIN}}}{name}"


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet: its name, the part that holds it, and its place among the sheets."""

    name: str
    path: str
    place: int


@dataclass
class Package:
    """The parts of an .xlsx by name, in their order."""

    parts: dict[str, bytes]
    _trees: dict[str, Any] = field(default_factory=dict)
    _parsed: dict[str, int] = field(default_factory=dict)  # what a tree was, to see whether anything was changed in it

    @classmethod
    def opened(cls, data: bytes) -> Package:
        """The parts of `data`. Raises Unusable."""
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                _check_sizes(archive.infolist())
                parts = {one.filename: archive.read(one) for one in archive.infolist() if not one.is_dir()}
            found = cls(parts)
            found._check_kinds()
            found.sheets  # noqa: B018 (a workbook whose sheets are not there is found out now)
        except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, RuntimeError, etree.XMLSyntaxError) as error:
            raise Unusable("damaged") from error
        return found

    def _check_kinds(self) -> None:
        names = [name.lower() for name in self.parts]
        for code, starts in _REFUSED:
            if any(name.startswith(starts) for name in names):
                raise Unusable(code)
        root = self.tree(WORKBOOK)
        if etree.QName(root).namespace == _STRICT:
            raise Unusable("strict")
        if any(self._fetches(path) for path in self.parts):
            raise Unusable("linked")

    def _fetches(self, path: str) -> bool:
        """Whether relations lead outside that are no links to be clicked and no other workbook, which is let go of."""
        if not path.endswith(".rels") or path.startswith("xl/externalLinks/") or b"External" not in self.parts[path]:
            return False
        outside = [one for one in self.tree(path) if one.get("TargetMode") == "External"]
        return any(not one.get("Type", "").endswith("/hyperlink") for one in outside)

    def check_places(self) -> None:
        """Raises Unusable where rows or cells do not say where they stand: Excel and WPS always write it."""
        for sheet in self.sheets:
            held = self.tree(sheet.path).find(tag("sheetData"))
            if held is None or any(not one.get("r") for one in held.iter(tag("row"), tag("c"))):
                raise Unusable("damaged")

    def tree(self, path: str) -> Any:
        """The part as a tree, which is written back as it is then. Raises KeyError for a part that is not there."""
        if path not in self._trees:
            data = self.parts[path]
            if b"<!DOCTYPE" in data[:4096]:
                raise Unusable("damaged")  # no program writes one, and it could unfold without end
            parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
            self._trees[path] = etree.fromstring(data, parser)
            self._parsed[path] = hash(etree.tostring(self._trees[path]))
        return self._trees[path]

    @property
    def sheets(self) -> list[SheetPart]:
        """The sheets with cells, in their order; a chart's own sheet has none."""
        targets = self._targets(WORKBOOK)
        found = []
        for place, one in enumerate(self.tree(WORKBOOK).iter(tag("sheet"))):
            kind, path = targets[one.get(f"{{{_POINTS}}}id")]
            if kind == "worksheet" and path in self.parts:
                found.append(SheetPart(one.get("name"), path, place))
        return found

    def related(self, path: str, kind: str) -> list[str]:
        """The parts of one kind that a part points to: drawing, chart, comments, table…"""
        return [target for found, target in self._targets(path).values() if found == kind and target in self.parts]

    def _targets(self, path: str) -> dict[str, tuple[str, str]]:
        """What a part points to inside the file: id -> (kind, part)."""
        where = _relations_of(path)
        if where not in self.parts:
            return {}
        folder = posixpath.dirname(path)
        found = {}
        for one in self.tree(where):
            if one.get("TargetMode") != "External":
                target = one.get("Target", "")
                whole = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                found[one.get("Id")] = (one.get("Type", "").rsplit("/", 1)[-1], posixpath.normpath(whole))
        return found

    def drop(self, owner: str, path: str) -> None:
        """Take a part out, and what points to it from `owner`."""
        self.parts.pop(path, None)
        self._trees.pop(path, None)
        self.parts.pop(_relations_of(path), None)
        ids = [key for key, (_kind, target) in self._targets(owner).items() if target == path]
        relations = self.tree(_relations_of(owner))
        for one in [one for one in relations if one.get("Id") in ids]:
            relations.remove(one)
        types = self.tree(_TYPES)
        for one in [one for one in types if one.get("PartName") == f"/{path}"]:
            types.remove(one)

    def saved(self, rows: Mapping[str, Iterable[bytes]]) -> bytes:
        """The file, with `rows` of a sheet where its tree holds the comment ROWS_HERE; no times of its making."""
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in self.parts:
                entry = zipfile.ZipInfo(path, EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                with archive.open(entry, "w") as part:
                    for piece in self._pieces(path, rows.get(path, ())):
                        part.write(piece)
        return held.getvalue()

    def _pieces(self, path: str, rows: Iterable[bytes]) -> Iterator[bytes]:
        if path not in self._trees or self._parsed[path] == hash(etree.tostring(self._trees[path])):
            yield self.parts[path]
            return
        data = etree.tostring(self._trees[path], xml_declaration=True, encoding="UTF-8", standalone=True)
        head, marker, tail = data.partition(_MARKER)
        yield head
        if marker:
            yield from rows
        yield tail


def _relations_of(path: str) -> str:
    folder, name = posixpath.split(path)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse what unfolds to more than a form has. What an entry says of its size is kept by zipfile."""
    if len(entries) > MAX_PARTS or sum(one.file_size for one in entries) > UNPACKED_LIMIT:
        raise Unusable("large")
    for one in entries:
        if one.file_size > RATIO_FREE_BYTES and one.file_size > MAX_RATIO * max(one.compress_size, 1):
            raise Unusable("large")
