"""Moves an upload through the wizard. Each step is one transaction; only `import_rows` touches an area's rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import require_region
from chuangwen.core.errors import BadUpload, Conflict, Refusal
from chuangwen.core.files.services import clean_name, store_bytes
from chuangwen.core.imports.importer import Context, Importer, Source, Summary
from chuangwen.core.imports.queries import (
    candidates_of,
    dry_run,
    known_words,
    likeliest_sheet,
    parse_upload,
    proposed_mapping,
    sheet_of,
    table_of,
    workbook_of,
)
from chuangwen.core.models import ColumnMapping, ImportState, Region, WorkbookImport
from chuangwen.core.workbooks.cells import Sheet
from chuangwen.core.workbooks.layout import guess_header, lay_out
from chuangwen.core.workbooks.limits import MAX_FILE_BYTES
from chuangwen.core.workbooks.mapping import Mapping, Match, header_signature
from chuangwen.core.workbooks.reading import Workbook
from chuangwen.core.workbooks.rows import UnknownName

LONGEST_CHOICE = 200
GIVEN_UP = b"The workbook was not kept.\n"  # in its place; the file itself is swept once nothing holds it


def start_import(
    importer: Importer, data: bytes, name: str, *, region: Region, actor: Any, context: Context
) -> WorkbookImport:
    """Keep an upload, with its likeliest sheet and header row chosen. Raises BadUpload, and then keeps nothing."""
    require_region(actor, importer.permission, region.pk)
    name = clean_name(name)
    if len(data) > MAX_FILE_BYTES:
        raise BadUpload(
            _("The file is larger than %d MB.") % (MAX_FILE_BYTES // 1024 // 1024),
            _("Remove the pictures or split the file, and upload again."),
        )
    book = parse_upload(name, data)
    fields = importer.fields(region, context)
    sheet = likeliest_sheet(book, fields)
    with transaction.atomic():
        task: WorkbookImport = WorkbookImport.objects.create(
            region=region,
            importer=importer.key,
            context=dict(context),
            file=store_bytes(data),
            name=name,
            owner_id=actor.pk,
            sheet=sheet,
            header_rows=list(guess_header(book.sheets[sheet], known_words(fields))),
        )
    return task


def replace_file(task: WorkbookImport, importer: Importer, data: bytes, name: str, *, actor: Any) -> bool:
    """Put the corrected workbook in the place of the first one; whether sheet, header and mapping still fit.

    Where they do not, the person chooses them again. Raises BadUpload, and then the first file stays.
    """
    require_region(actor, importer.permission, task.region_id)
    fresh = start_import(importer, data, name, region=task.region, actor=actor, context=task.context)
    old = sheet_of(task, workbook_of(task))
    book = workbook_of(fresh)
    place = next((n for n, sheet in enumerate(book.sheets) if sheet.name == old.name), fresh.sheet)
    rows = task.header_rows
    fits = _signature(task) == _try_signature(book.sheets[place], rows)
    if not fits:
        place, rows = fresh.sheet, fresh.header_rows
        fits = _signature(task) == _try_signature(book.sheets[place], rows)
    status = task.status if fits else ImportState.UPLOADED
    with transaction.atomic():
        WorkbookImport.objects.filter(pk=fresh.pk).update(status=ImportState.DROPPED)
        changed = {"file": fresh.file, "name": fresh.name, "sheet": place, "header_rows": rows, "status": status}
        _update(task, **changed)
    return fits and status == ImportState.MAPPED


def _signature(task: WorkbookImport) -> str:
    return header_signature(header.text for header in table_of(task).headers)


def _try_signature(sheet: Sheet, rows: Sequence[int]) -> str:
    try:
        return header_signature(header.text for header in lay_out(sheet, rows).headers)
    except ValueError:
        return ""


def choose_sheet(task: WorkbookImport, *, sheet: int, header_rows: Sequence[int]) -> WorkbookImport:
    """Say where the table is. Raises Refusal for rows that the sheet does not have or that hold no header."""
    chosen_sheet(workbook_of(task), sheet, header_rows)
    return _update(task, sheet=sheet, header_rows=list(header_rows), status=ImportState.UPLOADED)


def chosen_sheet(book: Workbook, sheet: int, header_rows: Sequence[int], *, named: bool = False) -> Sheet:
    """The sheet at that place. Raises Refusal where there is none, or its rows (zero-based) hold no header.

    `named`: columns that only have something below them are no header.
    """
    if not 0 <= sheet < len(book.sheets):
        raise Refusal(_("The workbook has no such sheet."), _("Choose one of its sheets."))
    chosen = book.sheets[sheet]
    inside = all(0 <= row < len(chosen.rows) for row in header_rows)
    headers = lay_out(chosen, header_rows).headers if header_rows and inside else ()
    if not any(one.text or not named for one in headers):
        raise Refusal(
            _("The chosen row holds no column names."), _("Choose the row in which the names of the columns stand.")
        )
    return chosen


def choose_columns(task: WorkbookImport, importer: Importer, columns: dict[str, int | None]) -> WorkbookImport:
    """Say which column holds which field, and keep it for the next workbook with these headers.

    `columns` has a place in the table's headers, or None, for each field. Raises Refusal where a
    required field has no column or one column is named twice.
    """
    table = table_of(task)
    proposed = proposed_mapping(task, importer, table)
    used = [column for column in columns.values() if column is not None]
    twice = next((column for column in used if used.count(column) > 1), None)
    if twice is not None:
        raise Refusal(
            _("The column “%s” is chosen twice.") % table.headers[twice].text,
            _("Give each column to one field only."),
        )
    mapping = replace(proposed, matches=tuple(_as_chosen(match, columns) for match in proposed.matches))
    missing = mapping.missing(importer.fields(task.region, task.context))
    if missing:
        raise Refusal(
            _("No column is chosen for: %s.") % "、".join(one.label for one in missing),
            _("Choose its column, or go back and check sheet and header row."),
        )
    with transaction.atomic():
        keep_mapping(task.region, importer.key, mapping)
        return _update(task, mapping=mapping.to_json(), status=ImportState.MAPPED)


def keep_mapping(region: Region, importer: str, mapping: Mapping) -> None:
    """Keep what goes where for the next workbook with these headers."""
    ColumnMapping.objects.update_or_create(
        region=region, importer=importer, signature=mapping.signature, defaults={"mapping": mapping.to_json()}
    )  # fmt: skip


def _as_chosen(match: Match, columns: dict[str, int | None]) -> Match:
    """The match after the person's choice; what the person left as proposed keeps its reason."""
    column = columns.get(match.field)
    if column == match.column:
        return match
    return Match(match.field, column, "none" if column is None else "chosen", 0.0 if column is None else 1.0)


def explain_name(task: WorkbookImport, importer: Importer, unknown: UnknownName, choice: str, *, actor: Any) -> None:
    """Remember what a word means: `choice` is the text of a candidate's value, or a label written in full.

    Raises Refusal for a choice that is none of what the field can hold.
    """
    require_region(actor, importer.permission, task.region_id)
    offered = candidates_of(unknown, importer, task.region, task.context)
    wanted = choice.strip()[:LONGEST_CHOICE]
    found = offered.get(wanted)
    if found is None:
        named = [pair for pair in offered.values() if pair[1] == wanted]
        found = named[0] if len(named) == 1 else None
    if found is None:
        raise Refusal(
            _("“%(choice)s” is not known as what “%(text)s” could mean.") % {"choice": wanted, "text": unknown.text},
            _("Choose a name from the list."),
        )
    with transaction.atomic():
        importer.remember(unknown.field, unknown.text, found[0], region=task.region, actor=actor)


def import_rows(task: WorkbookImport, importer: Importer, *, actor: Any, good_only: bool) -> Summary:
    """Import the upload, once: all of it, or with `good_only` the rows without faults.

    Checks again what the dry run showed, since names and rows may have changed meanwhile. Claim,
    rows and summary share a transaction: whatever stops it leaves nothing half done. Raises
    Refusal where there are faults and `good_only` was not asked for, Conflict where it was done.
    """
    require_region(actor, importer.permission, task.region_id)
    run = dry_run(task, importer)
    if run.faults and not good_only:
        raise Refusal(
            _("%d rows have faults, so nothing was imported.") % run.bad,
            _("Correct them and upload the file again, or import the good rows only."),
        )
    if not run.good:
        raise Refusal(_("There is no row to import."), _("Correct the faults and upload the file again."))
    with transaction.atomic():
        claimed = WorkbookImport.objects.filter(pk=task.pk, status=ImportState.MAPPED, file=task.file)
        if claimed.update(status=ImportState.IMPORTED, updated_at=clock.now()) != 1:
            raise Conflict(_("This workbook has been imported already."), _("Open the result to see what it changed."))
        summary = importer.write(
            run.good,
            region=task.region,
            actor=actor,
            context=task.context,
            source=Source(task.name, task.file.sha256),
        )
        kept = summary.to_json() | {"rows": run.total, "left_out": run.bad}
        WorkbookImport.objects.filter(pk=task.pk).update(summary=kept)
        if not importer.keeps_file:
            given_up = store_bytes(GIVEN_UP)
            WorkbookImport.objects.filter(pk=task.pk).update(file=given_up)
    task.status, task.summary = ImportState.IMPORTED, kept
    return summary


def drop_import(task: WorkbookImport) -> None:
    """Forget an upload that was not imported."""
    rows = WorkbookImport.objects.filter(pk=task.pk, status__in=[ImportState.UPLOADED, ImportState.MAPPED])
    if rows.update(status=ImportState.DROPPED, updated_at=clock.now()) != 1:
        raise Conflict(_("This workbook has been imported already."), _("Open the result to see what it changed."))


def forget_imports(before: datetime) -> int:
    """Delete the uploads that were dropped, or left half way, and not touched since `before`; returns how many."""
    left = WorkbookImport.objects.exclude(status=ImportState.IMPORTED).filter(updated_at__lt=before)
    return left.delete()[0]


def _update(task: WorkbookImport, **changes: Any) -> WorkbookImport:
    """Write fields of an upload that is still on its way. Raises Conflict where it was imported meanwhile."""
    rows = WorkbookImport.objects.filter(pk=task.pk, status__in=[ImportState.UPLOADED, ImportState.MAPPED])
    if rows.update(**changes, updated_at=clock.now()) != 1:
        raise Conflict(_("This workbook has been imported already."), _("Open the result to see what it changed."))
    for name, value in changes.items():
        setattr(task, name, value)
    return task
