"""What the pages of an authority's own forms show, as plain data for their templates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from chuangwen.core.lists.export import file_response
from chuangwen.core.models import TableForm
from chuangwen.core.papers import WRITTEN_IN
from chuangwen.core.workbook_templates.forms import ColumnsForm
from chuangwen.core.workbook_templates.proposing import Proposal
from chuangwen.core.workbook_templates.queries import chosen_form, filled_form, own_form_name
from chuangwen.core.workbook_templates.registry import OwnTable
from chuangwen.core.workbook_templates.taking import Looked
from chuangwen.core.workbook_templates.vocabulary import Content, Vocabulary, sample_of
from chuangwen.core.workbooks.cells import Sheet, column_letters, show
from chuangwen.core.workbooks.writing import Column, write_table

SHOWN_ROWS, SHOWN_COLUMNS, SHOWN_TEXT = 24, 30, 60
SHOWN_OF_HEADER = 30
EXAMPLE_ROWS = 5


def frame(table: OwnTable, title: str, *between: tuple[str, str]) -> dict[str, Any]:
    """Title and way back, the same on every page of a table's forms."""
    forms = reverse("core:forms", args=[table.key])
    first = [{"label": table.title, "url": table.back()}]
    if between or title != _("Own Excel forms"):
        first.append({"label": _("Own Excel forms"), "url": forms})
    return {
        "page_title": title,
        "table": table,
        "breadcrumbs": [*first, *({"label": label, "url": url} for label, url in between), {"label": title, "url": ""}],
        "forms_url": forms,
        "back_url": table.back(),
    }


def own_form_file(
    request: HttpRequest, table: OwnTable, content: Callable[[], Content], *, of: str = ""
) -> HttpResponse | None:
    """The answer to an address that asks for the table in an own form; None where it asks for none."""
    own = chosen_form(request, table)
    if own is None:
        return None
    return file_response(filled_form(own, table, content), f"{of}{own_form_name(own)}")


def words_shown(vocabulary: Vocabulary) -> dict[str, list[tuple[str, Any]]]:
    """The placeholders with what each means: those of the row that is repeated, and those that stand alone."""
    return {
        "columns": [(f"{{{{{one.name}}}}}", one.meaning) for one in vocabulary.columns],
        "single": [(f"{{{{{one.name}}}}}", one.meaning) for one in vocabulary.single],
    }


def example_content(request: HttpRequest, table: OwnTable, vocabulary: Vocabulary) -> tuple[Content, bool]:
    """Real rows to look at a form with, and whether they are; else rows that name their columns."""
    with translation.override(WRITTEN_IN):
        found = table.example(request)
    if found is None or not found.rows:
        return sample_of(vocabulary), False
    return Content(tuple(found.rows)[:EXAMPLE_ROWS], found.single), True


def preview(sheet: Sheet) -> dict[str, Any]:
    """The first rows of a sheet with its merged cells as they are."""
    height, width = min(len(sheet.rows), SHOWN_ROWS), min(sheet.width, SHOWN_COLUMNS)
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    for one in sheet.merges:
        bottom, right = min(one.last_row, height - 1), min(one.last_column, width - 1)
        spans[one.first_row, one.first_column] = (bottom - one.first_row + 1, right - one.first_column + 1)
        area = {(row, column) for row in range(one.first_row, bottom + 1)
                for column in range(one.first_column, right + 1)}  # fmt: skip
        covered |= area - {(one.first_row, one.first_column)}
    rows = [
        {
            "number": row + 1,
            "cells": [
                {"text": cut(show(sheet.rows[row][column])), "down": down, "across": across}
                for column in range(width)
                if (row, column) not in covered
                for down, across in [spans.get((row, column), (1, 1))]
            ],
        }
        for row in range(height)
    ]
    return {
        "letters": [column_letters(column) for column in range(width)], "rows": rows,
        "more_rows": len(sheet.rows) - height, "more_columns": sheet.width - width,
    }  # fmt: skip


def cut(text: str) -> str:
    return text if len(text) <= SHOWN_TEXT else f"{text[:SHOWN_TEXT]}…"


def column_rows(form: ColumnsForm, proposal: Proposal) -> list[dict[str, Any]]:
    """A row for each column of the form: its select, and why this word was proposed."""
    reasons = {
        "remembered": _("as last time"), "exact": _("same name"), "alias": _("another word for it"),
        "part": _("part of the header"), "alike": _("similar, please check"), "chosen": _("chosen by you"),
    }  # fmt: skip
    proposed = {match.column: match for match in proposal.mapping.matches if match.column is not None}
    rows = []
    for place, (column, header) in enumerate(zip(form.letters, proposal.headers, strict=True)):
        match, stands = proposed.get(place), proposal.table.columns.get(column, "")
        reason = "chosen" if stands != (match.field if match else "") else match.reason if match else ""
        rows.append(
            {
                "letters": column,
                "text": header.text,
                "field": form[f"column-{column}"],
                "reason": reasons.get(reason, _("no word fits")),
                "doubtful": reason in {"alike", ""},
            }
        )
    return rows


def findings(looked: Looked, form: TableForm) -> list[str]:
    """What a person should know of a form before it is used."""
    said = []
    if looked.marked.names:
        said.append(_("Placeholders found: %s.") % "、".join(looked.marked.names))
    if looked.pointed_out:
        said.append(_("Formulas that pointed to other workbooks keep their figures and point there no more."))
    if len(looked.book.sheets) > 1 and form.layout:
        said.append(_("The rows go on the sheet “%s”; the others stay as they are.") % form.layout["sheet"])
    return said


def example_form(table: OwnTable, vocabulary: Vocabulary) -> bytes:
    """A workbook with every placeholder, to begin an own form with."""
    with translation.override(WRITTEN_IN):
        title = str(table.title)
        columns = [Column(one.name, one.name, width=14) for one in vocabulary.columns]
        rows = [[f"{{{{{one.name}}}}}" for one in vocabulary.columns]]
        notes = ["　　".join(f"{one.name}：{{{{{one.name}}}}}" for one in vocabulary.single if one.name != "标题")]
    return write_table(columns, rows, title="{{标题}}", notes=notes, sheet=title)
