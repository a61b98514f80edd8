"""What the wizard's pages show, as plain data for their templates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core.fields import looking_input
from chuangwen.core.imports.forms import ColumnsForm, shown_rows
from chuangwen.core.imports.importer import Importer, Summary
from chuangwen.core.imports.queries import DryRun, column_names
from chuangwen.core.imports.reports import how_to_fill, label_of
from chuangwen.core.imports.services import LONGEST_CHOICE
from chuangwen.core.models import ImportState, WorkbookImport
from chuangwen.core.workbooks.cells import Sheet, column_letters, show
from chuangwen.core.workbooks.layout import Table
from chuangwen.core.workbooks.mapping import Field, Mapping
from chuangwen.core.workbooks.reading import Workbook
from chuangwen.core.workbooks.rows import UnknownName

SHOWN_COLUMNS = 40
SHOWN_TEXT = 40
SHOWN_FAULTS = 200
SHOWN_NAMES = 50
SHOWN_LINES = 100
NAME_FAULTS = frozenset({"unknown_name", "ambiguous_name"})


def frame(request: HttpRequest, importer: Importer, step: int, task: WorkbookImport | None = None) -> dict[str, Any]:
    """Title, way back and steps, the same on every page of the wizard."""
    labels = [_("Upload"), _("Sheet and header"), _("Columns"), _("Check rows"), _("Done")]
    done = task is not None and task.status == ImportState.IMPORTED
    urls = _step_urls(task) if task is not None and not done else {}
    steps = [
        {"label": label, "done": n < step or done, "now": n == step, "url": urls.get(n, "") if n < step else ""}
        for n, label in enumerate(labels)
    ]
    context = task.context if task is not None else importer.context_from(request)
    back = importer.done_url(context)
    return {
        "page_title": importer.title,
        "breadcrumbs": [{"label": importer.came_from, "url": back}, {"label": importer.title, "url": ""}],
        "importer": importer,
        "steps": steps,
        "task": task,
        "back_url": back,
        "begin_url": importer.begin_url(context),
    }


def _step_urls(task: WorkbookImport) -> dict[int, str]:
    names = {1: "core:import-sheet", 2: "core:import-columns", 3: "core:import-check"}
    return {step: reverse(name, args=[task.importer, task.uid]) for step, name in names.items()}


def asked_sheet(request: HttpRequest, book: Workbook) -> int | None:
    """The place of the sheet that the address asks for (?sheet=1); None where it asks for none that is there."""
    wanted = request.GET.get("sheet", "")
    place = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) <= 6 else -1
    return place if 0 <= place < len(book.sheets) else None


def asked_fields(fields: Sequence[Field]) -> list[dict[str, Any]]:
    """The columns that an import asks for, for the upload page."""
    return [{"label": label_of(one), "required": one.required, "help": how_to_fill(one)} for one in fields]


def sheet_rows(sheet: Sheet, header_rows: Sequence[int]) -> dict[str, Any]:
    """The first rows of a sheet as they stand, with column letters and row numbers."""
    width = min(sheet.width, SHOWN_COLUMNS)
    return {
        "letters": [column_letters(column) for column in range(width)],
        "rows": [
            {
                "index": row,
                "number": row + 1,
                "is_header": row in header_rows,
                "is_first": row == (header_rows[0] if header_rows else 0),
                "cells": [_cut(show(value)) for value in sheet.rows[row][:width]],
                "alone": width if not any(value is not None for value in sheet.rows[row][1:]) else 0,
            }
            for row in shown_rows(sheet, header_rows)
        ],
        "more_columns": sheet.width - width,
        "total": len(sheet.rows),
    }


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_TEXT else f"{text[:SHOWN_TEXT]}…"


def column_rows(form: ColumnsForm, fields: Sequence[Field], table: Table, mapping: Mapping) -> list[dict[str, Any]]:
    """A row for each field: its select, why this column was proposed, and what stands in it."""
    reasons = {
        "remembered": _("as last time"),
        "exact": _("same name"),
        "alias": _("another word for it"),
        "part": _("part of the header"),
        "alike": _("similar, please check"),
        "chosen": _("chosen by you"),
        "none": _("no column found"),
    }
    matches = {match.field: match for match in mapping.matches}
    return [
        {
            "label": label_of(one),
            "required": one.required,
            "help": how_to_fill(one),
            "field": form[one.key],
            "reason": reasons[matches[one.key].reason],
            "doubtful": matches[one.key].reason in {"alike", "none"},
            "samples": _samples(table, matches[one.key].column),
        }
        for one in fields
    ]


def _samples(table: Table, place: int | None) -> str:
    """The first three different contents of a column."""
    if place is None:
        return ""
    column = table.headers[place].column
    found: dict[str, None] = {}
    for row in table.rows[:200]:
        if text := show(row.values[column]):
            found[_cut(text)] = None
        if len(found) == 3:
            break
    return "；".join(found)


def unused_columns(table: Table, mapping: Mapping) -> list[str]:
    """Columns of the workbook that no field takes."""
    used = {match.column for match in mapping.matches}
    return [name for place, name in enumerate(column_names(table)) if place not in used]


def unknown_rows(run: DryRun, task: WorkbookImport, importer: Importer, labels: dict[str, str]) -> list[dict[str, Any]]:
    """The unknown names, each with its candidates and where it stands."""
    shown = run.unresolved[:SHOWN_NAMES]
    rows = []
    for number, one in enumerate(shown):
        places = "、".join(one.addresses[:3])
        if len(one.addresses) > 3:
            places = _("%(places)s and %(n)d more") % {"places": places, "n": len(one.addresses) - 3}
        rows.append(
            {
                "number": number,
                "text": one.text,
                "column": labels[one.field],
                "places": places,
                "candidates": [(str(c.value), c.label) for c in one.candidates],
                "other": _other(number, one, task, importer),
            }
        )
    return rows


def _other(number: int, unknown: UnknownName, task: WorkbookImport, importer: Importer) -> SafeString:
    """The field for another meaning than the candidates: looked up while it is typed."""
    url = reverse("core:import-look", args=[importer.key, task.uid, unknown.field])
    hint = _("another one: full name") if unknown.candidates else _("full name")
    attrs = {"id": f"other-{number}", "maxlength": LONGEST_CHOICE, "placeholder": hint}
    return looking_input(url, f"other-{number}", attrs)


def verdict(run: DryRun) -> str:
    """The dry run in one sentence."""
    if not run.total:
        return _("The table holds no rows.")
    if not run.faults:
        if not run.summary.new and not run.summary.changed:
            return _("Nothing to do: everything is already there.")
        return _("All rows can be imported.")
    return ngettext("%d row has to be corrected.", "%d rows have to be corrected.", run.bad) % run.bad


def figures(summary: Summary, bad: int) -> list[dict[str, Any]]:
    """The counts as key figures."""
    return [
        {"label": _("New rows"), "value": summary.new},
        {"label": _("Changed rows"), "value": summary.changed},
        {"label": _("Unchanged rows"), "value": summary.unchanged},
        {"label": _("With faults"), "value": bad, "tone": "bad" if bad else ""},
    ]


def skipped_rows(table: Table) -> list[dict[str, Any]]:
    """Rows that are no data, with the reason: nothing is dropped silently. Blank ones are only counted."""
    reasons = {
        "total": _("line of totals"),
        "heading": _("heading between rows"),
        "header_again": _("header repeated"),
        "footer": _("note or signature"),
    }
    return [
        {"number": one.row + 1, "reason": reasons[one.reason], "text": _cut(one.text)}
        for one in table.skipped
        if one.reason in reasons
    ]


def checked(run: DryRun, task: WorkbookImport, importer: Importer, fields: Sequence[Field]) -> dict[str, Any]:
    """Everything that the page of the dry run shows."""
    labels = {one.key: label_of(one) for one in fields}
    asked = len(run.unresolved) <= SHOWN_NAMES  # all unknown names are asked for on the page and not told twice
    faults = [one for one in run.faults if not (asked and one.code in NAME_FAULTS)]
    return {
        "run": run,
        "verdict": verdict(run),
        "figures": figures(run.summary, run.bad),
        "faults": faults[:SHOWN_FAULTS],
        "fault_count": len(faults),
        "more_faults": max(0, len(faults) - SHOWN_FAULTS),
        "unknown": unknown_rows(run, task, importer, labels),
        "lines": run.summary.lines[:SHOWN_LINES],
        "says_what": any(line.text for line in run.summary.lines[:SHOWN_LINES]),
        "more_lines": max(0, run.summary.new + run.summary.changed - SHOWN_LINES),
        "skipped": skipped_rows(run.table),
        "can_import": bool(run.good) and bool(run.summary.new or run.summary.changed),
    }
