"""Reads an upload: its sheets, its table, its mapping, and what a dry run says."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import get_language

from chuangwen.core.access import scope_of
from chuangwen.core.errors import BadUpload
from chuangwen.core.files.services import read
from chuangwen.core.imports.importer import Context, Importer, RowFault, Summary
from chuangwen.core.models import ColumnMapping, Region, StoredFile, WorkbookImport
from chuangwen.core.workbooks.cells import Sheet, address, column_letters
from chuangwen.core.workbooks.layout import Table, guess_header, lay_out
from chuangwen.core.workbooks.likeness import plain
from chuangwen.core.workbooks.mapping import Field, Mapping, header_signature, suggest_mapping
from chuangwen.core.workbooks.reading import UnreadableWorkbook, Workbook, read_workbook
from chuangwen.core.workbooks.rows import ImportRow, Outcome, UnknownName, check_rows

CACHED_BOOKS = 4
CACHED_CELLS = 300_000  # a larger book is parsed at each step rather than kept in memory

_books: OrderedDict[tuple[str, str], Workbook] = OrderedDict()
_lock = Lock()


def chinese() -> bool:
    """Whether the reader's language is Chinese: what `core.workbooks` says, it says in both."""
    return not (get_language() or "").startswith("en")


def import_region(user: Any, importer: Importer) -> Region:
    """The region the person imports into: the own one, else the first over which the permission is held.

    Raises PermissionDenied for who holds it over no whole region.
    """
    region = Region.held_by(user, importer.permission)
    if region is None:
        raise PermissionDenied(importer.permission)
    return region


def own_import(user: Any, importer: Importer, uid: UUID | str) -> WorkbookImport:
    """One's own upload, with region and file; somebody else's, another importer's, a dropped one: 404."""
    rows = WorkbookImport.objects.select_related("region", "file", "job").exclude(status="dropped")
    try:
        found: WorkbookImport = rows.get(uid=uid, importer=importer.key, owner_id=user.pk)
    except WorkbookImport.DoesNotExist:
        raise Http404 from None
    if found.region_id not in scope_of(user, importer.permission).regions:
        raise PermissionDenied(importer.permission)
    return found


def unfinished_imports(user: Any, importer: Importer, region: Region) -> Sequence[WorkbookImport]:
    """The person's last uploads that were neither imported nor dropped."""
    rows = WorkbookImport.objects.filter(owner_id=user.pk, importer=importer.key, region=region)
    return list(rows.filter(status__in=["uploaded", "mapped"]).order_by("-created_at")[:3])


def parse_upload(name: str, data: bytes) -> Workbook:
    """The workbook in `data`. Raises BadUpload with the reader's words for what cannot be read."""
    try:
        return read_workbook(name, data)
    except UnreadableWorkbook as error:
        raise BadUpload(error.message_zh if chinese() else error.message) from error


def workbook_of(task: WorkbookImport) -> Workbook:
    """The upload's sheets."""
    return book_of(task.file, task.name)


def book_of(file: StoredFile, name: str) -> Workbook:
    """A kept workbook's sheets. Small books are kept by content, so that the steps do not parse them again."""
    key = (file.sha256, name)
    with _lock:
        if key in _books:
            _books.move_to_end(key)
            return _books[key]
    book = parse_upload(name, read(file))
    if sum(len(sheet.rows) * sheet.width for sheet in book.sheets) <= CACHED_CELLS:
        with _lock:
            _books[key] = book
            while len(_books) > CACHED_BOOKS:
                _books.popitem(last=False)
    return book


def known_words(fields: Sequence[Field]) -> list[str]:
    """The labels and aliases by which a header row is recognised."""
    return [word for one in fields for word in (one.label, one.label_en, *one.aliases) if word]


def likeliest_sheet(book: Workbook, fields: Sequence[Field]) -> int:
    """The sheet whose header names most of the fields; hidden sheets come last, ties go to the first."""
    words = known_words(fields)
    wanted = {plain(word) for word in words}

    def worth(place: int) -> tuple[int, bool, int]:
        sheet = book.sheets[place]
        rows = guess_header(sheet, words)
        named = sum(isinstance(v, str) and plain(v) in wanted for row in rows for v in sheet.rows[row])
        return named, not sheet.hidden, -place

    return max(range(len(book.sheets)), key=worth)


def likely_header(importer: Importer, task: WorkbookImport, sheet: Sheet) -> list[int]:
    """The header rows that a sheet probably has."""
    return list(guess_header(sheet, known_words(importer.fields(task.region, task.context))))


def sheet_of(task: WorkbookImport, book: Workbook) -> Sheet:
    return book.sheets[min(task.sheet, len(book.sheets) - 1)]


def table_of(task: WorkbookImport) -> Table:
    """The upload's table under the chosen sheet and header rows."""
    return lay_out(sheet_of(task, workbook_of(task)), task.header_rows)


def kept_mapping(region: Region, importer: str, headers: Sequence[str]) -> Mapping | None:
    """The mapping that was kept for these headers, else the last one under this key: its header texts may fit."""
    kept = ColumnMapping.objects.filter(region=region, importer=importer)
    signature = header_signature(headers)
    row = kept.filter(signature=signature).first() or kept.order_by("-updated_at").first()
    try:
        return Mapping.from_json(row.mapping) if row else None
    except ValueError:
        return None


def proposed_mapping(task: WorkbookImport, importer: Importer, table: Table) -> Mapping:
    """The mapping that the person chose for this upload, else the kept one, else the suggested one."""
    headers = [header.text for header in table.headers]
    fields = importer.fields(task.region, task.context)
    if task.mapping:
        chosen = Mapping.from_json(task.mapping)
        if chosen.signature == header_signature(headers) and {m.field for m in chosen.matches} == {
            one.key for one in fields
        }:
            return chosen
    return suggest_mapping(headers, fields, kept_mapping(task.region, importer.key, headers))


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault as a person reads it. `address` is "" where a whole column is missing."""

    row: int
    address: str
    column: str
    text: str
    message: str
    code: str


@dataclass(frozen=True, slots=True)
class DryRun:
    """What an import would do: the good rows and what becomes of them, all faults, unknown names."""

    table: Table
    total: int
    good: tuple[ImportRow, ...]
    faults: tuple[Fault, ...]
    unresolved: tuple[UnknownName, ...]
    summary: Summary

    @property
    def bad(self) -> int:
        """Rows with a fault."""
        return self.total - len(self.good)


def dry_run(task: WorkbookImport, importer: Importer) -> DryRun:
    """Check every cell of the upload against the importer. Changes nothing."""
    region, context = task.region, task.context
    table = table_of(task)
    mapping = Mapping.from_json(task.mapping)
    fields = importer.fields(region, context)
    outcome = check_rows(table, mapping, fields, importer.resolvers(region, context), together=importer.together)
    more = list(importer.check(outcome.rows, region=region, context=context))
    refused = {fault.row for fault in more}
    good = tuple(row for row in outcome.rows if row.number not in refused)
    faults = _faults(outcome, more, table, mapping, fields)
    summary = importer.preview(good, region=region, context=context)
    return DryRun(table, outcome.total, good, faults, outcome.unresolved, summary)


def _faults(
    outcome: Outcome, more: Sequence[RowFault], table: Table, mapping: Mapping, fields: Sequence[Field]
) -> tuple[Fault, ...]:
    """Cell faults and row faults in the order of the sheet."""
    labels = {one.key: one.label if chinese() else one.label_en or one.label for one in fields}
    places = {one.key: _header_place(table, mapping, one.key) for one in fields}
    found = [
        Fault(f.row, f.address, labels[f.field], f.text, f.message_zh if chinese() else f.message, f.code)
        for f in outcome.faults
    ]
    for fault in more:
        place = places[fault.field]
        header = table.headers[place].text if place is not None else labels[fault.field]
        where = address(fault.row - 1, table.headers[place].column) if place is not None else ""
        before = f"第{fault.row}行“{header}”：" if chinese() else f"Row {fault.row}, “{header}”: "
        found.append(Fault(fault.row, where, labels[fault.field], "", f"{before}{fault.message}", fault.code))
    return tuple(sorted(found, key=lambda fault: fault.row))


def _header_place(table: Table, mapping: Mapping, key: str) -> int | None:
    place = mapping.column_of(key)
    return place if place is not None and place < len(table.headers) else None


def column_names(table: Table) -> list[str]:
    """The table's columns as a person picks them: "C 牵头单位"."""
    return [f"{column_letters(header.column)} {header.text}".strip() for header in table.headers]


def candidates_of(
    unknown: UnknownName, importer: Importer, region: Region, context: Context
) -> dict[str, tuple[Any, str]]:
    """What an unknown name may be said to mean: text of the value -> (value, label), likely ones first."""
    found = {str(one.value): (one.value, one.label) for one in unknown.candidates}
    for value, label in importer.choices(unknown.field, region, context):
        found.setdefault(str(value), (value, label))
    return found
